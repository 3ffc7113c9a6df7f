"""A registry that adopted a pack obeys its law, as of the legal day of each act."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counterfoil.application.commands.adopt_pack import AdoptPack
from counterfoil.application.commands.authorize import Authorize
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.register import RegisterActivity, RegisterCooperativeApproach
from counterfoil.application.ports import Outage
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Writer
from counterfoil.domain.kernel.ids import ActivityId, AuthorizationId, CooperativeApproachId, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.laws import NO_LAWS, LawTable
from counterfoil.domain.units.purpose import Purpose
from counterfoil.domain.units.unit_type import MitigationType
from counterfoil.entrypoints.laws_at_hand import LawsAtHand
from tests.application.office import Office

LAWS = LawsAtHand()
OLD_LAW = date(2025, 6, 2)
NEW_LAW = date(2025, 10, 10)


def office_of(today: date) -> Office:
    office = Office("IDN", today=today, laws=LAWS)
    law = LAWS.law("idn")
    assert law is not None
    office.do(AdoptPack(pack="idn", version=law.version))
    office.do(
        RegisterCooperativeApproach(
            approach=CooperativeApproachId("CA9001"),
            title="Indonesia and Norway",
            participants=(Party("IDN"), Party("NOR")),
            agreement_required=False,
        )
    )
    return office


def registering(**answers: Any) -> RegisterActivity:
    return RegisterActivity(
        activity=ActivityId("ID-1"),
        title="A project",
        mitigation_type=MitigationType.REDUCTION,
        sector="Energy generation",
        activity_type="Solar",
        standard="national",
        cooperative_approach=CooperativeApproachId("CA9001"),
        answers=answers,
    )


def authorizing(**answers: Any) -> Authorize:
    return Authorize(
        authorization=AuthorizationId("IDN-LOA-1"),
        cooperative_approach=CooperativeApproachId("CA9001"),
        adjustment_commitment="Indonesia applies corresponding adjustments.",
        gases=("CO2",),
        purposes=(Purpose.NDC,),
        vintages=(2024,),
        last_use_on=date(2032, 12, 31),
        underlying_references=("rules",),
        sectors=("Energy generation",),
        authorized_parties=(Party("NOR"),),
        authorized_quantity=1_000_000,
        answers=answers,
    )


def code(outcome: object) -> str:
    assert isinstance(outcome, Refusal), outcome
    return str(outcome.code)


def test_without_a_pack_no_law_is_asked() -> None:
    office = Office("IDN", today=OLD_LAW, laws=LAWS)
    office.do(OpenAccount(account="idn:holder", holder="holder"))
    assert "law" not in _last_details(office)


def _last_details(office: Office) -> dict[str, Any]:
    entry = office.sight().entry(office.writer.size - 1)
    assert entry is not None
    return dict(entry.entry.details)


def test_what_only_people_know_is_asked_for_by_name() -> None:
    office = office_of(OLD_LAW)
    refused = office.ask(registering())[0]
    assert code(refused) == "policy.fact_missing"
    assert isinstance(refused, Refusal)
    assert "additional" in str(refused.facts["facts"])


def test_an_act_that_meets_the_law_keeps_the_question_and_the_rules_that_answered() -> None:
    office = office_of(OLD_LAW)
    office.do(registering(additional=True, sdg_count=1))
    law = _last_details(office)["law"]
    assert law["pack"] == "idn"
    assert law["act"] == "register"
    assert law["asked"]["sdg_count"] == 1
    assert "project_gate" in law["rules"]


def test_an_act_that_does_not_meet_the_law_is_refused_with_rule_and_provision() -> None:
    office = office_of(OLD_LAW)
    refused = office.ask(registering(additional=True, sdg_count=0))[0]
    assert code(refused) == "policy.requirement.unmet"
    assert isinstance(refused, Refusal)
    assert refused.facts["rule"] == "project_gate"
    assert refused.facts["provision"]


def test_an_answer_may_not_contradict_the_register() -> None:
    office = office_of(OLD_LAW)
    assert code(office.ask(registering(additional=True, sdg_count=1, sector="forestry"))[0]) == "law.answer_is_known"


def test_the_same_request_has_another_answer_from_the_first_day_of_the_new_law() -> None:
    surplus = {"achieved_t": 28_000_000, "target_t": 30_000_000, "results_paid": False}
    before = office_of(date(2025, 10, 9)).ask(authorizing(**surplus))[0]
    assert code(before) == "policy.export.no_surplus"
    after = office_of(NEW_LAW).ask(authorizing(**surplus, minister_authorizes=True))[0]
    assert not isinstance(after, Refusal) or "surplus" not in str(after.code), after


def test_a_registry_whose_pack_is_not_here_does_not_start() -> None:
    office = office_of(OLD_LAW)
    with pytest.raises(Outage, match=r"pack\.not_loaded"):
        Writer(replace(office.world, laws=NO_LAWS))


def _raised(version: str) -> LawTable:
    law = LAWS.law("idn")
    assert law is not None
    return LawTable({"idn": replace(law, version=version)})


def test_a_pack_in_another_version_decides_nothing_until_it_is_adopted() -> None:
    office = office_of(OLD_LAW)
    office.writer = Writer(replace(office.world, laws=_raised("9.0.0")))
    assert code(office.ask(registering(additional=True, sdg_count=1))[0]) == "pack.version_differs"
    office.do(AdoptPack(pack="idn", version="9.0.0"))
    assert isinstance(office.ask(registering(additional=True, sdg_count=1))[0], Receipt)


@pytest.mark.parametrize(
    ("pack", "version", "told"),
    [
        ("xyz", "1.0.0", "pack.unknown"),
        ("idn", "0.0.1", "pack.other_version"),
        ("idn", None, "pack.already_adopted"),
    ],
)
def test_a_pack_is_adopted_by_its_name_and_version_once(pack: str, version: str | None, told: str) -> None:
    law = LAWS.law("idn")
    assert law is not None
    office = office_of(OLD_LAW)
    assert code(office.ask(AdoptPack(pack=pack, version=version or law.version))[0]) == told


def test_a_pack_of_another_jurisdiction_is_refused() -> None:
    law = LAWS.law("idn")
    assert law is not None
    office = Office("XAA", today=OLD_LAW, laws=LAWS)
    assert code(office.ask(AdoptPack(pack="idn", version=law.version))[0]) == "pack.other_jurisdiction"
