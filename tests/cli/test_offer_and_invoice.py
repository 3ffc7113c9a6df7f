"""Offers and invoices by the command line: one acceptance wins, prices stay sealed, and sums add up."""

from pathlib import Path
from typing import Any

import pytest

from counterfoil.entrypoints.gate import Gate
from counterfoil.entrypoints.opening import run as opening_run
from counterfoil.entrypoints.permission_table import permission_table
from tests.cli.conftest import Counterfoil, ndjson

CLASS = "CA9001-THA01-THA-#-2022"


def offer(name: str, first: int, last: int, **changes: Any) -> dict[str, Any]:
    units = {"unit_class": CLASS, "first": first, "last": last}
    content = {"command": "OfferUnits", "offer": name, "account": "tha:dev", "units": units, "until": "2099-01-01"}
    return {**content, "currency": "THB", "confidential": {"price": 98_765_431}, **changes}


def in_days(count: int) -> str:
    from datetime import UTC, datetime, timedelta

    return (datetime.now(UTC).date() + timedelta(days=count)).isoformat()


@pytest.fixture
def market(issued: Path, counterfoil: Counterfoil) -> Path:
    """A registry with an offer of forty units to anybody, and two accounts that may want them."""
    accounts = [{"command": "OpenAccount", "account": f"tha:{name}", "holder": name} for name in ("one", "two")]
    made = counterfoil("do", "--dir", issued, stdin=ndjson(*accounts, offer("OF-1", 71, 110, until=in_days(30))))
    assert made.status == 0, made.err
    return issued


def test_of_two_acceptances_in_one_commit_the_first_wins(market: Path, counterfoil: Counterfoil) -> None:
    both = [{"command": "AcceptOffer", "offer": "OF-1", "account": f"tha:{name}"} for name in ("one", "two")]
    done = counterfoil("do", "--dir", market, "--json", stdin=ndjson(*both))
    assert [each["status"] for each in done.lines] == ["accepted", "refused"]
    assert done.lines[1]["code"] == "offer.ended"
    view = counterfoil("offer", "list", "--dir", market, "--json").json["offers"]
    assert [(each["state"], each["buyer"], each["quantity"]) for each in view] == [("accepted", "tha:one", 40)]
    assert counterfoil("show", "account", "tha:one", "--dir", market, "--json").json["units"] == 40
    assert counterfoil("verify", "--dir", market).status == 0


def test_a_price_is_in_no_public_leaf_and_in_no_list(market: Path, counterfoil: Counterfoil) -> None:
    shown = counterfoil("offer", "list", "--dir", market).out
    assert "OF-1" in shown and "98765431" not in shown.replace(",", "")
    out = market.parent / "out"
    assert counterfoil("tiles", "--out", out, "--dir", market).status == 0
    assert all(b"98765431" not in file.read_bytes() for file in out.rglob("*") if file.is_file())


def test_an_offer_for_longer_than_a_year_is_refused(market: Path, counterfoil: Counterfoil) -> None:
    refused = counterfoil("do", "--dir", market, "--lang", "zh-Hant", stdin=ndjson(offer("OF-2", 200, 210)))
    assert refused.status == 1 and "offer.day_unfit" in refused.err and "366" in refused.err


def test_invoices_are_listed_summed_and_printed_in_both_languages(
    registry: Path, tmp_path: Path, counterfoil: Counterfoil
) -> None:
    version = counterfoil("packs", "show", "a64", "--json").json["version"]
    bill = {
        "command": "RaiseInvoice", "act": "issue", "subject": "activity:BUSES", "payer": "DEV", "currency": "USD",
        "due_on": in_days(30), "quantity_t": 1000, "answers": {"fee_waived": False},
    }  # fmt: skip
    adopted = {"command": "AdoptPack", "pack": "a64", "version": version}
    assert counterfoil("do", "--dir", registry, stdin=ndjson(adopted, bill, {**bill, "quantity_t": 10})).status == 0
    first, second = (
        each["number"] for each in counterfoil("invoice", "list", "--dir", registry, "--json").json["invoices"]
    )
    assert int(second[5:]) == int(first[5:]) + 1 == 2
    waived = {"command": "WaiveInvoice", "invoice": second, "authority": "The authority", "reason": "A village"}
    payment = {"command": "RecordPayment", "invoice": first, "amount": 15_000, "reference": "BANK-1"}
    assert counterfoil("do", "--dir", registry, stdin=ndjson(waived, payment)).status == 0
    sums = counterfoil("invoice", "list", "--dir", registry, "--json").json["sums"]
    expected = {"raised": 15_150, "open": 0, "paid": 15_000, "waived": 150, "refunded": 0, "overdue": 0}
    assert sums == {"USD": expected}
    assert "150.00 USD" in counterfoil("invoice", "list", "--state", "paid", "--dir", registry).out
    printed = counterfoil("invoice", "print", first, "--out", tmp_path / "out", "--dir", registry, "--json").json
    names = sorted(Path(each).name for each in printed["files"])
    assert names == [f"invoice-{first}.en.pdf", f"invoice-{first}.zh-Hant.pdf"]
    assert all(Path(each).read_bytes().startswith(b"%PDF") for each in printed["files"])
    unknown = counterfoil("invoice", "print", "2001-000001", "--out", tmp_path / "out", "--dir", registry)
    assert unknown.status == 1 and "invoice.unknown" in unknown.err


def test_where_people_are_enrolled_nobody_announces_an_opening_book_alone(
    registry: Path, counterfoil: Counterfoil, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(permission_table(registry), lambda: True)
    monkeypatch.setattr(opening_run, "owners_guard", lambda _: gate.guard(None))
    file = registry.parent / "accounts.csv"
    file.write_text("account,holder\ntha:a,H\n", encoding="utf-8")
    refused = counterfoil("import", "opening", file, "--dir", registry, "--json")
    assert [each["code"] for each in refused.json["mistakes"]] == ["approval.second_person_needed"]
    assert counterfoil("list", "account", "--dir", registry, "--json").json["items"] == []
