"""`readiness`: what a country has, pilots or lacks for Article 6, from its pack and its registry."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.cli.usage import Day, Misused, OneOf, UsageFault
from counterfoil.entrypoints.language import LANGUAGES, Texts

if TYPE_CHECKING:
    from counterfoil.application.queries.sight import Sight

TEXT: Final = "text"
FORMATS: Final = (TEXT, "pdf", "docx")


def command(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.readiness",
        run,
        [
            click.Option(["--jurisdiction"], metavar="TWN"),
            click.Option(["--on"], type=Day()),
            click.Option(["--compare"], metavar="IDN,THA"),
            click.Option(["--format", "ending"], type=OneOf(*FORMATS), default=TEXT),
            click.Option(["--out"], metavar=texts("cli.place.dir")),
        ],
    )


def run(
    desk: Desk, *, jurisdiction: str | None, on: date | None, compare: str | None, ending: str, out: str | None
) -> int:
    """One country with its evidence, as lines, JSON or a paper; or several beside each other by their packs."""
    from counterfoil.entrypoints.cli.day import today
    from counterfoil.entrypoints.cli.readiness_text import compared_lines, readiness_lines

    screen, day = desk.screen, on or today()
    view = _view(desk, jurisdiction, day) if compare is None else _compared(jurisdiction, compare, day)
    files = _printed(view, ending, Path(out or ".")) if ending != TEXT and compare is None else []
    if screen.as_json:
        screen.json({**view, "files": [str(each) for each in files]} if files else view)
        return OK
    for file in files:
        screen.say("cli.readiness.file", file=file)
    if not files:
        lines = readiness_lines if compare is None else compared_lines
        for line in lines(view, screen.texts):
            screen.line(line)
    return OK


def _view(desk: Desk, jurisdiction: str | None, on: date) -> Mapping[str, Any]:
    """From the registry in the folder and its pack; from the pack alone where the folder's is another's, or none."""
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cli.reading import looking

    if jurisdiction is not None and not Folder(desk.directory).founded:
        return _asked(jurisdiction, None, on)
    with looking(desk.directory) as sight:
        own = str(sight.registry.party)
        if jurisdiction is None or jurisdiction.upper() == own:
            return _asked(own, sight, on)
    return _asked(jurisdiction, None, on)


def _asked(jurisdiction: str, sight: "Sight | None", on: date) -> Mapping[str, Any]:
    from counterfoil.application.queries.readiness import readiness_of
    from counterfoil.entrypoints.cli.reading import told
    from counterfoil.entrypoints.laws_at_hand import LawsAtHand

    return told(readiness_of(LawsAtHand(), jurisdiction=jurisdiction, sight=sight, on=on))


def _compared(jurisdiction: str | None, compare: str, on: date) -> Mapping[str, Any]:
    from counterfoil.application.queries.readiness import compared
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.cli.reading import told
    from counterfoil.entrypoints.laws_at_hand import LawsAtHand

    codes = [code.strip() for code in (jurisdiction or "", *compare.split(",")) if code.strip()]
    if not compare.strip(", "):
        raise Misused(Refusal(UsageFault.VALUE_MISSING, {"option": "--compare"}))
    return told(compared(LawsAtHand(), codes, on=on))


def _printed(view: Mapping[str, Any], ending: str, out: Path) -> list[Path]:
    """The paper in both languages."""
    from functools import partial

    from counterfoil.adapters.durable import made_folder
    from counterfoil.entrypoints.reports.printing import print_papers
    from counterfoil.entrypoints.reports.readiness_paper import readiness_paper

    made_folder(out)
    stem = f"readiness-{view['jurisdiction']}-{view['on']}"
    texts = [Texts(language) for language in LANGUAGES]
    return print_papers(partial(readiness_paper, view), out, stem, texts=texts, endings=(ending,))
