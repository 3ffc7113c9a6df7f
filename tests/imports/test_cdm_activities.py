"""The CDM's projects and monitoring periods go in; overlaps and periods too long to be believed are found exactly."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from counterfoil.entrypoints.bootstrap import Folder, open_for_reading, verify_folder
from counterfoil.entrypoints.cdm import Unusable, import_cdm
from tests.imports.desk import rows

PROJECTS = (
    "originProjectId,projectName,program,sector,projectType,projectStatus,methodology,validationDate,country\n"
    "AAA,Wind \x96 farm,PA,Energy,Wind,Registered,CDM - ACM0002,2005-01-02 00:00:00,Viet Nam\n"
    "BBB,Wood <script>,PoA,,Reforestation,Withdrawn,CDM - AR,2006-01-02 00:00:00,Equatorial New Guinea\n"
)
HEAD = (
    "PA/PoA,CDM project reference number,HostParty,Project type (UNEP DTU),Issuance date,"
    "Monitoring report started,Monitoring report ended,Units - Total\n"
)


def row(first: str, last: str, *, of: str = "77,VN", issued: str = "2015-01-01", total: int = 5) -> str:
    number, host = of.split(",")
    return f"PA,{number},{host},Wind,{issued} 00:00:00,{first} 00:00:00,{last} 00:00:00,{total}\n"


PERIODS = HEAD + "".join(
    [
        row("2012-07-01", "2013-06-30", total=7),
        row("2012-01-01", "2012-12-31"),
        row("2012-01-01", "2012-12-31", of="77,KE"),
        row("2013-07-01", "2014-06-30"),
        row("2000-01-01", "2010-01-01", of="9,BR"),
        row("1990-01-01", "1999-12-31", of="9,BR"),
    ]
)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    projects, periods = tmp_path / "projects.csv", tmp_path / "periods.csv"
    projects.write_text(PROJECTS, encoding="utf-8")
    periods.write_text(PERIODS, encoding="utf-8")
    return projects, periods


def load(folder: Folder, projects: Path | None, periods: Path | None, **options: Any) -> Mapping[str, Any]:
    done = import_cdm(folder, projects=projects, periods=periods, **options)
    assert isinstance(done, Mapping), done
    return done


def records(folder: Folder, kind: str) -> dict[str, Any]:
    with open_for_reading(folder) as readable:
        return {key: value for (of, key), value in readable.books.records.items() if of == kind}


def test_projects_and_periods_go_in_and_what_cannot_stand_is_found(tmp_path: Path, files: tuple[Path, Path]) -> None:
    folder = Folder(tmp_path / "registry")
    done = load(folder, *files)
    assert done["rows"] == {
        "projects": {"read": 2, "accepted": 2, "refused": 0},
        "referenced": {"read": 3, "accepted": 3, "refused": 0},
        "periods": {"read": 6, "accepted": 4, "refused": 2},
    }
    assert done["findings"] == {
        "periods_that_overlap_an_earlier_one": {"periods": 1, "projects": {"VN-77": 1}},
        "periods_that_are_too_long": {"periods": 1, "projects": {"BR-9": 1}},
    }
    assert [(each["line"], each["code"]) for each in done["refusals"]] == [
        (6, "monitoring.period_too_long"),
        (2, "monitoring.period_overlaps"),
    ]
    known = records(folder, "activity")
    assert (known["CDM-AAA"]["title"], known["CDM-AAA"]["host"], known["VN-77"]["host"]) == (
        "Wind – farm",
        "VNM",
        "VNM",
    )
    assert (known["CDM-BBB"]["host"], known["CDM-BBB"]["mitigation_type"]) == ("", "removal")
    assert known["CDM-BBB"]["title"] == "Wood <script>"
    assert records(folder, "activity_life")["CDM-BBB"]["stage"] == "withdrawn"
    assert not verify_folder(folder).findings


def test_a_resumed_run_books_nothing_twice_and_a_new_one_knows_every_row(
    tmp_path: Path, files: tuple[Path, Path]
) -> None:
    folder = Folder(tmp_path / "registry")
    done = load(folder, *files)
    root = verify_folder(folder).root
    again = load(folder, *files, resume=done["run"])
    assert {**again, "seconds": 0} == {**done, "seconds": 0}
    new = load(folder, *files)
    assert Counter(each["code"] for each in new["refusals"]) == {
        "activity.already_registered": 5,
        "monitoring.already_submitted": 4,
        "monitoring.period_overlaps": 1,
        "monitoring.period_too_long": 1,
    }
    assert verify_folder(folder).root == root


@pytest.mark.parametrize(
    ("why", "projects", "periods", "fault"),
    [
        ("the status is another", PROJECTS.replace("Withdrawn", "Lost"), PERIODS, ("import.status_unknown", 3)),
        ("the program is another", PROJECTS.replace(",PoA,", ",XX,"), PERIODS, ("import.program_unknown", 3)),
        ("a title is a book", PROJECTS.replace("farm", "x" * 301), PERIODS, ("import.text_too_long", 2)),
        ("a day is none", PROJECTS, PERIODS.replace("2012-07-01", "2012-02-30"), ("import.date_unreadable", 2)),
        ("a total is none", PROJECTS, PERIODS.replace(",7\n", ",seven\n"), ("import.not_a_number", 2)),
        ("a host is none", PROJECTS, PERIODS.replace(",KE,", ",../..,"), ("import.party_unreadable", 4)),
        ("a number is a path", PROJECTS, PERIODS.replace("PA,9,", "PA,../9,"), ("import.project_unreadable", 6)),
        ("a column is missing", PROJECTS, PERIODS.replace("HostParty", "Host"), ("import.columns_missing", 1)),
    ],
)
def test_nothing_is_applied_when(
    why: str, projects: str, periods: str, fault: tuple[str, int], files: tuple[Path, Path]
) -> None:
    files[0].write_text(projects, encoding="utf-8")
    files[1].write_text(periods, encoding="utf-8")
    folder = Folder(files[0].parent / "registry")
    unusable = import_cdm(folder, projects=files[0], periods=files[1])
    assert isinstance(unusable, Unusable), why
    assert (unusable.faults[0].code, unusable.faults[0].facts["line"]) == fault
    assert not folder.path.exists()


def test_the_real_lists_go_in_and_47_overlaps_and_3_long_periods_are_found(tmp_path: Path, data_folder: Path) -> None:
    files = data_folder / "cdm" / "cdm_projects.csv", data_folder / "cdm" / "cdm_monitoring_periods.csv"
    folder = Folder(tmp_path / "registry")
    done = load(folder, *files)
    assert done["rows"] == {
        "projects": {"read": 3895, "accepted": 3895, "refused": 0},
        "referenced": {"read": 961, "accepted": 961, "refused": 0},
        "periods": {"read": 3906, "accepted": 3856, "refused": 50},
    }
    overlaps, long = done["findings"].values()
    assert (overlaps["periods"], long["periods"]) == (47, 3)
    assert (dict(overlaps["projects"]), set(long["projects"])) == expected(files[1])
    assert not verify_folder(folder).findings


def expected(file: Path) -> tuple[dict[str, int], set[str]]:
    """Overlaps per project and projects with a long period, from the file without our code."""
    spans: dict[str, list[tuple[date, date]]] = {}
    for each in rows(file):
        key = f"{each['HostParty']}-{each['CDM project reference number']}"
        first, last = (each[f"Monitoring report {end}"][:10] for end in ("started", "ended"))
        spans.setdefault(key, []).append((date.fromisoformat(first), date.fromisoformat(last)))
    overlaps: Counter[str] = Counter()
    for key, some in spans.items():
        some.sort()
        for number, (first, _) in enumerate(some):
            overlaps[key] += any(first <= earlier for _, earlier in some[:number])
    long = {key for key, some in spans.items() if any((last - first).days + 1 > 3_653 for first, last in some)}
    return {key: count for key, count in overlaps.items() if count}, long
