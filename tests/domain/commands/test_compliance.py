"""Liabilities, units declared against them, and the voluntary register."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from counterfoil.application.command import stored
from counterfoil.application.commands.change_authorization import RevokeAuthorization
from counterfoil.application.commands.correct import Correct
from counterfoil.application.commands.declare_units import DeclareUnits
from counterfoil.application.commands.file_liability import FileLiability
from counterfoil.application.commands.record_voluntary import RecordVoluntaryUnits
from counterfoil.domain.compliance.liability import LIABILITY, Liability, LiabilityFault
from counterfoil.domain.compliance.surrender import SURRENDER, AccountingEffect, Surrender, SurrenderFault
from counterfoil.domain.compliance.voluntary import VOLUNTARY, Backing, Claim, VoluntaryFault
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountFault
from counterfoil.domain.ledger.entry import Act, Entry, FactChange
from counterfoil.domain.policy.asked import Act as LawAct
from counterfoil.domain.policy.basis import Basis, Confidence, Span, Text
from counterfoil.domain.policy.clause import Clause, Condition, Rule, Value, ValueRow
from counterfoil.domain.policy.figure import Figure, Quantity, quantity
from counterfoil.domain.policy.kinds.compliance_use import (
    CapBase,
    ComplianceUseRule,
    LawOf,
    SchemeState,
)
from counterfoil.domain.policy.law import Law
from counterfoil.domain.units.unit_type import UnitType
from tests.domain.commands.desk import Case, Desk, after, check_refused, titles, units
from tests.domain.commands.scene import BUYER, DEV, HOME, LOA, V2023, host, issue, issuing_host
from tests.domain.commands.test_use import user

TAX, HOME_TAX = "CHE-TAX", "THA-TAX"
WORDS = Text("rule", "規則")


def clause(name: str, first: date, last: date | None, **changes: Any) -> Clause:
    content: dict[str, Any] = {
        "scheme": TAX,
        "state": SchemeState.IN_FORCE,
        "base": CapBase.EMISSIONS,
        "unit_types": ("ITMO",),
        "cap": Figure(quantity("5 %")),
        "rate": Figure(quantity("45 CHF/t")),
        "needs": ("authorized", "corresponding_adjustment"),
        "forbids": ("used_before",),
        **changes,
    }
    basis = Basis("che", "1.0.0", name, WORDS, Span(first, last), "act", "art. 1", Confidence.FOUND)
    return Clause("compliance_use", basis, ComplianceUseRule(**content))


def law_of(*clauses: Clause) -> Law:
    rules = {each.name: Rule(each.name, each.kind, WORDS, (each,)) for each in clauses}
    return Law("che", "1.0.0", "jurisdiction", "CHE", WORDS, rules=rules)


LAW = law_of(clause("tax", date(2021, 1, 1), None))
HOME_LAW = law_of(
    clause("tax", date(2021, 1, 1), None, scheme=HOME_TAX, unit_types=("TVER",), needs=("national_record",))
)


def liable(law: Law | None = LAW) -> Desk:
    """CHE with 1 to 40 of vintage 2023, first transferred, and a law with a limit of 5 %."""
    desk = user()
    desk.law = law
    return desk


def liable_at_home() -> Desk:
    """THA with one hundred domestic units."""
    desk = host()
    desk.do(issue(unit_type=UnitType.DOMESTIC, scheme="TVER", authorization=None))
    desk.law = HOME_LAW
    return desk


def file(**changes: Any) -> FileLiability:
    content: dict[str, Any] = {
        "liability": "L-1", "entity": "Firm", "account": BUYER, "scheme": TAX, "year": 2025,
        "emissions_t": 400, "base_t": 400,
    }  # fmt: skip
    return FileLiability(**{**content, **changes})


def declare(first: int = 1, last: int = 40, **changes: Any) -> DeclareUnits:
    content: dict[str, Any] = {
        "surrender": "S-1", "liability": "L-1", "effect": AccountingEffect.NDC, "units": units(V2023, first, last),
    }  # fmt: skip
    return DeclareUnits(**{**content, **changes})


def voluntary(**changes: Any) -> RecordVoluntaryUnits:
    content: dict[str, Any] = {
        "voluntary": "V-1", "holder": "Firm", "programme": "VCS", "block": "VCU-7", "first": 1, "last": 500,
        "source": "the firm's report",
    }  # fmt: skip
    return RecordVoluntaryUnits(**{**content, **changes})


def crowded(desk: Desk) -> RecordVoluntaryUnits:
    for number in range(300):
        desk.do(voluntary(voluntary=f"V-{number}", first=2 * number + 1, last=2 * number + 1))
    return voluntary(voluntary="V-more", first=9_001, last=9_001)


def declare_mixed(desk: Desk) -> DeclareUnits:
    """Half of the units get another standing, as by an entry of another kind."""
    desk.do(file(account=DEV, scheme=HOME_TAX))
    holding = desk.books.holdings(HOME, 1, 100)[0]
    assert holding.account == DEV
    desk.record(Entry(Act.CORRECTED, desk.today, facts=(FactChange(HOME, 1, 50, {"law_type": "OTHER"}),)))
    return declare(1, 100, units=units(HOME, 1, 100), effect=AccountingEffect.NONE)


FILING = (
    Case("it has no name", LiabilityFault.ID_UNREADABLE, lambda _: file(liability="L 1")),
    Case("the year is not over", LiabilityFault.YEAR_NOT_OVER, lambda _: file(year=2026)),
    Case("an amount is below zero", LiabilityFault.AMOUNT_UNREADABLE, lambda _: file(base_t=-1)),
    Case("it has no base", LiabilityFault.BASE_MISSING, lambda _: file(base_t=None)),
    Case("the base is above the emissions", LiabilityFault.BASE_ABOVE_EMISSIONS, lambda _: file(base_t=401)),
    Case("the account is not open", AccountFault.UNKNOWN, lambda _: file(account="che:nobody")),
    Case("it was filed", LiabilityFault.ALREADY_FILED, after(file(), then=file(base_t=399))),
    Case("the year was filed", LiabilityFault.ALREADY_FILED, after(file(), then=file(liability="L-2"))),
)
DECLARING = (
    Case("it has no name", SurrenderFault.ID_UNREADABLE, after(file(), then=declare(surrender=""))),
    Case("it was declared", SurrenderFault.ALREADY_DECLARED, after(file(), declare(1, 4), then=declare(5, 9))),
    Case("nothing was filed", SurrenderFault.LIABILITY_UNKNOWN, lambda _: declare()),
    Case(
        "the law knows better", SurrenderFault.ANSWER_IS_KNOWN, after(file(), then=declare(answers={"vintage": 2022}))
    ),
    Case(
        "authorized units shall have no effect",
        SurrenderFault.EFFECT_NOT_AUTHORIZED,
        after(file(), then=declare(effect=AccountingEffect.NONE)),
    ),
    Case(
        "they are of the voluntary register",
        SurrenderFault.VOLUNTARY_ONLY,
        after(file(), voluntary(), then=declare(units=None, voluntary="V-1")),
    ),
)
LAWLESS = (Case("no pack was adopted", LiabilityFault.NO_LAW, lambda _: file()),)
MIXED = (
    Case(
        "units of two standings are declared together",
        SurrenderFault.UNITS_DIFFER,
        declare_mixed,
    ),
)
VOLUNTARY_REFUSALS = (
    Case("it has no name", VoluntaryFault.ID_UNREADABLE, lambda _: voluntary(voluntary="")),
    Case("its name is taken", VoluntaryFault.ALREADY_RECORDED, after(voluntary(), then=voluntary(block="VCU-8"))),
    Case(
        "a serial is taken",
        VoluntaryFault.SERIALS_RECORDED,
        after(voluntary(), then=voluntary(voluntary="V-2", first=500, last=600)),
    ),
    Case("the block is full", VoluntaryFault.BLOCK_FULL, crowded),
    Case("tokens are not backed", VoluntaryFault.BACKING_DIFFERS, lambda _: voluntary(backing=Backing(5_000, 101))),
    Case("the claim is too strong", VoluntaryFault.CLAIM_TOO_STRONG, lambda _: voluntary(claim=Claim.CARBON_NEUTRAL)),
)


@pytest.mark.parametrize("case", FILING, ids=titles)
def test_a_liability_is_refused_when(case: Case) -> None:
    check_refused(case, liable())


@pytest.mark.parametrize("case", DECLARING, ids=titles)
def test_a_declaration_is_refused_when(case: Case) -> None:
    check_refused(case, liable())


@pytest.mark.parametrize("case", LAWLESS, ids=titles)
def test_without_a_law_nothing_is_filed(case: Case) -> None:
    check_refused(case, liable(None))


@pytest.mark.parametrize("case", MIXED, ids=titles)
def test_one_question_is_about_one_kind_of_units(case: Case) -> None:
    check_refused(case, liable_at_home())


@pytest.mark.parametrize("case", VOLUNTARY_REFUSALS, ids=titles)
def test_voluntary_credits_are_refused_when(case: Case) -> None:
    check_refused(case, liable())


def test_the_part_below_the_limit_is_used_once_and_the_rest_stays() -> None:
    desk = liable()
    desk.do(file())
    entry = desk.do(declare())
    assert entry.act is Act.USED_TOWARDS_NDC
    assert desk.held(V2023, 1, 40) == [("1..20", "used:CHE:ndc:2025"), ("21..40", BUYER)]
    assert sum(desk.adjustments().values()) == 0
    said = entry.details["compliance"]
    assert said["not_accepted"] == {"first": 21, "last": 40, "code": "compliance.cap_exceeded", "cap_t": 20}
    assert entry.details["law"]["asked"]["used_before"] is False


def test_the_charge_is_exact_before_and_after() -> None:
    desk = liable()
    desk.do(file())
    desk.do(declare())
    surrender = stored(desk.books, SURRENDER, "S-1", Surrender)
    assert surrender is not None and surrender.charge is not None
    assert (surrender.charge.before, surrender.charge.after) == (400 * 4_500, 380 * 4_500)


def test_two_declarations_share_one_limit_and_the_charge_counts_both() -> None:
    desk = liable()
    desk.do(file())
    desk.do(declare(1, 15))
    desk.do(declare(16, 30, surrender="S-2"))
    liability = stored(desk.books, LIABILITY, "L-1", Liability)
    second = stored(desk.books, SURRENDER, "S-2", Surrender)
    assert liability is not None and second is not None and second.charge is not None
    assert (liability.accepted_t, liability.deducted_t, second.accepted_t) == ({"tax": 20}, 20, 5)
    assert second.charge.after == 380 * 4_500
    refused = desk.ask(declare(21, 30, surrender="S-3"))
    assert isinstance(refused, Refusal) and refused.code == "policy.compliance.no_room"


def test_a_used_serial_is_never_declared_again() -> None:
    desk = liable()
    desk.do(file())
    desk.do(declare())
    desk.do(file(liability="L-2", entity="Other"))
    refused = desk.ask(declare(1, 20, surrender="S-2", liability="L-2"))
    assert isinstance(refused, Refusal) and refused.code == "units.spent"


def test_domestic_units_are_retired_without_any_effect() -> None:
    desk = liable_at_home()
    desk.do(file(account=DEV, scheme=HOME_TAX))
    entry = desk.do(declare(units=units(HOME, 1, 30), effect=AccountingEffect.NONE))
    assert entry.act is Act.RETIRED
    assert desk.held(HOME, 1, 100) == [("1..20", "retired:domestic"), ("21..100", DEV)]
    assert desk.adjustments() == {}


def test_the_law_of_the_year_prices_what_is_filed_later_where_the_scheme_says_so() -> None:
    old = clause("tax", date(2021, 1, 1), date(2025, 12, 31), rate=Figure(quantity("25 CHF/t")), law_of=LawOf.YEAR)
    new = clause("tax", date(2026, 1, 1), None, law_of=LawOf.YEAR)
    rule = Rule("tax", "compliance_use", WORDS, (old, new))
    desk = liable(Law("che", "1.0.0", "jurisdiction", "CHE", WORDS, rules={"tax": rule}))
    desk.do(file())
    desk.do(declare())
    liability = stored(desk.books, LIABILITY, "L-1", Liability)
    surrender = stored(desk.books, SURRENDER, "S-1", Surrender)
    assert liability is not None and surrender is not None and surrender.charge is not None
    assert (liability.law_on, liability.filed_on) == (date(2025, 12, 31), desk.today)
    assert surrender.charge.before == 400 * 2_500


def test_the_law_of_the_filing_prices_where_the_scheme_says_nothing() -> None:
    old = clause("tax", date(2021, 1, 1), date(2025, 12, 31), rate=Figure(quantity("25 CHF/t")))
    new = clause("tax", date(2026, 1, 1), None)
    rule = Rule("tax", "compliance_use", WORDS, (old, new))
    desk = liable(Law("che", "1.0.0", "jurisdiction", "CHE", WORDS, rules={"tax": rule}))
    desk.do(file())
    desk.do(declare())
    surrender = stored(desk.books, SURRENDER, "S-1", Surrender)
    assert surrender is not None and surrender.charge is not None
    assert surrender.charge.before == 400 * 4_500


def test_a_factor_takes_more_from_the_base_than_units_were_given() -> None:
    factor = Figure(quantity("6:5"))
    assert factor.amount == Fraction(6, 5)
    desk = liable(law_of(clause("tax", date(2021, 1, 1), None, factor=factor)))
    desk.do(file())
    entry = desk.do(declare(1, 10))
    assert entry.details["compliance"]["deducted_t"] == 12


def test_a_scheme_that_is_planned_takes_nothing() -> None:
    desk = liable(law_of(clause("tax", date(2021, 1, 1), None, state=SchemeState.PLANNED)))
    refused = desk.ask(file())
    assert isinstance(refused, Refusal) and refused.code == "policy.compliance.not_in_force"


def joint_law() -> Law:
    """Abroad at most 5 %, all together at most 7.5 %: 20 and 30 of 400 tonnes."""
    rows = {name: Quantity(share, "share") for name, share in (("abroad", Fraction(1, 20)), ("all", Fraction(3, 40)))}
    span, values = Span(date(2021, 1, 1)), {}
    for name, share in rows.items():
        basis = Basis("che", "1.0.0", f"value.{name}", WORDS, span, "act", "art. 1", Confidence.FOUND)
        values[name] = Value(name, "share", WORDS, (ValueRow(share, basis),))
    abroad = clause("abroad", span.first, None, cap=Figure(None, named="abroad"), joint_cap=Figure(None, named="all"))
    home = clause("home", span.first, None, cap=Figure(None, named="all"))
    yes, no = (Condition("reversible", frozenset({said})) for said in (True, False))
    handed_in = frozenset({LawAct.SURRENDER})
    rules = {
        each.name: Rule(each.name, each.kind, WORDS, (each,))
        for each in (
            replace(abroad, when=(yes,), acts=handed_in),
            replace(home, when=(no,), acts=handed_in),
            replace(clause("who", span.first, None), acts=frozenset({LawAct.COVER})),
        )
    }
    return Law("che", "1.0.0", "jurisdiction", "CHE", WORDS, values=values, rules=rules)


def test_groups_of_units_fill_a_joint_limit_together() -> None:
    desk = liable(joint_law())
    desk.do(file())
    first = desk.do(declare(1, 25, answers={"reversible": False}))
    assert first.details["compliance"]["accepted_t"] == 25
    second = desk.do(declare(26, 40, surrender="S-2", answers={"reversible": True}))
    assert second.details["compliance"]["accepted_t"] == 5, "of 20 only those that the joint limit of 30 leaves"
    refused = desk.ask(declare(31, 40, surrender="S-3", answers={"reversible": False}))
    assert isinstance(refused, Refusal) and refused.code == "policy.compliance.no_room"


def test_voluntary_credits_are_recorded_at_value_nought_and_enter_no_account() -> None:
    desk = liable()
    before = list(desk.books.all_holdings())
    entry = desk.do(voluntary(backing=Backing(5_000, 100)))
    assert not entry.moves and not entry.postings
    assert list(desk.books.all_holdings()) == before
    value = desk.books.record(VOLUNTARY, "V-1")
    assert (value["compliance_value"], value["sovereign"]) == (0, False)


def test_a_surrender_is_not_taken_back_by_a_correction() -> None:
    desk = liable()
    desk.do(file())
    desk.do(declare())
    refused = desk.ask(Correct(entry=desk.last, authority="office", reason="mistake"))
    assert isinstance(refused, Refusal) and refused.code == "correction.not_correctable"


@pytest.mark.parametrize("revoked", [True, False])
def test_units_whose_letter_was_revoked_are_surrendered_at_home_as_if_unauthorized(revoked: bool) -> None:
    desk = issuing_host()
    desk.law = law_of(clause("tax", date(2021, 1, 1), None, scheme=HOME_TAX, needs=("national_record",)))
    desk.do(file(scheme=HOME_TAX, account=DEV))
    asked = declare(1, 10, effect=AccountingEffect.NONE)
    if revoked:
        desk.do(RevokeAuthorization(authorization=LOA, statement="s", reason="r"))
        assert desk.do(asked).act is Act.RETIRED
    else:
        check_refused(Case("they are promised", SurrenderFault.EFFECT_NOT_AUTHORIZED, lambda _: asked), desk)
