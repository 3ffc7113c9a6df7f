"""What this registry files is consistent by the checks that it makes of anyone's files, after whatever lawful act."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counterfoil.application.command import Command, Units
from counterfoil.application.commands.abroad import ProposeTransfer
from counterfoil.application.commands.change_authorization import ChangeAuthorization, RevokeAuthorization
from counterfoil.application.commands.reduce_authorization import ReduceAuthorization
from counterfoil.application.queries.aef_submission import aef_submission
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.entry import JournalEntry
from counterfoil.domain.reporting.aef_rows import Submission
from counterfoil.domain.reporting.aef_terms import SPARES_FIRST_TRANSFERRED
from counterfoil.domain.reporting.finding import Severity
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from tests.application.office import LETTER
from tests.application.test_aef_submission import CLASS, office_with, submission
from tests.domain.commands.desk import Desk, units
from tests.domain.commands.scene import (
    BUYER,
    DEV,
    LOA,
    V2023,
    buyer,
    deliver,
    host,
    issue,
    issuing_host,
    letter,
    oimp_letter,
    proposal,
)
from tests.domain.reporting.submissions import checked


class DeskSight(Sight):
    """A look at a desk's books, which are not in any store."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.registry = desk.registry

    def record(self, kind: str, key: str) -> Any:
        return self.desk.books.record(kind, key)

    def records(self, kind: str, *, after: str = "", limit: int | None = None) -> Iterator[tuple[str, Any]]:
        return iter(sorted((key, value) for (of, key), value in self.desk.books.records.items() if of == kind))

    def entries(self) -> Iterator[JournalEntry]:
        return iter(self.desk.journal)


def filed(desk: Desk, year: int = 2026) -> Submission:
    on = date(year + 1, 3, 31)
    found = aef_submission(DeskSight(desk), party=desk.registry.party, year=year, version="1.0", submitted_on=on)
    assert not isinstance(found, Refusal), found
    return found


def findings(*submissions: Submission) -> list[tuple[str, str]]:
    """What the checks find against the file. The scene's sector is in no list (C08), which is not the matter here."""
    report = checked(*submissions)
    found = (one for one in report.findings if one.severity is Severity.INCONSISTENT and one.check != "C08")
    return [(one.check, report.message(one)) for one in found]


WITHDRAWALS: Sequence[tuple[str, Command]] = (
    ("revoked", RevokeAuthorization(authorization=LETTER, statement="none left", reason="an error")),
    (
        "reduced",
        ReduceAuthorization(
            authorization=LETTER, units=Units(CLASS, 1, 100), account="xaa:holder", statement="none left", reason="why"
        ),
    ),
)


@pytest.mark.parametrize("case, command", WITHDRAWALS, ids=[case for case, _ in WITHDRAWALS])
def test_units_that_lost_their_authorization_leave_the_holdings_without_a_row(case: str, command: Command) -> None:
    office = office_with()
    office.issued()
    before = submission(office, 2025)
    office.day(date(2026, 3, 1))
    office.do(command)
    after = submission(office, 2026)
    assert after.holdings != before.holdings, case
    assert "C55" not in dict(findings(before, after)), case


def test_units_first_transferred_at_home_may_not_leave_the_holdings_without_a_row() -> None:
    oimp = {"purposes": (Purpose.IMP,), "oimp_detail": "an aviation scheme"}
    office = office_with(first_transfer_definition=FirstTransferDefinition.ISSUANCE, **oimp)
    office.issued()
    before = submission(office, 2025)
    office.day(date(2026, 3, 1))
    after = submission(office, 2026)
    assert "C55" not in dict(findings(before, after))
    assert "C55" in dict(findings(before, replace(after, holdings=())))


def test_units_abroad_without_a_first_transfer_may_lose_their_authorization() -> None:
    desk, other = host(), buyer()
    desk.do(oimp_letter(FirstTransferDefinition.USE_OR_CANCELLATION, Purpose.IMP, last_use_on=date(2031, 12, 31)))
    desk.do(issue(quantity=50))
    deliver(desk, other, proposal())
    mine, theirs = filed(desk), filed(other)
    assert findings(mine, theirs) == []
    assert findings(mine, replace(theirs, holdings=())) == []


def test_units_that_go_out_and_come_back_on_one_day_are_held() -> None:
    desk, other = issuing_host(), buyer()
    deliver(desk, other, proposal())
    back = TransferId("R-1")
    part = (units(V2023, 1, 10),)
    deliver(other, desk, ProposeTransfer(transfer=back, partner=Party("THA"), parts=part, source=BUYER, target=DEV))
    assert findings(filed(desk), filed(other)) == []


def change(**content: Any) -> ChangeAuthorization:
    return ChangeAuthorization(authorization=LOA, statement="stated", reason="agreed", **content)


def narrowed() -> tuple[Submission, Submission]:
    """CHE holds units first transferred under version 1; version 2 is for JPN and for the vintage of 2024 only."""
    desk, other = host(), buyer()
    desk.do(letter())
    desk.do(issue(quantity=50))
    deliver(desk, other, proposal())
    desk.today = date(2026, 5, 1)
    desk.do(change(only_untransferred=True, vintages=(2024,), authorized_parties=(Party("JPN"),)))
    return filed(desk), filed(other)


def test_a_version_that_spares_first_transferred_units_takes_nothing_from_them() -> None:
    mine, theirs = narrowed()
    assert mine.authorizations[-1].additional_explanatory_information == SPARES_FIRST_TRANSFERRED
    assert findings(mine, theirs) == []


def test_a_version_that_does_not_say_so_takes_from_them() -> None:
    mine, theirs = narrowed()
    first, second = mine.authorizations
    silent = replace(mine, authorizations=(first, replace(second, additional_explanatory_information=None)))
    assert {check for check, _ in findings(silent, theirs)} == {"C22"}


@pytest.mark.parametrize(
    ("vintages", "said"), [((2021, 2023, 2024), "Vintages: 2021, 2023, 2024"), ((2021, 2022, 2023), None)]
)
def test_a_gap_between_authorized_vintages_is_said_where_the_time_frame_has_no_room(
    vintages: tuple[int, ...], said: str | None
) -> None:
    (row,) = submission(office_with(vintages=vintages), 2025).authorizations
    assert (row.authorized_timeframe or "").startswith(f"Occurred: from {vintages[0]} to {vintages[-1]}")
    assert row.additional_explanatory_information == said
