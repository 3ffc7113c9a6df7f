"""The acquiring Party recognizes a transfer before it counts the units."""

from datetime import date
from typing import Any

import pytest

from counterfoil.application.command import Command, stored
from counterfoil.application.commands.cancel import Cancel, CancellationPurpose
from counterfoil.application.commands.recognize import AnswerObjection, ObjectToRecognition, RecordRecognition
from counterfoil.application.commands.register import RegisterCooperativeApproach
from counterfoil.application.commands.use import UseTowardsNdc
from counterfoil.domain.authorizations.agreement import AgreementFault
from counterfoil.domain.authorizations.recognition import RECOGNITION, Recognition, RecognitionFault, RecognitionState
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.domain.ledger.entry import Act, Entry, Record
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from tests.domain.commands.desk import Case, Desk, after, check_refused, titles, units
from tests.domain.commands.scene import (
    BUYER,
    CA9001,
    V2023,
    agreement,
    buyer,
    deliver,
    host,
    issue,
    issuing_host,
    oimp_letter,
    proposal,
)

T1 = TransferId("T-1")


def statement(**changes: Any) -> RecordRecognition:
    return RecordRecognition(**{"transfer": T1, "reference": "Statement 1", **changes})


def objection(**changes: Any) -> ObjectToRecognition:
    return ObjectToRecognition(**{"transfer": T1, "reason": "the report is not public", **changes})


def answer(**changes: Any) -> AnswerObjection:
    return AnswerObjection(**{"transfer": T1, "answer": "it was published", **changes})


def use() -> UseTowardsNdc:
    return UseTowardsNdc(units=units(V2023, 1, 40), account=BUYER, year=2025)


def acquired(**terms: Any) -> Desk:
    """CHE with 1 to 40 of an approach that it registered as one in which transfers are recognized."""
    source, desk = issuing_host(), buyer()
    desk.do(agreement("CHE", "THA", **terms))
    parties = (Party("THA"), Party("CHE"))
    desk.do(
        RegisterCooperativeApproach(approach=CA9001, title="Buses", participants=parties, recognition_required=True)
    )
    deliver(source, desk, proposal())
    return desk


def objected_by_host(desk: Desk) -> Command:
    desk.do(objection())
    value = {**desk.books.record(RECOGNITION, T1), "objector": "THA"}
    desk.record(Entry(Act.NOTICE_TAKEN, desk.today, records=(Record(RECOGNITION, T1, value),)))
    return answer()


REFUSALS = (
    Case("the units were not recognized", RecognitionFault.MISSING, lambda _: use()),
    Case("the transfer is unknown", RecognitionFault.TRANSFER_UNKNOWN, lambda _: statement(transfer="T-9")),
    Case("the statement has no name", RecognitionFault.TEXT_UNCLEAR, lambda _: statement(reference=" ")),
    Case("the document is no digest", RecognitionFault.TEXT_UNCLEAR, lambda _: statement(document="a.pdf")),
    Case("the objection has no reason", RecognitionFault.TEXT_UNCLEAR, lambda _: objection(reason="")),
    Case("the answer is empty", RecognitionFault.TEXT_UNCLEAR, after(objection(), then=answer(answer=""))),
    Case("it was given before", RecognitionFault.ALREADY_GIVEN, after(statement(), then=statement())),
    Case("it was given and somebody objects", RecognitionFault.ALREADY_GIVEN, after(statement(), then=objection())),
    Case("an objection stands", RecognitionFault.OBJECTION_STANDS, after(objection(), then=statement())),
    Case("the other Party objected", RecognitionFault.OTHER_OBJECTOR, objected_by_host),
    Case("nobody objected", RecognitionFault.NO_OBJECTION, lambda _: answer()),
    Case("the objection comes too late", RecognitionFault.OBJECTION_LATE, lambda _: objection(), on=date(2026, 5, 1)),
    Case(
        "the days of an agreement are below zero",
        AgreementFault.DAYS_UNREADABLE,
        lambda _: agreement("CHE", "JPN", objection_days=-1),
    ),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_units_are_not_recognized_or_used_when(case: Case) -> None:
    check_refused(case, acquired(objection_days=30, recognition_days=90))


def test_recognized_units_are_used() -> None:
    desk = acquired()
    assert desk.do(statement()).act is Act.TRANSFER_RECOGNIZED
    desk.do(use())
    assert desk.adjustments()["ndc:CHE:2025:subtracted"] == -40


def test_an_objection_that_was_answered_blocks_no_longer_and_may_be_raised_until_the_last_day() -> None:
    desk = acquired(objection_days=30, recognition_days=90)
    desk.do(objection(), on=date(2026, 4, 30))
    desk.do(answer())
    desk.do(statement())
    found = stored(desk.books, RECOGNITION, T1, Recognition)
    assert found is not None
    assert (found.state, found.objection_until, found.due_on) == (
        RecognitionState.RECOGNIZED,
        date(2026, 4, 30),
        date(2026, 6, 29),
    )


def test_what_another_party_recognized_is_not_recognized_here() -> None:
    desk = acquired()
    desk.do(statement())
    assert desk.facts(V2023, 1)["recognized_by"] == "CHE"
    desk.registry = buyer("JPN").registry
    outcome = desk.ask(use())
    assert getattr(outcome, "code", None) == RecognitionFault.MISSING


def test_units_are_not_cancelled_for_other_purposes_before_recognition_but_for_none_they_are() -> None:
    source, desk = host(), buyer()
    source.do(oimp_letter(FirstTransferDefinition.ISSUANCE, Purpose.OP))
    source.do(issue())
    parties = (Party("THA"), Party("CHE"))
    desk.do(
        RegisterCooperativeApproach(approach=CA9001, title="Buses", participants=parties, recognition_required=True)
    )
    deliver(source, desk, proposal())

    def cancel(purpose: CancellationPurpose) -> Cancel:
        return Cancel(units=units(V2023, 1, 10), account=BUYER, purpose=purpose)

    refused = desk.ask(cancel(CancellationPurpose.OP))
    assert getattr(refused, "code", None) == RecognitionFault.MISSING
    assert desk.do(cancel(CancellationPurpose.VOLUNTARY)).act is Act.CANCELLED
