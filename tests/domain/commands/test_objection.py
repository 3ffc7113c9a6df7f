"""Objections bar what they are about until they are answered or taken back."""

from datetime import date
from typing import Any

import pytest

from counterfoil.application.command import stored
from counterfoil.application.commands.end_transfer import VoidTransfer
from counterfoil.application.commands.objection import RecordObjection, RespondToObjection
from counterfoil.application.commands.transfer import Transfer
from counterfoil.domain.authorizations.objection import (
    OBJECTION,
    OPEN_MAX,
    STEPS_MAX,
    TEXT_MAX,
    About,
    Objection,
    ObjectionFault,
    StepKind,
)
from counterfoil.domain.kernel.ids import TransferId
from tests.domain.commands.desk import TODAY, Case, after, check_refused, titles, units
from tests.domain.commands.scene import BUSES, DEV, LOA, SHOP, V2023, issue, issuing_host, proposal, settle

DUE = date(2026, 4, 30)
TARGETS = ((About.TRANSFER, "T-1"), (About.AUTHORIZATION, str(LOA)), (About.ACTIVITY, str(BUSES)))


def objection(**changes: Any) -> RecordObjection:
    content: dict[str, Any] = {
        "objection": "O-1",
        "kind": About.ACTIVITY,
        "about": BUSES,
        "party": "CHE",
        "reason": "the period is another one",
        "answer_by": DUE,
    }
    return RecordObjection(**{**content, **changes})


def step(kind: StepKind = StepKind.ANSWER, **changes: Any) -> RespondToObjection:
    return RespondToObjection(**{"objection": "O-1", "step": kind, "by": "THA", "text": "it was corrected", **changes})


MANY = [objection(objection=f"O-{number}") for number in range(2, OPEN_MAX + 2)]
NOTES = [step(StepKind.MEDIATION)] * STEPS_MAX
VOID = VoidTransfer(transfer=TransferId("T-1"), reason="mistake")
TO_TRANSFER = objection(kind=About.TRANSFER, about="T-1")

REFUSALS = (
    Case("its id is no name", ObjectionFault.ID_UNREADABLE, lambda _: objection(objection="O 1")),
    Case("nobody objects", ObjectionFault.TEXT_UNCLEAR, lambda _: objection(party=" ")),
    Case("its reason is a book", ObjectionFault.TEXT_UNCLEAR, lambda _: objection(reason="x" * (TEXT_MAX + 1))),
    Case("its day is over", ObjectionFault.DEADLINE_PAST, lambda _: objection(answer_by=date(2026, 3, 30))),
    Case("it was recorded", ObjectionFault.ALREADY_RECORDED, after(objection(), then=objection())),
    Case("its activity is unknown", ObjectionFault.ABOUT_UNKNOWN, lambda _: objection(about="X")),
    Case("its letter is unknown", ObjectionFault.ABOUT_UNKNOWN, lambda _: objection(kind=About.AUTHORIZATION)),
    Case("its transfer is unknown", ObjectionFault.ABOUT_UNKNOWN, lambda _: TO_TRANSFER),
    Case("its transfer is void", ObjectionFault.TOO_LATE, after(proposal(), VOID, then=TO_TRANSFER)),
    Case("its transfer is final", ObjectionFault.TOO_LATE, after(proposal(), settle("T-1"), then=TO_TRANSFER)),
    Case(
        "its report is unknown", ObjectionFault.ABOUT_UNKNOWN, lambda _: objection(kind=About.VERIFICATION, about="X")
    ),
    Case(
        "all of its report is issued",
        ObjectionFault.TOO_LATE,
        after(
            issue(quantity=500), issue(vintage=2024, quantity=400), then=objection(kind=About.VERIFICATION, about="V-1")
        ),
    ),
    Case(
        "it stands, and units are issued on the report",
        ObjectionFault.STANDS,
        after(objection(kind=About.VERIFICATION, about="V-1"), then=issue()),
    ),
    Case("too many stand", ObjectionFault.TOO_MANY, after(*MANY, then=objection())),
    Case("there is none to answer", ObjectionFault.UNKNOWN, lambda _: step()),
    Case("it was answered", ObjectionFault.CLOSED, after(objection(), step(), then=step(StepKind.WITHDRAWAL))),
    Case("the answer is empty", ObjectionFault.TEXT_UNCLEAR, after(objection(), then=step(text=""))),
    Case("mediation has no end", ObjectionFault.TOO_MANY, after(objection(), *NOTES, then=step(StepKind.MEDIATION))),
    Case("it stands, and the units are proposed", ObjectionFault.STANDS, after(objection(), then=proposal())),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_an_objection_or_what_it_bars_is_refused_when(case: Case) -> None:
    check_refused(case, issuing_host())


@pytest.mark.parametrize(("kind", "about"), TARGETS)
def test_units_in_flight_are_not_settled_while_an_objection_stands(kind: About, about: str) -> None:
    desk = issuing_host()
    desk.do(proposal())
    desk.do(objection(kind=kind, about=about))
    desk.do(step(StepKind.MEDIATION))
    for day in (TODAY, date(2026, 12, 31)):
        refusal = check_refused(Case("it stands", ObjectionFault.STANDS, lambda _: settle("T-1"), on=day), desk)
    assert (refusal.facts["party"], refusal.facts["about"]) == ("CHE", f"{kind}:{about}")
    desk.do(step())
    desk.do(settle("T-1"))


def test_each_of_several_objections_must_end() -> None:
    desk = issuing_host()
    desk.do(objection())
    desk.do(objection(objection="O-2", kind=About.AUTHORIZATION, about=LOA))
    desk.do(step())
    check_refused(Case("one stands", ObjectionFault.STANDS, lambda _: proposal()), desk)
    desk.do(step(StepKind.WITHDRAWAL, objection="O-2"))
    desk.do(proposal())


def test_an_objection_leaves_transfers_at_home_and_taking_back_alone() -> None:
    desk = issuing_host()
    desk.do(proposal())
    desk.do(TO_TRANSFER)
    desk.do(Transfer(units=units(V2023, 90, 95), source=DEV, target=SHOP))
    desk.do(proposal("T-2", first=50, last=60))
    desk.do(VOID)


def test_an_open_objection_is_overdue_after_its_day() -> None:
    desk = issuing_host()
    desk.do(objection())
    known = stored(desk.books, OBJECTION, "O-1", Objection)
    assert known is not None
    assert (known.overdue(DUE), known.overdue(date(2026, 5, 1))) == (False, True)
    desk.do(step())
    answered = stored(desk.books, OBJECTION, "O-1", Objection)
    assert answered is not None
    assert (answered.closed_on, answered.overdue(date(2026, 5, 1))) == (TODAY, False)


def test_an_answered_objection_to_a_report_lets_units_be_issued_again() -> None:
    desk = issuing_host()
    desk.do(objection(kind=About.VERIFICATION, about="V-1"))
    desk.do(step())
    desk.do(issue())
    assert desk.held(V2023) == [("1..100", DEV), ("101..200", DEV)]
