"""Opening balances from a spreadsheet: the template, the mistakes beside their cells, and all rows or none."""

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from counterfoil.entrypoints.opening.tables import opening_tables
from tests.cli.conftest import Counterfoil, ndjson

APPROACH = {
    "command": "RegisterCooperativeApproach", "approach": "CA9001", "title": "Buses", "participants": ["THA", "CHE"]
}  # fmt: skip
CLASS = "CA9001-THA01-THA-#-2023"
Rows = dict[str, list[dict[str, Any]]]


def good() -> Rows:
    """Two accounts, an activity, a letter, and one thousand and twenty units, some of them under the letter."""
    letter = {
        "authorization": "LOA-OLD", "on": "2024-05-02", "cooperative_approach": "CA9001", "purposes": "NDC",
        "vintages": "2023; 2024", "authorized_parties": "CHE", "sectors": "Transport", "gases": "CO2",
        "underlying_references": "Decree 1", "last_use_on": "2032-12-31", "change_circumstances": "By agreement",
        "adjustment_commitment": "The Party applies corresponding adjustments.", "change_process": "Notes",
    }  # fmt: skip
    activity = {
        "activity": "BUSES", "title": "<script>alert(1)</script>", "mitigation_type": "reduction",
        "sector": "Transport", "activity_type": "Electric vehicles", "cooperative_approach": "CA9001",
    }  # fmt: skip
    units = {"unit_class": CLASS, "activity": "BUSES"}
    return {
        "account": [
            {"account": "tha:dev", "holder": "DEV", "on": "2023-01-02"},
            {"account": "tha:shop", "holder": "S"},
        ],
        "activity": [activity],
        "authorization": [letter],
        "units": [
            {**units, "first": 1, "last": "1,000", "quantity": 1000, "account": "tha:dev", "authorization": "LOA-OLD"},
            {**units, "first": 1001, "last": 1020, "account": "tha:shop"},
        ],
    }


def workbook(path: Path, rows: Rows, counterfoil: Counterfoil, *, language: str = "en") -> Path:
    """The template in a language, filled in."""
    assert counterfoil("import", "opening", "--template", path, "--lang", language).status == 0
    book = openpyxl.load_workbook(path)
    for table in opening_tables():
        sheet = book[table.labels[language]]
        names = [column.name for column in table.columns]
        for number, row in enumerate(rows.get(table.name, []), start=2):
            for name, value in row.items():
                sheet[f"{get_column_letter(names.index(name) + 1)}{number}"] = value
    book.save(path)
    return path


@pytest.fixture
def ready(registry: Path, counterfoil: Counterfoil) -> Path:
    done = counterfoil("do", "--dir", registry, stdin=ndjson(APPROACH))
    assert done.status == 0, done.err
    return registry


def entries(folder: Path, counterfoil: Counterfoil) -> int:
    return int(counterfoil("verify", "--dir", folder, "--json").json["entries"])


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_a_filled_template_comes_in_whole_and_once(
    ready: Path, tmp_path: Path, counterfoil: Counterfoil, language: str
) -> None:
    file = workbook(tmp_path / "opening.xlsx", good(), counterfoil, language=language)
    before = entries(ready, counterfoil)
    dry = counterfoil("import", "opening", file, "--dry-run", "--dir", ready, "--lang", language)
    assert dry.status == 0 and "1,020" in dry.out, dry.out + dry.err
    assert entries(ready, counterfoil) == before
    done = counterfoil("import", "opening", file, "--dir", ready, "--json")
    assert (done.status, done.json["rows_in"], done.json["units"]) == (0, 6, {CLASS: 1_020}), done.err
    assert entries(ready, counterfoil) == before + 7
    again = counterfoil("import", "opening", file, "--dir", ready)
    assert again.status == 0 and "0 of them are new" in again.out
    assert entries(ready, counterfoil) == before + 7
    assert counterfoil("verify", "--dir", ready).status == 0
    unit = counterfoil("trace", CLASS.replace("#", "7"), "--dir", ready)
    assert unit.status == 0 and "tha:dev" in unit.out and "LOA-OLD" in unit.out, unit.out + unit.err


def test_every_mistake_is_named_beside_its_cell_and_nothing_is_saved(
    ready: Path, tmp_path: Path, counterfoil: Counterfoil
) -> None:
    rows = good()
    rows["account"][1]["account"] = "Not an account"
    rows["units"][0] |= {"last": 1_010, "quantity": 5}
    rows["units"][1]["account"] = ""
    rows["authorization"][0]["on"] = "May 2024"
    rows["activity"][0]["mitigation_type"] = "both"
    file = workbook(tmp_path / "opening.xlsx", rows, counterfoil)
    before = entries(ready, counterfoil)
    refused = counterfoil("import", "opening", file, "--dir", ready, "--json")
    found = {(each["where"], each["code"]) for each in refused.json["mistakes"]}
    unfit = "opening_file.cell_unfit"
    assert refused.status == 2
    assert found >= {
        ("Authorizations!B2", unfit), ("Activities!C2", unfit), ("Units!D2", unfit), ("Units!E3", unfit)
    }, found  # fmt: skip
    assert entries(ready, counterfoil) == before


def test_serials_are_compared_in_the_file_and_with_the_book(
    ready: Path, tmp_path: Path, counterfoil: Counterfoil
) -> None:
    rows = good()
    rows["units"][1]["first"] = 1_000
    refused = counterfoil("import", "opening", workbook(tmp_path / "a.xlsx", rows, counterfoil), "--dir", ready)
    assert refused.status == 2 and "Units!B3" in refused.err and "Units!B2" in refused.err
    assert (
        counterfoil("import", "opening", workbook(tmp_path / "b.xlsx", good(), counterfoil), "--dir", ready).status == 0
    )
    more = {"units": [{**good()["units"][1], "first": 1_020, "last": 1_030}, {**good()["units"][1], "last": 1_010}]}
    before = entries(ready, counterfoil)
    late = counterfoil("import", "opening", workbook(tmp_path / "c.xlsx", more, counterfoil), "--dir", ready, "--json")
    found = [(each["where"], each["code"]) for each in late.json["mistakes"]]
    assert (late.status, found) == (1, [("Units!2", "import.overlaps"), ("Units!3", "import.already_issued")])
    assert entries(ready, counterfoil) == before


def test_the_rules_of_the_registry_judge_every_row_even_behind_a_refused_one(
    ready: Path, tmp_path: Path, counterfoil: Counterfoil
) -> None:
    rows = good()
    rows["account"][0]["account"] = "cancelled:mine"
    rows["authorization"][0]["gases"] = ""
    refused = counterfoil(
        "import", "opening", workbook(tmp_path / "a.xlsx", rows, counterfoil), "--dir", ready, "--dry-run", "--json"
    )
    places = [(each["where"], each["code"]) for each in refused.json["mistakes"]]
    assert places[:2] == [
        ("Accounts!2", "account.code_reserved"), ("Authorizations!2", "authorization.content_missing")
    ]  # fmt: skip
    # What stands on them is refused too, and is named; the other account and its units are not.
    assert [where for where, _ in places[2:]] == ["Units!2"]


def test_a_table_comes_as_csv_with_the_headings_of_either_language(
    ready: Path, tmp_path: Path, counterfoil: Counterfoil
) -> None:
    file = tmp_path / "accounts.csv"
    assert counterfoil("import", "opening", "--template", file, "--table", "account", "--lang", "zh-Hant").status == 0
    (heads,) = csv.reader(io.StringIO(file.read_text("utf-8-sig")))
    assert heads[:2] == ["帳戶*", "持有者*"]
    with file.open("a", encoding="utf-8") as out:
        out.write("tha:one,=cmd|'/c calc'!A1,,,2024-02-29\n\n")
    done = counterfoil("import", "opening", file, "--dir", ready, "--name", "OB-CSV", "--json")
    assert (done.status, done.json["rows"]) == (0, {"account": 1}), done.err
    shown = counterfoil("show", "account", "tha:one", "--dir", ready, "--json").json
    assert (shown["holder"], shown["opened_on"]) == ("=cmd|'/c calc'!A1", "2024-02-29")


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.csv", b"\xff\xfe\x00", "opening_file.unreadable"),
        ("a.csv", b'"open', "opening_file.unreadable"),
        ("a.csv", b"colour,size\nred,1\n", "opening_file.sheet_unknown"),
        ("a.csv", b"account,holder,colour\ntha:a,b,red\n", "opening_file.column_unknown"),
        ("a.csv", b"account,holder\n", "opening_file.empty"),
        ("a.csv", "unit_class,first,last,account,activity\nX,١,2,a:b,c\n".encode(), "opening_file.cell_unfit"),
        ("a.csv", b"unit_class,first,last,account,activity\nX,5,4,a:b,c\n", "identifier.unreadable"),
        ("a.xlsx", b"PK\x03\x04 no workbook", "workbook."),
        ("a.xlsx", b"", "workbook."),
    ],
)
def test_a_hostile_or_broken_file_is_told_and_brings_nothing(
    ready: Path, counterfoil: Counterfoil, *, name: str, data: bytes, code: str
) -> None:
    file = ready.parent / name
    file.write_bytes(data)
    before = entries(ready, counterfoil)
    refused = counterfoil("import", "opening", file, "--dir", ready, "--json")
    assert refused.status in (1, 2) and code in refused.out, refused.out + refused.err
    assert entries(ready, counterfoil) == before


def test_another_file_cannot_go_on_under_a_name_that_is_taken(
    ready: Path, tmp_path: Path, counterfoil: Counterfoil
) -> None:
    file = tmp_path / "a.csv"
    for text, status in (("tha:a,H", 0), ("tha:b,H", 1)):
        file.write_text(f"account,holder\n{text}\n", encoding="utf-8")
        assert counterfoil("import", "opening", file, "--dir", ready, "--name", "OB-1").status == status
