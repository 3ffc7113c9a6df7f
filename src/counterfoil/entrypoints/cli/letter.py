"""`letter`: letters and certificates that people carry away, as PDF and as credential, and the check of any letter."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.cli import letter_check
from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, UNUSABLE, Fault
from counterfoil.entrypoints.cli.usage import Day, OneOf, Whole
from counterfoil.entrypoints.language import LANGUAGES, Texts

if TYPE_CHECKING:
    from counterfoil.adapters.documents.pades import PadesSigner
    from counterfoil.application.queries.letters import Letter
    from counterfoil.application.queries.sight import Sight
    from counterfoil.entrypoints.letters.files import Layout

KINDS: Final = ("authorization", "acknowledgement", "verification", "issuance", "retirement")
_OF_UNITS: Final = frozenset({"issuance", "retirement"})
LAYOUTS: Final = ("pack", "each", "together")
PASSWORD_BYTES_MAX: Final = 4_096

Find = Callable[["Sight"], "Letter | Refusal"]


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {kind: _of_kind(kind) for kind in KINDS}
    builds["statement"] = _statement
    builds["check"] = letter_check.command
    return Contents(texts, "cli.letter", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _of_kind(kind: str) -> Build:
    def build(texts: Texts) -> Command:
        argument = click.Argument(["of"], metavar="ENTRY|UNIT" if kind in _OF_UNITS else "ID")
        return Command(texts, f"cli.letter.{kind}", run_of(kind), [argument, *_making(texts)])

    return build


def _statement(texts: Texts) -> Command:
    parameters: list[click.Parameter] = [
        click.Argument(["of"], metavar="ACCOUNT"),
        click.Option(["--checkpoint", "number"], type=Whole(1)),
        click.Option(["--on"], type=Day()),
        *_making(texts),
    ]
    return Command(texts, "cli.letter.statement", run_statement, parameters)


def _making(texts: Texts) -> list[click.Parameter]:
    """The options that every letter has."""
    return [
        click.Option(["--out"], required=True, metavar=texts("cli.place.dir")),
        click.Option(["--layout"], type=OneOf(*LAYOUTS), default=LAYOUTS[0]),
        click.Option(["--sign"], metavar=texts("cli.place.file")),
        click.Option(["--certificate"], metavar=texts("cli.place.file")),
        click.Option(["--password-file", "password_file"], metavar=texts("cli.place.file")),
        click.Option(["--series"], default="", metavar="SERIES"),
        click.Option(["--check-url", "check_url"], default="", metavar="URL"),
    ]


def run_of(kind: str) -> Callable[..., int]:
    def run(desk: Desk, *, of: str, **making: Any) -> int:
        from counterfoil.application.queries.letters import LetterKind, letter

        return _made(desk, lambda sight: letter(sight, LetterKind(kind), of), **making)

    return run


def run_statement(desk: Desk, *, of: str, number: int | None, on: date | None, **making: Any) -> int:
    from counterfoil.application.queries.account_statement import account_statement

    return _made(desk, lambda sight: account_statement(sight, of, number=number, on=on), **making)


def _made(
    desk: Desk,
    find: Find,
    *,
    out: str,
    layout: str,
    sign: str | None,
    certificate: str | None,
    password_file: str | None,
    check_url: str,
    series: str,
) -> int:
    """Draw the letter up, sign it where a key is given, and write it with its credential."""
    from functools import partial

    from counterfoil.entrypoints.cli.letter_numbered import numbered
    from counterfoil.entrypoints.cli.reading import looking, told
    from counterfoil.entrypoints.letters.claim import ADDRESS, usable_base
    from counterfoil.entrypoints.letters.files import layout_of, letter_files
    from counterfoil.entrypoints.letters.letter_paper import document_number

    base = check_url or os.environ.get(ADDRESS, "")
    unusable = usable_base(base)
    if unusable is not None:
        raise Fault(unusable, REFUSED)
    with looking(desk.directory) as sight:
        letter = told(find(sight))
        # A number is for one paper, so a letter of a series has its languages side by side.
        chosen: Layout = layout_of(sight, "together" if series else layout, on=letter.ground.on)
        signer = _signer(desk, sign, certificate, password_file)
        texts = {language: Texts(language) for language in LANGUAGES}
        draw = partial(
            letter_files, letter, sight, chosen, folder=desk.directory, texts=texts, signer=signer, base=base
        )
        number, made = numbered(desk, letter, series, draw) if series else (document_number(letter), draw())
    printed = Printed(number, made.files, signed=signer is not None, unkeyed=made.unkeyed)
    return _written(desk, letter, printed, Path(out))


def _signer(desk: Desk, sign: str | None, certificate: str | None, password_file: str | None) -> "PadesSigner | None":
    """The authority's signer, ready for today; None where nothing is to be signed."""
    if sign is None:
        return None
    from counterfoil.adapters.clock.system import SystemClock
    from counterfoil.adapters.documents.pades import now_utc, open_signer

    signer = open_signer(
        Path(sign), certificate=Path(certificate) if certificate else None, password=_password(desk, password_file)
    )
    if isinstance(signer, Refusal):
        raise Fault(signer, UNUSABLE)
    late = signer.usable(now_utc(SystemClock().now_ms()))
    if late is not None:
        raise Fault(late, REFUSED)
    return signer


def _password(desk: Desk, file: str | None) -> str:
    """The password in a file's first line, or typed at the terminal; never an argument, which others could read."""
    from counterfoil.entrypoints.cli.input import read_bytes

    if file is None:
        interactive = sys.stdin.isatty() and sys.stderr.isatty()
        text = desk.screen.texts("cli.letter.password")
        return str(click.prompt(text, hide_input=True, default="", show_default=False, err=True)) if interactive else ""
    data = read_bytes(file, bytes_max=PASSWORD_BYTES_MAX)
    if isinstance(data, Refusal):
        raise Fault(data, UNUSABLE)
    return data.decode("utf-8", "replace").partition("\n")[0].removesuffix("\r")


@dataclass(frozen=True, slots=True)
class Printed:
    """`unkeyed`: the folder has no key of the registry, so there is no credential."""

    number: str
    files: dict[str, bytes]
    signed: bool
    unkeyed: bool


def _written(desk: Desk, letter: "Letter", printed: Printed, out: Path) -> int:
    from hashlib import sha256

    from counterfoil.adapters.durable import made_folder
    from counterfoil.entrypoints.reports.printing import write_whole

    files = printed.files
    made_folder(out)
    for name, data in files.items():
        write_whole(out / name, data)
    screen, ground = desk.screen, letter.ground
    if screen.as_json:
        screen.json(
            {
                "number": printed.number,
                "kind": letter.kind.value,
                "of": letter.of,
                "on": ground.on.isoformat(),
                "entry": ground.entry,
                "leaf": ground.leaf_hash,
                "checkpoint": ground.checkpoint.number,
                "root": ground.checkpoint.root.hex(),
                "signed": printed.signed,
                "files": [
                    {"file": str(out / name), "sha256": sha256(data).hexdigest()} for name, data in files.items()
                ],
            }
        )
        return OK
    for name in files:
        screen.say("cli.letter.done", file=out / name)
    if not printed.signed:
        screen.say("cli.letter.unsigned")
    if printed.unkeyed:
        screen.note("cli.letter.no_credential")
    return OK
