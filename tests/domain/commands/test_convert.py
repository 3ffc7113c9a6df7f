"""Conversions, re-issues of what another registry cancelled, labels, listings and the division of proceeds."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counterfoil.application.commands.convert import Convert, ConvertFault, scheme_of
from counterfoil.application.commands.distribute import Distribute, DistributeFault
from counterfoil.application.commands.issue import Issue, IssueFault
from counterfoil.application.commands.joint_issuance import JOINT_ISSUANCE
from counterfoil.application.commands.list_units import ListingFault, ListUnits
from counterfoil.application.commands.reissue import (
    RANGES_MAX,
    ForeignSerials,
    LabelFault,
    LabelUnits,
    Reissue,
    ReissueFault,
)
from counterfoil.application.commands.suspend_activity import ResumeActivity, SuspendActivity
from counterfoil.domain.activities.activity import ActivityFault
from counterfoil.domain.activities.life import LifeFault
from counterfoil.domain.kernel.ids import NamingFault
from counterfoil.domain.ledger.account import AccountFault
from counterfoil.domain.ledger.entry import Act, Entry, Record
from counterfoil.domain.policy.basis import Text
from counterfoil.domain.policy.law import Law
from counterfoil.domain.units.identifier import IdentifierFault
from counterfoil.domain.units.purpose import FirstTransferDefinition
from counterfoil.domain.units.unit_type import UnitType
from tests.domain.commands.desk import Case, Desk, after, check_refused, titles, units
from tests.domain.commands.scene import (
    BUSES,
    DEV,
    LOA,
    SHOP,
    STOVES,
    V2023,
    host,
    issue,
    letter,
    oimp_letter,
    report,
    statement,
)

TVER = "THA01-T_VER-#-2023"
PREMIUM = "THA01-PREMIUM-#-2023"
GS = ForeignSerials("Gold Standard", "GS-TH-", 1, 100)
PROOF = "ab" * 32
SOME_LAW = Law("tha", "1.0.0", "jurisdiction", "THA", Text("Thailand", "泰國"))


def lawful_host() -> Desk:
    """A host that has adopted some pack, with one hundred T-VER of a domestic scheme at the developer."""
    desk = replace(host(), law=SOME_LAW)
    desk.do(issue(unit_type=UnitType.DOMESTIC, scheme="T_VER", authorization=None))
    return desk


def convert(**changes: Any) -> Convert:
    content: dict[str, Any] = {
        "units": units(TVER, 1, 60),
        "account": DEV,
        "from_type": "T-VER",
        "to_type": "PREMIUM",
    }
    return Convert(**{**content, **changes})


def reissue(**changes: Any) -> Reissue:
    content: dict[str, Any] = {
        "activity": BUSES,
        "source": GS,
        "from_type": "GS-VER",
        "to_type": "T-VER",
        "vintage": 2023,
        "account": DEV,
        "proof": PROOF,
        "cancelled_on": date(2026, 3, 1),
        "accepted_by": "DNA",
    }
    return Reissue(**{**content, **changes})


def label(**changes: Any) -> LabelUnits:
    content: dict[str, Any] = {
        "label": "L-1",
        "activity": BUSES,
        "source": GS,
        "from_type": "GS-VER",
        "to_type": "LABELLED",
    }
    return LabelUnits(**{**content, **changes})


def listing(**changes: Any) -> ListUnits:
    content: dict[str, Any] = {"listing": "X-1", "exchange": "FTIX", "account": DEV, "units": units(TVER, 1, 10)}
    return ListUnits(**{**content, **changes})


def division(**changes: Any) -> Distribute:
    content: dict[str, Any] = {
        "distribution": "S-1",
        "activity": BUSES,
        "proceeds": 1_000,
        "currency": "THB",
        "received_on": date(2026, 3, 1),
    }
    return Distribute(**{**content, **changes})


def serials(first: int, last: int) -> ForeignSerials:
    return replace(GS, first=first, last=last)


CONVERSIONS = (
    Case("the law gives types that are the same", ConvertFault.SAME_TYPE, lambda _: convert(to_type="T-VER")),
    Case("a type has no name", NamingFault.KEY_UNFIT, lambda _: convert(to_type="")),
    Case("a type fits into no identifier", IdentifierFault.UNREADABLE, lambda _: convert(to_type="X" * 21)),
    Case("the units are of another type", ConvertFault.OTHER_TYPE, lambda _: convert(from_type="VCU")),
    Case("nothing is to be received", ConvertFault.RECEIVED_NOT_POSITIVE, lambda _: convert(received=0)),
    Case("the target is not open", AccountFault.UNKNOWN, lambda _: convert(target="tha:nobody")),
    Case(
        "the units are authorized",
        ConvertFault.AUTHORIZED_UNITS,
        after(letter(), issue(), then=convert(units=units(V2023, 1, 10), from_type="ITMO")),
    ),
    Case(
        "the units were first transferred",
        ConvertFault.FIRST_TRANSFERRED,
        after(
            oimp_letter(FirstTransferDefinition.ISSUANCE),
            issue(),
            then=convert(units=units(V2023, 1, 10), from_type="ITMO"),
        ),
    ),
    Case(
        "the units are of two activities",
        ConvertFault.MIXED_ACTIVITIES,
        after(
            report("M-S", STOVES, (2023, 50)),
            statement("V-S", "M-S", (2023, 50)),
            issue(
                activity=STOVES,
                verification="V-S",
                quantity=50,
                unit_type=UnitType.DOMESTIC,
                scheme="T_VER",
                authorization=None,
            ),
            then=convert(units=units(TVER, 91, 110)),
        ),
    ),
)
REISSUES = (
    Case("the series has a bar", ReissueFault.SERIES_UNREADABLE, lambda _: reissue(source=replace(GS, prefix="A|"))),
    Case("the proof is no digest", ReissueFault.PROOF_UNREADABLE, lambda _: reissue(proof="yes")),
    Case("they were cancelled later", ReissueFault.CANCELLED_LATER, lambda _: reissue(cancelled_on=date(2026, 4, 1))),
    Case("nothing is to be issued", ReissueFault.RECEIVED_NOT_POSITIVE, lambda _: reissue(received=0)),
    Case("the activity is unknown", ActivityFault.UNKNOWN, lambda _: reissue(activity="NONE")),
    Case(
        "one serial stands here",
        ReissueFault.ALREADY_REISSUED,
        after(reissue(), then=reissue(source=serials(100, 120))),
    ),
)
LABELS = (
    Case("the label was given", LabelFault.ALREADY_LABELLED, after(label(), then=label())),
    Case("the activity is unknown", ActivityFault.UNKNOWN, lambda _: label(activity="NONE")),
    Case("no such label is listed", LabelFault.UNKNOWN, lambda _: listing(units=None, label="L-9")),
)
LISTINGS = (
    Case("the name is taken", ListingFault.NAME_TAKEN, after(listing(), then=listing())),
    Case("a unit is listed", ListingFault.ALREADY_LISTED, after(listing(), then=listing(listing="X-2"))),
)
DIVISIONS = (
    Case("it was divided before", DistributeFault.ALREADY_RECORDED, after(division(), then=division())),
    Case("there is nothing", DistributeFault.AMOUNT_UNREADABLE, lambda _: division(proceeds=0)),
    Case("the currency is no code", DistributeFault.AMOUNT_UNREADABLE, lambda _: division(currency="baht")),
    Case("the activity is unknown", ActivityFault.UNKNOWN, lambda _: division(activity="NONE")),
)
WITHOUT_LAW = (
    Case("there is no law to convert", ConvertFault.NO_LAW, lambda _: convert()),
    Case("there is no law to issue again", ConvertFault.NO_LAW, lambda _: reissue()),
    Case("there is no law to label", ConvertFault.NO_LAW, lambda _: label()),
    Case("there is no law to list", ListingFault.NO_LAW, lambda _: listing()),
    Case("there is no law to divide", DistributeFault.NO_LAW, lambda _: division()),
    Case("there is no law to share", IssueFault.DECISION_WITHOUT_LAW, lambda _: issue(decision="JC-1")),
)


def bring_many(desk: Desk) -> Reissue:
    for number in range(RANGES_MAX):
        desk.do(reissue(source=serials(10 * number + 1, 10 * number + 1)))
    return reissue(source=serials(99_999, 99_999))


def carried_out(desk: Desk) -> Issue:
    """A decision that this book has carried out: the record is the law's answer, which a desk does not ask."""
    desk.record(Entry(Act.ISSUED, desk.today, records=(Record(JOINT_ISSUANCE, "JC-1", {}),)))
    return issue(decision="JC-1", authorization=None)


DECISIONS = (Case("the decision was carried out here", IssueFault.DECISION_USED, carried_out),)
FULL = (Case("the series has too many ranges", ReissueFault.SERIES_FULL, bring_many),)


@pytest.mark.parametrize(
    "case", (*CONVERSIONS, *REISSUES, *LABELS, *LISTINGS, *DIVISIONS, *DECISIONS, *FULL), ids=titles
)
def test_under_a_law_it_is_refused_when(case: Case) -> None:
    check_refused(case, lawful_host())


@pytest.mark.parametrize("case", WITHOUT_LAW, ids=titles)
def test_without_a_law_it_is_refused_since(case: Case) -> None:
    check_refused(case, host())


def test_what_is_given_up_and_what_is_received_stand_in_one_entry() -> None:
    desk = lawful_host()
    entry = desk.do(convert(target=SHOP))
    assert desk.held(TVER) == [("1..60", "cancelled:converted"), ("61..100", DEV)]
    assert desk.held(PREMIUM) == [("1..60", SHOP)]
    assert [posting.amount for posting in entry.all_postings() if posting.account == SHOP] == [60]


def test_a_new_unit_names_the_one_that_was_given_up_for_it() -> None:
    desk = lawful_host()
    desk.do(convert(units=units(TVER, 11, 20)))
    assert desk.facts(PREMIUM, 1)["underlying"] == ["THA01", "THA01-T_VER-", "-2023", 10]


def test_units_that_become_another_registrys_are_only_cancelled_here() -> None:
    desk = lawful_host()
    desk.do(convert(elsewhere="JPN01"))
    assert desk.held(TVER)[0] == ("1..60", "cancelled:converted")
    assert desk.held(PREMIUM) == []


def test_units_may_become_itmos_under_a_letter_and_keep_the_laws_word_for_them() -> None:
    desk = lawful_host()
    desk.do(letter())
    desk.do(convert(unit_type=UnitType.ITMO, authorization=LOA))
    facts = desk.facts(V2023, 1)
    assert (facts["law_type"], facts["authorization"]) == ("PREMIUM", LOA)


def test_a_re_issued_unit_names_the_serial_that_was_cancelled() -> None:
    desk = lawful_host()
    desk.do(reissue(source=serials(501, 520)))
    assert desk.held(TVER)[-1] == ("101..120", DEV)
    assert desk.facts(TVER, 101)["underlying"] == ["Gold Standard", "GS-TH-", "", 400]


def test_neighbouring_ranges_of_a_series_become_one() -> None:
    desk = lawful_host()
    desk.do(reissue(source=serials(11, 20)))
    desk.do(reissue(source=serials(1, 10)))
    desk.do(reissue(source=serials(31, 40)))
    assert desk.books.record("reissued", GS.series) == [[1, 20], [31, 40]]


def test_another_series_has_numbers_of_its_own() -> None:
    desk = lawful_host()
    desk.do(reissue())
    desk.do(reissue(source=replace(GS, prefix="GS-LA-")))
    assert desk.held(TVER)[-1][1] == DEV


def test_a_label_moves_no_unit() -> None:
    entry = lawful_host().do(label())
    assert (entry.moves, entry.facts, entry.postings) == ((), (), ())


def test_listed_units_stay_where_they_are() -> None:
    desk = lawful_host()
    desk.do(listing())
    assert desk.held(TVER) == [("1..10", DEV), ("11..100", DEV)]
    assert desk.facts(TVER, 10)["listed"] == "X-1"


@pytest.mark.parametrize(
    ("type_of_law", "scheme"), [("SPE-GRK", "SPE_GRK"), ("ZWE-6.2", "ZWE_6_2"), ("JCM", "JCM"), ("gs ver", "GS_VER")]
)
def test_a_type_of_the_law_has_a_scheme_in_identifiers(type_of_law: str, scheme: str) -> None:
    assert scheme_of(type_of_law) == scheme


def test_units_of_a_suspended_activity_are_not_converted_here_or_elsewhere_until_it_goes_on() -> None:
    desk = lawful_host()
    desk.do(SuspendActivity(activity=BUSES, authority="DNA", reason="A reversal"))
    check_refused(Case("here", LifeFault.SUSPENDED, lambda _: convert()), desk)
    check_refused(Case("elsewhere", LifeFault.SUSPENDED, lambda _: convert(elsewhere="CHE-REG")), desk)
    desk.do(ResumeActivity(activity=BUSES, authority="DNA", reason="Repaired"))
    desk.do(convert(elsewhere="CHE-REG"))
