"""What an act does to the NDC balance, told before it is signed."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from counterfoil.application.commands.choose_method import ChooseMethod
from counterfoil.application.commands.record_inventory import RecordInventory
from counterfoil.application.commands.record_ndc import RecordNdc
from counterfoil.application.preview import Preview
from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.bootstrap import Folder, Writable, open_for_writing
from counterfoil.entrypoints.cli.reading import looking
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.web.forms.ndc_balance import balances_of, rooms_of
from counterfoil.entrypoints.web.forms.ndc_effect import NdcEffect, ndc_effect
from counterfoil.entrypoints.web.forms.outlook import outlook
from counterfoil.entrypoints.web.forms.view import examples
from counterfoil.entrypoints.wire import command_of
from tests.http.desk import act, founded

ON = date(2026, 6, 1)
INVENTORY_T = 400_000_000


def line(account: str, before: int, after: int) -> dict[str, object]:
    return {"book": "adjustments", "commodity": "tCO2e", "account": account, "before": before, "after": after}


@pytest.fixture(params=["averaging", "trajectory", "none"])
def told(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Sight]]:
    """A registry whose Party has an NDC, the inventory of 2022, and perhaps a method."""
    folder: Folder = founded(tmp_path / "registry", blocks=1)
    commands = [command_of({"command": name, **examples()[name]}) for name in ("RecordNdc", "RecordInventory")]
    ndc, inventory = commands
    assert isinstance(ndc, RecordNdc)
    assert isinstance(inventory, RecordInventory)
    opened = open_for_writing(folder, "test")
    assert isinstance(opened, Writable)
    with opened as writable:
        act(writable, ndc, inventory)
        if request.param != "none":
            path = [{"year": year, "level": 420_000_000} for year in range(2021, 2031)]
            said = {"first": 2021, "last": 2030, "method": request.param, "declared_in": "Initial report"}
            extra = {"path": path} if request.param == "trajectory" else {}
            chosen = command_of({"command": "ChooseMethod", **said, **extra})
            assert isinstance(chosen, ChooseMethod), chosen
            act(writable, chosen)
    with looking(folder.path) as sight:
        yield request.param, sight


def test_additions_and_subtractions_are_told_by_party_and_year() -> None:
    found = ndc_effect(
        [
            line("ndc:THA:2023:added", 500, 1_430),
            line("awaiting-use", -500, -1_430),
            line("ndc:CHE:2030:subtracted", 0, -930),
            {**line("ndc:THA:2023:added", 1, 2), "book": "units"},
        ]
    )
    assert found == (
        NdcEffect("CHE", 2030, "tCO2e", (0, 0), (0, 930)),
        NdcEffect("THA", 2023, "tCO2e", (500, 1_430), (0, 0)),
    )
    assert [each.change for each in found] == [-930, 930]


def test_the_balance_of_a_year_moves_by_the_method_of_its_period(told: tuple[str, Sight]) -> None:
    method, sight = told
    effects = ndc_effect([line("ndc:THA:2022:added", 0, 1_000)])
    (found,) = balances_of(sight, effects, ON)
    if method == "none":
        assert (found.before, found.reason) == (None, "method_not_chosen")
        return
    assert found.before == INVENTORY_T
    # Five years of the period are over in June 2026: 2021 to 2025.
    assert found.after == INVENTORY_T + (1_000 // 5 if method == "averaging" else 1_000)


def test_what_cannot_be_determined_is_said_and_never_guessed(told: tuple[str, Sight]) -> None:
    _, sight = told
    effects = ndc_effect([line("ndc:THA:2023:added", 0, 10), line("ndc:THA:2029:added", 0, 10)])
    missing, open_year = balances_of(sight, effects, ON)
    assert (missing.before, missing.after) == (None, None)
    assert missing.reason in {"inventory_missing", "method_not_chosen"}
    assert open_year.reason == "year_open"
    assert balances_of(sight, ndc_effect([line("ndc:CHE:2022:added", 0, 10)]), ON) == ()


def test_a_quota_says_what_is_left(told: tuple[str, Sight]) -> None:
    _, sight = told
    quota = {"quantity_t": 1_000, "allocated_t": 100, "drawn_t": 50}
    records: list[dict[str, Any]] = [
        {"kind": "quota", "key": "Q-1", "before": quota, "after": {**quota, "drawn_t": 350}},
        {"kind": "first_transferred_quantity", "key": "LOA", "before": None, "after": 70},
        {"kind": "activity", "key": "A", "before": None, "after": {}},
    ]
    drawn, letter = rooms_of(sight, records)
    assert (drawn.before, drawn.after, drawn.left) == (150, 450, 550)
    assert (letter.before, letter.after, letter.left) == (0, 70, None)


def test_what_is_beyond_the_bound_is_counted(told: tuple[str, Sight]) -> None:
    _, sight = told
    records = [{"kind": "x", "key": str(n), "before": None, "after": {"a": 1}} for n in range(130)]
    changes = {"act": "Corrected", "on": "2026-06-01", "units": [], "balances": [], "records": records, "facts": []}
    found = outlook(sight, Preview(changes, "0" * 64, 2, None), Texts("en"))
    assert len(found.records) == 100
    assert found.beyond == 30
