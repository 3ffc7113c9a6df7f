"""Play the demonstration: every scene on its day, a report of every Party for every year, and the summary."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from counterfoil.application.command import Units
from counterfoil.application.commands.foreign import FOREIGN_AUTHORIZATION, foreign_key
from counterfoil.application.commands.use import UseTowardsNdc
from counterfoil.application.queries.aef_check import CheckReport, NamedRaw, check
from counterfoil.application.queries.aef_submission import aef_submission
from counterfoil.application.queries.balance import balance_of
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.unit_facts import unit_facts
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.books import Holding
from counterfoil.domain.ledger.entry import Act
from counterfoil.domain.reporting.aef_format import AefFormat
from counterfoil.domain.reporting.aef_layout import aef_layout
from counterfoil.domain.reporting.filing import ReportKind
from counterfoil.domain.units.identifier import UnitClass, unit_class
from counterfoil.entrypoints.bootstrap import aef_format
from counterfoil.entrypoints.demo.accounts import account_scenes, assumed_in_ndcs
from counterfoil.entrypoints.demo.acts import Scene, agreed_scene, opening, scenes_of
from counterfoil.entrypoints.demo.filings import VERSION, filed, files_by_name
from counterfoil.entrypoints.demo.initial_reports import InitialReports
from counterfoil.entrypoints.demo.script import ASSUMED, NOTICE, DemoFault, Script, examples_folder
from counterfoil.entrypoints.demo.stage import PlayFailed, Stage
from counterfoil.entrypoints.demo.summaries import no_net_increase_in_the_world, write_summaries
from counterfoil.entrypoints.reports.words import Text
from counterfoil.entrypoints.submitting.filing import Asked

SUMMARY: Final = "summary.json"


Progress = Callable[[int, int, str], None]


@dataclass(slots=True)
class _Totals:
    """What one Party did, in tonnes."""

    first_transferred_t: int = 0
    acquired_t: int = 0
    used_t: int = 0
    held_t: int = 0
    adjustments_t: dict[str, int] = field(default_factory=dict)


def play(
    out: Path,
    texts: Mapping[str, Text],
    *,
    progress: Progress = lambda done, of, title: None,
    stage_of: Callable[[Path, Script], Stage] = Stage,
    also: Callable[[Stage, Script], list[Scene]] = lambda stage, script: [],
) -> dict[str, Any] | Refusal:
    """Play all scenes into `out`, an empty folder or an earlier demonstration, which is replaced.

    Args:
        texts: The words of each language in which the structured summaries are written.
        stage_of: Where the registries are; left out, all of them in this process.
        also: Further scenes, each played on its day among the others.

    Returns:
        The summary, also written to `out/summary.json`, or the refusal of an act or of the folder.
    """
    refusal = _cleared(out)
    if refusal is not None:
        return refusal
    script = Script(examples_folder())
    try:
        stage = stage_of(out, script)
    except PlayFailed as failed:
        return _refused(failed)
    initial = InitialReports(stage, script, aef_format(), texts)
    try:
        played = [*_all_scenes(stage, script, initial), *also(stage, script)]
        scenes = sorted((scene for scene in played if scene.on <= stage.until), key=lambda each: (each.on, each.order))
        for done, scene in enumerate(scenes):
            progress(done, len(scenes), f"{scene.on} {scene.title}")
            stage.on(scene.on)
            scene.play()
        progress(len(scenes), len(scenes), "")
        summary = _summary(stage, script, texts, initial)
    except PlayFailed as failed:
        return _refused(failed)
    finally:
        stage.close()
    text = json.dumps(summary, ensure_ascii=False, indent=2)
    (out / SUMMARY).write_text(f"{text}\n", "utf-8")
    return summary


def _refused(failed: PlayFailed) -> Refusal:
    """The refusal that ended the play; an outage goes on its way."""
    if isinstance(failed.fault, Refusal):
        return failed.fault
    raise failed.fault from failed


def _cleared(out: Path) -> Refusal | None:
    """Only an empty folder or an earlier demonstration is written into: nobody's files are deleted."""
    if out.exists() and any(out.iterdir()):
        if not (out / "DEMONSTRATION").exists():
            return Refusal(DemoFault.FOLDER_NOT_OURS, {"folder": str(out)})
        shutil.rmtree(out)
    out.mkdir(parents=True, exist_ok=True)
    (out / "DEMONSTRATION").write_text("\n".join(NOTICE.values()) + "\n", "utf-8")
    return None


def _all_scenes(stage: Stage, script: Script, initial: InitialReports) -> list[Scene]:
    known: set[str] = set()
    scenes: list[Scene] = []
    for transfer in script.transfers:
        scenes += scenes_of(stage, script, transfer, known=known)
    scenes += [agreed_scene(stage, fact) for fact in script.undisclosed]
    scenes += [_use_scene(stage, script, party) for party in script.parties]
    scenes += initial.scenes()
    form = aef_format()
    scenes += [_report_scene(stage, script, form, year) for year in script.reported_years()]
    first_day = min(scene.on for scene in scenes)
    scenes += opening(stage, script, first_day)
    scenes += account_scenes(stage, script, first_day=first_day, recorded=initial.once_there_is_an_ndc)
    return scenes


def _use_scene(stage: Stage, script: Script, party: str) -> Scene:
    """The Party uses every foreign unit that it holds, for the calendar year in which it acquired it."""
    day = date.fromisoformat(str(script.world["use_on"]))

    def use() -> None:
        sight = stage.sight(party)
        try:
            uses = [
                UseTowardsNdc(
                    units=Units(holding.unit_class, holding.serials.first, holding.serials.last),
                    account=holding.account,
                    year=_acquired_in(sight, holding.seq),
                    entity=_authorized_entity(sight, holding),
                    assumed=(f"day of use = {day}", "year of use = year of acquisition"),
                )
                for holding in sight.all_holdings()
                if role(holding.account) is AccountRole.HOLDING and _foreign(holding.unit_class, party)
            ]
        finally:
            sight.reading.close()
        if uses:
            stage.do(party, *uses)

    return Scene(day, 7, f"{party}: uses what it holds", use)


def _foreign(key: str, party: str) -> bool:
    of = unit_class(key)
    return isinstance(of, UnitClass) and of.party != party


def _authorized_entity(sight: Sight, holding: Holding) -> str | None:
    """The entity that the letter names: the play supposes that it holds the account of its Party."""
    of = unit_class(holding.unit_class)
    assert isinstance(of, UnitClass)
    letter = sight.record(FOREIGN_AUTHORIZATION, foreign_key(of.party, unit_facts(holding.facts).authorization or ""))
    return next(iter(letter["authorized_entities"]), None)


def _acquired_in(sight: Sight, seq: int) -> int:
    entry = sight.entry(seq)
    assert entry is not None
    return entry.entry.effective_on.year


def _report_scene(stage: Stage, script: Script, form: AefFormat, year: int) -> Scene:
    day = script.reported_on(year)

    def report() -> None:
        for party in script.parties:
            files = files_by_name([_write_report(stage, form, party, year, day)])
            filed(
                stage,
                Asked(kind=ReportKind.AEF, party=party, year=year, approaches=(), version=VERSION, files=files),
                form,
            )

    return Scene(day, 9, f"all Parties report {year}", report)


def _write_report(stage: Stage, form: AefFormat, party: str, year: int, day: date) -> Path:
    from counterfoil.adapters.documents.aef_xlsx import write_workbook

    sight = stage.sight(party)
    try:
        submission = aef_submission(sight, party=party, year=year, version=VERSION, submitted_on=day)
    finally:
        sight.reading.close()
    if isinstance(submission, Refusal):
        raise PlayFailed(submission)
    path = stage.out / party / "reports" / f"aef-{party}-{year}-v{VERSION}.xlsx"
    path.parent.mkdir(exist_ok=True)
    refusal = write_workbook(aef_layout(submission, form), path, created=day)
    if refusal is not None:
        raise PlayFailed(refusal)
    return path


def check_reports(out: Path, form: AefFormat) -> CheckReport:
    """Check all workbooks of a demonstration together, as read back from their files."""
    from counterfoil.adapters.documents.xlsx_reading import read_workbook_file

    paths = sorted(out.glob("*/reports/*.xlsx"))
    return check([NamedRaw(str(path.relative_to(out)), read_workbook_file(path)) for path in paths], form)


def _summary(stage: Stage, script: Script, texts: Mapping[str, Text], initial: InitialReports) -> dict[str, Any]:
    parties = {party: _totals(stage, party) for party in script.parties}
    report = check_reports(stage.out, aef_format())
    return {
        "demonstration": NOTICE,
        "parties": {
            party: {
                "first_transferred_t": totals.first_transferred_t,
                "acquired_t": totals.acquired_t,
                "used_t": totals.used_t,
                "held_t": totals.held_t,
                "adjustments_t": totals.adjustments_t,
            }
            for party, totals in parties.items()
        },
        "world_adjustment_t": sum(sum(totals.adjustments_t.values()) for totals in parties.values()),
        "undisclosed": [
            {"from": fact.host, "to": fact.acquirer, "date": fact.date, "activity": fact.activity, "quantity_t": None}
            for fact in script.undisclosed
        ],
        "no_net_increase": no_net_increase_in_the_world(stage, script),
        "initial_reports": [each.as_json() for each in initial.filed],
        "structured_summaries": write_summaries(stage, script, texts),
        "aef": {"workbooks": len(list(stage.out.glob("*/reports/*.xlsx"))), "status": report.status.value},
        "sources": [{"n": fact.number, "source": fact.source} for fact in script.facts],
        "assumed": [
            *script.all_assumptions(),
            *({"name": f"ndc.{party}", "value": text, "label": ASSUMED} for party, text in assumed_in_ndcs(script)),
        ],
    }


def _totals(stage: Stage, party: str) -> _Totals:
    """One Party's figures, from its own journal and blocks only."""
    totals = _Totals()
    sight = stage.sight(party)
    try:
        for journal_entry in sight.entries():
            size = sum(move.size for move in journal_entry.entry.moves)
            match journal_entry.entry.act:
                case Act.FIRST_TRANSFERRED:
                    totals.first_transferred_t += size
                case Act.ACQUIRED:
                    totals.acquired_t += size
                case Act.USED_TOWARDS_NDC:
                    totals.used_t += size
                case _:
                    pass
        totals.held_t = sum(
            holding.serials.size
            for holding in sight.all_holdings()
            if role(holding.account) in (AccountRole.HOLDING, AccountRole.PENDING)
        )
        balance = balance_of(sight, party)
    finally:
        sight.reading.close()
    assert not isinstance(balance, Refusal)
    years = balance["commodities"].get("tCO2e", {"years": {}})["years"]
    totals.adjustments_t = {year: entry["net"] for year, entry in years.items() if entry["net"]}
    return totals
