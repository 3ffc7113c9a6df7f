"""`activity`: which activities there are, where each stands in its life, and what happened to one."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import click

from counterfoil.entrypoints.cli.activity_diff import diff
from counterfoil.entrypoints.cli.activity_find import find
from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK, Screen
from counterfoil.entrypoints.cli.usage import Day
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.provision_text import provision_text

LISTED_MAX: Final = 1_000


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {"list": _list, "show": _show, "find": find, "diff": diff}
    return Contents(texts, "cli.activity", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _list(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.activity.list",
        run_list,
        [
            click.Option(["--state"], default="", metavar="STATE"),
            click.Option(["--sector"], default="", metavar="SECTOR"),
            click.Option(["--host"], default="", metavar="THA"),
            click.Option(["--kind"], default="", metavar="KIND"),
            click.Option(["--overdue"], type=Day(), metavar="DAY"),
            click.Option(["--after"], default="", metavar="ACTIVITY"),
        ],
    )


def _show(texts: Texts) -> Command:
    return Command(texts, "cli.activity.show", run_show, [click.Argument(["activity"], metavar="ACTIVITY")])


def run_list(desk: Desk, *, state: str, sector: str, host: str, kind: str, overdue: date | None, after: str) -> int:
    """One line for each activity, in the order of their identifiers."""
    from counterfoil.application.queries.activity_life import activities
    from counterfoil.entrypoints.cli.columns import table
    from counterfoil.entrypoints.cli.reading import looking

    screen, texts = desk.screen, desk.screen.texts
    filters = {"state": state, "sector": sector, "host": host, "kind": kind}
    with looking(desk.directory) as sight:
        view = activities(sight, after=after, limit=LISTED_MAX, filters=filters, on=overdue)
    if screen.as_json:
        screen.json(view)
        return OK
    if not view["items"]:
        screen.say("cli.activity.nothing")
        return OK
    heads = [texts(f"cli.activity.column.{name}") for name in ("activity", "state", "due", "sector", "title")]
    rows = [
        [each["key"], _word(texts, "state", each["state"]), each["due"] or "-", each["sector"], each["title"]]
        for each in view["items"]
    ]
    for line in table([heads, *rows]):
        screen.line(line)
    if view["next"] is not None:
        screen.say("cli.activity.more", most=LISTED_MAX, after=view["next"])
    return OK


def run_show(desk: Desk, *, activity: str) -> int:
    """What the activity is, where it stands, what waits, and everything that happened to it."""
    from counterfoil.application.queries.show import show
    from counterfoil.entrypoints.cli.reading import looking, told

    screen, texts = desk.screen, desk.screen.texts
    with looking(desk.directory) as sight:
        view = told(show(sight, "activity", activity))
    if screen.as_json:
        screen.json(view)
        return OK
    _head(screen, view)
    for each in view.get("integrity", ()):
        said = {"what": texts(f"cli.activity.integrity.{each['kind']}"), "values": ", ".join(each["values"])}
        screen.say("cli.activity.integrity", **said, document=each["document"] or "-")
    for event in view["timeline"]:
        _event(screen, event)
    for name, done in (("findings", "closed_on"), ("grievances", "answered_on")):
        for each in view[name]:
            state = "cli.activity.done" if each[done] else "cli.activity.open"
            facts = {"id": each["id"], "day": each[done] or each["answer_by"] or "-"}
            screen.say(state, what=screen.texts(f"cli.activity.{name}"), **facts)
    return OK


def _head(screen: Screen, view: Mapping[str, Any]) -> None:
    texts, life = screen.texts, view["life"]
    screen.line(f"{view['id']} · {view['title']}")
    periods = ", ".join(f"{each['first_day']}..{each['last_day']}" for each in view.get("crediting_periods", ()))
    rows = {
        "state": _word(texts, "state", life["state"]),
        "since": life["since"],
        "due": life["due"],
        "kind": _word(texts, "kind", view.get("kind", "project")),
        "parent": view.get("parent"),
        "methodology": " ".join(word for word in (view["methodology"], life["methodology_version"]) if word),
        "periods": periods,
        "participants": ", ".join(view["participants"]),
        "validator": life["validator"],
        "issued": f"{view['issued']:,}",
    }
    for name, value in rows.items():
        if value:
            screen.line(f"  {texts(f'cli.activity.column.{name}')}: {value}")


def _event(screen: Screen, event: Mapping[str, Any]) -> None:
    texts = screen.texts
    said = [event["body"], event["subject"], event["reason"]]
    screen.say(
        "cli.activity.event",
        day=event["on"],
        event=_word(texts, "event", event["event"]),
        stage=_word(texts, "state", event["stage"]),
        entry=event["entry"],
        by=event["by"],
        said=" · ".join(word for word in said if word) or "-",
        provision=provision_text(event["provision"], texts) or "-",
    )
    for each in event["differences"]:
        screen.say("cli.activity.difference", field=each["field"], before=each["before"], after=each["after"])


def _word(texts: Texts, kind: str, word: str) -> str:
    return texts(f"cli.activity.{kind}.{word}")
