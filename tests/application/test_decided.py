"""Quotas and decisions on record are what the law is told: nobody may answer them by hand."""

from datetime import date
from typing import Any

import pytest

from counterfoil.application.commands.authorize import Authorize
from counterfoil.application.commands.record_decision import RecordDecision
from counterfoil.application.commands.set_quota import SetQuota
from counterfoil.application.receipt import Receipt
from counterfoil.domain.kernel.ids import AuthorizationId
from tests.application.office import Office
from tests.application.test_lawful import NEW_LAW, OLD_LAW, authorizing, code, office_of

SURPLUS: dict[str, Any] = {"achieved_t": 37_000_000, "target_t": 32_000_000, "results_paid": False}


def quota(**changes: Any) -> SetQuota:
    answers = {"achieved_t": 37_000_000, "target_t": 32_000_000}
    content: dict[str, Any] = {"quota": "2025/nation", "level": "nation", "year": 2025, "quantity_t": 4_000_000}
    return SetQuota(**{**content, "answers": answers, **changes})


def drawing(**changes: Any) -> Authorize:
    asked = authorizing(**SURPLUS)
    fields = {name: getattr(asked, name) for name in Authorize.__dataclass_fields__}
    return Authorize(**{**fields, "quota": "2025/nation", **changes})


def decision(**changes: Any) -> RecordDecision:
    content: dict[str, Any] = {"decision": "D-1", "authority": "KLH", "authorization": AuthorizationId("IDN-LOA-1")}
    return RecordDecision(**{**content, "fact": "minister_authorizes", **changes})


def law_of(office: Office) -> Any:
    entry = office.sight().entry(office.writer.size - 1)
    assert entry is not None
    return entry.entry.details["law"]


def test_a_quota_is_bounded_by_the_surplus_to_the_tonne() -> None:
    office = office_of(OLD_LAW)
    assert code(office.ask(quota(quantity_t=5_000_001))[0]) == "policy.quota.above_room"
    office.do(quota(quantity_t=5_000_000))
    assert law_of(office)["rules"] == ["export_quota"]


def test_a_letter_without_a_quota_is_refused_where_the_law_has_quotas() -> None:
    office = office_of(OLD_LAW)
    assert code(office.ask(drawing(quota=""))[0]) == "policy.quota.exceeded"


def test_a_quota_that_nobody_set_cannot_be_answered() -> None:
    office = office_of(OLD_LAW)
    asked = drawing(quota="", answers={**SURPLUS, "quota_t": 9_000_000, "quota_used_t": 0})
    assert code(office.ask(asked)[0]) == "law.answer_is_known"


def test_the_entry_says_the_quota_and_what_was_used_of_it() -> None:
    office = office_of(OLD_LAW)
    office.do(quota(), drawing())
    asked = law_of(office)["asked"]
    assert (asked["quota_t"], asked["quota_used_t"]) == (4_000_000, 0)
    office.do(drawing(authorization=AuthorizationId("IDN-LOA-2")))
    assert law_of(office)["asked"]["quota_used_t"] == 1_000_000


def test_the_decision_of_an_authority_answers_what_the_law_asks() -> None:
    office = office_of(NEW_LAW)
    assert code(office.ask(authorizing(**SURPLUS))[0]) == "policy.fact_missing"
    office.do(decision())
    assert isinstance(office.ask(authorizing(**SURPLUS))[0], Receipt)
    assert law_of(office)["asked"]["minister_authorizes"] is True


def test_a_decision_against_it_refuses_and_no_answer_outweighs_it() -> None:
    office = office_of(NEW_LAW)
    office.do(decision(granted=False))
    assert code(office.ask(authorizing(**SURPLUS))[0]) == "policy.export.not_decided"
    asked = authorizing(**SURPLUS, minister_authorizes=True)
    assert code(office.ask(asked)[0]) == "law.answer_is_known"


def test_a_decision_about_another_authorization_counts_for_nothing() -> None:
    office = office_of(NEW_LAW)
    office.do(decision(authorization=AuthorizationId("IDN-LOA-9")))
    assert code(office.ask(authorizing(**SURPLUS))[0]) == "policy.fact_missing"


@pytest.mark.parametrize(
    "words",
    [
        {"fact": "minister_agres"},
        {"fact": "", "level": "province"},
        {"fact": "", "cycle": "project", "step": "srn_aproval"},
        {"fact": "", "cycle": "projekt", "step": "srn_approval"},
    ],
)
def test_a_word_that_the_law_of_the_day_does_not_know_is_refused(words: dict[str, str]) -> None:
    assert code(office_of(NEW_LAW).ask(decision(**words))[0]) == "law.word_unknown"


def test_a_step_is_taken_after_the_steps_before_it() -> None:
    office = office_of(date(2025, 6, 2))
    step = {"fact": "", "cycle": "project"}
    early = decision(**step, step="verification")
    assert code(office.ask(early)[0]) == "policy.cycle.step_missing"
    office.do(decision(**step, step="srn_approval"))
    assert code(office.ask(decision(**step, decision="D-2", step="srn_approval"))[0]) == "policy.cycle.step_done"
    office.do(decision(**step, decision="D-2", step="standard_certification"))
