"""`conditions`: what buyers' and standards' lists say of units, side by side with what their State said."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.facts_said import facts_said
from counterfoil.entrypoints.cli.packs import folders_option, sound_pack
from counterfoil.entrypoints.cli.screen import OK, REFUSED
from counterfoil.entrypoints.cli.usage import Day
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.domain.policy.law import Law


def command(texts: Texts) -> Command:
    options: list[click.Parameter] = [
        click.Argument(["unit"], metavar="UNIT"),
        click.Argument(["said"], nargs=-1, metavar="[FACT=VALUE...]"),
        click.Option(["--list", "lists"], multiple=True, metavar="LIST|DIR"),
        click.Option(["--on"], type=Day()),
        folders_option(texts),
    ]
    return Command(texts, "cli.conditions", run, options)


def run(
    desk: Desk,
    *,
    unit: str,
    said: tuple[str, ...],
    lists: tuple[str, ...],
    on: date | None,
    folders: tuple[str, ...],
) -> int:
    """Both sides of a block. The status is 0 only where every list accepts the units."""
    from counterfoil.application.queries.conditions import conditions_view
    from counterfoil.entrypoints.cli.day import today
    from counterfoil.entrypoints.cli.reading import looking, told

    chosen = [sound_pack(desk, each, folders).law for each in lists] if lists else list(_at_hand(folders))
    answers = facts_said(said)
    with looking(desk.directory) as sight:
        view = told(conditions_view(sight, unit, chosen, said=answers, on=on or today()))
    if desk.screen.as_json:
        desk.screen.json(view)
    else:
        for line in conditions_lines(view, desk.screen.texts):
            desk.screen.line(line)
    return OK if all(each["acceptance"] in ("accepted", "silent") for each in view["lists"]) else REFUSED


def _at_hand(folders: tuple[str, ...]) -> "Iterator[Law]":
    """Every list among the packs that can be found, by its id."""
    from counterfoil.domain.compliance.conditions import is_list
    from counterfoil.entrypoints.pack_shelf import open_shelf

    packs = open_shelf(folders).packs
    yield from (packs[name].law for name in sorted(packs) if is_list(packs[name].law))


def conditions_lines(view: Mapping[str, Any], texts: Texts) -> Iterator[str]:
    """The State's side, then each list's, and at the end what a disagreement between them means."""
    units, state = view["units"], view["state"]
    if view["demonstration"]:
        yield texts("cli.demonstration")
    yield texts("cli.conditions.units", quantity=f"{units['quantity']:,}", first=units["first"], last=units["last"])
    yield ""
    yield texts("cli.conditions.state", host=state["host"])
    status, place = f"cli.conditions.status.{state['status']}", f"cli.conditions.place.{state['place']}"
    yield f"  {texts(status, authorization=state['authorization'] or '-')}"
    if state["first_transferred_on"]:
        yield f"  {texts('cli.conditions.first_transferred', day=state['first_transferred_on'])}"
    yield f"  {texts(place)}"
    for name in ("holds", "objections"):
        if state[name]:
            yield f"  {texts(f'cli.conditions.{name}', names=', '.join(state[name]))}"
    for each in view["lists"]:
        yield ""
        yield from list_lines(each, texts)
    if view["stays_valid"]:
        yield ""
        yield texts("cli.conditions.stays_valid", host=state["host"])


def list_lines(view: Mapping[str, Any], texts: Texts) -> Iterator[str]:
    """What one list says, and each of its conditions."""
    from counterfoil.entrypoints.cli.packs_text import ruling_lines

    said = texts(f"cli.conditions.acceptance.{view['acceptance']}")
    title = view["title"][texts.language]
    yield texts("cli.conditions.list", title=title, pack=view["pack"], version=view["version"], said=said)
    for ruling in view["rulings"]:
        yield from (f"  {line}" for line in ruling_lines(ruling, texts))
    if view["doubtful"]:
        yield f"  {texts('cli.explain.doubtful', names=', '.join(view['doubtful']))}"
    if view["missing"]:
        yield f"  {texts('cli.explain.missing', names=', '.join(view['missing']))}"
