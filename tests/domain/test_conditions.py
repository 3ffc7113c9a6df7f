"""What lists come to, and that they never decide what a unit is."""

from datetime import date

import pytest

from counterfoil.domain.accounting.unit_facts import Status
from counterfoil.domain.compliance.conditions import (
    Acceptance,
    Place,
    acceptance,
    conditions,
    is_list,
    place_of,
    stays_valid,
)
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.basis import Basis, Confidence, Span, Text
from counterfoil.domain.policy.clause import Clause, Rule
from counterfoil.domain.policy.kinds.requirement import RequirementRule
from counterfoil.domain.policy.law import Law

WORDS = Text("rule", "規則")
FIRST, DAY = date(2025, 1, 1), date(2026, 1, 1)


def listed(*content: RequirementRule, acts: frozenset[Act] = frozenset({Act.ACCEPT})) -> Law:
    rules = {}
    for number, each in enumerate(content):
        basis = Basis("list", "1.0.0", f"r{number}", WORDS, Span(FIRST), "owner", "page 1", Confidence.FOUND)
        clause = Clause("requirement", basis, each, acts)
        rules[basis.name] = Rule(basis.name, clause.kind, WORDS, (clause,))
    return Law("list", "1.0.0", "list", "", WORDS, rules=rules)


LABEL = RequirementRule(needs=("label",))
TOLD = RequirementRule(needs=("label",), advice=True)
YOUNG = RequirementRule(one_of={"standard": ("GS", "VCS")})


@pytest.mark.parametrize(
    ("law", "facts", "expected"),
    [
        (listed(LABEL), {"label": True}, Acceptance.ACCEPTED),
        (listed(LABEL), {"label": False}, Acceptance.NOT_ACCEPTED),
        (listed(LABEL), {}, Acceptance.OPEN),
        (listed(TOLD), {"label": False}, Acceptance.ACCEPTED),
        (listed(LABEL, YOUNG), {"standard": "TVER"}, Acceptance.NOT_ACCEPTED),
        (listed(LABEL, YOUNG), {"standard": "GS"}, Acceptance.OPEN),
        (listed(LABEL, YOUNG), {"standard": "GS", "label": True}, Acceptance.ACCEPTED),
        (listed(LABEL, acts=frozenset({Act.ACQUIRE})), {"label": False}, Acceptance.SILENT),
    ],
)
def test_a_list_accepts_only_what_meets_every_condition(
    law: Law, facts: dict[str, bool | str], expected: Acceptance
) -> None:
    assert acceptance(conditions(law, Asked(Act.ACCEPT, facts), DAY)) is expected


def test_a_list_says_nothing_before_its_first_day() -> None:
    before = date(2024, 12, 31)
    assert acceptance(conditions(listed(LABEL), Asked(Act.ACCEPT, {"label": False}), before)) is Acceptance.SILENT


def test_a_pack_is_a_list_by_what_its_rules_are_about() -> None:
    assert is_list(listed(LABEL))
    assert not is_list(listed(LABEL, acts=frozenset({Act.ACQUIRE})))


@pytest.mark.parametrize(
    ("status", "found", "expected"),
    [
        (Status.AUTHORIZED, [Acceptance.ACCEPTED, Acceptance.NOT_ACCEPTED], True),
        (Status.FIRST_TRANSFERRED, [Acceptance.NOT_ACCEPTED], True),
        (Status.AUTHORIZED, [Acceptance.ACCEPTED, Acceptance.OPEN], False),
        (Status.UNAUTHORIZED, [Acceptance.NOT_ACCEPTED], False),
    ],
)
def test_only_an_authorized_unit_stays_valid_against_a_list(
    status: Status, found: list[Acceptance], expected: bool
) -> None:
    assert stays_valid(status, found) is expected


def test_where_units_stand_follows_from_their_account() -> None:
    places = [place_of(account) for account in ("tha:dev", "pending:CHE", "to:CHE", "retired:domestic")]
    assert places == [Place.HELD, Place.IN_FLIGHT, Place.LEFT, Place.SPENT]
