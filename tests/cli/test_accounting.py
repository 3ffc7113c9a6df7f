"""NDC and inventory from files, the balance, the structured summary and the calendar, on the command line."""

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from counterfoil.adapters.documents.xlsx_reading import read_workbook_file
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.summary_json import summary_from_report
from counterfoil.entrypoints.ctf_reading import summary_values
from counterfoil.entrypoints.language import LANGUAGES, Texts
from tests.cli.conftest import Counterfoil

FIXTURES = Path(__file__).resolve().parents[2] / "examples" / "ndc"
PARTIES = ("THA", "CHE", "IDN", "JPN", "SGP", "GHA", "MNG")
ALPHA_2 = {"THA": "TH", "CHE": "CH", "IDN": "ID", "JPN": "JP", "SGP": "SG", "GHA": "GH", "MNG": "MN"}
OF_SUMMARIES = frozenset({"C71", "C72", "C73", "C74", "C75", "C76", "C77", "C78"})
SECTORS = "energy,ippu,agriculture,waste"


def founded(counterfoil: Counterfoil, folder: Path, party: str = "THA", *options: str) -> Path:
    result = counterfoil(
        *("init", "--dir", folder, "--party", party, "--registry", f"{party}01", "--name", party),
        *("--ndc-period", "2021-2030", *(options or ("--demonstration",))),
    )
    assert result.status == 0, result.err
    return folder


@pytest.mark.parametrize("party", PARTIES)
def test_the_table_of_each_party_has_every_line_and_no_invented_number(
    counterfoil: Counterfoil, tmp_path: Path, party: str
) -> None:
    folder = founded(counterfoil, tmp_path / party, party)
    assert counterfoil("import", "ndc", FIXTURES / f"{party}.json", "--dir", folder).status == 0
    result = counterfoil(
        *("report", "summary", "--party", party, "--year", "2024", "--as-of", "2026-11-01"),
        *("--out", tmp_path / "out", "--dir", folder, "--json"),
    )
    assert result.status == 0, result.err
    table = result.json
    assert sorted({line["line"] for line in table["lines"]}) == list(range(1, 21))
    balance = next(line for line in table["lines"] if line["line"] == 13)
    assert set(balance["years"]) == {"2021", "2022", "2023", "2024"}
    assert all("not_available" in figure for figure in balance["years"].values())
    assert "method = averaging" in table["assumed"]
    assert table["demonstration"]


def test_a_total_of_another_scope_is_told_apart_from_a_missing_year(counterfoil: Counterfoil, tmp_path: Path) -> None:
    folder = founded(counterfoil, tmp_path / "CHE", "CHE")
    counterfoil("import", "ndc", FIXTURES / "CHE.json", "--dir", folder)
    told = counterfoil("balance", "--party", "CHE", "--as-of", "2023", "--dir", folder, "--json").json
    assert [year["balance"] for year in told["years"].values()] == [
        {"not_available": "outside_scope"},
        {"not_available": "inventory_missing"},
        {"not_available": "inventory_missing"},
    ]


def summary(counterfoil: Counterfoil, folder: Path, out: Path) -> None:
    result = counterfoil(
        *("report", "summary", "--party", "THA", "--year", "2024", "--as-of", "2026-11-01"),
        *("--out", out, "--dir", folder),
    )
    assert result.status == 0, result.err


def cells(path: Path, sheet: int) -> list[list[Any]]:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(sheet).to_python()


def test_the_workbooks_say_the_same_in_both_languages(counterfoil: Counterfoil, tmp_path: Path) -> None:
    folder = founded(counterfoil, tmp_path / "THA")
    counterfoil("import", "ndc", FIXTURES / "THA.json", "--dir", folder)
    totals = tmp_path / "totals.csv"
    totals.write_text("year,value_t\n" + "".join(f"{year},{year}000\n" for year in range(2021, 2025)), "utf-8")
    imported = counterfoil(
        *("import", "inventory", totals, "--id", "INV-9", "--sectors", SECTORS, "--source", "a test"),
        *("--gases", "CO2,CH4,N2O,HFCs,PFCs,SF6", "--dir", folder),
    )
    assert imported.status == 0, imported.err
    summary(counterfoil, folder, tmp_path)
    english, chinese = (cells(tmp_path / f"ctf4-THA-2024.{language}.xlsx", 0) for language in ("en", "zh-Hant"))
    assert len(english) == len(chinese)
    balance = [next(row for row in sheet if 13 in row[:2]) for sheet in (english, chinese)]
    numbers = [[cell for cell in row if isinstance(cell, float)] for row in balance]
    assert numbers[0] == numbers[1]
    assert numbers[0][1:5] == [2_021_000, 2_022_000, 2_023_000, 2_024_000]
    assert "Emissions balance" in balance[0] and "排放平衡" in balance[1]
    for language in ("en", "zh-Hant"):
        book = CalamineWorkbook.from_path(str(tmp_path / f"ctf4-THA-2024.{language}.xlsx"))
        assert len(book.sheet_names) == 5
        everything = [
            str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row
        ]
        assert not [text for text in everything if text.startswith(("ctf4.", "method.", "standing.", "outcome."))]


def test_the_same_journal_gives_the_same_files(counterfoil: Counterfoil, tmp_path: Path) -> None:
    folder = founded(counterfoil, tmp_path / "THA")
    counterfoil("import", "ndc", FIXTURES / "THA.json", "--dir", folder)
    for out in ("one", "two"):
        summary(counterfoil, folder, tmp_path / out)
    endings = ("docx", "pdf", "xlsx")
    names = ("json", *(f"{language}.{ending}" for language in ("en", "zh-Hant") for ending in endings))
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == sorted(
        f"ctf4-THA-2024.{name}" for name in names
    )
    for name in (f"ctf4-THA-2024.{name}" for name in names):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_the_consistency_checks_read_the_summary_and_find_nothing(
    counterfoil: Counterfoil, tmp_path: Path, demo: Path
) -> None:
    for party in ("THA", "CHE"):
        told = counterfoil(
            *("report", "summary", "--party", party, "--year", "2026", "--as-of", "2027-03-31"),
            *("--out", tmp_path / "out", "--dir", demo / party),
        )
        assert told.status == 0, told.err
        reports = sorted((demo / party / "reports").glob("*.xlsx"))
        summary = tmp_path / "out" / f"ctf4-{party}-2026.json"
        found = counterfoil("aef", "check", *reports, "--records", summary, "--json").json["findings"]
        # The demonstration reports from 2023 on, so that C71 is not available for the years before; nothing is wrong.
        assert {(each["check"], each["severity"]) for each in found if each["check"] in OF_SUMMARIES} <= {("C71", "N")}
        # One amount changed, and the checks see that the table no longer follows from itself.
        value = json.loads(summary.read_text("utf-8"))
        next(line for line in value["lines"] if line["line"] == 6)["years"]["2023"] = 7
        summary.write_text(json.dumps(value), "utf-8")
        found = counterfoil("aef", "check", *reports, "--records", summary, "--json").json["findings"]
        assert {"C72", "C74"} <= {each["check"] for each in found}


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_the_workbook_of_a_summary_is_read_back_as_its_json(demo: Path, language: str) -> None:
    texts = {name: Texts(name) for name in LANGUAGES}
    for party in PARTIES:
        stem = demo / "summaries" / f"summary-{party}-2026"
        book = read_workbook_file(stem.with_name(f"{stem.name}.{language}.xlsx"))
        assert not isinstance(book, Refusal)
        values = summary_values(book, "table", texts)
        assert not isinstance(values, Refusal)
        told = json.loads(stem.with_name(f"{stem.name}.json").read_text("utf-8"))
        assert summary_from_report(values, "table") == summary_from_report(told, "table") is not None


def test_the_checks_find_a_changed_cell_in_the_workbook_of_a_summary(
    counterfoil: Counterfoil, tmp_path: Path, demo: Path
) -> None:
    reports = sorted((demo / "THA" / "reports").glob("*.xlsx"))
    summary = demo / "summaries" / "summary-THA-2026.zh-Hant.xlsx"
    found = counterfoil("aef", "check", *reports, "--records", summary, "--json").json["findings"]
    assert {(each["check"], each["severity"]) for each in found if each["check"] in OF_SUMMARIES} <= {("C71", "N")}
    book = openpyxl.load_workbook(summary)
    first = next(row for row in book.worksheets[0].iter_rows() if any(cell.value == 6 for cell in row[:2]))
    next(cell for cell in first[4:] if cell.value == 21_217).value = 7
    book.save(tmp_path / "changed.xlsx")
    found = counterfoil("aef", "check", *reports, "--records", tmp_path / "changed.xlsx", "--json").json["findings"]
    assert {"C72", "C74"} <= {each["check"] for each in found}


def test_another_workbook_is_no_summary(counterfoil: Counterfoil, tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    result = counterfoil("aef", "check", tmp_path / "other.xlsx", "--records", tmp_path / "other.xlsx", "--json")
    assert (result.status, result.json["code"]) == (2, "summary_file.not_a_summary")
    absent = counterfoil("aef", "check", tmp_path / "other.xlsx", "--records", tmp_path / "absent.xlsx", "--json")
    assert (absent.status, absent.json["code"]) == (2, "input.absent")


def test_the_balance_and_the_calendar_speak_both_languages(counterfoil: Counterfoil, tmp_path: Path) -> None:
    folder = founded(counterfoil, tmp_path / "THA")
    counterfoil("import", "ndc", FIXTURES / "THA.json", "--dir", folder)
    asked = ("balance", "--party", "THA", "--as-of", "2023-12-31", "--dir", folder)
    assert "averaging" in counterfoil(*asked).out
    chinese = counterfoil("--lang", "zh-Hant", *asked).out
    assert "平均法" in chinese and "無資料" in chinese
    due = counterfoil("calendar", "--party", "THA", "--on", "2031-01-01", "--years", "1", "--dir", folder).out
    assert "2031-04-15" in due and "2031-12-31" in due and "4/CMA.6 para. 14" in due
    assert "議定電子格式" in counterfoil("--lang", "zh-Hant", "calendar", "--party", "THA", "--dir", folder).out


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_the_calendar_goes_into_a_calendar_program(counterfoil: Counterfoil, tmp_path: Path, language: str) -> None:
    folder = founded(counterfoil, tmp_path / "THA")
    asked = ("--lang", language, "calendar", "--party", "THA", "--on", "2026-05-01", "--years", "6", "--dir", folder)
    told = counterfoil(*asked, "--ics").out
    lines = told.split("\r\n")
    assert (lines[0], lines[-2:]) == ("BEGIN:VCALENDAR", ["END:VCALENDAR", ""])
    assert "\n" not in told.replace("\r\n", "")
    assert max(len(line.encode()) for line in lines) <= 75
    whole = told.replace("\r\n ", "").split("\r\n")
    due = [each for each in counterfoil(*asked, "--json").json["due"] if each["state"] in ("due", "overdue")]
    days = [line.removeprefix("DTSTART;VALUE=DATE:") for line in whole if line.startswith("DTSTART")]
    assert days == [each["on"].replace("-", "") for each in due] and len(days) > 10
    names = [line for line in whole if line.startswith("UID:")]
    assert len(set(names)) == len(days)
    summary = next(line for line in whole if line.startswith("SUMMARY:"))
    assert ("議定電子格式" in summary) == (language == "zh-Hant")
    assert counterfoil(*asked, "--ics").out == told


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("balance", "tha:a", "--party", "THA"), "usage.argument_extra"),
        (("balance", "--as-of", "2024"), "usage.option_missing"),
        (("balance", "--party", "THA", "--as-of", "20240"), "usage.not_a_day"),
        (("balance", "--party", "THA", "--method", "mine"), "usage.not_one_of"),
        (("balance", "--party", "CHE"), "balance.other_party"),
        (("balance", "--party", "THA", "--as-of", "2019"), "accounts.no_period"),
        (("calendar", "--party", "CHE"), "balance.other_party"),
        (("report", "summary", "--party", "THA", "--year", "2025", "--as-of", "2025-06-30"), "summary.year_not_over"),
        (("import", "inventory", "x.csv", "--id", "a", "--source", "b", "--sectors", "sea"), "usage.not_one_of"),
        (("import", "ndc", "no-such.json"), "input.absent"),
    ],
)
def test_a_wrong_question_is_answered_by_its_code(
    counterfoil: Counterfoil, tmp_path: Path, arguments: tuple[str, ...], code: str
) -> None:
    folder = founded(counterfoil, tmp_path / "THA")
    result = counterfoil(*arguments, "--dir", folder, "--json")
    assert result.status in (1, 2)
    assert result.json["code"] == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"year,value_t\n2021,1.5\n", "inventory_file.row_unreadable"),
        (b"year,value_t\n2021,\n", "inventory_file.row_unreadable"),
        (b"year,value_t\nlast,5\n", "inventory_file.row_unreadable"),
        (b"year,value_t\n2021,1,000\n", "inventory_file.row_unreadable"),
        (b"Year,value_t\n2021,5\n", "inventory_file.column_missing"),
        (b"year,emissions\n2021,5\n", "inventory_file.column_missing"),
        (b"year,value_t\n", "inventory_file.no_rows"),
        (b"\xff\xfe\x00year", "inventory_file.unreadable"),
        (b"", "inventory_file.column_missing"),
        (b"year,value_t\n" + b"2021,5\n" * 101, "inventory_file.too_many_rows"),
        (b"year,value_t\n2021,5\n2021,6\n", "inventory.value_twice"),
    ],
)
def test_a_bad_series_is_refused_and_nothing_is_recorded(
    counterfoil: Counterfoil, tmp_path: Path, text: bytes, code: str
) -> None:
    folder = founded(counterfoil, tmp_path / "THA")
    file = tmp_path / "totals.csv"
    file.write_bytes(text)
    result = counterfoil(
        *("import", "inventory", file, "--id", "INV", "--sectors", SECTORS, "--gases", "CO2"),
        *("--source", "a test", "--dir", folder, "--json"),
    )
    assert result.status in (1, 2)
    assert result.json["code"] == code


@pytest.mark.parametrize("method", ["trajectory", "averaging", "multi_year"])
def test_each_method_is_told_in_both_languages_before_one_is_locked(
    counterfoil: Counterfoil, tmp_path: Path, method: str
) -> None:
    folder = founded(counterfoil, tmp_path / "THA")
    asked = ("balance", "--party", "THA", "--as-of", "2023", "--method", method, "--dir", folder)
    english, chinese = counterfoil(*asked).out, counterfoil("--lang", "zh-Hant", *asked).out
    assert "looks ahead" in english and "試算" in chinese
    assert ("left to path" in english) == (method != "averaging")
    assert "--method" in counterfoil("balance", "--party", "THA", "--as-of", "2023", "--dir", folder).out
    counterfoil("import", "ndc", FIXTURES / "THA.json", "--dir", folder)
    locked = counterfoil(*asked, "--json")
    assert (locked.status, locked.json.get("code")) == ((0, None) if method == "averaging" else (1, "method.locked"))


MASSES = "year,CO2_t,CH4_t,N2O_t\n2021,1000,10,0.5\n2022,1000,10,0.4\n"


def test_tonnes_of_gases_become_one_total(counterfoil: Counterfoil, tmp_path: Path) -> None:
    folder = founded(counterfoil, tmp_path / "XAA", "XAA")
    ndc = json.loads((FIXTURES / "THA.json").read_text("utf-8"))
    ndc["ndc"] |= {"ndc": "XAA-1", "parties": ["XAA"], "gases": ["CO2", "CH4", "N2O"], "gwp": "AR5"}
    (tmp_path / "ndc.json").write_text(json.dumps({"ndc": ndc["ndc"]}), "utf-8")
    assert counterfoil("import", "ndc", tmp_path / "ndc.json", "--dir", folder).status == 0
    (tmp_path / "gases.csv").write_text(MASSES, "utf-8")
    asked = ("import", "inventory", tmp_path / "gases.csv", "--sectors", SECTORS, "--gases", "CO2,CH4,N2O")
    done = counterfoil(*asked, "--gwp", "AR5", "--id", "A", "--source", "a test", "--dir", folder)
    assert done.status == 0, done.err
    told = counterfoil(
        "balance", "--party", "XAA", "--as-of", "2022", "--method", "trajectory", "--dir", folder, "--json"
    )
    # 1,412.5 and 1,386 t CO2 eq: rounded once, half to even.
    assert [year["balance"] for year in told.json["years"].values()] == [1_412, 1_386]


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        (MASSES, ("--gases", "CO2,CH4,N2O"), "inventory_file.not_converted"),
        (MASSES, ("--gases", "CO2,CH4,N2O", "--gwp", "AR4"), "inventory_file.not_converted"),
        ("year,HFCs_t\n2021,5\n", ("--gases", "HFCs", "--gwp", "AR5"), "inventory_file.not_converted"),
        (MASSES, ("--gases", "CO2,CH4,SF6", "--gwp", "AR5"), "inventory_file.column_missing"),
        (MASSES, ("--gwp", "AR5"), "inventory_file.column_missing"),
        (MASSES.replace("0.4", ""), ("--gases", "CO2,CH4,N2O", "--gwp", "AR5"), "inventory_file.row_unreadable"),
        (MASSES.replace("0.4", "1,000"), ("--gases", "CO2,CH4,N2O", "--gwp", "AR5"), "inventory_file.row_unreadable"),
        (MASSES.replace("0.4", "-1"), ("--gases", "CO2,CH4,N2O", "--gwp", "AR5"), "inventory_file.row_unreadable"),
    ],
)
def test_tonnes_of_gases_are_refused_when(
    counterfoil: Counterfoil, tmp_path: Path, text: str, options: tuple[str, ...], code: str
) -> None:
    folder = founded(counterfoil, tmp_path / "THA")
    (tmp_path / "gases.csv").write_text(text, "utf-8")
    asked = ("import", "inventory", tmp_path / "gases.csv", "--sectors", SECTORS, *options)
    result = counterfoil(*asked, "--id", "A", "--source", "a test", "--dir", folder, "--json")
    assert (result.status, result.json["code"]) == (2, code)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[]", "ndc_file.unreadable"),
        ('{"ndc": {}', "ndc_file.unreadable"),
        ('{"ndcs": {}}', "ndc_file.unreadable"),
        ('{"inventories": {}}', "ndc_file.unreadable"),
        ('{"ndc": {"title": "without the rest"}}', "command.unreadable"),
        ('{"ndc": 5}', "command.unreadable"),
        ('{"ndc": {"colour": "green"}}', "command.field_unknown"),
    ],
)
def test_a_bad_ndc_file_does_nothing(counterfoil: Counterfoil, tmp_path: Path, text: str, code: str) -> None:
    folder = founded(counterfoil, tmp_path / "THA")
    file = tmp_path / "ndc.json"
    file.write_text(text, "utf-8")
    result = counterfoil("import", "ndc", file, "--dir", folder, "--json")
    assert (result.status, result.json["code"]) == (2, code)


def test_what_is_assumed_is_refused_outside_a_demonstration(counterfoil: Counterfoil, tmp_path: Path) -> None:
    folder = founded(counterfoil, tmp_path / "THA", "THA", "--final-btr-year", "2032")
    result = counterfoil("import", "ndc", FIXTURES / "THA.json", "--dir", folder, "--json")
    assert result.status == 1
    assert {line["code"] for line in result.lines} >= {"entry.assumed_outside_demonstration"}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_fixtures_agree_with_the_public_data(data_folder: Path) -> None:
    """Every figure that the fixtures take from the data folder is there; every document is in the list of NDCs."""
    folder = data_folder
    totals = {
        (row["actor_id"], int(row["year"])): int(row["total_emissions"])
        for name in ("unfccc_annex1_totals.csv", "unfccc_nonannex1_totals.csv")
        for row in rows(folder / "inventories" / name)
    }
    targets = {row["target_id"]: row for row in rows(folder / "ndc" / "iges_ndc_targets_v7.7.csv")}
    documents = {
        (row["code"], row["submissionDate"]): row["encodedAbsUrl"]
        for row in rows(folder / "ndc" / "ndcs_documents.csv")
    }
    for party in PARTIES:
        fixture = json.loads((FIXTURES / f"{party}.json").read_text("utf-8"))
        for inventory in fixture["inventories"]:
            for value in inventory["values"]:
                assert totals[(ALPHA_2[party], value["year"])] == value["value"], party
        for target in fixture["ndc"]["targets"]:
            if target["source"]["document"].startswith("IGES"):
                row = targets[target["source"]["place"].removeprefix("row ")]
                assert row["URL"] == target["source"]["url"]
                assert not target.get("reduction") or row["target_value"] == f"{float(target['reduction']) * 100:.0f}"
        assert documents[(party, fixture["ndc"]["communicated_on"])] == fixture["ndc"]["source"]["url"]


def test_a_public_collection_of_inventories_is_imported_as_it_is(
    counterfoil: Counterfoil, tmp_path: Path, data_folder: Path
) -> None:
    folder = founded(counterfoil, tmp_path / "CHE", "CHE")
    imported = counterfoil(
        *("import", "inventory", data_folder / "inventories" / "unfccc_annex1_totals.csv", "--rows", "CH"),
        *("--id", "UNFCCC", "--sectors", SECTORS, "--gases", "CO2,CH4,N2O", "--source", "UNFCCC", "--dir", folder),
        "--json",
    )
    assert imported.status == 0, imported.err
    assert imported.json["status"] == "accepted"
