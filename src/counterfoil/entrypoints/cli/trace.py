"""`trace`: the life of one unit as a tree, from where it stands now back to the sensor data behind it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.render import ASSUMED, Renderer, assumed_fields
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.language import Texts

_HEAD: Final = ("state", "status", "account")
_RECORDS: Final = ("activity", "verification", "monitoring")
"""The records behind a step, in the order of the law backwards."""
_LETTER: Final = tuple("id version host authorized_on purposes cooperative_approach first_transfer_definition".split())
_PLAIN: Final = tuple("id title methodology verifier verified first_day last_day monitored statement".split())


def command(texts: Texts) -> Command:
    return Command(texts, "cli.trace", run, [click.Argument(["serial"], metavar="SERIAL")])


def run(desk: Desk, *, serial: str) -> int:
    """A unit's life, newest first."""
    from counterfoil.application.queries.trace import trace
    from counterfoil.entrypoints.cli.reading import looking, told

    screen = desk.screen
    with looking(desk.directory) as sight:
        view = told(trace(sight, serial))
    if screen.as_json:
        screen.json(view)
        return OK
    if view.get("demonstration"):
        screen.say("cli.demonstration")
    for line in tree(view, screen.texts, screen.columns):
        screen.line(line)
    return OK


def tree(view: Mapping[str, Any], texts: Texts, columns: int) -> Iterator[str]:
    """The lines of the tree."""
    render = Renderer(texts, columns - 3)
    yield view["identifier"]
    yield "  " + " · ".join(render.value(name, view[name]) for name in _HEAD if view.get(name))
    steps: Sequence[Mapping[str, Any]] = view["steps"]
    for number, step in enumerate(steps):
        last = number == len(steps) - 1
        yield f"{'└─' if last else '├─'} {_headline(step, texts)}"
        stem = "   " if last else "│  "
        for line in _behind(step, render, texts):
            yield f"{stem}{line}"
    for reference, letter in view.get("authorizations", {}).items():
        yield ""
        yield texts("cli.trace.letter", reference=reference)
        yield from render.mapping(_kept(letter, _LETTER), indent=2)
    if view.get("assumed"):
        yield ""
        yield ASSUMED
        yield from (f"  {text}" for text in view["assumed"])


def _headline(step: Mapping[str, Any], texts: Texts) -> str:
    act = texts.known(f"act.{step['act']}") or step["act"]
    parts = [step["on"], act, f"{step.get('registry', '')} #{step['seq']}".strip()]
    if step.get("backdated"):
        parts.append(texts.known(f"value.backdated.{step['backdated']}") or step["backdated"])
    if step.get("corrected"):
        parts.append(texts("cli.trace.corrected"))
    return "  ".join(parts)


def _behind(step: Mapping[str, Any], render: Renderer, texts: Texts) -> Iterator[str]:
    """What a step did, and the records that it rests on."""
    for move in step.get("moves", ()):
        yield f"{move['first']:,}–{move['last']:,}  {move['source']} → {move['target']}"
    for adjustment in step.get("adjustments", ()):
        yield texts("cli.trace.adjustment", account=adjustment["account"], amount=f"{adjustment['amount']:+,}")
    if step.get("because"):
        yield texts("cli.trace.letter", reference=step["because"])
    details = {name: value for name, value in step.get("details", {}).items() if name not in _RECORDS}
    yield from render.mapping(details)
    for name in _RECORDS:
        record = step.get(name)
        if isinstance(record, Mapping):
            yield render.label(name)
            yield from render.mapping(_kept(record, _PLAIN), indent=2)
    yield from _evidence(step.get("evidence", ()), texts)


def _kept(record: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """The telling fields of a record, and whatever it says is assumed."""
    wanted = {*names, "assumed", *assumed_fields(record)}
    return {name: value for name, value in record.items() if name in wanted}


def _evidence(evidence: Sequence[Mapping[str, Any]], texts: Texts) -> Iterator[str]:
    """The sensor data: the digest, how much of it is here, and its first lines."""
    for each in evidence:
        yield texts("cli.trace.evidence")
        yield f"  SHA-256 {each['sha256']}"
        if each.get("bytes") is None:
            held_by = each.get("held_by")
            yield f"  {texts('cli.trace.held_by', registry=held_by) if held_by else texts('cli.trace.not_here')}"
        else:
            yield f"  {texts('cli.trace.bytes', count=each['bytes'])}"
            yield from (f"  │ {line}" for line in each.get("first_lines", ()))
