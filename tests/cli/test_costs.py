"""Operating costs and voluntary contributions, as people and programs read them."""

from pathlib import Path

from tests.cli.conftest import Counterfoil, ndjson


def test_costs_and_contributions_are_shown_by_year_and_currency(registry: Path, counterfoil: Counterfoil) -> None:
    assert counterfoil("costs", "--dir", registry, "--json").json == {"years": [], "contributions": []}
    cost = {"command": "RecordOperatingCost", "kind": "review", "year": 2026, "source": "Budget 2026"}
    given = {"command": "RecordContribution", "contribution": "V-1", "contributor": "Ministry", "source": "Letter 7"}
    acts = ndjson(
        {**cost, "cost": "C-1", "amount": 1_000, "currency": "USD"},
        {**cost, "cost": "C-2", "amount": 500, "currency": "USD", "kind": "infrastructure"},
        {**cost, "cost": "C-3", "amount": 70, "currency": "CHF"},
        {**given, "kind": "review", "year": 2026, "amount": 400, "currency": "USD"},
    )
    assert counterfoil("do", "--dir", registry, stdin=acts).status == 0
    chf, usd = counterfoil("costs", "--dir", registry, "--json").json["years"]
    assert (chf["currency"], chf["total"], chf["gap"]) == ("CHF", 70, 70)
    assert (usd["costs"]["infrastructure"], usd["total"], usd["contributions"], usd["gap"]) == (500, 1_500, 400, 1_100)
    assert "1,100" in counterfoil("costs", "--dir", registry).out
    assert "缺口" in counterfoil("costs", "--dir", registry, "--lang", "zh-Hant").out
