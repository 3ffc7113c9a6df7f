"""What a command says: texts for people, JSON for machines, faults in both, and progress while it works.

Answers go to the standard output, complaints and progress to the standard error. With `--json` everything that a
machine should read, refusals included, is JSON on the standard output.
"""

import json
import shutil
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import click

from counterfoil.entrypoints.cli.columns import harmless, harmless_json, padded, width, wrapped
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.application.ports import Outage
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.faults import Catalogue

OK: Final = 0
REFUSED: Final = 1
UNUSABLE: Final = 2
INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141

BAR: Final = 24
PAUSE_S: Final = 0.1
"""A bar is drawn at most ten times a second."""


class Fault(Exception):
    """A refusal or outage that ends the command, with its exit status."""

    def __init__(self, fault: "Refusal | Outage", status: int) -> None:
        super().__init__(str(fault.code))
        self.fault = fault
        self.status = status


class Screen:
    """The output of one run."""

    def __init__(self, texts: Texts, *, as_json: bool = False) -> None:
        self.texts = texts
        self.as_json = as_json

    @property
    def columns(self) -> int:
        """Places in a line: the terminal's, or plenty where the output is read by another program."""
        return shutil.get_terminal_size((100, 24)).columns if sys.stdout.isatty() else 10_000

    def say(self, key: str, /, **facts: Any) -> None:
        """A sentence for people; nothing with `--json`."""
        if not self.as_json:
            click.echo(harmless(self.texts(key, **facts)))

    def line(self, text: str = "") -> None:
        click.echo(harmless(text))

    def note(self, key: str, /, **facts: Any) -> None:
        """A remark beside the answer, on the standard error."""
        click.echo(harmless(self.texts(key, **facts)), err=True)

    def json(self, value: Any, *, compact: bool = False) -> None:
        """A value as JSON, in UTF-8 whatever the terminal speaks; compact values stand on one line."""
        text = json.dumps(value, ensure_ascii=False, indent=None if compact else 2, default=str)
        click.echo(harmless_json(text).encode("utf-8", "backslashreplace"))

    def fault(self, fault: "Refusal | Outage", *, where: str = "", compact: bool = False) -> None:
        """A refusal or outage: what happened, the way out, the code. `compact`: JSON on one line, among others."""
        catalogue = _catalogue()
        if not _has_texts(catalogue, str(fault.code)):
            # A code without texts is our own mistake, and no reason to hide what happened.
            self.json({"status": status_of(fault), "code": str(fault.code), "facts": dict(fault.facts)}, compact=True)
            return
        if self.as_json:
            place = {"where": where} if where else {}
            self.json({"status": status_of(fault), **catalogue.problem(fault), **place}, compact=compact)
            return
        language = self.texts.language
        for line in fault_lines(catalogue, fault, language, where=where, columns=self.columns):
            click.echo(harmless(line), err=True)

    def progress(self, key: str, total: int, *, among_answers: bool = False) -> "Bar":
        """A bar on the standard error; `among_answers`, only where answers do not go to the same terminal."""
        shown = sys.stderr.isatty() and not (among_answers and sys.stdout.isatty())
        return Bar(self.texts(key), total, shown=shown)


def status_of(fault: "Refusal | Outage") -> str:
    """The word for what happened to a request: the rules refused it, or the world failed it."""
    return "failed" if isinstance(fault, Exception) else "refused"


def fault_lines(
    catalogue: "Catalogue", fault: "Refusal | Outage", language: str, *, where: str = "", columns: int = 100
) -> list[str]:
    """A fault as lines: `✗ message`, `→ fix`, `[code]`, with the place before the message."""
    message = (f"{where}: " if where else "") + catalogue.message(fault, language)
    lines: list[str] = []
    for mark, text in (("✗", message), ("→", catalogue.fix(fault, language)), (" ", f"[{fault.code}]")):
        first, *rest = wrapped(text.replace("\n", " "), columns - 2)
        lines += [f"{mark} {first}", *(f"  {line}" for line in rest)]
    return lines


def _has_texts(catalogue: "Catalogue", code: str) -> bool:
    try:
        return bool(catalogue[code])
    except KeyError:
        return False


def _catalogue() -> "Catalogue":
    from counterfoil.entrypoints.faults import catalogue

    return catalogue()


class Bar:
    """A progress bar on the standard error, where that is a terminal; silent elsewhere."""

    def __init__(self, label: str, total: int, *, shown: bool) -> None:
        self._label = label
        self._total = total
        self._shown = shown
        self._drawn_at = 0.0
        self._last = 0

    def __enter__(self) -> Callable[[int], None]:
        return self.at

    def __exit__(self, *_: object) -> None:
        if self._shown and self._drawn_at:
            self._erase()

    def of(self, done: int, total: int, label: str | None = None) -> None:
        """So much of a total that is known only now is done, and what comes next."""
        self._total = total
        self._label = self._label if label is None else label
        self.at(done)

    def at(self, done: int) -> None:
        """So much is done."""
        now = time.monotonic()
        if not self._shown or (now - self._drawn_at < PAUSE_S and done < self._total):
            return
        self._drawn_at = now
        share = min(1, done / self._total) if self._total else 1
        full = int(BAR * share)
        text = f"{self._label}  {'█' * full}{'░' * (BAR - full)}  {done:,} / {self._total:,}"
        sys.stderr.write(f"\r{padded(text, self._last)}")
        sys.stderr.flush()
        self._last = width(text)

    def _erase(self) -> None:
        sys.stderr.write(f"\r{' ' * self._last}\r")
        sys.stderr.flush()
