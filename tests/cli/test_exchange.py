"""An exchange's day: check, list, import, settle, count; and prices that stay sealed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from counterfoil.adapters.evidence.files import FileEvidence
from counterfoil.entrypoints.bootstrap import Folder
from tests.cli.conftest import Counterfoil, Result, ndjson
from tests.cli.test_compliance import ACTS

CLASS = "TWN01-TWN_REDUCTION-#-2025"
UNIT = "TWN01-TWN_REDUCTION-1-2025"
HASH = "6" * 64
LISTING = {
    "command": "ListUnits", "listing": "TCX-1", "exchange": "TCX", "account": "twn:firm",
    "units": {"unit_class": CLASS, "first": 1, "last": 800},
}  # fmt: skip
MANDATE = {
    "command": "GiveMandate", "mandate": "MND-1", "account": "twn:firm", "exchange": "TCX", "document": HASH,
    "quantity_max": 600, "last_day": "2099-12-31",
}  # fmt: skip
ANSWERS = {"answers": {"bought_before": False}}
Report = Callable[..., Result]


def row(trade: str, first: int, last: int, **changes: Any) -> dict[str, Any]:
    units = {"unit_class": CLASS, "first": first, "last": last}
    content = {"trade": trade, "seller": "twn:firm", "buyer": "twn:other", "units": units, **ANSWERS}
    return {**content, "traded_on": "2026-01-05", "currency": "TWD", "price": 250_000, **changes}


def settled(trade: str, **changes: Any) -> dict[str, Any]:
    return {"trade": trade, "mandate": "MND-1", **ANSWERS, **changes}


@pytest.fixture
def market(tmp_path: Path, counterfoil: Counterfoil) -> Path:
    """Taiwan's registry with 12,000 units of a firm, 800 of them listed, and a mandate for 600."""
    folder = tmp_path / "twn"
    assert counterfoil("init", "--dir", folder, "--jurisdiction", "twn").status == 0
    other = {"command": "OpenAccount", "account": "twn:other", "holder": "Other"}
    done = counterfoil("do", "--dir", folder, stdin=ndjson(*ACTS[:5], other, LISTING, MANDATE))
    assert done.status == 0, done.out + done.err
    return folder


@pytest.fixture
def report(market: Path, tmp_path: Path, counterfoil: Counterfoil) -> Report:
    """Import a file of the exchange."""

    def call(*more: str, **parts: list[dict[str, Any]]) -> Result:
        file = tmp_path / "report.json"
        file.write_text(json.dumps({"exchange": "TCX", **parts}), encoding="utf-8")
        return counterfoil("exchange", "import", file, "--dir", market, *more)

    return call


def state(counterfoil: Counterfoil, market: Path, trade: str) -> Any:
    return counterfoil("show", "trade", f"{trade}@TCX", "--dir", market, "--json").json


def test_a_block_is_checked_before_it_is_listed(market: Path, counterfoil: Counterfoil) -> None:
    free = counterfoil("exchange", "check", "TWN01-TWN_REDUCTION-900-2025", "--dir", market, "--json")
    assert (free.status, free.json["listable"], free.json["price"]) == (0, True, "public")
    assert free.json["units"]["quantity"] == 11_200
    listed = counterfoil("exchange", "check", UNIT, "--dir", market, "--json")
    against = {each["check"]: each["against"] for each in listed.json["checks"] if each["against"]}
    assert (listed.status, against) == (1, {"not_listed": ["TCX-1"]})
    held: dict[str, Any] = {"command": "PlaceHold", "hold": "H-1", "authority": "office", "reason": "asked about"}
    held |= {"units": {"unit_class": CLASS, "first": 900, "last": 900}}
    assert counterfoil("do", "--dir", market, stdin=ndjson(held)).status == 0
    refused = counterfoil("exchange", "check", "TWN01-TWN_REDUCTION-900-2025", "--list", "eue", "--dir", market)
    assert refused.status == 1 and "✗ no hold on them  H-1" in refused.out and "European Union" in refused.out
    assert "不得上架" in counterfoil("exchange", "check", UNIT, "--dir", market, "--lang", "zh-Hant").out


def test_without_a_law_nothing_may_be_listed(issued: Path, counterfoil: Counterfoil) -> None:
    view = counterfoil("exchange", "check", "CA9001-THA01-THA-71-2022", "--dir", issued, "--json").json
    assert [each["check"] for each in view["checks"] if each["against"]] == ["law"]


def test_a_file_is_recorded_once_and_may_be_sent_again(market: Path, report: Report, counterfoil: Counterfoil) -> None:
    day: dict[str, Any] = {"trades": [row("1", 1, 400), row("2", 401, 500)], "settled": [settled("1")]}
    day["failed"] = [{"trade": "2", "reason": "not paid"}]
    assert "4 new" in report("--dry-run", **day).out
    first = report(**day)
    assert first.status == 0, first.err
    before = counterfoil("show", "registry", "--dir", market, "--json").json["entries"]
    assert "0 new, 4 known" in report(**day).out
    # The next day's file repeats the day before, and its own digest changes nothing of it.
    assert report(trades=[*day["trades"], row("3", 501, 510)]).status == 0
    assert counterfoil("show", "registry", "--dir", market, "--json").json["entries"] == before + 1
    delivered = counterfoil("show", "unit", "TWN01-TWN_REDUCTION-400-2025", "--dir", market, "--json").json
    assert delivered["account"] == "twn:other"
    assert (state(counterfoil, market, "1")["state"], state(counterfoil, market, "2")["reason"]) == (
        "settled",
        "not paid",
    )
    digest = state(counterfoil, market, "1")["report"]
    assert FileEvidence(Folder(market).evidence).get(digest) is not None, "the exchange's own file is kept"


def test_another_report_under_the_same_number_is_refused(report: Report) -> None:
    assert report(trades=[row("1", 1, 400)]).status == 0
    other = report(trades=[row("1", 1, 399)])
    assert other.status == 1 and "command.id_taken" in other.err


def test_no_unit_moves_without_the_mandate_of_its_owner(market: Path, report: Report, counterfoil: Counterfoil) -> None:
    result = report(trades=[row("1", 1, 400)], settled=[settled("1", mandate="MND-9")])
    assert result.status == 1 and "mandate.unknown" in result.err
    assert state(counterfoil, market, "1")["state"] == "matched"
    more = report(trades=[row("2", 401, 800)], settled=[settled("1"), settled("2")])
    assert more.status == 1 and "mandate.not_covering" in more.err
    assert [state(counterfoil, market, each)["state"] for each in ("1", "2")] == ["settled", "matched"]


def test_the_law_forbids_a_buyer_to_sell_on(market: Path, report: Report, counterfoil: Counterfoil) -> None:
    assert report(trades=[row("1", 1, 10)], settled=[settled("1")]).status == 0
    bought = {"unit_class": CLASS, "first": 1, "last": 10}
    again = {**LISTING, "listing": "TCX-2", "account": "twn:other", "units": bought}
    assert counterfoil("do", "--dir", market, stdin=ndjson(again)).status == 0
    resold = row("2", 1, 10, seller="twn:other", buyer="twn:firm")
    del resold["answers"]
    assert report(trades=[resold]).status == 0, "this law speaks of the transfer, so the match is only recorded"
    own = {**MANDATE, "mandate": "MND-2", "account": "twn:other"}
    assert counterfoil("do", "--dir", market, stdin=ndjson(own)).status == 0
    lied = report(settled=[settled("2", mandate="MND-2")])
    assert lied.status == 1 and "law.answer_is_known" in lied.err
    honest = report(settled=[{"trade": "2", "mandate": "MND-2"}])
    assert honest.status == 1 and "policy.requirement.unmet" in honest.err and "bought_before" in honest.err


def test_statistics_count_what_is_settled(market: Path, report: Report, counterfoil: Counterfoil) -> None:
    asked = ("exchange", "statistics", "--dir", market)
    assert counterfoil(*asked, "--json").json["markets"] == []
    assert "no such trades" in counterfoil(*asked).out
    rows = [row("1", 1, 100, price=250_000), row("2", 101, 300, price=250_001), row("3", 301, 310, price=1)]
    assert report(trades=rows, settled=[settled("1"), settled("2")]).status == 0
    (figures,) = counterfoil(*asked, "--json").json["markets"]
    assert (figures["trades"], figures["volume"], figures["lowest"]) == (2, 300, 250_000)
    assert figures["average"] == {"numerator": 750_002, "denominator": 3, "rounded": 250_001}
    assert "2,500.01 TWD" in counterfoil(*asked).out
    assert counterfoil(*asked, "--to", "2020-01-01", "--json").json["markets"] == []
    assert counterfoil(*asked, "--exchange", "CIX", "--json").json["markets"] == []


def test_a_sealed_price_stays_out_of_journal_lists_and_averages_unless_it_is_opened(
    market: Path, report: Report, counterfoil: Counterfoil
) -> None:
    day: dict[str, Any] = {"trades": [row("1", 1, 100, price=765_432)], "settled": [settled("1")]}
    assert report("--seal-prices", **day).status == 0
    assert "0 new, 2 known" in report("--seal-prices", **day).out
    entries = [
        counterfoil("show", "entry", str(number), "--dir", market, "--json").out
        for number in range(counterfoil("show", "registry", "--dir", market, "--json").json["entries"])
    ]
    assert not any("765432" in entry for entry in entries)
    assert "not shown" in counterfoil("exchange", "trades", "--dir", market).out
    asked = ("exchange", "statistics", "--dir", market, "--json")
    (figures,) = counterfoil(*asked).json["markets"]
    assert (figures["volume"], figures["priced"], figures["average"], figures["value"]) == (100, 0, None, None)
    (opened,) = counterfoil(*asked, "--sealed").json["markets"]
    assert opened["average"]["rounded"] == 765_432


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{",
        '{"trades": []}',
        '{"exchange": "TCX", "orders": []}',
        '{"exchange": "TCX", "trades": {}}',
        '{"exchange": "TCX", "trades": [], "trades": []}',
        '{"exchange": "TCX", "failed": [{"trade": "1", "trade": "2", "reason": "not paid"}]}',
    ],
)
def test_what_is_no_file_of_trades_is_refused(
    text: str, market: Path, tmp_path: Path, counterfoil: Counterfoil
) -> None:
    (tmp_path / "bad.json").write_text(text, encoding="utf-8")
    result = counterfoil("exchange", "import", tmp_path / "bad.json", "--dir", market, "--json")
    assert (result.status, result.json["code"]) == (2, "trade_file.unreadable")


def test_a_row_that_cannot_be_read_is_named(report: Report) -> None:
    result = report("--json", trades=[row("1", 1, 10), row("2", 1, 10, price="1.5")])
    assert (result.status, result.json["code"]) == (2, "command.unreadable")
    assert "trades 2" in result.json["facts"]["detail"]
    assert report("--json", trades=["x"]).json["code"] == "command.unreadable"
