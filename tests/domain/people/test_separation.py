"""The body that authorizes is not the one that runs the registry, where the law parts them."""

from datetime import date

import pytest

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.safeguards import in_force
from counterfoil.domain.people.separation import SeparationFault, apart
from counterfoil.domain.people.standing import Standing
from counterfoil.domain.policy.asked import Act
from counterfoil.domain.policy.basis import Basis, Confidence, Span, Text
from counterfoil.domain.policy.clause import Clause, Rule
from counterfoil.domain.policy.kinds.account_guard import ACCOUNT_TERMS, AccountTermsRule
from counterfoil.domain.policy.kinds.four_eyes import GuardedAct
from counterfoil.domain.policy.kinds.role import RoleRule
from counterfoil.domain.policy.law import Law

DAY = date(2026, 3, 1)
OPERATOR = Standing("P-AAAAAAAA", "", "operator", frozenset({"operator"}))
AUTHORITY = Standing("P-BBBBBBBB", "DCCE", "authority", frozenset({"authority"}))
COMPANY = Standing("P-CCCCCCCC", "ACME", "company", frozenset({"holder"}))


def law(kind: str, content: object, first: date = date(2020, 1, 1)) -> Law:
    basis = Basis("xaa", "1", "r", Text("x", "x"), Span(first), "s", "art. 9", Confidence.FOUND)
    rule = Rule("r", kind, Text("x", "x"), (Clause(kind, basis, content),))
    return Law("xaa", "1", "jurisdiction", "XAA", Text("x", "x"), rules={"r": rule})


TERMS = law(ACCOUNT_TERMS, AccountTermsRule(separate_bodies=True))
DUTIES = law("role", RoleRule("DCCE", may=(Act.AUTHORIZE, Act.REPORT), never=(Act.ISSUE,)))


def parted(of: Law, act: GuardedAct, *actors: Standing) -> Refusal | None:
    safeguards = in_force((of,), DAY)
    assert safeguards is not None
    return apart(safeguards, (act,), actors, action="X")


@pytest.mark.parametrize("of", [TERMS, DUTIES], ids=["terms", "duties"])
@pytest.mark.parametrize(
    ("act", "actors", "fault"),
    [
        (GuardedAct.AUTHORIZE, (AUTHORITY,), None),
        (GuardedAct.AUTHORIZE, (OPERATOR,), SeparationFault.OPERATOR_AUTHORIZES),
        (GuardedAct.AUTHORIZE, (AUTHORITY, OPERATOR), SeparationFault.OPERATOR_AUTHORIZES),
        (GuardedAct.ISSUE, (OPERATOR,), None),
        (GuardedAct.ISSUE, (OPERATOR, AUTHORITY), SeparationFault.AUTHORITY_OPERATES),
        (GuardedAct.ACCOUNT_OPENING, (AUTHORITY,), SeparationFault.AUTHORITY_OPERATES),
        (GuardedAct.CANCEL, (COMPANY, AUTHORITY), None),
    ],
)
def test_each_body_does_its_own_duty(
    of: Law, act: GuardedAct, actors: tuple[Standing, ...], fault: SeparationFault | None
) -> None:
    found = parted(of, act, *actors)
    assert (None if found is None else found.code) == fault
    assert found is None or found.facts["provision"] == "art. 9"


def test_a_law_that_parts_nothing_asks_nothing() -> None:
    assert in_force((law("role", RoleRule("NEA", may=(Act.SURRENDER,), never=(Act.AUTHORIZE,))),), DAY) is None
    assert in_force((law(ACCOUNT_TERMS, AccountTermsRule(separate_bodies=True), date(2026, 3, 2)),), DAY) is None
    assert parted(law(ACCOUNT_TERMS, AccountTermsRule(kyc=True)), GuardedAct.AUTHORIZE, OPERATOR) is None
