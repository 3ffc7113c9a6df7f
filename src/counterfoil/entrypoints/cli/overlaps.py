"""`overlaps`: whether an area meets that of another activity, the cases that stand, and what the journal says of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import click

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, UNUSABLE, Fault, Screen
from counterfoil.entrypoints.cli.usage import Day, Misused, UsageFault
from counterfoil.entrypoints.language import Texts


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {"check": _check, "list": _list, "verify": _verify}
    return Contents(texts, "cli.overlaps", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _check(texts: Texts) -> Command:
    text = texts("cli.place.text")
    return Command(
        texts,
        "cli.overlaps.check",
        run_check,
        [
            click.Argument(["file"], required=False, metavar=texts("cli.place.file")),
            click.Option(["--activity"], metavar="ID"),
            click.Option(["--record", "recorded"], is_flag=True),
            click.Option(["--sector"], default="", metavar=text),
            click.Option(["--methodology"], default="", metavar=text),
            click.Option(["--from", "first_day"], type=Day()),
            click.Option(["--to", "last_day"], type=Day()),
            click.Option(["--countries"], metavar=texts("cli.place.file")),
        ],
    )


def _list(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.overlaps.list",
        run_list,
        [click.Option(["--activity"], default="", metavar="ID"), click.Option(["--open", "standing"], is_flag=True)],
    )


def _verify(texts: Texts) -> Command:
    return Command(texts, "cli.overlaps.verify", run_verify)


def run_check(
    desk: Desk,
    *,
    file: str | None,
    activity: str | None,
    recorded: bool,
    sector: str,
    methodology: str,
    first_day: date | None,
    last_day: date | None,
    countries: str | None,
) -> int:
    """Of a file before anything is registered, or of an activity, whose check may be recorded. 1 with a conflict."""
    from counterfoil.entrypoints.boundary_desk import Proposal

    if activity is not None:
        if file is not None:
            raise Misused(Refusal(UsageFault.ARGUMENT_EXTRA, {"argument": file[:80]}))
        return _of_activity(desk, activity, recorded=recorded, countries=countries)
    if file is None:
        raise Misused(Refusal(UsageFault.OPTION_MISSING, {"option": "--activity"}))
    return _of_file(desk, file, Proposal(sector, methodology, first_day, last_day), countries)


def _of_file(desk: Desk, file: str, proposal: Any, countries: str | None) -> int:
    from counterfoil.application.queries.overlaps import proposed
    from counterfoil.entrypoints.boundary_desk import FILE_BYTES_MAX, outside_of, register
    from counterfoil.entrypoints.cli.day import today
    from counterfoil.entrypoints.cli.input import read_bytes
    from counterfoil.entrypoints.cli.reading import looking

    data = read_bytes(file, bytes_max=FILE_BYTES_MAX)
    if isinstance(data, Refusal):
        raise Fault(data, UNUSABLE)
    with looking(desk.directory) as sight:
        party = sight.registry.party
        view = proposed(sight, register(sight), data, like=proposal.like(party), on=today())
        if isinstance(view, Refusal):
            raise Fault(view, UNUSABLE)
    if countries is not None:
        view = {**view, "country": _country(outside_of(data, _shapes(countries), party))}
    return _shown(desk.screen, view)


def _of_activity(desk: Desk, activity: str, *, recorded: bool, countries: str | None) -> int:
    from counterfoil.adapters.evidence.files import FileEvidence
    from counterfoil.application.queries.overlaps import prepared, request_json
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.boundary_desk import outside_of, register
    from counterfoil.entrypoints.cli.answers import answered
    from counterfoil.entrypoints.cli.day import today
    from counterfoil.entrypoints.cli.reading import looking, told
    from counterfoil.entrypoints.cli.writing import writing

    with looking(desk.directory) as sight:
        party = sight.registry.party
        found = told(prepared(sight, register(sight), activity, on=today()))
    if recorded:
        # First the file, then the act that names it: a check without its file could not be made again.
        FileEvidence(Folder(desk.directory).evidence).put(found.canonical)
        with writing(desk.directory, "overlaps check") as send:
            return answered(desk.screen, send([found.command]))
    view: Mapping[str, Any] = {**found.view, "command": request_json(found.command)}
    if countries is not None:
        view = {**view, "country": _country(outside_of(found.canonical, _shapes(countries), party))}
    return _shown(desk.screen, view)


def _shapes(countries: str) -> bytes:
    from counterfoil.adapters.geometry.countries import BYTES_MAX
    from counterfoil.entrypoints.cli.input import read_bytes

    data = read_bytes(countries, bytes_max=BYTES_MAX)
    if isinstance(data, Refusal):
        raise Fault(data, UNUSABLE)
    return data


def _country(answer: dict[str, Any] | Refusal) -> dict[str, Any]:
    if isinstance(answer, Refusal):
        raise Fault(answer, UNUSABLE)
    return answer


def _shown(screen: Screen, view: Mapping[str, Any]) -> int:
    """The area, what was put right in the file, and a line for each overlap."""
    conflicts = any(each["ground"] == "conflict" for each in view["overlaps"])
    if screen.as_json:
        screen.json(view)
        return REFUSED if conflicts else OK
    texts = screen.texts
    screen.say("cli.overlaps.area", area=f"{view['area_m2']:,}", canonical=view["canonical"], compared=view["compared"])
    for kind, count in view["repairs"].items():
        screen.say("cli.overlaps.repaired", repair=texts(f"boundary.repair.{kind}"), count=count)
    if not view["overlaps"]:
        screen.say("cli.overlaps.none")
    for each in view["overlaps"]:
        ground = texts(f"overlap.ground.{each['ground'] or 'unknown'}")
        share = _percent(each["share_ppm"])
        facts = {name: each[name] for name in ("activity", "title")}
        screen.say("cli.overlaps.met", **facts, area=f"{each['overlap_m2']:,}", share=share, ground=ground)
    country = view.get("country")
    if country is not None:
        key = "cli.overlaps.within" if country["within"] else "cli.overlaps.outside"
        screen.say(key, party=country["party"], share=_percent(country["outside_ppm"]))
    return REFUSED if conflicts else OK


def _percent(ppm: int) -> str:
    """Millionths as a percentage with two places, cut off."""
    return f"{ppm // 10_000}.{ppm % 10_000 // 100:02d}"


def run_list(desk: Desk, *, activity: str, standing: bool) -> int:
    """One line for each case."""
    from counterfoil.application.queries.overlaps import cases
    from counterfoil.entrypoints.cli.columns import table
    from counterfoil.entrypoints.cli.reading import looking

    screen, texts = desk.screen, desk.screen.texts
    with looking(desk.directory) as sight:
        found = cases(sight, activity=activity, standing=standing)
    if screen.as_json:
        screen.json({"items": found})
        return OK
    if not found:
        screen.say("cli.overlaps.nothing")
        return OK
    rows = [
        [
            each["id"],
            each["activity"],
            each["other"],
            f"{each['overlap_m2']:,}",
            f"{_percent(each['share_ppm'])} %",
            texts(f"overlap.state.{each['state']}"),
        ]
        for each in found
    ]
    names = ("case", "activity", "other", "overlap_m2", "share", "state")
    for line in table([[texts(f"cli.overlaps.column.{name}") for name in names], *rows]):
        screen.line(line)
    return OK


def run_verify(desk: Desk) -> int:
    """Every recorded area and overlap measured again from the files; what differs, and 1 then."""
    from counterfoil.application.queries.overlaps import recomputed
    from counterfoil.entrypoints.boundary_desk import register
    from counterfoil.entrypoints.cli.reading import looking

    screen = desk.screen
    with looking(desk.directory) as sight:
        held = register(sight)
        found = list(recomputed(sight, held))
    if screen.as_json:
        screen.json({"checked": len(held), "differences": found})
    elif not found:
        screen.say("cli.overlaps.same", count=len(held))
    else:
        for each in found:
            screen.line(f"✗ {', '.join(f'{name}: {value}' for name, value in each.items())}")
    return REFUSED if found else OK
