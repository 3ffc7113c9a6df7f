"""Which version of a letter governs what: units keep what they were first transferred under (4/CMA.6 para. 7)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from counterfoil.application.commands.acknowledge import RecordAcknowledgement
from counterfoil.application.commands.attest import SetAuthorizationRules
from counterfoil.application.commands.cancel import Cancel, CancellationPurpose
from counterfoil.application.commands.change_authorization import ChangeAuthorization, RevokeAuthorization
from counterfoil.application.commands.complete_authorization import ConfirmQuantity
from counterfoil.application.commands.hold import PlaceHold
from counterfoil.application.commands.reduce_authorization import ReduceAuthorization
from counterfoil.application.commands.shown import ShownFault
from counterfoil.application.commands.use import UseTowardsNdc
from counterfoil.domain.authorizations.acknowledgement import AcknowledgementFault, LaterAuthorization
from counterfoil.domain.authorizations.authorization import AuthorizationFault
from counterfoil.domain.authorizations.coverage import CoverageFault
from counterfoil.domain.authorizations.participation import ParticipationFault
from counterfoil.domain.ledger.availability import UnitsFault
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from tests.domain.commands.desk import TODAY, Case, Desk, after, check_refused, titles, units
from tests.domain.commands.scene import (
    BUSES,
    BUYER,
    DEV,
    LOA,
    V2023,
    authorized_host,
    buyer,
    deliver,
    host,
    issue,
    issuing_host,
    letter,
    offer,
    oimp_letter,
    proposal,
    sold,
)

ISSUANCE = FirstTransferDefinition.ISSUANCE
BOTH = (Purpose.NDC, Purpose.IMP)
TOMORROW, LATER = TODAY + timedelta(days=1), TODAY + timedelta(days=40)


def change(**changes: Any) -> ChangeAuthorization:
    content: dict[str, Any] = {"authorization": LOA, "statement": "s", "reason": "r", **changes}
    return ChangeAuthorization(**content)


def reduce(first: int, last: int) -> ReduceAuthorization:
    return ReduceAuthorization(
        authorization=LOA, units=units(V2023, first, last), account=DEV, statement="s", reason="r"
    )


def revoke(**changes: Any) -> RevokeAuthorization:
    return RevokeAuthorization(**{"authorization": LOA, "statement": "s", "reason": "r", **changes})


def imp(first: int = 1, last: int = 10, **changes: Any) -> Cancel:
    content: dict[str, Any] = {"units": units(V2023, first, last), "account": DEV, **changes}
    return Cancel(purpose=CancellationPurpose.IMP, **content)


def use(first: int = 1, last: int = 10, **changes: Any) -> UseTowardsNdc:
    content: dict[str, Any] = {"units": units(V2023, first, last), "account": BUYER, "year": 2025, **changes}
    return UseTowardsNdc(**content)


def transferring_at_issuance(*purposes: Purpose) -> Desk:
    """THA with units 1 to 100, first transferred by issuance today."""
    desk = host()
    desk.do(oimp_letter(ISSUANCE, *purposes))
    desk.do(issue())
    return desk


def estimate(confirmed: int = 100) -> Desk:
    desk = host()
    desk.do(letter(estimated=True, authorized_quantity=100))
    desk.do(ConfirmQuantity(authorization=LOA, quantity=confirmed, verification="v"))
    desk.do(issue())
    return desk


# The quantity


def test_an_estimate_that_was_reduced_cannot_be_exceeded_by_what_was_confirmed_before() -> None:
    desk = estimate()
    desk.do(reduce(61, 100))
    assert desk.books.record("authorization", LOA)["confirmed_quantity"] == 60
    desk.do(issue())
    desk.do(proposal(last=60))
    too_many = Case("sixty are authorized", CoverageFault.UNCONFIRMED, lambda _: proposal("T-2", first=101, last=101))
    check_refused(too_many, desk)


def test_an_estimate_that_was_lowered_by_a_change_cannot_be_exceeded() -> None:
    desk = estimate()
    desk.do(change(authorized_quantity=50))
    check_refused(Case("fifty", CoverageFault.UNCONFIRMED, lambda _: proposal(last=51)), desk)
    desk.do(proposal(last=50))


def test_an_estimate_recorded_with_more_confirmed_than_authorized_is_bound_by_the_authorized_quantity() -> None:
    desk = estimate()
    for key in (("authorization", LOA), ("authorization_version", "LOA-1@0002")):
        desk.books.records[key] = {**desk.books.record(*key), "authorized_quantity": 60}
    desk.books.commit()
    refusal = check_refused(Case("sixty", CoverageFault.QUANTITY, lambda _: proposal(last=61)), desk)
    assert refusal.facts["authorized"] == 60


def test_a_reduction_is_measured_by_what_was_first_transferred_of_an_estimate() -> None:
    desk = estimate()
    desk.do(proposal(last=70))
    desk.do(issue())
    less = Case("seventy went", AuthorizationFault.CHANGE_TOUCHES_FIRST_TRANSFERRED, lambda _: reduce(101, 140))
    check_refused(less, desk)


# What was first transferred keeps its version


@pytest.mark.parametrize(
    "later",
    [change(valid_to=date(2031, 1, 1)), reduce(101, 105), revoke(), change(authorized_quantity=500)],
    ids=lambda act: type(act).__name__,
)
def test_no_version_after_a_narrowing_takes_first_transferred_units_under_it(later: Any) -> None:
    desk = transferring_at_issuance(*BOTH)
    desk.do(change(only_untransferred=True, purposes=(Purpose.NDC,)))
    desk.today = TOMORROW
    desk.do(issue(quantity=20))
    desk.do(later)
    desk.do(imp())


def test_a_plain_narrowing_spares_what_was_first_transferred_and_says_so() -> None:
    desk = transferring_at_issuance(*BOTH)
    desk.do(change(purposes=(Purpose.NDC,)))
    version = desk.books.record("authorization", LOA)
    assert (version["only_untransferred"], version["effective_on"]) == (True, TOMORROW.isoformat())
    desk.do(imp(), on=LATER)
    desk.do(issue(quantity=20), on=LATER)
    assert desk.facts(V2023, 101).get("first_transferred_on") is None


def test_a_narrowing_still_to_come_takes_nothing_from_units_first_transferred_until_then() -> None:
    desk = host()
    desk.do(oimp_letter(ISSUANCE, *BOTH))
    desk.do(change(effective_on=LATER, purposes=(Purpose.NDC,)))
    desk.do(issue())
    desk.do(imp(), on=LATER)


def test_purposes_that_join_later_do_not_reach_units_first_transferred_for_others() -> None:
    source, target = transferring_at_issuance(Purpose.IMP), buyer()
    source.do(change(purposes=BOTH))
    deliver(source, target, proposal(), on=TOMORROW)
    check_refused(Case("for other purposes", CoverageFault.PURPOSE, lambda _: use(), on=TOMORROW), target)
    source.do(issue(), on=TOMORROW)
    deliver(source, target, proposal("T-2", first=101, last=110), on=TOMORROW)
    target.do(use(101, 110), on=TOMORROW)


def test_what_came_later_still_holds_for_units_that_come_later() -> None:
    desk = transferring_at_issuance(*BOTH)
    desk.do(change(purposes=(Purpose.NDC,)))
    desk.do(issue(quantity=20), on=TOMORROW)
    refused = Case("later units", CoverageFault.PURPOSE, lambda _: imp(101, 110), on=TOMORROW)
    check_refused(refused, desk)


def test_terms_that_a_version_adds_do_not_reach_units_that_stood_under_none() -> None:
    desk = transferring_at_issuance(*BOTH)
    desk.do(change(terms_allow_change_after_first_transfer=True))
    desk.do(change(purposes=(Purpose.NDC,)), on=TOMORROW)
    desk.do(imp(), on=LATER)


def test_terms_that_were_there_before_let_a_version_reach_back() -> None:
    desk = host()
    desk.do(oimp_letter(ISSUANCE, *BOTH, terms_allow_change_after_first_transfer=True))
    desk.do(issue())
    desk.do(change(purposes=(Purpose.NDC,)))
    check_refused(Case("it reaches back", CoverageFault.PURPOSE, lambda _: imp()), desk)


def test_a_narrowing_that_spares_first_transferred_units_stays_sparing_whatever_the_terms_allow() -> None:
    desk = host()
    desk.do(oimp_letter(ISSUANCE, *BOTH, terms_allow_change_after_first_transfer=True))
    desk.do(issue())
    desk.do(change(purposes=(Purpose.NDC,), only_untransferred=True))
    desk.do(change(authorized_quantity=900), on=TOMORROW)
    desk.do(imp(), on=LATER)


def test_abroad_units_keep_their_version_after_two_more_have_arrived() -> None:
    source, target = issuing_host(), buyer()
    deliver(source, target, proposal(last=10))
    source.do(change(last_use_on=date(2026, 4, 20)))
    deliver(source, target, proposal("T-2", first=11, last=20), on=TOMORROW)
    source.do(reduce(90, 100), on=TOMORROW)
    deliver(source, target, proposal("T-3", first=21, last=30), on=TOMORROW)
    target.do(use(last=10), on=LATER)
    check_refused(Case("bought later", CoverageFault.USE_TOO_LATE, lambda _: use(11, 20), on=LATER), target)


def test_abroad_a_copy_never_rewrites_a_version_that_is_known() -> None:
    source, target = sold()
    wider = {**source.books.record("authorization", LOA), "purposes": ["NDC", "IMP"]}
    source.books.records[("authorization", LOA)] = wider
    source.books.commit()
    source.do(proposal("T-2", first=41, last=50))
    check_refused(Case("it differs", ShownFault.LETTER_DIFFERS, lambda _: offer(source, "T-2")), target)
    assert target.books.record("foreign_authorization", f"THA:{LOA}")["purposes"] == ["NDC"]


def test_abroad_a_copy_from_before_versions_were_kept_still_governs_its_units() -> None:
    source, target = sold()
    for key in [key for key in target.books.records.changes() or target.books.records if key[0].endswith("_versions")]:
        target.books.records[key] = None
    target.books.commit()
    source.do(change(last_use_on=date(2026, 4, 20)))
    deliver(source, target, proposal("T-2", first=41, last=50), on=TOMORROW)
    target.do(use(last=10), on=LATER)


# First transfer by a change

JOINING = change(purposes=BOTH, first_transfer_definition=ISSUANCE, oimp_detail="aviation")
BLOCKED = RecordAcknowledgement(
    acknowledgement="A", activity=BUSES, authority="a", statement="s", later=LaterAuthorization.NEVER,
    units=units(V2023, 1, 10),
)  # fmt: skip
PULLING = (
    Case(
        "units are on hold",
        UnitsFault.ON_HOLD,
        after(PlaceHold(hold="H", units=units(V2023, 1, 50), authority="a", reason="r"), then=JOINING),
    ),
    Case(
        "responsibilities are not attested",
        ParticipationFault.UNATTESTED,
        after(SetAuthorizationRules(attestations_required=True, reason="r"), then=JOINING),
    ),
    Case(
        "the new version is about other sectors",
        CoverageFault.SECTOR,
        lambda _: replace(JOINING, sectors=("Waste",)),
    ),
    Case(
        "it would take effect another day",
        AuthorizationFault.CHANGE_NOT_SAME_DAY,
        lambda _: replace(JOINING, effective_on=TOMORROW),
    ),
)


@pytest.mark.parametrize("case", PULLING, ids=titles)
def test_a_change_that_first_transfers_is_refused_when(case: Case) -> None:
    check_refused(case, issuing_host())


def test_a_change_that_first_transfers_asks_the_letters_of_acknowledgement() -> None:
    desk = issuing_host()
    value = {"id": "A", "activity": BUSES, "given_on": "2026-01-01", "authority": "a", "statement": "s",
             "later": "never"}  # fmt: skip
    desk.books.records[("acknowledgement", "A")] = value
    desk.books.records[("acknowledged", BUSES)] = ["A"]
    desk.books.commit()
    check_refused(Case("a letter speaks against it", AcknowledgementFault.OUTSIDE_SCOPE, lambda _: JOINING), desk)


def test_a_change_that_would_first_transfer_later_is_refused_before_anything_is_issued() -> None:
    later = replace(JOINING, effective_on=TOMORROW)
    check_refused(Case("later", AuthorizationFault.CHANGE_NOT_SAME_DAY, lambda _: later), authorized_host())


# Letters of acknowledgement


def test_no_unit_is_born_authorized_in_the_range_of_a_letter_of_acknowledgement() -> None:
    desk = host()
    desk.do(oimp_letter(ISSUANCE))
    desk.do(BLOCKED)
    check_refused(Case("the range", AcknowledgementFault.OUTSIDE_SCOPE, lambda _: issue()), desk)
    desk.do(issue(authorization=None, quantity=10))
    desk.do(issue())
    assert desk.facts(V2023, 11)["first_transferred_on"] == TODAY.isoformat()


def test_what_was_authorized_while_a_letter_left_it_open_stays_authorized_after_its_day() -> None:
    desk = host()
    open_until = replace(BLOCKED, later=LaterAuthorization.UNTIL, day=TOMORROW, units=None)
    desk.do(open_until)
    desk.do(letter(activities=(BUSES,)))
    desk.do(issue())
    desk.do(proposal(), on=LATER)
    desk.do(issue(), on=LATER)
    desk.do(change(valid_to=date(2031, 1, 1)), on=LATER)
    new = letter(authorization="LOA-2", activities=(BUSES,))
    check_refused(Case("given too late", AcknowledgementFault.OUTSIDE_SCOPE, lambda _: new, on=LATER), desk)


# A revocation


def test_a_letter_is_revoked_today_after_a_change_for_untransferred_units() -> None:
    desk = transferring_at_issuance(*BOTH)
    desk.do(change(only_untransferred=True, purposes=(Purpose.NDC,)))
    desk.do(revoke(), on=LATER)
    assert desk.books.record("authorization", LOA)["only_untransferred"] is False


def test_a_revocation_forestalls_a_version_that_is_still_to_come() -> None:
    desk = issuing_host()
    desk.do(change(effective_on=date(2099, 1, 1), vintages=(2024,)))
    desk.do(revoke())
    revoked = desk.books.record("authorization", LOA)
    assert (revoked["version"], revoked["vintages"]) == (3, [2023, 2024])
    check_refused(Case("it is revoked", CoverageFault.REVOKED, lambda _: proposal()), desk)
    check_refused(Case("for ever", CoverageFault.REVOKED, lambda _: proposal(), on=date(2099, 2, 1)), desk)
