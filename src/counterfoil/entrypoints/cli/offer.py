"""`offer`: what is offered inside the registry, to whom, and until when."""

from typing import Any

import click

from counterfoil.domain.settlement.offer import OfferState
from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.cli.usage import OneOf
from counterfoil.entrypoints.language import Texts


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {"list": _list}
    return Contents(texts, "cli.offer", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _list(texts: Texts) -> Command:
    state = click.Option(["--state"], type=OneOf(*OfferState, "lapsed"))
    return Command(texts, "cli.offer.list", run_list, [state])


def run_list(desk: Desk, *, state: str | None) -> int:
    """One line for each offer."""
    from counterfoil.application.queries.offers import offers
    from counterfoil.entrypoints.cli.columns import table
    from counterfoil.entrypoints.cli.day import today
    from counterfoil.entrypoints.cli.reading import looking

    screen, texts = desk.screen, desk.screen.texts
    with looking(desk.directory) as sight:
        view = offers(sight, on=today(), state=state or "")
    if screen.as_json:
        screen.json({"offers": view})
        return OK
    if not view:
        screen.say("cli.offer.nothing")
        return OK
    names = ("offer", "account", "to", "units", "quantity", "until", "state")
    heads = [texts(f"cli.offer.column.{name}") for name in names]
    for line in table([heads, *(_row(each, texts) for each in view)], right=frozenset({4})):
        screen.line(line)
    return OK


def _row(each: dict[str, Any], texts: Texts) -> list[str]:
    return [
        each["id"],
        each["account"],
        each["buyer"] or each["to"] or texts("cli.offer.anybody"),
        f"{each['unit_class']} {each['first']}..{each['last']}",
        f"{each['quantity']:,}",
        each["until"],
        texts(f"cli.offer.state.{each['state']}"),
    ]
