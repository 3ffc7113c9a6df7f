"""What the law takes of an issuance: levies, deposits and the share of another Party, in one entry."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis.strategies import integers, lists

from counterfoil.application.command import Units
from counterfoil.application.commands.adopt_pack import AdoptPack
from counterfoil.application.commands.authorize import first_transferred_quantity
from counterfoil.application.commands.convert import Convert
from counterfoil.application.commands.correct import Correct, CorrectFault
from counterfoil.application.commands.distribute import Distribute
from counterfoil.application.commands.issue import Issue
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.queries.aef_submission import aef_submission
from counterfoil.application.receipt import Receipt
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Entry
from counterfoil.domain.policy.basis import Basis, Confidence, Span, Text
from counterfoil.domain.policy.clause import Clause, Rule
from counterfoil.domain.policy.facts import Fact, FactType
from counterfoil.domain.policy.figure import RATIO, SHARE, Figure, Quantity
from counterfoil.domain.policy.kinds.benefit_share import BenefitShareRule
from counterfoil.domain.policy.kinds.conversion import ConversionRule, Effect
from counterfoil.domain.policy.kinds.levy import Aim, Form, LevyBase, LevyRule, Of, SharingRule
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.laws import NO_LAWS, LawTable
from counterfoil.domain.reporting.aef_terms import Subtype
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from counterfoil.domain.units.unit_type import UnitType
from tests.application.office import ACTIVITY, LETTER, Office

JCM = "XAA01-JCM-#-2023"
WORDS = Text("rule", "規則")


def percent(number: int) -> Figure:
    return Figure(Quantity(Fraction(number, 100), SHARE))


def clause(kind: str, name: str, content: Any) -> Rule:
    basis = Basis("xaa", "1.0.0", name, WORDS, Span(date(2021, 1, 1)), "act", "s. 1", Confidence.SEED)
    return Rule(name, kind, WORDS, (Clause(kind, basis, content),))


def law(**rules: Any) -> Law:
    kinds = {LevyRule: "levy", SharingRule: "sharing", ConversionRule: "conversion", BenefitShareRule: "benefit_share"}
    written: Mapping[str, Rule] = {name: clause(kinds[type(content)], name, content) for name, content in rules.items()}
    asked = Fact("xbb_share", FactType.NUMBER, WORDS)
    return Law("xaa", "1.0.0", "jurisdiction", "XAA", WORDS, rules=written, facts={"xbb_share": asked})


OMGE = LevyRule(Aim.OMGE, percent(2), order=1, form=Form.CANCEL)
ADAPTATION = LevyRule(Aim.ADAPTATION, percent(5), order=2, recipient="adaptation-fund")
BUFFER = LevyRule(Aim.REVERSAL_DEPOSIT, percent(10), order=3, of=Of.REST, recipient="buffer")
DEPOSIT = LevyRule(Aim.REVERSAL_DEPOSIT, percent(20), order=1, form=Form.CANCEL)
SHARED = SharingRule(rest_to="partner", part="XBB", part_fact="xbb_share", decided_by="committee")


def office_under(*rules: Law, party: str = "XAA", **authorize: Any) -> Office:
    laws = LawTable({each.pack: each for each in rules}) if rules else NO_LAWS
    office = Office(party, laws=laws)
    office.activity(**authorize)
    for each in rules:
        office.do(AdoptPack(pack=each.pack, version=each.version))
    return office


def issuing(quantity: int = 1_000, **changes: Any) -> Issue:
    content: dict[str, Any] = {
        "activity": ACTIVITY,
        "verification": "M1-V",
        "vintage": 2023,
        "quantity": quantity,
        "account": "xaa:holder",
        "authorization": LETTER,
    }
    return Issue(**{**content, **changes})


def last_entry(office: Office) -> Entry:
    found = office.sight().entry(office.writer.size - 1)
    assert found is not None
    return found.entry


def where(entry: Entry) -> list[tuple[str, int]]:
    return [(move.target, move.size) for move in entry.moves]


def code(outcome: object) -> str:
    assert isinstance(outcome, Refusal), outcome
    return str(outcome.code)


def posted(entry: Entry) -> dict[str, int]:
    sums: dict[str, int] = {}
    for posting in entry.postings:
        sums[posting.account] = sums.get(posting.account, 0) + posting.amount
    return sums


def test_without_a_pack_an_issuance_is_what_it_was() -> None:
    alone, under = office_under(), office_under(law())
    alone.do(issuing())
    under.do(issuing())
    plain, told = last_entry(alone), last_entry(under)
    assert told.details["law"]["asked"]["quantity_t"] == 1_000  # type: ignore[index,call-overload]
    assert told._replace(details={name: value for name, value in told.details.items() if name != "law"}) == plain
    assert "division" not in plain.details


def test_levies_become_parts_of_the_same_entry_in_their_order() -> None:
    office = office_under(law(omge=OMGE, adaptation=ADAPTATION, buffer=BUFFER))
    office.do(OpenAccount(account="xaa:buffer", holder="state"))
    office.do(issuing())
    entry = last_entry(office)
    # 2 % of 1,000, 5 % of 1,000, 10 % of what is left (930), and the rest.
    assert where(entry) == [
        ("cancelled:omge", 20),
        ("to:adaptation-fund", 50),
        ("xaa:buffer", 93),
        ("xaa:holder", 837),
    ]
    assert entry.details["division"] == [
        ["omge", "cancelled:omge", 20],
        ["adaptation", "to:adaptation-fund", 50],
        ["buffer", "xaa:buffer", 93],
        ["", "xaa:holder", 837],
    ]
    assert not office.audit().findings


def test_overall_mitigation_of_authorized_units_is_their_first_transfer_and_counts_under_the_letter() -> None:
    office = office_under(law(omge=OMGE, adaptation=ADAPTATION))
    office.do(issuing())
    entry = last_entry(office)
    assert posted(entry) == {"ndc:XAA:2023:added": 70, "closed:omge": -20, "awaiting-use": -50}
    assert first_transferred_quantity(office.writer.books, LETTER) == 70
    triggers = {change.facts.get("first_transfer_trigger") for change in entry.facts}
    assert triggers == {None, "omge", "adaptation_fund"}


def test_unauthorized_units_are_levied_and_adjust_nothing() -> None:
    office = office_under(law(omge=OMGE))
    office.do(issuing(authorization=None))
    assert last_entry(office).postings == ()
    assert where(last_entry(office))[0] == ("cancelled:omge", 20)


def test_where_issuance_is_the_first_transfer_all_units_adjust_and_those_of_omge_are_closed() -> None:
    office = office_under(
        law(omge=OMGE),
        purposes=(Purpose.NDC, Purpose.IMP),
        oimp_detail="aviation",
        first_transfer_definition=FirstTransferDefinition.ISSUANCE,
    )
    office.do(issuing())
    assert posted(last_entry(office)) == {"ndc:XAA:2023:added": 1_000, "closed:omge": -20, "awaiting-use": -980}


def test_the_levied_units_are_rows_of_the_report() -> None:
    office = office_under(law(omge=OMGE, adaptation=ADAPTATION))
    office.do(issuing())
    found = aef_submission(office.sight(), party="XAA", year=2025, version="1.0", submitted_on=date(2026, 3, 31))
    assert not isinstance(found, Refusal)
    assert [(row.action_type, row.action_subtype, row.using_cancelling_party_id) for row in found.actions] == [
        ("First transfer", "Voluntary cancellation to deliver OMGE", "XAA"),
        ("First transfer", Subtype.NOT_YET_DEFINED, None),
    ]


def test_units_first_transferred_by_issuance_and_cancelled_by_law_have_two_rows() -> None:
    office = office_under(
        law(omge=OMGE),
        purposes=(Purpose.NDC, Purpose.IMP),
        oimp_detail="aviation",
        first_transfer_definition=FirstTransferDefinition.ISSUANCE,
    )
    office.do(issuing())
    found = aef_submission(office.sight(), party="XAA", year=2025, version="1.0", submitted_on=date(2026, 3, 31))
    assert not isinstance(found, Refusal)
    assert sorted((row.action_type, row.action_subtype, row.quantity_co2) for row in found.actions) == [
        ("Cancellation", "Voluntary cancellation to deliver OMGE", 20),
        ("First transfer", "Issuance", 20),
        ("First transfer", "Issuance", 980),
    ]


def test_a_levy_is_refused_while_the_account_of_its_recipient_is_not_open() -> None:
    outcome = office_under(law(buffer=BUFFER)).ask(issuing())[0]
    assert code(outcome) == "division.account_missing"
    assert isinstance(outcome, Refusal)
    assert outcome.facts["account"] == "xaa:buffer"


def test_an_issuance_of_which_the_levies_leave_nothing_is_refused() -> None:
    outcome = office_under(law(omge=OMGE)).ask(issuing(1))[0]
    assert code(outcome) == "policy.levy.leaves_nothing"


@given(quantity=integers(3, 1_000), shares=lists(integers(0, 30), min_size=1, max_size=3))
def test_the_parts_sum_to_the_whole(quantity: int, shares: list[int]) -> None:
    levies = {
        f"levy{number}": LevyRule(Aim.LEVY, percent(share), order=number, form=Form.CANCEL)
        for number, share in enumerate(shares)
    }
    office = office_under(law(**levies))
    outcome = office.ask(issuing(quantity))[0]
    if isinstance(outcome, Receipt):
        assert sum(size for _, size in where(last_entry(office))) == quantity
    else:
        assert code(outcome) == "policy.levy.leaves_nothing"


def joint(**changes: Any) -> Issue:
    content: dict[str, Any] = {
        "authorization": None,
        "unit_type": UnitType.DOMESTIC,
        "scheme": "JCM",
        "decision": "JC-1",
        "answers": {"xbb_share": "0.3"},
    }
    return issuing(**{**content, **changes})


def test_each_book_issues_its_own_share_and_the_shares_sum_to_the_whole() -> None:
    there = replace(law(deposit=DEPOSIT, sharing=SHARED), pack="xbb", jurisdiction="XBB")
    host, other = office_under(law(deposit=DEPOSIT, sharing=SHARED)), office_under(there, party="XBB", partner="XAA")
    host.do(joint(quantity=999))
    other.do(joint(quantity=999, account="xbb:holder"))
    # 20 % of 999 is 200, rounded up; of the remaining 799 the other has 30 %, rounded down: 239; the host the rest.
    assert where(last_entry(host)) == [("cancelled:levy:reversal_deposit", 200), ("xaa:holder", 560)]
    assert where(last_entry(other)) == [("xbb:holder", 239)]
    assert host.writer.books.record("joint_issuance", "JC-1") == other.writer.books.record("joint_issuance", "JC-1")
    assert host.writer.books.record("verification", "M1-V")["issued"] == [{"vintage": 2023, "quantity": 999}]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"decision": ""}, "division.decision_missing"),
        ({"answers": {}}, "policy.fact_missing"),
        ({"answers": {"xbb_share": "1"}}, "division.no_share"),
        ({"answers": {"xbb_share": "1.1"}}, "policy.levy.leaves_nothing"),
    ],
)
def test_a_shared_issuance_is_refused_when(change: dict[str, Any], told: str) -> None:
    assert code(office_under(law(sharing=SHARED)).ask(joint(**change))[0]) == told


def test_a_decision_is_carried_out_once() -> None:
    office = office_under(law(sharing=SHARED))
    office.do(joint(quantity=10))
    assert code(office.ask(joint(quantity=10))[0]) == "issue.decision_used"


def test_a_decision_without_a_rule_that_shares_is_refused() -> None:
    assert code(office_under(law(omge=OMGE)).ask(joint(answers={}))[0]) == "division.decision_without_sharing"


def test_parts_of_one_book_go_to_the_accounts_of_those_who_share() -> None:
    at_home = SharingRule(rest_to="holder", parts={"state": percent(40)}, both=False)
    office = office_under(law(sharing=at_home))
    office.do(OpenAccount(account="xaa:state", holder="state"))
    office.do(issuing())
    assert where(last_entry(office)) == [("xaa:state", 400), ("xaa:holder", 600)]


def test_a_book_replayed_from_its_journal_stands_as_it_did() -> None:
    office = office_under(law(omge=OMGE, adaptation=ADAPTATION))
    office.do(issuing())
    replayed = Books()
    for each in office.sight().entries():
        replayed.apply(each.seq, each.entry)
    assert replayed.all_balances() == office.writer.books.all_balances()


def test_a_divided_issuance_is_corrected_as_a_whole() -> None:
    office = office_under(law(omge=OMGE, adaptation=ADAPTATION))
    wrong = office.do(issuing())[0]
    office.do(Correct(entry=wrong.seq, authority="registrar", reason="wrong vintage"))
    assert office.writer.books.record("verification", "M1-V")["issued"] == []
    assert first_transferred_quantity(office.writer.books, LETTER) == 0
    assert not office.audit().findings


def test_a_joint_issuance_is_not_corrected_by_one_book_alone() -> None:
    office = office_under(law(sharing=SHARED))
    wrong = office.do(joint())[0]
    outcome = office.ask(Correct(entry=wrong.seq, authority="registrar", reason="wrong share"))[0]
    assert code(outcome) == CorrectFault.NOT_CORRECTABLE


def test_a_conversion_gives_as_many_units_as_the_law_says_or_is_not_done() -> None:
    one_for_one = ConversionRule(("JCM",), "SPE", Effect.SAME_LEDGER, Figure(Quantity(Fraction(1), RATIO)))
    office = office_under(law(arrangement=one_for_one))
    office.do(joint(decision="", answers={}))
    asked = Convert(units=Units(JCM, 1, 100), account="xaa:holder", from_type="JCM", to_type="SPE")
    assert code(office.ask(replace(asked, received=101))[0]) == "conversion.other_quantity"
    assert code(office.ask(replace(asked, received=99))[0]) == "conversion.other_quantity"
    assert code(office.ask(replace(asked, elsewhere="XBB01"))[0]) == "conversion.other_effect"
    assert code(office.ask(replace(asked, to_type="SPX"))[0]) == "policy.conversion.not_provided"
    office.do(asked)
    assert where(last_entry(office)) == [("cancelled:converted", 100), ("xaa:holder", 100)]
    assert not office.audit().findings


def test_a_sale_of_which_the_law_divides_nothing_is_not_recorded_as_divided() -> None:
    office = office_under(law(omge=OMGE))
    asked = Distribute(
        distribution="S-1", activity=ACTIVITY, proceeds=1_000, currency="USD", received_on=date(2025, 1, 2)
    )
    assert code(office.ask(asked)[0]) == "distribute.not_divided"


@given(proceeds=integers(1, 10**12), share=integers(0, 60), second=integers(0, 30))
def test_the_parts_of_a_division_sum_to_the_proceeds(proceeds: int, share: int, second: int) -> None:
    levy = LevyRule(Aim.LEVY, percent(share), base=LevyBase.PROCEEDS, order=1, form=Form.PAY, recipient="fund")
    office = office_under(law(levy=levy, people=BenefitShareRule("community", percent(second), order=2)))
    office.ask(
        Distribute(distribution="S", activity=ACTIVITY, proceeds=proceeds, currency="USD", received_on=date(2025, 1, 2))
    )
    parts = office.writer.books.record("distribution", "S")["parts"]
    assert [name for name, _, _ in parts] == ["levy", "people", "proponent"]
    assert sum(quantity for _, _, quantity in parts) == proceeds
