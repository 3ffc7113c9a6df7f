"""`case`: units of which a partner's book says something else, and how each case is closed."""

from typing import Any

import click

from counterfoil.application.commands.close_case import Closing
from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK, Screen
from counterfoil.entrypoints.cli.usage import OneOf
from counterfoil.entrypoints.language import Texts


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {"list": _list, "show": _show, "close": _close}
    return Contents(texts, "cli.case", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _list(texts: Texts) -> Command:
    return Command(texts, "cli.case.list", run_list, [click.Option(["--all", "every"], is_flag=True)])


def _show(texts: Texts) -> Command:
    return Command(texts, "cli.case.show", run_show, [click.Argument(["case"], metavar="CASE")])


def _close(texts: Texts) -> Command:
    options: list[click.Parameter] = [
        click.Argument(["case"], metavar="CASE...", nargs=-1, required=True),
        click.Option(["--way"], type=OneOf(*Closing), required=True),
        click.Option(["--authority"], required=True, metavar=texts("cli.place.text")),
        click.Option(["--reason"], required=True, metavar=texts("cli.place.text")),
    ]
    return Command(texts, "cli.case.close", run_close, options)


def run_list(desk: Desk, *, every: bool) -> int:
    """One line for each case; then the partners whom a recovery waits for."""
    from counterfoil.application.queries.cases import cases
    from counterfoil.entrypoints.cli.columns import table
    from counterfoil.entrypoints.cli.reading import looking

    screen, texts = desk.screen, desk.screen.texts
    with looking(desk.directory) as sight:
        view = cases(sight, every=every)
    if screen.as_json:
        screen.json(view)
        return OK
    if view["cases"]:
        names = ("case", "partner", "kind", "mender", "state", "units", "opened_on")
        heads = [texts(f"cli.case.column.{name}") for name in names]
        for line in table([heads, *(_row(texts, each) for each in view["cases"])], right=frozenset({5})):
            screen.line(line)
    else:
        screen.say("cli.case.nothing")
    if view["waiting"]:
        screen.note("cli.case.waiting", partners=", ".join(view["waiting"]))
    return OK


def _row(texts: Texts, each: dict[str, Any]) -> list[str]:
    return [
        each["case"],
        each["partner"],
        texts(f"case.kind.{each['kind']}"),
        texts(f"case.mender.{each['mender']}"),
        texts("case.blocked") if each["blocked"] else texts(f"case.state.{each['state']}"),
        f"{each['units']:,}",
        each["opened_on"],
    ]


def run_show(desk: Desk, *, case: str) -> int:
    """What both books say of the units, and what is to be done."""
    from counterfoil.application.queries.cases import case_of
    from counterfoil.entrypoints.cli.reading import looking, told

    screen = desk.screen
    with looking(desk.directory) as sight:
        view = told(case_of(sight, case))
    if screen.as_json:
        screen.json(view)
    else:
        _tell(screen, view)
    return OK


def _tell(screen: Screen, view: dict[str, Any]) -> None:
    texts = screen.texts
    kind = texts(f"case.kind.{view['kind']}")
    screen.say("cli.case.show.head", case=view["id"], partner=view["partner"], kind=kind, on=view["opened_on"])
    for units in view["units"]:
        screen.line(f"  {units['unit_class']} {units['first']:,}–{units['last']:,}")
    for side in ("ours", "theirs"):
        claim = view[side]
        if claim is None:
            screen.say(f"cli.case.show.{side}_none")
        else:
            way = texts(f"case.way.{side}.{claim['way']}")
            screen.say(
                f"cli.case.show.{side}", way=way, entry=claim["entry"], transfer=claim["transfer"], at=claim["at"]
            )
    if view["departure"] is not None:
        screen.say("cli.case.show.departure", entry=view["departure"]["entry"], on=view["departure"]["on"])
    screen.say(f"cli.case.mend.{view['mend']}", case=view["id"], partner=view["partner"])
    if view["state"] != "open":
        screen.say("cli.case.show.closed", way=view["way"], on=view["closed_on"] or "-", reason=view["reason"] or "-")


def run_close(desk: Desk, *, case: tuple[str, ...], way: str, authority: str, reason: str) -> int:
    """Close cases, each by the act that does it. Works through a running server."""
    from counterfoil.application.commands.close_case import CloseCase
    from counterfoil.entrypoints.cli.answers import answered
    from counterfoil.entrypoints.cli.writing import writing

    acts = [CloseCase(case=each, way=Closing(way), authority=authority, reason=reason) for each in case]
    with writing(desk.directory, "case close") as send:
        return answered(desk.screen, send(acts))
