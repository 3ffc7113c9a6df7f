"""`mandate`: who may act in whose place. Who gives one signs in; the folder's owner may only list and end them."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.cli.usage import Day
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.domain.people.mandate import Mandate


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {"give": _give, "list": _list, "end": _end}
    return Contents(texts, "cli.mandate", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _give(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.mandate.give",
        run_give,
        [
            click.Argument(["person"], metavar="PERSON"),
            click.Option(["--role", "roles"], metavar="ROLE", required=True, multiple=True),
            click.Option(["--from", "first"], type=Day()),
            click.Option(["--until"], type=Day(), required=True),
            click.Option(["--as", "mail"], required=True, metavar="MAIL"),
            click.Option(["--for", "organisation"], default="", metavar="NUMBER"),
            click.Option(["--secrets"], type=click.Path(dir_okay=False, path_type=Path), metavar="FILE"),
        ],
    )


def _list(texts: Texts) -> Command:
    after = click.Option(["--after"], default=0, type=click.IntRange(min=0), metavar="NUMBER")
    return Command(texts, "cli.mandate.list", run_list, [after])


def _end(texts: Texts) -> Command:
    number = click.Argument(["number"], metavar="NUMBER", type=click.IntRange(min=1))
    return Command(texts, "cli.mandate.end", run_end, [number])


def run_give(
    desk: Desk,
    *,
    person: str,
    roles: tuple[str, ...],
    first: date | None,
    until: date,
    **giver: Any,
) -> int:
    """Let a person act in one's place. `--until` is the last day."""
    from counterfoil.application.office.mandates import Wish, give
    from counterfoil.application.office.sessions import bearer
    from counterfoil.entrypoints.cli.office_at_work import office_at_work
    from counterfoil.entrypoints.cli.reading import told
    from counterfoil.entrypoints.cli.signing_in import signed_in

    with office_at_work(desk.directory) as office, signed_in(office, desk.screen, **giver) as session:
        held = bearer(office, session.secret)
        assert held is not None, "the session has just begun"
        wish = Wish(person, frozenset(roles), until, first)
        made = told(give(office, held.standing, wish, actor=f"person:{held.standing.acting}"))
    _show(desk, "cli.mandate.give.done", made)
    return OK


def run_list(desk: Desk, *, after: int) -> int:
    """Every mandate, also those that have ended."""
    from counterfoil.entrypoints.cli.office_at_work import ROWS_MAX, office_at_work, show_rows

    with office_at_work(desk.directory) as office:
        rows = [_row(each) for each in office.store.mandates.listed(after=after, limit=ROWS_MAX)]
    show_rows(desk, rows, "cli.mandate.list.nothing")
    return OK


def run_end(desk: Desk, *, number: int) -> int:
    """End a mandate from this moment on."""
    from counterfoil.application.office.mandates import end
    from counterfoil.entrypoints.cli.office_at_work import office_at_work
    from counterfoil.entrypoints.cli.reading import told

    with office_at_work(desk.directory) as office:
        ended = told(end(office, number, actor="local"))
    _show(desk, "cli.mandate.end.done", ended)
    return OK


def _show(desk: Desk, key: str, made: "Mandate") -> None:
    if desk.screen.as_json:
        desk.screen.json(_row(made))
    desk.screen.say(key, number=made.number, person=made.person, giver=made.giver, until=made.ends_on.isoformat())


def _row(made: "Mandate") -> dict[str, Any]:
    return {
        "number": made.number,
        "giver": made.giver,
        "person": made.person,
        "organisation": made.organisation,
        "roles": ", ".join(sorted(made.roles)),
        "from": made.first_day.isoformat(),
        "until": made.ends_on.isoformat(),
    }
