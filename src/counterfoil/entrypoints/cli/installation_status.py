"""`installation list` and `installation status`: the sections, and how each of them is at this moment."""

import sys
from typing import TYPE_CHECKING, Any

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.entrypoints.tenancy.installation import Installation


def listing(texts: Texts) -> Command:
    return Command(texts, "cli.installation.list", run_list)


def command(texts: Texts) -> Command:
    return Command(texts, "cli.installation.status", run_status, [click.Option(["--metrics"], is_flag=True)])


def checking(texts: Texts) -> Command:
    return Command(texts, "cli.installation.check", run_check)


def run_check(desk: Desk) -> int:
    """Units that stand in the books of two sections; status 1 when there are any."""
    from counterfoil.entrypoints.tenancy.cross_section import FOUND_MAX, held_twice, told
    from counterfoil.entrypoints.tenancy.installation import read_installation

    installation = read_installation(desk.directory)
    found = held_twice(installation)
    screen = desk.screen
    if screen.as_json:
        screen.json({"consistent": not found, "held_twice": told(found), "all_told": len(found) < FOUND_MAX})
    elif not found:
        screen.say("cli.installation.check.good", count=len(installation.sections))
    for each in () if screen.as_json else found:
        units = f"{each.unit_class} {each.first}-{each.last}"
        screen.say("cli.installation.check.twice", units=units, parties=", ".join(each.parties))
    return REFUSED if found else OK


def run_list(desk: Desk) -> int:
    """One line for each section, from the installation's file alone."""
    from counterfoil.entrypoints.tenancy.installation import read_installation

    installation = read_installation(desk.directory)
    sections = _sections(installation)
    if desk.screen.as_json:
        desk.screen.json({"name": installation.name, "sections": sections})
        return OK
    _table(desk, ("party", "state", "hosts", "folder"), sections)
    return OK


def run_status(desk: Desk, *, metrics: bool) -> int:
    """How each section is; status 1 when an open one does not answer. With `metrics`, the counts for Prometheus."""
    from counterfoil.entrypoints.tenancy.control import asked, sections_health
    from counterfoil.entrypoints.tenancy.installation import SectionState, read_installation
    from counterfoil.entrypoints.tenancy.standing import read_standing

    installation = read_installation(desk.directory)
    if metrics:
        told = asked(desk.directory, "/metrics")
        sys.stdout.write((told or b"").decode())
        return REFUSED if told is None else OK
    health = sections_health(desk.directory)
    standing = None if health is None else read_standing(desk.directory)
    known = {each.party: each for each in standing.sections} if standing is not None else {}
    sections = _sections(installation)
    for section in sections:
        at, well = known.get(section["party"]), (health or {}).get(section["party"], {})
        section |= {
            "running": "stopped" if at is None else at.running.value,
            "health": str(well.get("status", "-")),
            "entries": well.get("entries"),
            "process": 0 if at is None else at.pid,
            "since": "" if at is None else at.since,
            "ends": 0 if at is None else at.ends,
        }
    good = all(each["health"] == "ok" for each in sections if each["state"] == SectionState.OPEN)
    if desk.screen.as_json:
        address = None if standing is None else standing.address
        desk.screen.json({"name": installation.name, "served": health is not None, "address": address, "well": good,
                          "sections": sections})  # fmt: skip
    elif health is None:
        desk.screen.say("cli.installation.status.not_served", directory=desk.directory)
    else:
        _table(desk, ("party", "state", "running", "health", "entries", "process", "since", "ends"), sections)
    return OK if good and health is not None else REFUSED


def _sections(installation: "Installation") -> list[dict[str, Any]]:
    return [
        {
            "party": each.party,
            "administrator": each.party == installation.administrator,
            "state": each.state.value,
            "hosts": list(each.hosts),
            "path": f"/s/{each.party}/",
            "folder": str(each.folder),
            "request": each.request or None,
            "address": each.address or None,
        }
        for each in installation.sections
    ]


def _table(desk: Desk, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    from counterfoil.entrypoints.cli.columns import table

    texts = desk.screen.texts
    if not rows:
        return desk.screen.say("cli.installation.nothing")
    heads = [texts(f"cli.installation.column.{name}") for name in columns]
    for line in table([heads, *([_cell(texts, row[name]) for name in columns] for row in rows)]):
        desk.screen.line(line)
    return None


def _cell(texts: Texts, value: Any) -> str:
    """A word of a state in the reader's language; anything else as it is."""
    if isinstance(value, list):
        return ", ".join(value) or "-"
    text = "-" if value in (None, "", 0) else str(value)
    return texts.known(f"cli.installation.word.{text}") or text
