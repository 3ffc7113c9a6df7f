"""Days from gate to gate, as the host and as the buyer, recomputed by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from counterfoil.application.command import Command, Registry
from counterfoil.application.commands.end_transfer import VoidTransfer
from counterfoil.application.commands.recognize import RecordRecognition
from counterfoil.application.commands.register import RegisterCooperativeApproach
from counterfoil.application.commands.use import UseTowardsNdc
from counterfoil.application.queries.delays import Gate, delays
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.domain.ledger.books import Holding
from counterfoil.domain.ledger.entry import JournalEntry
from tests.domain.commands.desk import Desk, units
from tests.domain.commands.scene import (
    BUSES,
    BUYER,
    CA9001,
    V2023,
    buyer,
    host,
    issue,
    letter,
    offer,
    proposal,
    receipt,
    settle,
    sold,
)

REGISTERED = date(2026, 3, 31)


@dataclass
class DeskSight:
    """A desk's books and journal, as a query looks at them."""

    desk: Desk

    @property
    def registry(self) -> Registry:
        return self.desk.registry

    def records(self, kind: str) -> Iterator[tuple[str, Any]]:
        return iter([(key, value) for (found, key), value in self.desk.books.records.items() if found == kind])

    def record(self, kind: str, key: str) -> Any:
        return self.desk.books.record(kind, key)

    def entries(self) -> Iterator[JournalEntry]:
        return iter(self.desk.journal)

    def holdings_between(self, unit_class: str, first: int, last: int) -> list[Holding]:
        return self.desk.books.holdings(unit_class, first, last)


def seen(desk: Desk, on: date) -> dict[tuple[str, str, str], dict[str, Any]]:
    rows = delays(cast(Sight, DeskSight(desk)), on=on)
    return {(row["gate"], row["from"], row["to"]): row for row in rows}


def test_where_nobody_asks_for_recognition_nothing_waits_for_it() -> None:
    rows = seen(sold()[1], date(2026, 5, 30))
    assert set(rows) == {(Gate.USE, "THA", "CHE")}


def played() -> tuple[Desk, Desk]:
    """Authorized after 10 days, issued after 5 more, three proposals after 1, 3 and 20, settled in 7, 9 and never."""
    source, target = host(), buyer()
    parties = (Party("THA"), Party("CHE"))
    target.do(
        RegisterCooperativeApproach(approach=CA9001, title="Buses", participants=parties, recognition_required=True)
    )
    steps: list[tuple[Command, date]] = [
        (letter(activities=(BUSES,), authorized_parties=(Party("CHE"),)), date(2026, 4, 10)),
        (issue(), date(2026, 4, 15)),
        (proposal("T-1", first=1, last=10), date(2026, 4, 16)),
        (proposal("T-2", first=11, last=20), date(2026, 4, 18)),
        (proposal("T-3", first=21, last=30), date(2026, 5, 5)),
        (proposal("T-4", first=31, last=40), date(2026, 5, 5)),
        (VoidTransfer(transfer=TransferId("T-4"), reason="mistake"), date(2026, 5, 6)),
    ]
    for command, day in steps:
        source.do(command, on=day)
    for transfer, settled, arrived in (
        ("T-1", date(2026, 4, 23), date(2026, 4, 24)),
        ("T-2", date(2026, 4, 27), date(2026, 4, 30)),
    ):
        target.do(offer(source, transfer), on=settled)
        source.do(settle(transfer), on=settled)
        target.do(receipt(source, transfer), on=arrived)
    target.do(RecordRecognition(transfer=TransferId("T-1"), reference="S 1"), on=date(2026, 5, 4))
    target.do(UseTowardsNdc(units=units(V2023, 3, 5), account=BUYER, year=2025), on=date(2026, 5, 24))
    return source, target


def test_a_host_sees_its_gates_with_medians_and_what_waits() -> None:
    rows = seen(played()[0], date(2026, 5, 15))
    # STOVES was registered on the 31st of March too, and has no letter.
    assert rows[Gate.AUTHORIZATION, "THA", "CHE"]["median_days"] == (date(2026, 4, 10) - REGISTERED).days == 10
    waits = rows[Gate.AUTHORIZATION, "THA", ""]
    assert (waits["passed"], waits["median_days"], waits["waiting"], waits["waiting_longest_days"]) == (0, None, 1, 45)
    assert rows[Gate.ISSUANCE, "THA", "CHE"]["longest_days"] == 5
    proposals = rows[Gate.PROPOSAL, "THA", "CHE"]
    assert (proposals["passed"], proposals["median_days"]) == (4, 3)
    assert (proposals["shortest_days"], proposals["longest_days"]) == (1, 20)
    settled = rows[Gate.SETTLEMENT, "THA", "CHE"]
    assert (settled["passed"], settled["median_days"], settled["longest_days"]) == (2, 7, 9)
    assert (settled["waiting"], settled["waiting_longest_days"]) == (1, 10), "the one that was taken back waits no more"


def test_a_buyer_sees_how_long_recognition_and_use_take() -> None:
    rows = seen(played()[1], date(2026, 5, 30))
    recognition, use = rows[Gate.RECOGNITION, "THA", "CHE"], rows[Gate.USE, "THA", "CHE"]
    assert (recognition["median_days"], recognition["waiting"], recognition["waiting_longest_days"]) == (10, 1, 30)
    assert (use["median_days"], use["waiting"]) == (30, 1)
    assert set(rows) == {(Gate.RECOGNITION, "THA", "CHE"), (Gate.USE, "THA", "CHE")}


def test_an_empty_journal_has_no_gates() -> None:
    assert seen(buyer(), REGISTERED) == {}
