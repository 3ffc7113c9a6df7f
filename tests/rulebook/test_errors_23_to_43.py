"""What implementations get wrong in reports, checks and access: rulebook section 7, rows 23 to 43.

Each test acts through the product and sets beside its answer the one that the published wrong rule would give. The
workbooks come from `tests/blind`, which does not use the product's writer.
"""

import csv
import json
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import anyio
import openpyxl
import pytest

from counterfoil.application.command import Units
from counterfoil.application.commands.cancel import Cancel, CancellationPurpose
from counterfoil.application.commands.record_statement import RecordStatement
from counterfoil.application.commands.table import FOR_ADMINISTRATORS
from counterfoil.application.queries.initial_report import initial_report
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.finding import CheckStatus
from counterfoil.packs.loader import load_aef_format
from tests.application.test_federation import CLASS
from tests.blind.book import Book
from tests.blind.checking import checks, told
from tests.blind.template import LINKED, POPULATED
from tests.blind.worlds import BUS, GAS, HYDRO, World, clean, entity, grant, held
from tests.cli.conftest import Counterfoil
from tests.domain.commands.scene import host, letter
from tests.domain.commands.test_file_report import annual as filing
from tests.domain.commands.test_file_report import initial
from tests.http.desk import asking, founded, token
from tests.rulebook.test_errors_1_to_22 import annual, office_with

D = date
FORM = load_aef_format()
SOURCES = Path(__file__).resolve().parents[2] / "src"


def found(world: World) -> dict[str, str]:
    """The checks that say something, apart from the one remark on the clean world."""
    return {name: weight for name, weight in checks(told(world.values())).items() if name != "C65"}


def written(counterfoil: Counterfoil, folder: Path, out: Path, year: int) -> Path:
    result = counterfoil(
        "report", "aef", "--party", "THA", "--year", str(year), "--out", out, "--dir", folder, "--json"
    )
    assert result.status == 0, result.out
    return Path(result.json["file"])


def test_23_terms_are_legal_conditions_and_no_state() -> None:
    (row,) = annual(office_with()).authorizations
    wrong = {"Active", "Issued", "issued", "active", "Approved"}
    assert row.authorization_terms is not None and row.authorization_terms not in wrong
    assert "by agreement" in row.authorization_terms
    assert row.purposes == "NDC"


def test_24_a_word_outside_the_lists_is_found_before_anyone_sends_it() -> None:
    assert FORM.lists["sectors"].canonical("Other") is None
    world = clean()
    world["XAA", 2023].grant(auth=BUS.auth).to(sectors="Other", activities="Electric vehicles")
    assert found(world) == {"C08": "I"}
    near = FORM.lists["activity_types"].canonical("CO2 usage")
    assert near == "C02 usage", "an accepted spelling of the same word, never an unrelated one"


def test_25_an_initial_report_is_asked_for_when_the_annual_information_is_filed() -> None:
    desk = host()
    outcome = desk.ask(filing())
    assert isinstance(outcome, Refusal) and outcome.code == "report.initial_missing"
    desk.do(initial())
    assert isinstance(desk.do(filing()).records, tuple)
    assert host().do(letter()).details["initial_report"] == "not filed", "said when the letter is given"


def test_26_a_filed_report_does_not_change_with_its_subject() -> None:
    office = office_with()
    day = D(2025, 3, 1)
    office.day(day)
    before = initial_report(office.sight(), party="XAA", year=2025, as_of=day)
    office.day(D(2025, 3, 2))
    office.do(RecordStatement(element="IV.B", approach="CA9001", text={"en": "Buses in one more city, from 2026 on."}))
    then = initial_report(office.sight(), party="XAA", year=2025, as_of=day)
    now = initial_report(office.sight(), party="XAA", year=2025, as_of=D(2025, 3, 2))
    assert before == then != now
    desk = host()
    desk.do(initial())
    desk.do(initial(version="1.1", sha256="0e" * 32))
    assert desk.books.record("report_version", "initial:THA:*:1.0")["sha256"] == "0a" * 32


def test_27_an_empty_year_is_a_report() -> None:
    empty = annual(office_with(), 2024)
    assert (empty.actions, empty.holdings) == ((), ())
    report = told([Book("XAA", 2024)])
    assert (report.status, report.findings) == (CheckStatus.CONSISTENT, ())


def test_28_text_is_quoted_and_is_never_a_formula(counterfoil: Counterfoil, issued: Path, tmp_path: Path) -> None:
    attack = '=HYPERLINK("http://x","a,b")\n"c"'
    named = {"command": "RegisterEntity", "entity": "E-1", "name": attack, "country": "CHE"}
    assert counterfoil("do", "--dir", issued, stdin=json.dumps(named)).status == 0
    assert counterfoil("export", "--dir", issued, "--out", tmp_path / "out").status == 0
    with (tmp_path / "out" / "records.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert {len(row) for row in rows} == {len(rows[0])}, "joining strings would tear rows and columns apart"
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@", "\t"))]
    sheet = openpyxl.load_workbook(written(counterfoil, issued, tmp_path, 2023))["Table 2 Authorizations"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}


def test_29_a_year_ends_at_midnight_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    """At 23:30 UTC it is already the next year in Bangkok, and in New York it is still the year at 03:30 UTC."""
    for zone, moment, year in (
        ("Asia/Bangkok", datetime(2025, 12, 31, 23, 30, tzinfo=UTC), 2025),
        ("America/New_York", datetime(2026, 1, 1, 3, 30, tzinfo=UTC), 2026),
    ):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        office = office_with()
        office.clock.move_to(int(moment.timestamp()) * 1000)
        office.do(Cancel(units=Units(CLASS, 1, 20), account=office.holder, purpose=CancellationPurpose.OMGE))
        of_local_time = {2025: 2026, 2026: 2025}[year]
        assert len(annual(office, year).actions) == 1
        assert len(annual(office, of_local_time).actions) == 0
    monkeypatch.delenv("TZ")
    time.tzset()


def test_30_what_only_the_carp_fills_is_never_written_and_never_believed(
    counterfoil: Counterfoil, issued: Path, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(written(counterfoil, issued, tmp_path, 2023))
    assert book["Table 1 Submission"]["C9"].value == POPULATED
    texts = {cell.value for row in book["Table 2 Authorizations"].iter_rows() for cell in row}
    assert LINKED in texts
    world = clean()
    world["XAA", 2021].heading["review"] = "Review pending"
    assert found(world) == {"C06": "B"}


def test_31_no_rule_cites_a_decision_that_does_not_exist() -> None:
    texts = [path.read_text("utf-8") for path in SOURCES.rglob("*") if path.suffix in {".py", ".toml", ".po"}]
    assert len(texts) > 100
    assert not [text for text in texts if "/CMA.5" in text or "CMA.5 " in text]


@pytest.mark.parametrize("cell", ["CAdddd", "CA9001x", "xCA9001", "CA900", "CA9001\n1", "blankable"])
def test_32_a_pattern_is_anchored_and_says_what_it_means(cell: str) -> None:
    world = clean()
    world["XAA", 2021].grants.append(grant(GAS, D(2021, 5, 1), "NDC") | {"approach": cell})
    assert found(world)["C07"] == "B"


def test_33_the_last_column_of_the_last_table_is_checked() -> None:
    world = clean()
    world["XBB", 2021].entities.append(entity(D(2021, 5, 1), "Fund", "XBB", "B-1", "CA9001") | {"note": D(2021, 1, 1)})
    report = told(world.values())
    (bad,) = [one for one in report.findings if one.check == "C07"]
    assert (bad.place.sheet, bad.place.cell) == ("Table 5 Auth. entities", "H3")


def test_34_a_type_in_the_wrong_case_is_found_and_its_checks_still_run() -> None:
    world = clean()
    world["XAA", 2022].put(auth=GAS.auth).to(kind="First Transfer", subtype=None)
    assert found(world) == {"C08": "I", "C43": "I"}, "a rule that compares with the wrong case never runs"


def test_35_a_purpose_is_an_element_of_a_set() -> None:
    (row,) = [row for row in clean()["XCC", 2025].acts if row["auth"] == GAS.auth]
    (allowed,) = clean()["XAA", 2022].grants
    assert row["purpose"] != allowed["purposes"], "compared as strings, this is a false finding"
    assert "C41" not in found(clean())
    world = clean()
    world["XCC", 2025].put(auth=GAS.auth).to(purpose="OP")
    assert found(world) == {"C41": "I"}


def test_36_sector_and_metric_belong_to_the_authorization_and_not_to_the_approach() -> None:
    world = clean()
    other = grant(BUS, D(2023, 7, 1), "NDC", sectors="Agriculture", activities="Biogas") | {"auth": "XAA-FARM"}
    metric = grant(HYDRO, D(2023, 7, 1), "NDC") | {"auth": "XAA-MWH", "approach": BUS.approach}
    world["XAA", 2023].grants += [other, metric]
    assert found(world) == {}, "two authorizations of one approach may differ"


def test_37_the_host_stays_the_host_whoever_hands_the_unit_on() -> None:
    onward = [row for row in clean()["XCC", 2024].acts if row["auth"] == BUS.auth]
    assert [(row["host"], row["giver"]) for row in onward] == [("XAA", "XBB")]
    assert found(clean()) == {}, "a loader that puts the giver into the host's place finds C34 here"
    world = clean()
    world["XCC", 2024].put(auth=BUS.auth).to(host="XBB")
    assert "C34" in found(world)


def test_38_a_version_is_parsed_and_not_sliced() -> None:
    world = clean()
    world["XAA", 2021].heading["version"] = "1.12"
    world["XAA", 2021].name = "XAA_2021_1.12.xlsx"
    assert "XAA_2021_1.12.xlsx"[9:12] == "1.1", "what a slice reads"
    assert found(world) == {}
    old = Book("XAA", 2021, heading={"version": "1.9"}, name="old.xlsx")
    assert found({**world, ("XAA", 0): old}) == {}, "twelve comes after nine"


def test_39_what_nobody_could_check_did_not_pass() -> None:
    alone = told([clean()["XBB", 2025]])
    assert alone.status is CheckStatus.NOT_AVAILABLE
    assert checks(alone)["C55"] == "N", "holdings without the year before"
    assert {"C13", "C23", "C71"} <= set(alone.not_made)


def test_40_a_text_is_a_value_and_never_a_statement(counterfoil: Counterfoil, issued: Path) -> None:
    attack = "'); DROP TABLE journal; --"
    named = {"command": "RegisterEntity", "entity": "E-1", "name": attack, "country": "CHE"}
    assert counterfoil("do", "--dir", issued, stdin=json.dumps(named)).status == 0
    assert counterfoil("verify", "--dir", issued).status == 0
    world = clean()
    world["XAA", 2023].entities.append(entity(D(2023, 6, 1), attack, "XBB", attack, "CA9001"))
    assert found(world) == {}


def test_41_a_serial_is_there_once_and_an_unknown_country_is_an_error(counterfoil: Counterfoil, issued: Path) -> None:
    world = clean()
    world["XAA", 2023].held.append(held(BUS, "XAA01", 600, 600))
    assert found(world) == {"C52": "I"}, "601 rows for 600 serials"
    answer = counterfoil("balance", "--party", "Thailnd", "--as-of", "2023", "--dir", issued, "--json")
    zeros = {"status": 0}
    assert answer.status != zeros["status"]
    assert "code" in answer.out


def test_42_what_others_rely_on_is_for_those_who_may(tmp_path: Path) -> None:
    """A client that may act may not change keys, partners, rules or frozen figures."""
    names = {command.__name__ for command in FOR_ADMINISTRATORS}
    assert {"FreezePeriod", "SetAuthorizationRules", "LinkPartner", "Correct"} <= names
    body = {"command": "Correct", "entry": 1, "authority": "a ministry", "reason": "ours is better"}
    assert answer(tmp_path, body, ["write"]) == (403, "http.scope_missing")


def test_43_someone_who_is_known_and_may_not_is_forbidden_and_not_unknown(tmp_path: Path) -> None:
    named = {"command": "RegisterEntity", "entity": "E-1", "name": "Fund", "country": "CHE"}
    status, code = answer(tmp_path, named, ["read"])
    assert (status, code) == (403, "http.scope_missing") != (401, code)


def answer(folder: Path, body: dict[str, Any], scopes: list[str]) -> tuple[int, str]:
    """What a server says to an act of someone with these scopes."""
    registry = founded(folder / "registry", blocks=1)
    headers = token(registry, scopes=scopes)

    async def ask() -> tuple[int, str]:
        async with asking(registry, **headers) as client:
            given = await client.post("/api/v1/commands", json=body)
            return given.status_code, given.json()["code"]

    return anyio.run(ask)
