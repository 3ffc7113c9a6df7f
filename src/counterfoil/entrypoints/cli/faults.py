"""`faults`: what a fault code means and the way out; without a code, all of them."""

import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any

import click

from counterfoil.entrypoints.cli.columns import padded, width, wrapped
from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK, UNUSABLE, Fault
from counterfoil.entrypoints.language import Texts, said


def command(texts: Texts) -> Command:
    return Command(texts, "cli.faults", run, [click.Argument(["code"], required=False, metavar="[CODE]")])


def run(desk: Desk, *, code: str | None) -> int:
    """Explain one code, or list those that begin with it. Words in braces are facts of the case."""
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.cli.input import InputFault

    table = _faults()
    stem = code or ""
    chosen = {stem: table[stem]} if stem in table else _beginning(table, stem)
    if not chosen:
        raise Fault(Refusal(InputFault.FAULT_UNKNOWN, {"code": stem[:80]}), UNUSABLE)
    screen = desk.screen
    language = screen.texts.language
    if screen.as_json:
        screen.json([{"code": name, **text} for name, text in chosen.items()])
    elif stem in chosen:
        text = chosen[stem]
        told = {"✗": _said(stem, text, "message", language), "→": _said(stem, text, "fix", language)}
        for mark, line in told.items():
            first, *rest = wrapped(line, screen.columns - 2)
            screen.line(f"{mark} {first}")
            for more in rest:
                screen.line(f"  {more}")
        screen.line(f"  {screen.texts('cli.faults.retry.' + text['retry'])}")
        screen.line(f"  [{stem}]")
    else:
        places = max(map(width, chosen))
        for name, text in chosen.items():
            screen.line(f"{padded(name, places)}  {_said(name, text, 'message', language)}")
    return OK


def _said(code: str, text: Mapping[str, Any], part: str, language: str) -> str:
    return said(text[part], language, f"fault.{code}.{part}")


def _faults() -> Mapping[str, Mapping[str, Any]]:
    source = resources.files("counterfoil") / "catalogue" / "faults.toml"
    return tomllib.loads(source.read_text("utf-8"))


def _beginning(table: Mapping[str, Mapping[str, Any]], stem: str) -> dict[str, Mapping[str, Any]]:
    return {name: text for name, text in sorted(table.items()) if name.startswith(stem)}
