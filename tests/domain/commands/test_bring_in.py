"""Opening books: only what was announced comes in, row by row, and units stand in one place."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counterfoil.application.command import Command
from counterfoil.application.commands.bring_in import (
    AnnounceOpening,
    BringInAccount,
    BringInActivity,
    BringInAuthorization,
    BringInUnits,
    Row,
    row_json,
)
from counterfoil.application.commands.import_units import ImportFault
from counterfoil.application.commands.issue import IssueFault
from counterfoil.application.commands.placing import UnitsAuthorizedFault
from counterfoil.domain.activities.activity import ActivityFault
from counterfoil.domain.authorizations.authorization import AuthorizationFault
from counterfoil.domain.authorizations.coverage import CoverageFault
from counterfoil.domain.kernel.ids import ActivityId, CooperativeApproachId, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountFault
from counterfoil.domain.ledger.entry import Backdating
from counterfoil.domain.ledger.opening_book import END, OPENING_BOOK, ROWS_MAX, OpeningFault, chained
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from counterfoil.domain.units.unit_type import MitigationType
from tests.domain.commands.desk import Case, Desk, check_refused, titles, units
from tests.domain.commands.scene import BUYER, HOME, V2023, host, issue, letter

PAST = date(2024, 5, 2)
DOCUMENT = "a" * 64
TRAM = ActivityId("TRAM")
FIELDS: dict[str, Any] = {"opening": "OB-1", "rest": ""}


def account(code: str = "tha:tram") -> BringInAccount:
    return BringInAccount(**FIELDS, account=code, holder="TRAM-CO")


def activity(**changes: Any) -> BringInActivity:
    content: dict[str, Any] = {
        "activity": TRAM, "title": "Trams", "mitigation_type": MitigationType.REDUCTION, "sector": "Transport",
        "activity_type": "Electric vehicles", "cooperative_approach": CooperativeApproachId("CA9001"),
    }  # fmt: skip
    return BringInActivity(**FIELDS, **{**content, **changes})


def given(**changes: Any) -> BringInAuthorization:
    plain = letter(authorization="LOA-OLD", on=PAST, **changes)
    fields = {name: getattr(plain, name) for name in plain.__dataclass_fields__}
    return BringInAuthorization(**{**fields, **FIELDS})


def held(first: int = 1, last: int = 100, **changes: Any) -> BringInUnits:
    content: dict[str, Any] = {"units": units(V2023, first, last), "account": "tha:tram", "activity": TRAM}
    return BringInUnits(**FIELDS, **{**content, **changes})


def book(*rows: Row, **changes: Any) -> list[Command]:
    """The announcement and its rows, bound together."""
    digests = chained([row_json(row) for row in rows])
    total = sum(row.units.last - row.units.first + 1 for row in rows if isinstance(row, BringInUnits))
    said: dict[str, Any] = {"rows": len(rows), "quantity": total, "digest": digests[0], **changes}
    announced = AnnounceOpening(opening="OB-1", document=DOCUMENT, **said)
    return [announced, *(replace(row, rest=rest) for row, rest in zip(rows, digests[1:], strict=True))]


def last_of(*rows: Row, **changes: Any) -> Any:
    """All of a book but its last row is done; the last row is asked."""

    def act(desk: Desk) -> Command:
        *before, last = book(*rows, **changes)
        for command in before:
            desk.do(command, on=command.on)
        return last

    return act


WHOLE: tuple[Row, ...] = (account(), activity(), given(), held(authorization="LOA-OLD"))
BEFORE = (account(), activity())
ABROAD = replace(account(BUYER), party=Party("CHE"))
TWICE = (*BEFORE, held(), held(50, 150))
OIMP = given(
    purposes=(Purpose.IMP,), first_transfer_definition=FirstTransferDefinition.ISSUANCE, oimp_detail="aviation"
)


def announced(**changes: Any) -> Any:
    return lambda _: book(account(), **changes)[0]


def again(desk: Desk) -> Command:
    desk.do(book(account())[0])
    return book(account())[0]


def another(desk: Desk) -> Command:
    desk.do(book(account())[0])
    return account("tha:x")


CASES = (
    Case("its name is taken", OpeningFault.NAME_TAKEN, again),
    Case("it has no rows", OpeningFault.UNCLEAR, announced(rows=0)),
    Case("it has too many rows", OpeningFault.UNCLEAR, announced(rows=ROWS_MAX + 1)),
    Case("its digest is none", OpeningFault.UNCLEAR, announced(digest="?")),
    Case("its sum is below nought", OpeningFault.UNCLEAR, announced(quantity=-1)),
    Case("it was not announced", OpeningFault.UNKNOWN, lambda _: account()),
    Case("another row is next", OpeningFault.NOT_NEXT, another),
    Case("it announced more rows", OpeningFault.SUM_DIFFERS, last_of(account(), rows=2)),
    Case("it announced another sum", OpeningFault.SUM_DIFFERS, last_of(*BEFORE, held(), quantity=99)),
    Case("the account is open", AccountFault.ALREADY_OPEN, last_of(account("tha:dev"))),
    Case("the approach is unknown", ActivityFault.APPROACH_UNKNOWN, last_of(activity(cooperative_approach="CA7777"))),
    Case("the letter says too little", AuthorizationFault.CONTENT_MISSING, last_of(given(sectors=()))),
    Case("the activity is unknown", ActivityFault.UNKNOWN, last_of(account(), held())),
    Case("the account is not open", AccountFault.UNKNOWN, last_of(activity(), held())),
    Case("the account is of another Party", AccountFault.OTHER_PARTY, last_of(ABROAD, activity(), held(account=BUYER))),
    Case("serials stand in two rows", ImportFault.OVERLAPS, last_of(*TWICE)),
    Case("all serials are in the book", ImportFault.ALREADY_ISSUED, last_of(*BEFORE, held(), held(2, 3))),
    Case("they are of another registry", OpeningFault.CLASS_NOT_OWN,
         last_of(*BEFORE, held(units=units("CA9001-CHE01-CHE-#-2023", 1, 2)))),
    Case("they are of another approach", OpeningFault.CLASS_NOT_OWN,
         last_of(*BEFORE, held(units=units("CA9002-THA01-THA-#-2023", 1, 2)))),
    Case("they are Kyoto units", OpeningFault.CLASS_NOT_OWN, last_of(*BEFORE, held(units=units("TH-#", 1, 2)))),
    Case("their year is to come", IssueFault.VINTAGE_IN_FUTURE,
         last_of(*BEFORE, held(units=units("CA9001-THA01-THA-#-2027", 1, 2)))),
    Case("nobody gave the letter", AuthorizationFault.UNKNOWN, last_of(*BEFORE, held(authorization="LOA-9"))),
    Case("the letter is not of their vintage", CoverageFault.VINTAGE,
         last_of(*BEFORE, given(vintages=(2024,)), held(authorization="LOA-OLD"))),
    Case("they were first transferred", OpeningFault.FIRST_TRANSFERRED,
         last_of(*BEFORE, OIMP, held(authorization="LOA-OLD"))),
    Case("domestic units are authorized", UnitsAuthorizedFault.NOT_AUTHORIZABLE,
         last_of(*BEFORE, given(), held(units=units(HOME, 1, 2), authorization="LOA-OLD"))),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=titles)
def test_a_row_of_an_opening_book_is_refused_when(case: Case) -> None:
    check_refused(case, host())


def test_a_whole_book_comes_in_on_its_own_days() -> None:
    desk = host()
    entries = [desk.do(command, on=command.on) for command in book(*WHOLE)]
    assert [entry.backdated for entry in entries[1:]] == [Backdating.IMPORT] * 4
    assert entries[3].effective_on == PAST
    assert desk.held(V2023) == [("1..100", "tha:tram")]
    facts = desk.facts(V2023, 7)
    assert (facts["authorization"], facts["origin"], facts["activity"]) == ("LOA-OLD", "opening/OB-1", "TRAM")
    kept = desk.books.record(OPENING_BOOK, "OB-1")
    assert (kept["rows_taken"], kept["quantity_taken"], kept["next"]) == (4, 100, END)
    assert desk.adjustments() == {}


def test_serials_go_on_behind_what_was_brought_in() -> None:
    desk = host()
    rows = (account(), activity(), held(41, 60))
    for command in book(*rows):
        desk.do(command, on=command.on)
    entry = desk.do(issue(quantity=5, authorization=None))
    assert (entry.moves[0].first, entry.moves[0].last) == (61, 65)


@pytest.mark.parametrize("at", range(4))
def test_no_cell_of_an_announced_book_can_be_changed(at: int) -> None:
    desk = host()
    announcement, *rows = book(*WHOLE)
    desk.do(announcement)
    for row in rows[:at]:
        desk.do(row, on=row.on)
    changed: list[Any] = [
        {"holder": "OTHER"}, {"title": "Other"}, {"gases": ("CO2", "CH4")}, {"units": units(V2023, 1, 101)}
    ]  # fmt: skip
    outcome = desk.ask(replace(rows[at], **changed[at]), on=rows[at].on)
    assert isinstance(outcome, Refusal) and outcome.code == OpeningFault.NOT_NEXT
    desk.do(rows[at], on=rows[at].on)


def test_rows_come_in_their_order_and_once() -> None:
    desk = host()
    announcement, first, second = book(account(), account("tha:metro"))
    desk.do(announcement)
    early = desk.ask(second)
    assert isinstance(early, Refusal) and early.code == OpeningFault.NOT_NEXT
    desk.do(first)
    desk.do(second)
    late = desk.ask(account("tha:late"))
    assert isinstance(late, Refusal) and late.code == OpeningFault.NOT_NEXT
