"""The rows of the CDM's project list and of its monitoring periods, typed: what a row says, or why it cannot be read.

The two lists have no key in common: projects are named by the number of their validation, periods by the reference
number of their registration. So a project that the periods name becomes an activity of its own, `KE-9948` as its
units name it, and nobody guesses which of the listed projects it is.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

from counterfoil.application.commands.import_activities import TEXT_MAX, ImportActivity, ImportPeriod
from counterfoil.domain.activities.activity import ActivityKind
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.policy.stages import Stage
from counterfoil.domain.units.unit_type import MitigationType
from counterfoil.entrypoints.cdm.csv_file import Cells, Faults, named, read_table
from counterfoil.entrypoints.cdm.rows import (
    CdmCommand,
    Row,
    RowFault,
    Unreadable,
    moment,
    party_code,
    project_number,
    whole_number,
)
from counterfoil.entrypoints.country_codes import alpha2_codes, cdm_hosts

PROJECT_COLUMNS: Final = (
    "originProjectId",
    "projectName",
    "program",
    "sector",
    "projectType",
    "projectStatus",
    "methodology",
    "validationDate",
    "country",
)
PERIOD_COLUMNS: Final = (
    "PA/PoA",
    "CDM project reference number",
    "HostParty",
    "Project type (UNEP DTU)",
    "Issuance date",
    "Monitoring report started",
    "Monitoring report ended",
    "Units - Total",
)
STANDARD: Final = "CDM"
_KINDS: Final = {"PA": ActivityKind.PROJECT, "PoA": ActivityKind.PROGRAMME}
_STAGES: Final = {
    "Listed": Stage.IDEA,
    "Validated": Stage.VALIDATION,
    "Authorized": Stage.APPROVAL,
    "Registered": Stage.REGISTERED,
    "De-registered": Stage.CLOSED,
    "Withdrawn": Stage.WITHDRAWN,
}
_PLANTED: Final = frozenset({"Afforestation", "Reforestation"})
# Latin-1 reads a Windows-1252 dash or quotation mark as a control character; the list has them in 310 titles.
_WINDOWS: Final = {code: bytes([code]).decode("cp1252", "replace").replace("\ufffd", " ") for code in range(0x80, 0xA0)}
_CONTROLS: Final = dict.fromkeys(range(0x20), " ")


class ActivityRowFault(StrEnum):
    PROGRAM_UNKNOWN = "import.program_unknown"
    STATUS_UNKNOWN = "import.status_unknown"


def read_projects(path: Path, faults: Faults) -> list[Row]:
    """The projects in the file's order."""
    file = named(path)
    rows: list[Row] = []
    for cells in read_table(path, PROJECT_COLUMNS, faults):
        try:
            rows.append(_project_row(file, cells))
        except Unreadable as unreadable:
            faults.add(unreadable.code, file=file, line=cells.line, **unreadable.facts)
    return rows


def read_periods(path: Path, faults: Faults) -> tuple[list[Row], list[Row]]:
    """The projects that periods name, and the periods in the order of their days.

    An overlap is then always that of a later period with an earlier one.
    """
    file = named(path)
    projects: dict[str, Row] = {}
    periods: list[tuple[tuple[date, date, int], Row]] = []
    for cells in read_table(path, PERIOD_COLUMNS, faults):
        try:
            project, period = _referenced_row(file, cells), _period_row(file, cells)
        except Unreadable as unreadable:
            faults.add(unreadable.code, file=file, line=cells.line, **unreadable.facts)
            continue
        assert isinstance(project.command, ImportActivity) and isinstance(period.command, ImportPeriod)
        projects.setdefault(project.command.activity, project)
        periods.append(((period.command.first_day, period.command.last_day, period.line), period))
    return list(projects.values()), [row for _, row in sorted(periods, key=_by_days)]


def _by_days(one: tuple[tuple[date, date, int], Row]) -> tuple[date, date, int]:
    return one[0]


def _project_row(file: str, cells: Cells) -> Row:
    of = cells.by_column
    day = moment(of["validationDate"], "validationDate")
    if of["projectStatus"] not in _STAGES:
        raise Unreadable(ActivityRowFault.STATUS_UNKNOWN, value=of["projectStatus"], known=", ".join(_STAGES))
    name = project_number(of["originProjectId"], "originProjectId")
    command = ImportActivity(
        on=day.date(),
        activity=ActivityId(f"CDM-{name}"),
        title=_text(of, "projectName") or name,
        # A country that is none, or several, is left unsaid; the row's place leads back to its words.
        host=cdm_hosts().get(of["country"], ""),
        standard=STANDARD,
        methodology=_text(of, "methodology"),
        sector=_text(of, "sector"),
        activity_type=_text(of, "projectType"),
        kind=_kind(of, "program"),
        mitigation_type=_type(of["projectType"]),
        stage=_STAGES[of["projectStatus"]],
        status=of["projectStatus"],
        provenance=f"{file}:{cells.line}",
    )
    return Row(file, cells.line, day, command)


def _referenced_row(file: str, cells: Cells) -> Row:
    of = cells.by_column
    day = moment(of["Issuance date"], "Issuance date")
    host, number = _reference(of)
    command: CdmCommand = ImportActivity(
        on=day.date(),
        activity=ActivityId(f"{of['HostParty']}-{number}"),
        title=f"CDM {number}",
        host=host,
        standard=STANDARD,
        methodology="",
        sector="",
        activity_type=_text(of, "Project type (UNEP DTU)"),
        kind=_kind(of, "PA/PoA"),
        mitigation_type=_type(of["Project type (UNEP DTU)"]),
        stage=Stage.REGISTERED,
        status="Registered",
        provenance=f"{file}:{cells.line}",
    )
    return Row(file, cells.line, day, command)


def _period_row(file: str, cells: Cells) -> Row:
    of = cells.by_column
    completed = moment(of["Issuance date"], "Issuance date")
    first = moment(of["Monitoring report started"], "Monitoring report started").date()
    last = moment(of["Monitoring report ended"], "Monitoring report ended").date()
    issued_t = whole_number(of, "Units - Total")
    project = f"{of['HostParty']}-{_reference(of)[1]}"
    command: CdmCommand = ImportPeriod(
        on=completed.date(),
        # By what it says, so that the same period of another run is known again, wherever it stands in the file.
        monitoring=f"{project}:{first}:{last}:{completed.date()}:{issued_t}",
        activity=ActivityId(project),
        first_day=first,
        last_day=last,
        issued_t=issued_t,
        provenance=f"{file}:{cells.line}",
    )
    return Row(file, cells.line, completed, command)


def _reference(of: Mapping[str, str]) -> tuple[str, str]:
    """The host by alpha-3, and the reference number. A Party that nobody has heard of stays unsaid."""
    alpha2 = party_code(of["HostParty"], "HostParty")
    return alpha2_codes().get(alpha2, ""), project_number(of["CDM project reference number"], "CDM project reference")


def _kind(of: Mapping[str, str], column: str) -> ActivityKind:
    kind = _KINDS.get(of[column])
    if kind is None:
        raise Unreadable(ActivityRowFault.PROGRAM_UNKNOWN, column=column, value=of[column])
    return kind


def _type(project_type: str) -> MitigationType:
    return MitigationType.REMOVAL if project_type in _PLANTED else MitigationType.REDUCTION


def _text(of: Mapping[str, str], column: str) -> str:
    text = " ".join(of[column].translate(_WINDOWS).translate(_CONTROLS).split())
    if len(text) > TEXT_MAX:
        raise Unreadable(RowFault.TEXT_TOO_LONG, column=column, length_max=TEXT_MAX)
    return text
