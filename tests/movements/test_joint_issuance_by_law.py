"""The two ledgers of the Joint Crediting Mechanism, with the laws of both Parties in force: SC-02 over a link."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counterfoil.application.commands.adopt_pack import AdoptPack
from counterfoil.application.commands.issue import Issue
from counterfoil.application.commands.joint_issuance import AgreeJointIssuance
from counterfoil.application.commands.monitor import SubmitMonitoring, Verify
from counterfoil.application.commands.register import RegisterActivity
from counterfoil.application.receipt import Receipt
from counterfoil.domain.kernel.ids import ActivityId, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.mrv.verification import VintageQuantity
from counterfoil.domain.units.unit_type import MitigationType, UnitType
from counterfoil.entrypoints.laws_at_hand import LawsAtHand
from tests.application.office import Office
from tests.movements.books import Linked

SOLAR = ActivityId("ID-SOLAR")
WHOLE = (VintageQuantity(2024, 100_000),)
HALVES = {"IDN": 50_000, "JPN": 50_000}
ANSWERS: dict[str, dict[str, Any]] = {
    "IDN": {"additional": True, "sdg_count": 1, "reversible": False},
    "JPN": {"both_sides_consent": True, "reversible": False},
}


@pytest.fixture
def twins() -> Linked:
    """Indonesia and Japan under their packs, each with 100,000 t of the same activity verified."""
    laws = LawsAtHand([])
    day = date(2025, 11, 10)
    books = Linked({party: Office(party, today=day, laws=laws, demonstration=True) for party in ("IDN", "JPN")})
    for party, office in books.offices.items():
        law = laws.law(party.lower())
        assert law is not None
        office.do(AdoptPack(pack=party.lower(), version=law.version))
        office.open_holder()
        digest = office.world.evidence.put(b"readings")
        office.do(
            RegisterActivity(
                activity=SOLAR,
                title="A solar plant",
                mitigation_type=MitigationType.REDUCTION,
                sector="Energy generation",
                activity_type="JCM project",
                standard="JCM",
                methodology="approved by the joint committee",
                answers=ANSWERS[party],
            ),
            SubmitMonitoring(
                monitoring="S-M",
                activity=SOLAR,
                first_day=date(2024, 1, 1),
                last_day=date(2024, 10, 31),
                monitored=WHOLE,
                evidence=(digest,),
            ),
            Verify(verification="S-V", monitoring="S-M", verifier="third", verified=WHOLE, statement="as monitored"),
        )
    return books


def word(party: str, partner: str, **changes: Any) -> AgreeJointIssuance:
    content: dict[str, Any] = {
        "decision": "JC-ID-SOLAR",
        "partner": Party(partner),
        "activity": SOLAR,
        "vintage": 2024,
        "quantity": 100_000,
        "shares": HALVES,
        "document": "ab" * 32,
        "verification": "S-V",
        "account": f"{party.lower()}:holder",
        "unit_type": UnitType.DOMESTIC,
        "scheme": "JCM",
        "answers": {"jpn_share": "0.5"},
    }
    return AgreeJointIssuance(**{**content, **changes})


def issue(party: str, **answers: Any) -> Issue:
    return Issue(
        activity=SOLAR,
        verification="S-V",
        vintage=2024,
        quantity=100_000,
        account=f"{party.lower()}:holder",
        unit_type=UnitType.DOMESTIC,
        scheme="JCM",
        decision="JC-ID-SOLAR",
        answers={"jpn_share": "0.5", **answers},
    )


def born(books: Linked, party: str) -> int:
    return sum(each.serials.size for each in books.offices[party].writer.books.all_holdings())


def refused(outcome: object) -> str:
    assert isinstance(outcome, Refusal), outcome
    return str(outcome.code)


def test_one_decision_is_issued_in_both_ledgers_and_nobody_answers_for_the_other(twins: Linked) -> None:
    """That both ledgers issue at once is no person's answer any more: both books have said the same."""
    twins.offices["JPN"].do(word("JPN", "IDN"))
    twins.offices["IDN"].do(word("IDN", "JPN"))
    assert refused(twins.offices["JPN"].ask(issue("JPN"))[0]) == "joint_issuance.partner_awaited"
    twins.tell("JPN")
    twins.tell("IDN")
    outcome = twins.offices["JPN"].ask(issue("JPN"))[0]
    assert isinstance(outcome, Receipt), outcome
    twins.tell("JPN")
    assert (born(twins, "JPN"), born(twins, "IDN")) == (50_000, 50_000)
    twins.sound()


def test_a_ratio_of_the_law_that_is_not_the_agreed_one_issues_nothing(twins: Linked) -> None:
    for party, other in (("JPN", "IDN"), ("IDN", "JPN")):
        twins.offices[party].do(word(party, other))
        twins.tell(party)
    act = replace(issue("JPN"), answers={"jpn_share": "0.4"})
    assert refused(twins.offices["JPN"].ask(act)[0]) == "joint_issuance.share_differs"
    assert born(twins, "JPN") == 0


def test_nobody_says_that_the_other_ledger_does_not_issue(twins: Linked) -> None:
    for party, other in (("JPN", "IDN"), ("IDN", "JPN")):
        twins.offices[party].do(word(party, other))
        twins.tell(party)
    assert refused(twins.offices["JPN"].ask(issue("JPN", both_ledgers=False))[0]) == "law.answer_is_known"
