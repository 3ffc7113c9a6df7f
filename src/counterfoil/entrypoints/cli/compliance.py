"""`compliance`: liabilities, what units covered of them, certificates for a tax office, and the voluntary register."""

from typing import Any

import click

from counterfoil.entrypoints.cli import cbam
from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK, Screen
from counterfoil.entrypoints.language import Texts


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {
        "list": _list,
        "show": _show,
        "certificate": _certificate,
        "cbam": cbam.command,
        "voluntary": _voluntary,
    }
    return Contents(texts, "cli.compliance", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _list(texts: Texts) -> Command:
    return Command(texts, "cli.compliance.list", run_list)


def _show(texts: Texts) -> Command:
    return Command(texts, "cli.compliance.show", run_show, [click.Argument(["liability"], metavar="LIABILITY")])


def _certificate(texts: Texts) -> Command:
    return Command(
        texts, "cli.compliance.certificate", run_certificate, [click.Argument(["surrender"], metavar="SURRENDER")]
    )


def _voluntary(texts: Texts) -> Command:
    return Command(texts, "cli.compliance.voluntary", run_voluntary)


def run_list(desk: Desk) -> int:
    """One line for each liability, with what units covered of it."""
    from counterfoil.application.queries.compliance import liabilities
    from counterfoil.entrypoints.cli.reading import looking

    screen = desk.screen
    with looking(desk.directory) as sight:
        view = liabilities(sight)
    if screen.as_json:
        screen.json({"liabilities": view})
    elif not view:
        screen.say("cli.compliance.nothing")
    else:
        _table(screen, ("liability", "entity", "scheme", "year", "base_t", "accepted_t", "deducted_t"), view)
    return OK


def run_show(desk: Desk, *, liability: str) -> int:
    """One liability with its declarations: what was accepted, what was not and why, and the charge."""
    from counterfoil.application.queries.compliance import liability as liability_view
    from counterfoil.entrypoints.cli.reading import looking, told

    screen = desk.screen
    with looking(desk.directory) as sight:
        view = told(liability_view(sight, liability))
    if screen.as_json:
        screen.json(view)
        return OK
    _table(screen, ("liability", "entity", "scheme", "year", "base_t", "accepted_t", "deducted_t", "law_on"), [view])
    for each in view["surrenders"]:
        _outcome(screen, each)
    return OK


def run_certificate(desk: Desk, *, surrender: str) -> int:
    """What a tax office needs, and how it proves the entry offline."""
    from counterfoil.application.queries.compliance import certificate
    from counterfoil.entrypoints.cli.reading import looking, told

    screen = desk.screen
    with looking(desk.directory) as sight:
        view = told(certificate(sight, surrender))
    if screen.as_json:
        screen.json(view)
        return OK
    _outcome(screen, view)
    for name in ("first", "last"):
        screen.line(f"  {view['identifiers'][name]}")
    screen.say("cli.compliance.proof", entry=view["proof"]["entry"], leaf=view["proof"]["leaf_hash"])
    return OK


def run_voluntary(desk: Desk) -> int:
    """Credits outside any state's ledger, at compliance value 0."""
    from counterfoil.application.queries.compliance import voluntary
    from counterfoil.entrypoints.cli.reading import looking

    screen = desk.screen
    with looking(desk.directory) as sight:
        view = voluntary(sight)
    if screen.as_json:
        screen.json({"voluntary": view})
    elif not view:
        screen.say("cli.compliance.voluntary.nothing")
    else:
        rows = [{**each, "voluntary": each["id"]} for each in view]
        _table(
            screen, ("voluntary", "holder", "programme", "block", "quantity_t", "standing", "compliance_value"), rows
        )
        screen.say("cli.compliance.voluntary.note")
    return OK


def _table(screen: Screen, names: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    from counterfoil.entrypoints.cli.columns import table

    heads = [screen.texts(f"cli.compliance.column.{name}") for name in names]
    for line in table([heads, *([_shown(row[name]) for name in names] for row in rows)]):
        screen.line(line)


def _shown(value: Any) -> str:
    return "-" if value is None else str(value)


def _outcome(screen: Screen, view: dict[str, Any]) -> None:
    screen.say(
        "cli.compliance.accepted",
        surrender=view["surrender"],
        declared=f"{view['declared_t']:,}",
        accepted=f"{view['accepted_t']:,}",
        serials=view["serials"],
        unit_class=view["unit_class"],
        effect=screen.texts(f"cli.compliance.effect.{view['effect']}"),
        deducted=f"{view['deducted_t']:,}",
    )
    if view["not_accepted"] is not None:
        rest = view["not_accepted"]
        screen.say(
            "cli.compliance.rest", quantity=f"{rest['quantity_t']:,}", serials=rest["serials"], cap=view["cap_t"]
        )
    if view["charge"] is not None:
        money = view["charge"]
        screen.say(
            "cli.compliance.charge",
            currency=money["currency"],
            before=f"{money['before']:,}",
            after=f"{money['after']:,}",
        )
