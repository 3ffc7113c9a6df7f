"""The writer asks the safeguards with the moment of recording, commits what a limit counts, and an audit replays it."""

from datetime import UTC, datetime

from counterfoil.application.command import Units
from counterfoil.application.commands.adopt_practice import AdoptPractice
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.request_transfer import ExecuteTransfer, RequestTransfer
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.queries.due import due
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Writer
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.safeguards import MOVED, SafeguardFault
from counterfoil.domain.people.transfer_request import RequestFault
from counterfoil.domain.policy.kinds.account_guard import MOVE_DELAY, MOVE_LIMIT, MoveDelayRule, MoveLimitRule
from counterfoil.domain.policy.laws import LawTable
from tests.application.office import Office
from tests.domain.commands.guarded_scene import law

CLASS = "CA9001-XAA01-XAA-#-2023"
BOOK = law("safe", "rulebook", **{MOVE_DELAY: MoveDelayRule(delay_hours=1), MOVE_LIMIT: MoveLimitRule(per_day=50)})


def office() -> Office:
    made = Office(laws=LawTable({"safe": BOOK}))
    made.activity()
    made.issued()
    made.do(OpenAccount(account="xaa:other", holder="other"))
    made.do(AdoptPractice(practice="safe", version="1"))
    return made


def go(made: Office, text: str) -> None:
    made.clock.move_to(int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000))


def units(first: int, last: int) -> Units:
    return Units(CLASS, first, last)


def asked(name: str, first: int, last: int) -> RequestTransfer:
    return RequestTransfer(request=name, units=units(first, last), source="xaa:holder", target="xaa:other")


def code(outcome: object) -> str:
    assert isinstance(outcome, Refusal), outcome
    return outcome.code


def test_a_request_is_done_by_the_clock_of_the_writer_also_after_a_start() -> None:
    made = office()
    today = datetime.fromtimestamp(made.clock.now_ms() / 1000, UTC).date()
    go(made, f"{today}T09:30:00")
    assert code(made.ask(Transfer(units=units(1, 10), source="xaa:holder", target="xaa:other"))[0]) == (
        SafeguardFault.MUST_WAIT
    )
    made.do(asked("R-1", 1, 10))
    go(made, f"{today}T10:29:59.999")
    assert code(made.ask(ExecuteTransfer(request="R-1"))[0]) == RequestFault.NOT_DUE
    assert due(made.sight(), made.clock.now_ms()) == []
    made.writer = Writer(made.world)
    go(made, f"{today}T10:30:00")
    outcomes = made.ask(*due(made.sight(), made.clock.now_ms()))
    assert [type(each) for each in outcomes] == [Receipt]
    assert made.writer.books.holds(CLASS, 1, 10) == ()


def test_several_acts_of_one_batch_share_what_is_left_of_a_limit() -> None:
    made = office()
    first, second, third = made.ask(asked("R-1", 1, 30), asked("R-2", 31, 51), asked("R-3", 31, 50))
    assert isinstance(first, Receipt)
    assert code(second) == SafeguardFault.DAY_EXCEEDED
    assert isinstance(third, Receipt)
    assert made.writer.books.record(MOVED, "xaa:holder")["units"] == 50


def test_the_journal_of_safeguards_passes_the_audit() -> None:
    made = office()
    made.do(asked("R-1", 1, 30))
    assert made.audit().findings == ()
