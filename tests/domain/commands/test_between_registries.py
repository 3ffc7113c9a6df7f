"""What a registry believes of what a partner shows it, and what it asks again when units go."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counterfoil.application.commands.abroad import AbroadFault
from counterfoil.application.commands.acquire import AcceptTransfer
from counterfoil.application.commands.cancel import Cancel, CancellationPurpose
from counterfoil.application.commands.change_authorization import ChangeAuthorization, RevokeAuthorization
from counterfoil.application.commands.contribute import ContributeToAdaptationFund
from counterfoil.application.commands.offered import AcquireFault
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.register import RegisterCooperativeApproach
from counterfoil.application.commands.shown import ShownFault
from counterfoil.application.commands.use import UseTowardsNdc
from counterfoil.domain.authorizations.agreement import AgreementFault
from counterfoil.domain.authorizations.commitment import CommitmentFault
from counterfoil.domain.authorizations.coverage import CoverageFault
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from tests.domain.commands.desk import Case, Desk, after, check_refused, titles, units
from tests.domain.commands.scene import (
    BUYER,
    CA9001,
    DEV,
    LOA,
    V2023,
    agreement,
    authorized_host,
    buyer,
    deliver,
    host,
    issue,
    issuing_host,
    offer,
    oimp_letter,
    partner,
    proposal,
    records,
    settle,
    sold,
)

BY_USE = FirstTransferDefinition.USE_OR_CANCELLATION
JAPAN = "jpn:buyer"
ONWARD = proposal("T-9", "JPN", last=10, source=BUYER)
EXTRA = {"purposes": ["NDC", "IMP"], "first_transfer_definition": "ISSUANCE", "oimp_detail": "aviation"}
IMP = Cancel(units=units(V2023, 1, 5), account=BUYER, purpose=CancellationPurpose.IMP)
REVOKE = RevokeAuthorization(authorization=LOA, statement="s", reason="r")
ENDED = agreement("CHE", "JPN", in_force_to=date(2026, 3, 1))


def middleman(source: Desk | None = None) -> tuple[Desk, Desk]:
    """CHE with units 1 to 40 from THA itself; JPN with 41 to 60, of which it offers 41 to 45 to CHE as T-10."""
    source = issuing_host() if source is None else source
    target, between = buyer(), buyer("JPN")
    deliver(source, target, proposal())
    deliver(source, between, proposal("T-3", "JPN", first=41, last=60))
    between.do(proposal("T-10", "CHE", first=41, last=45, source=JAPAN))
    return target, between


def shown(between: Desk, letter: Mapping[str, Any] = {}, approach: Mapping[str, Any] = {}) -> AcceptTransfer:
    """JPN's offer with its copies changed."""
    told = offer(between, "T-10")
    return replace(
        told,
        authorizations=tuple({**copy, **letter} for copy in told.authorizations),
        approaches=tuple({**copy, **approach} for copy in told.approaches),
    )


def rewritten(_: Desk) -> AcceptTransfer:
    """The letter that CHE knows from THA, with one more purpose."""
    return shown(middleman()[1], EXTRA)


def wider_version(_: Desk) -> AcceptTransfer:
    return shown(middleman()[1], {**EXTRA, "version": 2})


LETTERS = (
    Case("a copy of a known version says something else", ShownFault.LETTER_DIFFERS, rewritten),
    Case("a later version is wider and the host did not show it", ShownFault.LETTER_WIDENED, wider_version),
)


@pytest.mark.parametrize("case", LETTERS, ids=titles)
def test_an_offer_of_a_middleman_is_refused_when(case: Case) -> None:
    target, _ = middleman()
    check_refused(case, target)


@pytest.mark.parametrize(
    "change",
    [
        {"vintages": [2023, 2024, 2025]},
        {"authorized_parties": ["CHE", "JPN", "NOR"]},
        {"any_party": True},
        {"last_use_on": "2040-12-31"},
        {"terms_allow_change_after_first_transfer": True},
    ],
    ids=str,
)
def test_a_middleman_widens_nothing_in_a_version_that_the_host_did_not_show(change: dict[str, Any]) -> None:
    target, between = middleman()
    case = Case("wider", ShownFault.LETTER_WIDENED, lambda _: shown(between, {**change, "version": 2}))
    check_refused(case, target)


def test_a_middleman_may_show_a_later_version_that_only_narrows() -> None:
    target, between = middleman()
    target.do(shown(between, {"version": 2, "vintages": [2023], "effective_on": "2026-03-31"}))
    assert target.books.record("foreign_authorization", "THA:LOA-1")["version"] == 2


def test_the_host_itself_shows_a_wider_version() -> None:
    source = authorized_host()
    source.do(issue())
    target = buyer()
    deliver(source, target, proposal())
    source.do(
        ChangeAuthorization(authorization=LOA, statement="s", reason="r", vintages=(2021, 2023, 2024)),
        on=date(2026, 4, 1),
    )
    source.today = target.today = date(2026, 4, 2)
    deliver(source, target, proposal("T-2", first=41, last=50))
    assert target.books.record("foreign_authorization", "THA:LOA-1")["vintages"] == [2021, 2023, 2024]


def test_the_host_puts_right_what_a_middleman_showed_first() -> None:
    source, target, between = issuing_host(), buyer(), buyer("JPN")
    deliver(source, between, proposal("T-3", "JPN", first=41, last=60))
    between.do(proposal("T-10", "CHE", first=41, last=45, source=JAPAN))
    target.do(shown(between, EXTRA))
    assert target.books.record("foreign_authorization", "THA:LOA-1")["purposes"] == ["NDC", "IMP"]
    deliver(source, target, proposal())
    assert target.books.record("foreign_authorization", "THA:LOA-1")["purposes"] == ["NDC"]
    assert target.books.record("foreign_authorization_version", "THA:LOA-1@0001")["purposes"] == ["NDC"]
    check_refused(Case("NDC alone", CoverageFault.PURPOSE, lambda _: IMP), target)


def test_only_the_letters_and_approaches_behind_the_units_are_kept() -> None:
    source, target = issuing_host(), buyer()
    source.do(proposal())
    told = offer(source, "T-1")
    assert len(told.approaches) == 2
    target.do(replace(told, authorizations=(*told.authorizations, {**told.authorizations[0], "id": "LOA-2"})))
    assert [value["id"] for value in records(target, "foreign_authorization", "foreign_approach")] == [LOA, CA9001]


def test_a_partners_copy_of_an_approach_does_not_lift_the_agreement() -> None:
    target, between = middleman()
    target.do(shown(between, approach={"agreement_required": False}))
    target.do(ENDED)
    check_refused(Case("no agreement", AgreementFault.NONE_IN_FORCE, lambda _: ONWARD), target)


def test_the_host_too_lifts_no_agreement_that_it_asked_for_before() -> None:
    source, target = sold()
    source.do(proposal("T-2", first=41, last=50))
    told = offer(source, "T-2")
    target.do(replace(told, approaches=tuple({**copy, "agreement_required": False} for copy in told.approaches)))
    target.do(ENDED)
    check_refused(Case("no agreement", AgreementFault.NONE_IN_FORCE, lambda _: ONWARD), target)


@pytest.mark.parametrize("asked", [True, False])
def test_the_registrys_own_record_of_an_approach_decides_whether_an_agreement_is_asked(asked: bool) -> None:
    _, target = sold()
    parties = (Party("THA"), Party("CHE"), Party("JPN"))
    target.do(
        RegisterCooperativeApproach(approach=CA9001, title="Buses", participants=parties, agreement_required=asked)
    )
    target.do(ENDED)
    if asked:
        check_refused(Case("no agreement", AgreementFault.NONE_IN_FORCE, lambda _: ONWARD), target)
    else:
        target.do(ONWARD)


def offered(**copy: Any) -> AcceptTransfer:
    """What THA offers CHE, with its letter changed."""
    source = issuing_host()
    source.do(proposal())
    told = offer(source, "T-1")
    return replace(told, authorizations=tuple({**letter, **copy} for letter in told.authorizations))


ACCEPTING = (
    Case(
        "the agreement with the partner is no more in force",
        AgreementFault.NONE_IN_FORCE,
        after(agreement("CHE", "THA", in_force_to=date(2026, 3, 1)), then=offered()),
    ),
    Case(
        "the letter commits the host to no adjustment",
        CommitmentFault.MISSING,
        lambda _: offered(adjustment_commitment=""),
    ),
)


@pytest.mark.parametrize("case", ACCEPTING, ids=titles)
def test_an_offer_for_ndc_use_is_refused_when(case: Case) -> None:
    check_refused(case, buyer())


def test_no_agreement_is_asked_of_the_acquirer_for_other_purposes_alone_nor_where_the_approach_asks_none() -> None:
    source = host()
    source.do(oimp_letter(BY_USE))
    source.do(issue())
    alone = Desk(buyer().registry)
    alone.do(OpenAccount(account=BUYER, holder="KLIK"))
    alone.do(partner("THA"))
    source.do(proposal())
    alone.do(offer(source, "T-1"))


def test_a_use_is_refused_where_the_letter_commits_the_host_to_no_adjustment() -> None:
    _, target = sold()
    for kind, key in (("foreign_authorization", "THA:LOA-1"), ("foreign_authorization_version", "THA:LOA-1@0001")):
        target.books.records[(kind, key)] = {**target.books.record(kind, key), "adjustment_commitment": ""}
    target.books.commit()
    use = UseTowardsNdc(units=units(V2023, 1, 10), account=BUYER, year=2025)
    check_refused(Case("no commitment", CommitmentFault.MISSING, lambda _: use), target)


def test_what_went_to_the_adaptation_fund_does_not_come_back() -> None:
    desk = issuing_host()
    desk.do(ContributeToAdaptationFund(units=units(V2023, 1, 5), account=DEV))
    deliver(desk, buyer(), proposal(first=11, last=20))
    other = buyer()
    told = offered()
    part = replace(told.parts[0], first=1, last=5, facts=desk.facts(V2023, 1))
    forged = replace(told, transfer=TransferId("X-1"), partner=other.registry.party, parts=(part,), target=DEV)
    check_refused(Case("it is the Fund's", AcquireFault.UNITS_KNOWN, lambda _: forged), desk)


def onward() -> Desk:
    """CHE with an onward transfer of first transferred units to JPN on its way."""
    _, desk = sold()
    desk.do(ONWARD)
    return desk


def in_flight(*purposes: Purpose, definition: FirstTransferDefinition = BY_USE) -> Desk:
    """THA with units under a letter for other purposes (and NDC use, if named) on their way to CHE."""
    desk = host()
    desk.do(oimp_letter(definition, *purposes))
    desk.do(issue())
    desk.do(proposal())
    return desk


def change(*purposes: Purpose) -> ChangeAuthorization:
    return ChangeAuthorization(authorization=LOA, statement="s", reason="r", purposes=purposes)


APRIL = date(2026, 4, 5)
ON_THE_WAY = (
    (
        onward(),
        Case("the agreement ended, of a later move", AgreementFault.NONE_IN_FORCE, after(ENDED, then=settle("T-9"))),
    ),
    (
        in_flight(Purpose.IMP),
        Case("the letter was revoked, of no first transfer", CoverageFault.REVOKED, after(REVOKE, then=settle("T-1"))),
    ),
    (
        in_flight(Purpose.NDC, Purpose.IMP),
        Case(
            "NDC use was dropped, so that it is no first transfer any more",
            AbroadFault.CHANGED_ON_THE_WAY,
            after(change(Purpose.IMP), then=settle("T-1")),
            on=APRIL,
        ),
    ),
    (
        in_flight(Purpose.IMP),
        Case(
            "NDC use was added, so that it would be the first transfer",
            AbroadFault.CHANGED_ON_THE_WAY,
            after(change(Purpose.NDC, Purpose.IMP), then=settle("T-1")),
            on=APRIL,
        ),
    ),
)


@pytest.mark.parametrize(("desk", "case"), ON_THE_WAY, ids=lambda value: value.why if isinstance(value, Case) else "")
def test_a_transfer_is_not_made_final_when_on_the_way(desk: Desk, case: Case) -> None:
    check_refused(case, desk)


def test_a_transfer_that_nothing_changed_is_made_final() -> None:
    for desk, transfer in (
        (onward(), "T-9"),
        (in_flight(Purpose.IMP), "T-1"),
        (in_flight(Purpose.NDC, Purpose.IMP), "T-1"),
    ):
        desk.do(settle(transfer))


def test_what_comes_home_brings_no_record_of_this_partys_own_letter_or_approach() -> None:
    source, target = sold()
    target.do(proposal("T-2", "THA", source=BUYER, target=DEV))
    told = offer(target, "T-2")
    source.do(replace(told, approaches=tuple({**copy, "agreement_required": False} for copy in told.approaches)))
    assert records(source, "foreign_authorization", "foreign_approach") == ()
