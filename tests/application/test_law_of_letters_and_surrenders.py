"""The law is asked about a letter that changes or ends, about the effect of a surrender, and before units come here."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from counterfoil.application.commands.adopt_pack import AdoptPack
from counterfoil.application.commands.change_authorization import ChangeAuthorization, RevokeAuthorization
from counterfoil.application.commands.consent import ConsentToTransfer
from counterfoil.application.commands.declare_units import DeclareUnits
from counterfoil.application.commands.file_liability import FileLiability
from counterfoil.application.commands.issue import Issue
from counterfoil.application.commands.link import ChangeLink
from counterfoil.application.commands.recognize import RecordRecognition
from counterfoil.application.commands.record_decision import RecordDecision
from counterfoil.application.commands.use import UseTowardsNdc
from counterfoil.application.queries.compliance import liability
from counterfoil.application.queries.explain import entry_explained
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Writer
from counterfoil.domain.compliance.surrender import AccountingEffect
from counterfoil.domain.kernel.ids import AuthorizationId, Party, TransferId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.entry import Act
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.laws import LawTable
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from counterfoil.domain.units.unit_type import UnitType
from tests.application.office import ACTIVITY, LETTER, Office
from tests.application.test_federation import CLASS, Pair
from tests.domain.commands.desk import units
from tests.packs.exampleland import law_of, rule

NO_CHANGE = rule("no_change", "requirement", 'acts = ["change", "revoke"]\nforbids = ["first_transferred"]')
SCHEME = 'scheme = "TAX"\nstate = "in_force"\nbase = "emissions"\nunit_types = ["ITMO"]\n'
TAX = rule("tax", "compliance_use", SCHEME + 'cap = "5 %"\nrate = "10 CHF/t"\nfactor = "6:5"')
RECOGNISED = rule("recognised", "requirement", 'acts = ["use"]\nneeds = ["recognized"]')
NO_OFFSETS = rule("no_offsets", "requirement", 'acts = ["cancel"]\none_of = { purpose = ["OP"] }')


def obeying(office: Office, law: Law) -> Office:
    """The office with a law that it adopts now: what was done before was done without one."""
    office.world = replace(office.world, laws=LawTable({law.pack: law}))
    office.writer = Writer(office.world)
    office.do(AdoptPack(pack=law.pack, version=law.version))
    return office


def law_for(folder: Path, party: str, *rules: str) -> Law:
    return replace(law_of(folder, *rules), jurisdiction=party)


def code(outcome: object) -> str:
    assert isinstance(outcome, Refusal), outcome
    return str(outcome.code)


def changing(**answers: Any) -> ChangeAuthorization:
    return ChangeAuthorization(
        authorization=LETTER, statement="No unit counts twice.", reason="agreed", last_use_on=date(2031, 12, 31),
        answers=answers,
    )  # fmt: skip


def revoking() -> RevokeAuthorization:
    return RevokeAuthorization(authorization=LETTER, statement="No unit counts twice.", reason="agreed")


def details(office: Office) -> dict[str, Any]:
    entry = office.sight().entry(office.writer.size - 1)
    assert entry is not None
    return dict(entry.entry.details)


@pytest.mark.parametrize("asking", [changing, revoking])
def test_a_law_may_forbid_the_change_and_the_end_of_a_letter_once_units_were_first_transferred(
    tmp_path: Path, asking: Any
) -> None:
    pair = Pair()
    pair.propose(1, 10)
    pair.network.deliver()
    assert pair.held(pair.buyer) == 10
    host = obeying(pair.host, law_for(tmp_path, "XAA", NO_CHANGE))
    refused = host.ask(asking())[0]
    assert code(refused) == "policy.requirement.unmet"
    assert isinstance(refused, Refusal) and refused.facts["rule"] == "no_change"


@pytest.mark.parametrize(("asking", "act"), [(changing, "change"), (revoking, "revoke")])
def test_before_any_first_transfer_the_letter_changes_and_the_entry_keeps_the_question(
    tmp_path: Path, asking: Any, act: str
) -> None:
    office = Office("XAA")
    office.activity()
    obeying(office, law_for(tmp_path, "XAA", NO_CHANGE)).do(asking())
    law = details(office)["law"]
    assert (law["act"], law["asked"]["first_transferred"], law["rules"]) == (act, False, ["no_change"])


def test_a_letter_that_was_revoked_without_a_law_replays_with_one(tmp_path: Path) -> None:
    office = Office("XAA")
    office.activity()
    office.do(revoking())
    before = office.writer.size
    obeying(office, law_for(tmp_path, "XAA", NO_CHANGE))
    assert office.audit().findings == ()
    found = entry_explained(office.sight(), before - 1, office.world.laws)
    assert not isinstance(found, Refusal) and found["law"] is None


# A surrender and its one effect


def filing(account: str) -> FileLiability:
    return FileLiability(
        liability="L-1", entity="Firm", account=account, scheme="TAX", year=2024, emissions_t=400, base_t=400
    )


def declaring(first: int, last: int, surrender: str = "S-1", **changes: Any) -> DeclareUnits:
    content: dict[str, Any] = {"surrender": surrender, "liability": "L-1", "effect": AccountingEffect.NDC}
    return DeclareUnits(**{**content, "units": units(CLASS, first, last), **changes})


def acquirer(folder: Path, *rules: str) -> Office:
    """A buyer with 1 to 40, in whose law these rules stand."""
    pair = Pair()
    pair.propose(1, 40)
    pair.network.deliver()
    return obeying(pair.buyer, law_for(folder, "XBB", *rules))


def test_units_that_the_law_does_not_let_be_used_are_not_used_by_a_surrender_either(tmp_path: Path) -> None:
    office = acquirer(tmp_path, TAX, RECOGNISED)
    alone = office.ask(UseTowardsNdc(units=units(CLASS, 1, 10), account=office.holder, year=2024))[0]
    assert code(alone) == "policy.requirement.unmet"
    office.do(filing(office.holder))
    assert code(office.ask(declaring(1, 10))[0]) == "policy.requirement.unmet"
    office.do(RecordRecognition(transfer=TransferId("t-1"), reference="Statement 1"))
    office.do(declaring(1, 10))
    said = details(office)
    assert (said["law"]["act"], said["law_of_effect"]["act"]) == ("surrender", "use")
    found = entry_explained(office.sight(), office.writer.size - 1, office.world.laws)
    assert not isinstance(found, Refusal) and found["law_of_effect"]["answer"]["verdict"] == "allowed"


def charge(office: Office) -> tuple[int, int]:
    found = liability(office.sight(), "L-1")
    assert not isinstance(found, Refusal)
    return found["charge"]["before"], found["charge"]["after"]


def ruled(office: Office, name: str) -> int:
    """An amount of the ruling, as the law answers the recorded question again."""
    found = entry_explained(office.sight(), office.writer.size - 1, office.world.laws)
    assert not isinstance(found, Refusal)
    amounts = [each for ruling in found["law"]["answer"]["rulings"] for each in ruling["amounts"]]
    return next(int(each["quantity"]) for each in amounts if each["name"] == name)


def test_the_charge_on_record_is_the_ruling_of_the_law_from_the_filing_to_the_last_declaration(tmp_path: Path) -> None:
    """400 t at CHF 10; each unit takes 1.2 t: 5 units take 6 t, 7 more take 8 t (8.4, rounded down)."""
    office = acquirer(tmp_path, TAX)
    office.do(filing(office.holder))
    assert charge(office) == (400_000, 400_000)
    assert ruled(office, "charge") == 400_000
    for surrender, first, last, after in (("S-1", 1, 5, 394_000), ("S-2", 6, 12, 386_000)):
        office.do(declaring(first, last, surrender))
        assert charge(office) == (400_000, after)
        assert ruled(office, "charge_after") == after


def test_a_surrender_for_other_purposes_first_transfers_and_adjusts_once(tmp_path: Path) -> None:
    office = Office("XAA")
    office.activity(
        purposes=(Purpose.IMP,), oimp_detail="aviation",
        first_transfer_definition=FirstTransferDefinition.USE_OR_CANCELLATION
    )  # fmt: skip
    office.issued()
    obeying(office, law_for(tmp_path, "XAA", TAX))
    office.do(filing(office.holder))
    office.do(declaring(1, 30, effect=AccountingEffect.OIMP))
    entry = office.sight().entry(office.writer.size - 1)
    assert entry is not None and entry.entry.act is Act.CANCELLED
    held = {(str(each.serials), each.account) for each in office.writer.books.all_holdings()}
    assert held == {("1..20", "cancelled:oimp:imp"), ("21..1000", office.holder)}, "5 % of 400 t are 20 units"
    booked = {key.account: amount for key, amount in office.writer.books.all_balances().items() if amount}
    assert {name: amount for name, amount in booked.items() if name.startswith("ndc:")} == {"ndc:XAA:2023:added": 20}
    assert office.audit().findings == ()


def test_a_law_that_takes_no_units_for_other_purposes_refuses_them_in_a_surrender_too(tmp_path: Path) -> None:
    office = Office("XAA")
    office.activity(
        purposes=(Purpose.IMP,), oimp_detail="aviation",
        first_transfer_definition=FirstTransferDefinition.USE_OR_CANCELLATION
    )  # fmt: skip
    office.issued()
    obeying(office, law_for(tmp_path, "XAA", TAX, NO_OFFSETS))
    office.do(filing(office.holder))
    assert code(office.ask(declaring(1, 20, effect=AccountingEffect.OIMP))[0]) == "policy.requirement.unmet"


# Before units come here


FACT = '[fact.checked]\ntype = "yes_no"\nlabel = { en = "Checked by the ministry", zh-Hant = "主管機關已查核" }\n'
CHECKED = rule("checked", "requirement", 'acts = ["acquire"]\nneeds = ["checked", "authorized", "national_record"]')


def deciding(**changes: Any) -> RecordDecision:
    content: dict[str, Any] = {"decision": "D-1", "authority": "ministry", "fact": "checked"}
    return RecordDecision(**{**content, "authorization": LETTER, "host": Party("XAA"), **changes})


def receiving(folder: Path) -> Pair:
    """A pair whose buyer obeys a law that asks for a check before units come."""
    pair = Pair()
    law = replace(law_of(folder, FACT + CHECKED), kind="programme", jurisdiction="")
    obeying(pair.buyer, law)
    pair.links[pair.buyer.party] = pair._link(pair.buyer)
    return pair


def last_answer(pair: Pair) -> list[str]:
    return [str(getattr(answer, "code", "")) for answer in pair.network.deliver()]


def test_what_the_law_asks_about_units_from_abroad_is_decided_here_before_they_come(tmp_path: Path) -> None:
    pair = receiving(tmp_path)
    pair.propose(1, 10)
    assert "policy.fact_missing" in last_answer(pair)
    assert pair.held(pair.buyer) == 0
    pair.buyer.do(deciding())
    pair.propose(11, 20, transfer="t-2")
    pair.network.deliver()
    assert pair.held(pair.buyer) == 10


@pytest.mark.parametrize("told", [{}, {"answers": {"checked": True}}])
def test_a_person_lets_in_nothing_that_the_law_does_not(tmp_path: Path, told: Any) -> None:
    """Over a link by hand the law is asked when the person consents, who may say what the law asks of people."""
    pair = receiving(tmp_path)
    pair.buyer.do(ChangeLink(party=Party("XAA"), reason="the ministry decides", by_hand=True))
    pair.propose(1, 10)
    pair.network.deliver()
    consent = ConsentToTransfer(transfer=TransferId("t-1"))
    assert code(pair.buyer.ask(consent)[0]) == "policy.fact_missing"
    if not told:
        pair.buyer.do(deciding())
    pair.buyer.do(replace(consent, **told))
    law = details(pair.buyer)["law"]
    assert (law["act"], law["asked"]["partner"], law["asked"]["quantity_t"]) == ("acquire", "XAA", 10)
    pair.links[Party("XBB")].resend("t-1")
    pair.network.deliver()
    assert pair.held(pair.buyer) == 10


@pytest.mark.parametrize("changes", [{"host": Party("XCC")}, {"host": None}, {"granted": False}])
def test_a_decision_about_another_letter_or_against_it_lets_nothing_in(tmp_path: Path, changes: Any) -> None:
    pair = receiving(tmp_path)
    pair.buyer.do(deciding(**changes))
    pair.propose(1, 10)
    pair.network.deliver()
    assert pair.held(pair.buyer) == 0


@pytest.mark.parametrize(
    "changes", [{"host": Party("XBB")}, {"host": Party("xaa")}, {"authorization": None, "activity": "A"}]
)
def test_the_host_of_a_letter_is_another_party(tmp_path: Path, changes: Any) -> None:
    pair = receiving(tmp_path)
    assert code(pair.buyer.ask(deciding(**changes))[0]) == "decision.about_unclear"
    assert isinstance(pair.buyer.ask(deciding(authorization=AuthorizationId("XAA-LOA-9")))[0], Receipt)


OMGE = rule(
    "omge", "levy", 'aim = "omge"\nshare = "2 %"\nform = "cancel"\nwhen = { authorized = true, partner = "XBB" }'
)


@pytest.mark.parametrize("under", [LETTER, None])
def test_whether_units_are_issued_under_a_letter_and_for_whom_nobody_has_to_answer(tmp_path: Path, under: Any) -> None:
    office = Office("XAA")
    office.activity()
    obeying(office, law_for(tmp_path, "XAA", OMGE))
    if under is None:
        issuing = Issue(
            activity=ACTIVITY, verification="M1-V", vintage=2023, quantity=100, account=office.holder,
            unit_type=UnitType.DOMESTIC, scheme="HOME", answers={"partner": "XBB"},
        )  # fmt: skip
        office.do(issuing)
        assert {each.account for each in office.writer.books.all_holdings()} == {office.holder}
        return
    office.issued(quantity=100)
    held = {each.account: each.serials.size for each in office.writer.books.all_holdings()}
    assert held == {"cancelled:omge": 2, office.holder: 98}
