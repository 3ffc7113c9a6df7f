"""Kinds of bodies are data; the rules about them know no kind by name."""

from datetime import date

import pytest

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.organisation import account_parties, membership
from counterfoil.entrypoints.permission_table import organisation_kinds, permission_table

KINDS = organisation_kinds()


def code(found: Refusal | None) -> str:
    return "" if found is None else str(found.code)


@pytest.mark.parametrize(
    ("kind", "role", "until", "expected"),
    [
        ("company", "holder", None, ""),
        ("company", "authority", None, "organisation.role_not_of_kind"),
        ("auditor", "auditor", None, "organisation.until_missing"),
        ("auditor", "auditor", date(2026, 12, 31), ""),
        ("expert_reviewer", "reviewer", None, "organisation.until_missing"),
    ],
)
def test_a_role_is_held_in_a_body_that_has_it_and_for_a_time_where_that_is_asked(
    kind: str, role: str, until: date | None, expected: str
) -> None:
    assert code(membership(KINDS[kind], role=role, until=until)) == expected


@pytest.mark.parametrize(
    ("kind", "parties", "expected"),
    [
        ("foreign_entity", ["CHE"], ""),
        ("foreign_entity", ["CHE", "CHE"], ""),
        ("foreign_entity", [], "organisation.one_authorizing_party"),
        ("foreign_entity", ["CHE", "SGP"], "organisation.one_authorizing_party"),
        ("company", [], ""),
    ],
)
def test_each_account_of_a_foreign_entity_has_exactly_one_authorizing_party(
    kind: str, parties: list[str], expected: str
) -> None:
    assert code(account_parties(KINDS[kind], parties)) == expected


def test_every_role_of_every_kind_is_in_the_permission_table_and_every_role_is_held_somewhere() -> None:
    held = {role for kind in KINDS.values() for role in kind.roles}
    assert held == set(permission_table().permissions.roles)


def test_the_kinds_that_the_registry_was_asked_to_know_are_there() -> None:
    asked = (
        "authority developer verifier company exchange bank partner_party observer trustee regulator central_bank "
        "community expert_reviewer auditor foreign_entity operator"
    )
    assert set(KINDS) == set(asked.split())
