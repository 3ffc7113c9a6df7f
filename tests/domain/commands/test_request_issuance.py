"""Asking for an issuance, what becomes of the request, and that no tonne is asked for twice."""

from typing import Any

import pytest

from counterfoil.application.commands.correct import Correct
from counterfoil.application.commands.issue import IssueFault
from counterfoil.application.commands.request_issuance import EndIssuanceRequest, RequestIssuance
from counterfoil.domain.activities.activity import ActivityFault
from counterfoil.domain.kernel.ids import ActivityId, NamingFault
from counterfoil.domain.ledger.account import AccountFault
from counterfoil.domain.mrv.issuance_request import OPEN_MAX, RequestFault
from counterfoil.domain.mrv.verification import VerificationFault
from tests.domain.commands.desk import Case, Desk, after, check_refused, titles
from tests.domain.commands.scene import BUSES, DEV, LOA, STOVES, authorized_host, issue


def asked(name: str = "R-1", **changes: Any) -> RequestIssuance:
    said = {"activity": BUSES, "verification": "V-1", "vintage": 2023, "quantity": 400, "account": DEV}
    return RequestIssuance(request=name, **{**said, "authorization": LOA, **changes})


def ended(name: str = "R-1", reason: str = "With the next report") -> EndIssuanceRequest:
    return EndIssuanceRequest(request=name, reason=reason)


def many(desk: Desk) -> RequestIssuance:
    for number in range(OPEN_MAX):
        desk.do(asked(f"R-{number}", quantity=1))
    return asked("R-999", quantity=1)


REFUSALS = (
    Case("it has no name", NamingFault.KEY_UNFIT, lambda _: asked("")),
    Case("nothing is asked for", IssueFault.QUANTITY_NOT_POSITIVE, lambda _: asked(quantity=0)),
    Case("the note is a book", RequestFault.TEXT_UNCLEAR, lambda _: asked(note="x" * 501)),
    Case("the name is taken", RequestFault.ALREADY_MADE, after(asked(quantity=1), then=asked(quantity=2))),
    Case("the activity is unknown", ActivityFault.UNKNOWN, lambda _: asked(activity=ActivityId("NONE"))),
    Case("the verification is unknown", VerificationFault.UNKNOWN, lambda _: asked(verification="V-9")),
    Case("it is another activity's", VerificationFault.ACTIVITY_DIFFERS, lambda _: asked(activity=STOVES)),
    Case("the vintage was not verified", VerificationFault.VINTAGE_NOT_VERIFIED, lambda _: asked(vintage=2022)),
    Case("it is more than verified", VerificationFault.QUANTITY_EXCEEDED, lambda _: asked(quantity=601)),
    Case(
        "it is more than was left by an issuance",
        VerificationFault.QUANTITY_EXCEEDED,
        after(issue(quantity=300), then=asked(quantity=301)),
    ),
    Case(
        "it is asked for already",
        RequestFault.ASKED_ALREADY,
        after(asked(quantity=400), then=asked("R-2", quantity=201)),
    ),
    Case("too many requests wait", RequestFault.TOO_MANY, many),
    Case("the account is not open", AccountFault.UNKNOWN, lambda _: asked(account="tha:nobody")),
    Case("the request to end is unknown", RequestFault.UNKNOWN, lambda _: ended("R-9")),
    Case("it ended before", RequestFault.NOT_OPEN, after(asked(), ended(), then=ended())),
    Case("no reason is given", RequestFault.TEXT_UNCLEAR, after(asked(), then=ended(reason=" "))),
    Case("an issuance names no request", RequestFault.UNKNOWN, lambda _: issue(request="R-9")),
    Case(
        "an issuance is above the request",
        RequestFault.DIFFERS,
        after(asked(quantity=10), then=issue(quantity=11, request="R-1")),
    ),
    Case(
        "a request is answered once",
        RequestFault.NOT_OPEN,
        after(asked(quantity=10), issue(quantity=5, request="R-1"), then=issue(quantity=5, request="R-1")),
    ),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_request_is_refused_when(case: Case) -> None:
    check_refused(case, authorized_host())


def test_a_request_waits_until_it_is_issued_on() -> None:
    desk = authorized_host()
    desk.do(asked(quantity=400))
    desk.do(asked("R-2", quantity=200))
    assert desk.books.record("open_issuance_requests", "V-1") == ["R-1", "R-2"]
    desk.do(issue(quantity=350, request="R-1"))
    said = desk.books.record("issuance_request", "R-1")
    assert (said["state"], said["issued"], said["quantity"]) == ("issued", 350, 400)
    assert desk.books.record("open_issuance_requests", "V-1") == ["R-2"]
    desk.do(asked("R-3", quantity=50))


def test_what_a_request_asked_for_may_be_asked_for_again_after_it_ended() -> None:
    desk = authorized_host()
    desk.do(asked(quantity=600))
    desk.do(ended())
    assert desk.books.record("issuance_request", "R-1")["reason"] == "With the next report"
    desk.do(asked("R-2", quantity=600))


def test_a_request_says_that_its_issuance_was_corrected_and_does_not_wait_again() -> None:
    desk = authorized_host()
    desk.do(asked(quantity=600))
    desk.do(issue(quantity=350, request="R-1"))
    issued = len(desk.journal) - 1
    desk.do(Correct(entry=issued, authority="DCCE", reason="Verified for another year"))
    said = desk.books.record("issuance_request", "R-1")
    assert (said["state"], said["reason"], said["issuance_entry"]) == ("corrected", "Verified for another year", issued)
    assert (said["issued"], said["quantity"]) == (350, 600)
    assert desk.books.record("open_issuance_requests", "V-1") == []
    desk.do(asked("R-2", quantity=600))


def test_a_correction_of_an_issuance_without_a_request_touches_none() -> None:
    desk = authorized_host()
    desk.do(asked(quantity=100))
    desk.do(issue(quantity=100))
    desk.do(Correct(entry=len(desk.journal) - 1, authority="DCCE", reason="Verified for another year"))
    assert desk.books.record("issuance_request", "R-1")["state"] == "open"


def test_an_issuance_without_a_request_leaves_requests_as_they_are() -> None:
    desk = authorized_host()
    desk.do(asked(quantity=100))
    desk.do(issue(quantity=100))
    assert desk.books.record("open_issuance_requests", "V-1") == ["R-1"]
