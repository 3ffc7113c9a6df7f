"""Participation responsibilities: attested with evidence, and asked of authorizations where the registry says so."""

from datetime import date
from typing import Any

import pytest

from counterfoil.application.commands.attest import Attested, AttestParticipation, SetAuthorizationRules
from counterfoil.domain.authorizations.participation import ParticipationFault, Responsibility
from counterfoil.domain.kernel.ids import Party
from tests.domain.commands.desk import Case, after, check_refused, titles
from tests.domain.commands.scene import authorized_host, host, issue, issuing_host, letter, proposal, settle
from tests.domain.commands.test_file_report import initial

SHOWN = "https://example.org/ndc"


def attest(letters: str = "abcde", party: str = "THA", **changes: Any) -> AttestParticipation:
    found = tuple(Attested(Responsibility(each), **{"evidence": SHOWN, **changes}) for each in letters)
    return AttestParticipation(party=Party(party), attestations=found)


def rules(required: bool = True, reason: str = "decision of the authority") -> SetAuthorizationRules:
    return SetAuthorizationRules(attestations_required=required, reason=reason)


REFUSALS = (
    Case("the Party has two letters", ParticipationFault.PARTY_UNREADABLE, lambda _: attest(party="TH")),
    Case("nothing is attested", ParticipationFault.NOTHING_ATTESTED, lambda _: attest("")),
    Case("it is not shown", ParticipationFault.EVIDENCE_MISSING, lambda _: attest("a", evidence="")),
    Case("it is no longer met, without a word", ParticipationFault.EVIDENCE_MISSING, lambda _: attest("a", met=False)),
    Case("the rule has no reason", ParticipationFault.REASON_MISSING, lambda _: rules(reason="")),
    Case("units are issued and nothing is attested", ParticipationFault.UNATTESTED, after(rules(), then=issue())),
    Case("one of five is missing", ParticipationFault.UNATTESTED, after(rules(), attest("abcd"), then=issue())),
    Case(
        "one is no longer met",
        ParticipationFault.UNATTESTED,
        after(rules(), attest(), attest("e", met=False, statement="the report is late"), then=issue()),
    ),
    Case(
        "units issued before go abroad",
        ParticipationFault.UNATTESTED,
        after(issue(), rules(), then=proposal()),
    ),
    Case(
        "it lapses while units are on their way",
        ParticipationFault.UNATTESTED,
        after(issue(), proposal(), rules(), then=settle("T-1")),
    ),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_of_participation_it_is_refused_when(case: Case) -> None:
    check_refused(case, authorized_host())


def test_with_a_to_e_attested_authorizations_take_effect_and_f_is_not_asked() -> None:
    desk = authorized_host()
    desk.do(rules())
    refusal = check_refused(Case("nothing is attested", ParticipationFault.UNATTESTED, lambda _: issue()), desk)
    assert refusal.facts["missing"] == "a, b, c, d, e"
    desk.do(attest())
    desk.do(issue())
    desk.do(proposal())


def test_another_partys_attestations_are_kept_apart_and_do_not_stand_for_ours() -> None:
    desk = authorized_host()
    desk.do(rules())
    desk.do(attest(party="CHE"))
    check_refused(Case("CHE attested", ParticipationFault.UNATTESTED, lambda _: issue()), desk)


def test_an_attestation_holds_from_its_day() -> None:
    desk = authorized_host()
    desk.do(rules())
    desk.do(attest(), on=date(2026, 5, 1))
    check_refused(Case("April", ParticipationFault.UNATTESTED, lambda _: issue(), on=date(2026, 4, 30)), desk)
    desk.do(issue(), on=date(2026, 5, 1))


def test_a_later_report_renews_one_responsibility_and_keeps_the_others() -> None:
    desk = host()
    desk.do(attest("ab"))
    desk.do(attest("b", report="BTR2"))
    kept = desk.books.record("participation", "THA")["attestations"]
    assert [(each["responsibility"], each["report"]) for each in kept] == [("a", ""), ("b", "BTR2")]


def test_a_registry_that_never_set_the_rule_goes_on_and_the_authorization_says_what_is_missing() -> None:
    desk = host()
    entry = desk.do(letter(initial_report_justification="together with the next report"))
    assert entry.details == {
        "unattested": ["a", "b", "c", "d", "e"],
        "initial_report": "not filed",
        "justification": "together with the next report",
    }
    desk.do(issue())
    issuing_host().do(proposal())


def test_an_authorization_after_the_initial_report_and_the_attestations_carries_no_warning() -> None:
    desk = host()
    desk.do(attest())
    desk.do(initial())
    assert desk.do(letter()).details == {}


def test_the_rule_can_be_switched_off_again() -> None:
    desk = authorized_host()
    desk.do(rules())
    desk.do(rules(required=False))
    desk.do(issue())
