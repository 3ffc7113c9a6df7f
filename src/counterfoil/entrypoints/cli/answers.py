"""The answer to a command as lines for people."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from counterfoil.entrypoints.cli.columns import harmless, wrapped
from counterfoil.entrypoints.cli.screen import OK, REFUSED, Screen
from counterfoil.entrypoints.language import Texts, said


def show_answer(screen: Screen, answer: Mapping[str, Any], *, where: str = "") -> None:
    """One answer: a line of JSON, or `✓` with the entry, or `✗` with the reason and the way out."""
    if screen.as_json:
        place = {"where": where} if where and answer["status"] != "accepted" else {}
        screen.json({**answer, **place}, compact=True)
    elif answer["status"] == "accepted":
        for line in receipt_lines(screen.texts, answer):
            screen.line(line)
    else:
        for line in problem_lines(answer, screen.texts.language, where=where, columns=screen.columns):
            click.echo(harmless(line), err=True)


def answered(screen: Screen, answers: Sequence[Mapping[str, Any]], *, quiet: bool = False) -> int:
    """Show answers, with `quiet` only refusals, and give the exit status."""
    for answer in answers:
        if not quiet or answer["status"] != "accepted":
            show_answer(screen, answer)
    return OK if all(answer["status"] == "accepted" for answer in answers) else REFUSED


def receipt_lines(texts: Texts, receipt: Mapping[str, Any]) -> Iterator[str]:
    """The entry's number, act and legal day; below, where units went."""
    act = texts.known(f"act.{receipt['act']}") or receipt["act"]
    yield f"✓ #{receipt['seq']}  {receipt['effective_on']}  {act}"
    for unit_class, first, last, source, target in receipt["moves"]:
        yield f"    {unit_class} {first:,}–{last:,}  {source} → {target}"


def problem_lines(problem: Mapping[str, Any], language: str, *, where: str, columns: int) -> Iterator[str]:
    """A refusal as it came over the wire, with both languages in it."""
    message = (f"{where}: " if where else "") + said(problem["message"], language)
    for mark, text in (("✗", message), ("→", said(problem["fix"], language)), (" ", f"[{problem['code']}]")):
        first, *rest = wrapped(text.replace("\n", " "), columns - 2)
        yield f"{mark} {first}"
        yield from (f"  {line}" for line in rest)
