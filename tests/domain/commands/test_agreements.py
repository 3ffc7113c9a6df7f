"""What must stand between two Parties before a transfer for NDC use: an agreement in force, two letters if asked."""

from datetime import date
from typing import Any

import pytest

from counterfoil.application.commands.issue import AuthorizeUnits
from counterfoil.application.commands.record_agreement import RecordUsingAuthorization
from counterfoil.application.commands.register import RegisterCooperativeApproach
from counterfoil.domain.activities.activity import CooperativeApproach
from counterfoil.domain.authorizations.agreement import AgreementFault, AgreementKind
from counterfoil.domain.authorizations.using_party import UsingPartyFault
from counterfoil.domain.kernel.ids import CooperativeApproachId, NamingFault, Party
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.units.purpose import FirstTransferDefinition
from tests.domain.commands.desk import TODAY, Case, Desk, after, check_refused, titles, units
from tests.domain.commands.scene import (
    BUYER,
    DEV,
    LOA,
    PARK,
    activity,
    agreement,
    buyer,
    deliver,
    host,
    issue,
    issuing_host,
    letter,
    oimp_letter,
    partner,
    proposal,
    report,
    settle,
    statement,
)
from tests.domain.commands.test_use import use

CA9003 = CooperativeApproachId("CA9003")
OF_PARK = "CA9003-THA01-THA-#-2023"
MOU = AgreementKind.MEMORANDUM


def approach(**changes: Any) -> RegisterCooperativeApproach:
    content: dict[str, Any] = {"approach": CA9003, "title": "Parks", "participants": ("THA", "CHE", "NOR"), **changes}
    return RegisterCooperativeApproach(**content)


def parks(*, verified: int = 100, **changes: Any) -> Desk:
    """THA with one hundred authorized units of an approach with NOR, and no agreement with NOR."""
    desk = host()
    desk.do(approach(**changes))
    desk.do(partner("NOR"))
    desk.do(activity(PARK, cooperative_approach=CA9003))
    desk.do(report("M-2", PARK, (2023, verified)))
    desk.do(statement("V-2", "M-2", (2023, verified)))
    desk.do(letter(cooperative_approach=CA9003, any_party=True))
    desk.do(issue(activity=PARK, verification="V-2"))
    return desk


def to_norway(**changes: Any) -> Any:
    return proposal("T-9", "NOR", of=OF_PARK, **changes)


def with_norway(**changes: Any) -> Any:
    return agreement("THA", "NOR", **changes)


def their_letter(**changes: Any) -> RecordUsingAuthorization:
    content: dict[str, Any] = {
        "party": Party("NOR"),
        "cooperative_approach": CA9003,
        "reference": "2026/14",
        "valid_from": date(2026, 1, 1),
    }
    return RecordUsingAuthorization(**{**content, **changes})


RECORDING = (
    Case("it has one Party", AgreementFault.PARTIES_UNREADABLE, lambda _: with_norway(parties=("THA", "THA"))),
    Case("a Party has two letters", AgreementFault.PARTIES_UNREADABLE, lambda _: with_norway(parties=("THA", "NO"))),
    Case(
        "it has 33 Parties",
        AgreementFault.PARTIES_UNREADABLE,
        lambda _: with_norway(parties=tuple(f"AA{chr(65 + n % 26)}" for n in range(33))),
    ),
    Case("it has no name", NamingFault.KEY_UNFIT, lambda _: with_norway(agreement="")),
    *(
        Case(f"a {kind.value} permits", AgreementFault.KIND_PERMITS_NO_TRANSFER, after(then=with_norway(kind=kind)))
        for kind in (MOU, AgreementKind.JOINT_STATEMENT, AgreementKind.PURCHASE_AGREEMENT)
    ),
    Case("no article permits", AgreementFault.PROVISION_MISSING, lambda _: with_norway(provision="")),
    Case(
        "it ends before it begins",
        AgreementFault.PERIOD_BACKWARDS,
        lambda _: with_norway(in_force_to=date(2020, 12, 31)),
    ),
    Case(
        "it ends and never began",
        AgreementFault.PERIOD_BACKWARDS,
        lambda _: with_norway(in_force_from=None, in_force_to=date(2030, 12, 31)),
    ),
    Case(
        "it becomes another agreement",
        AgreementFault.IDENTITY_DIFFERS,
        after(with_norway(), then=with_norway(kind=AgreementKind.JCM_MEMORANDUM)),
    ),
)

MOVING = (
    Case("there is none", AgreementFault.NONE_IN_FORCE, lambda _: to_norway()),
    Case(
        "there is a memorandum alone",
        AgreementFault.NONE_IN_FORCE,
        after(with_norway(kind=MOU, permits_transfer=False, provision=""), then=to_norway()),
    ),
    Case(
        "it was signed and is not in force",
        AgreementFault.NONE_IN_FORCE,
        after(with_norway(in_force_from=None, signed_on=date(2025, 1, 1)), then=to_norway()),
    ),
    Case(
        "it enters into force tomorrow",
        AgreementFault.NONE_IN_FORCE,
        after(with_norway(in_force_from=date(2026, 4, 1)), then=to_norway()),
    ),
    Case(
        "it ended yesterday",
        AgreementFault.NONE_IN_FORCE,
        after(with_norway(in_force_to=date(2026, 3, 30)), then=to_norway()),
    ),
    Case(
        "it is about another approach",
        AgreementFault.NONE_IN_FORCE,
        after(with_norway(approaches=("CA9001",)), then=to_norway()),
    ),
    Case(
        "it is with another Party",
        AgreementFault.NONE_IN_FORCE,
        after(agreement("CHE", "NOR"), then=to_norway()),
    ),
    Case(
        "it ended on the way",
        AgreementFault.NONE_IN_FORCE,
        after(
            with_norway(), to_norway(), with_norway(in_force_to=date(2026, 3, 30)), then=settle("T-9")
        ),
    ),
)  # fmt: skip

USING = (
    Case("its letter is not recorded", UsingPartyFault.NOT_AUTHORIZED, lambda _: to_norway()),
    Case(
        "its letter begins tomorrow",
        UsingPartyFault.NOT_AUTHORIZED,
        after(their_letter(valid_from=date(2026, 4, 1)), then=to_norway()),
    ),
    Case(
        "its letter has ended",
        UsingPartyFault.NOT_AUTHORIZED,
        after(their_letter(valid_to=date(2026, 3, 30)), then=to_norway()),
    ),
    Case(
        "its letter is about another of the host's",
        UsingPartyFault.NOT_AUTHORIZED,
        after(their_letter(authorizations=("LOA-2",)), then=to_norway()),
    ),
    Case("its letter has no reference", UsingPartyFault.REFERENCE_MISSING, lambda _: their_letter(reference="")),
    Case("it takes no part", UsingPartyFault.NOT_PARTICIPATING, lambda _: their_letter(party="JPN")),
    Case(
        "the approach is unknown",
        UsingPartyFault.NOT_PARTICIPATING,
        lambda _: their_letter(cooperative_approach="CA9009"),
    ),
    Case(
        "its letter ends before it begins",
        UsingPartyFault.PERIOD_BACKWARDS,
        lambda _: their_letter(valid_to=date(2025, 12, 31)),
    ),
)


@pytest.mark.parametrize("case", RECORDING, ids=titles)
def test_an_agreement_is_not_recorded_when(case: Case) -> None:
    check_refused(case, host())


@pytest.mark.parametrize("case", MOVING, ids=titles)
def test_a_transfer_for_ndc_use_is_refused_when_of_agreements(case: Case) -> None:
    check_refused(case, parks())


@pytest.mark.parametrize("case", USING, ids=titles)
def test_where_the_using_party_must_authorize_too_it_is_refused_when(case: Case) -> None:
    check_refused(case, parks(using_party_authorization=True, agreement_required=False))


def test_an_agreement_in_force_on_its_first_and_last_day_lets_units_pass() -> None:
    desk = parks()
    desk.do(with_norway(in_force_from=TODAY, in_force_to=TODAY))
    desk.do(to_norway())


def test_a_recorded_agreement_is_brought_up_to_date_when_it_enters_into_force() -> None:
    desk = parks()
    desk.do(with_norway(in_force_from=None))
    desk.do(with_norway(in_force_from=TODAY))
    assert desk.books.record("agreements_with", "NOR") == ["IA-THA-NOR"]
    desk.do(to_norway())


def test_the_refusal_names_the_agreements_that_are_not_enough() -> None:
    desk = parks()
    desk.do(with_norway(kind=MOU, permits_transfer=False, provision=""))
    refusal = check_refused(Case("a memorandum", AgreementFault.NONE_IN_FORCE, lambda _: to_norway()), desk)
    assert refusal.facts["known"] == "IA-THA-NOR (memorandum_of_understanding)"


def test_no_agreement_is_asked_where_the_approach_says_so_nor_in_the_mechanism() -> None:
    parks(agreement_required=False).do(to_norway())
    desk = host()
    entry = desk.do(approach(approach=CooperativeApproachId("CA0001")))
    assert entry.records[0].value["agreement_required"] is False  # type: ignore[call-overload,index]


def test_no_agreement_is_asked_for_other_purposes_alone_nor_on_the_way_home() -> None:
    desk = parks(verified=150)
    desk.do(issue(activity=PARK, verification="V-2", quantity=50, authorization=None))
    desk.do(
        oimp_letter(FirstTransferDefinition.USE_OR_CANCELLATION, authorization="LOA-2", cooperative_approach=CA9003,
                    any_party=True)
    )  # fmt: skip
    desk.do(AuthorizeUnits(units=units(OF_PARK, 101, 150), account=DEV, authorization="LOA-2"))
    desk.do(to_norway(first=101, last=150))
    home, other = issuing_host(), buyer()
    deliver(home, other, proposal())
    other.books.records[("agreements_with", "THA")] = None
    other.books.commit()
    deliver(other, home, proposal("T-2", "THA", source=BUYER, target=DEV))


def test_the_using_party_uses_only_with_its_own_letter_where_the_approach_asks() -> None:
    source, target = issuing_host(), buyer()
    record = source.books.record("approach", "CA9001")
    source.books.records[("approach", "CA9001")] = {**record, "using_party_authorization": True}
    source.books.commit()
    source.do(their_letter(party=Party("CHE"), cooperative_approach=CooperativeApproachId("CA9001")))
    deliver(source, target, proposal())
    check_refused(Case("CHE has no letter", UsingPartyFault.NOT_AUTHORIZED, lambda _: use()), target)
    target.do(their_letter(party=Party("CHE"), cooperative_approach=CooperativeApproachId("CA9001")))
    target.do(use())


def test_a_party_has_several_letters_in_one_approach_and_each_reference_is_replaced_by_itself() -> None:
    desk = parks(using_party_authorization=True)
    desk.do(with_norway())
    desk.do(their_letter(reference="2026/14", authorizations=(LOA,)))
    desk.do(their_letter(reference="2026/15", authorizations=("LOA-2",)))
    desk.do(to_norway(last=10))
    desk.do(their_letter(reference="2026/14", authorizations=("LOA-3",)))
    more = proposal("T-8", "NOR", 11, 20, of=OF_PARK)
    check_refused(Case("neither speaks of it", UsingPartyFault.NOT_AUTHORIZED, lambda _: more), desk)
    desk.do(their_letter(reference="2026/16", authorizations=(LOA,)))
    desk.do(more)


TOO_MANY = Case(
    "it has a hundred already",
    UsingPartyFault.TOO_MANY,
    after(*(their_letter(reference=f"2026/{n}") for n in range(100)), then=their_letter(reference="2026/100")),
)


def test_a_hundred_letters_of_a_party_in_one_approach_are_kept() -> None:
    desk = parks(using_party_authorization=True)
    check_refused(TOO_MANY, desk)
    desk.do(their_letter(reference="2026/99"))


def test_an_approach_recorded_before_agreements_were_asked_goes_on_without() -> None:
    old = {"id": "CA9001", "title": "Buses", "participants": ["THA", "CHE"], "first_transfer_definition": None,
           "first_transfer_on_any_cross_party_move": False}  # fmt: skip
    assert from_json(CooperativeApproach, old).agreement_required is False
    desk = issuing_host()
    desk.books.records[("approach", "CA9001")] = {**old, "participants": ["THA", "CHE", "JPN"]}
    desk.books.records[("agreements_with", "CHE")] = None
    desk.books.commit()
    desk.do(proposal())
    assert desk.books.record("authorization", LOA)["id"] == LOA


REFUSALS = (*RECORDING, *MOVING, *USING)
