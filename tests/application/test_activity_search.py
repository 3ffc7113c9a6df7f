"""Activities are found by their words, sector, host and stage, also those that came since the index was built."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from counterfoil.application.commands.suspend_activity import SuspendActivity
from counterfoil.application.queries import activity_search
from counterfoil.application.queries.activity_life import activities
from counterfoil.application.queries.activity_search import ActivityIndex, Asked
from counterfoil.application.queries.sight import Sight
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.entrypoints.bootstrap import Folder, Writable, open_for_reading, open_for_writing
from counterfoil.entrypoints.cdm import import_cdm

HEAD = "originProjectId,projectName,program,sector,projectType,projectStatus,methodology,validationDate,country\n"


def grown(folder: Folder, tmp_path: Path, *rows: str) -> None:
    file = tmp_path / "projects.csv"
    file.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    assert isinstance(import_cdm(folder, projects=file), dict)


@contextmanager
def looking(folder: Folder) -> Iterator[Sight]:
    with open_for_reading(folder) as readable:
        yield Sight(readable.reading, readable.codec, readable.evidence)


def keys(index: ActivityIndex, **asked: object) -> list[str]:
    return [item["key"] for item in index.search(Asked(**asked))["items"]]  # type: ignore[arg-type]


@pytest.mark.parametrize("entries_max", [0, 20_000])
def test_what_is_asked_for_is_found_also_what_came_later(
    tmp_path: Path, entries_max: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity_search, "ENTRIES_MAX", entries_max)
    folder = Folder(tmp_path / "registry")
    first = "A1,Hydro Dam of the ÉCRINS,PA,Energy,Hydro,Registered,CDM - ACM0002,2005-01-02,Viet Nam"
    grown(folder, tmp_path, first, "A2,Landfill,PA,Waste,Landfill gas,Withdrawn,CDM - AM1,2005-01-02,Brazil")
    index = ActivityIndex()
    with looking(folder) as sight:
        index.refresh(sight)
    assert keys(index) == ["CDM-A1", "CDM-A2"]
    assert keys(index, text="écrins hydro") == ["CDM-A1"]
    assert keys(index, text="dam landfill") == []
    assert keys(index, sector="Waste") == keys(index, host="BRA") == keys(index, stage="withdrawn") == ["CDM-A2"]
    grown(folder, tmp_path, "A3,A small dam,PA,Energy,Hydro,Validated,CDM - ACM0002,2005-01-02,Kenya")
    with looking(folder) as sight:
        index.refresh(sight)
        again = ActivityIndex()
        again.refresh(sight)
    assert keys(index, text="dam") == keys(again, text="dam") == ["CDM-A1", "CDM-A3"]
    assert keys(index, stage="validation") == ["CDM-A3"]


def test_a_page_goes_on_where_the_last_one_ended(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "registry")
    grown(folder, tmp_path, *(f"A{n},Dam,PA,Energy,Hydro,Registered,M,2005-01-02,Kenya" for n in range(5)))
    index = ActivityIndex()
    with looking(folder) as sight:
        index.refresh(sight)
    page = index.search(Asked(text="dam", limit=2))
    assert ([item["key"] for item in page["items"]], page["found"], page["next"]) == (["CDM-A0", "CDM-A1"], 5, "CDM-A1")
    rest = index.search(Asked(text="dam", after="CDM-A1", limit=3))
    assert ([item["key"] for item in rest["items"]], rest["next"]) == (["CDM-A2", "CDM-A3", "CDM-A4"], None)


def test_the_index_lists_what_a_walk_over_the_records_lists_page_by_page(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "registry")
    states = ("Registered", "Validated", "Withdrawn")
    rows = (
        f"A{n},Dam,PA,Energy,Hydro,{states[n % 3]},M,2005-01-02,{'Kenya' if n % 2 else 'Brazil'}" for n in range(12)
    )
    grown(folder, tmp_path, *rows)
    index = ActivityIndex()
    words = {"sector": ("Energy", "Waste"), "host": ("KEN", "BRA"), "kind": ("project", "programme")}
    words["state"] = ("registered", "withdrawn", "suspended", "validation")
    asked: list[dict[str, str]] = [{}, {"sector": "Energy", "host": "KEN", "state": "registered", "kind": "project"}]
    asked += [{name: word} for name, every in words.items() for word in every]
    with looking(folder) as sight:
        index.refresh(sight)
        for filters in asked:
            after: str | None = ""
            while after is not None:
                page = index.listed(filters, after=after, limit=2)
                assert page == activities(sight, after=after, limit=2, filters=filters), (filters, after)
                after = page["next"]


def test_a_suspension_shows_in_the_index_and_its_stage_stays(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "registry")
    grown(folder, tmp_path, "A1,Dam,PA,Energy,Hydro,Registered,M,2005-01-02,Kenya")
    index = ActivityIndex()
    with looking(folder) as sight:
        index.refresh(sight)
    opened = open_for_writing(folder, "test")
    assert isinstance(opened, Writable)
    with opened as writable:
        command = SuspendActivity(activity=ActivityId("CDM-A1"), authority="Board", reason="A reversal")
        assert isinstance(writable.driver.do([Submission(command, "test")])[0], Receipt)
    with looking(folder) as sight:
        index.refresh(sight)
        page = index.listed({"state": "suspended"})
        assert page == index.listed({"state": "registered"}) == activities(sight, filters={"state": "suspended"})
    assert [(item["key"], item["state"], item["stage"]) for item in page["items"]] == [
        ("CDM-A1", "suspended", "registered")
    ]


def test_lists_of_the_real_register_hold_what_its_file_says(tmp_path: Path, data_folder: Path) -> None:
    file = data_folder / "cdm" / "cdm_projects.csv"
    folder = Folder(tmp_path / "registry")
    assert isinstance(import_cdm(folder, projects=file), dict)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    index = ActivityIndex()
    with looking(folder) as sight:
        index.refresh(sight)
    counted = (
        ({}, len(rows)),
        ({"host": "BRA"}, sum(row["country"] == "Brazil" for row in rows)),
        ({"kind": "programme"}, sum(row["program"] == "PoA" for row in rows)),
        ({"state": "registered"}, sum(row["projectStatus"] == "Registered" for row in rows)),
        ({"sector": "Transport"}, sum(row["sector"] == "Transport" for row in rows)),
    )
    for filters, count in counted:
        assert sum(1 for _ in listed(index, filters)) == count, filters


def listed(index: ActivityIndex, filters: dict[str, str]) -> Iterator[str]:
    """Every key of a list, page by page."""
    after: str | None = ""
    while after is not None:
        page = index.listed(filters, after=after)
        yield from (item["key"] for item in page["items"])
        after = page["next"]
