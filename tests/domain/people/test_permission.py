"""The permission rule: any, own or no; and what belongs to nobody is nobody's own."""

import pytest

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.permission import Permissions, Reach
from counterfoil.domain.people.role import Role
from counterfoil.domain.people.standing import Standing
from counterfoil.domain.policy.basis import Text

ROLES = {name: Role(name, Text(name, name)) for name in ("operator", "holder", "auditor")}
TABLE = Permissions(ROLES, {"Transfer": {"operator": Reach.ANY, "holder": Reach.OWN}})


def standing(*roles: str, organisation: str = "E-1") -> Standing:
    return Standing("P-AAAAAAAA", organisation, "company", frozenset(roles))


def code(found: Refusal | None) -> str:
    return "" if found is None else str(found.code)


@pytest.mark.parametrize(
    ("case", "who", "owners", "expected"),
    [
        ("the role may do it to anything", standing("operator"), {"E-9"}, ""),
        ("the thing is their organisation's", standing("holder"), {"E-1", "E-2"}, ""),
        ("the thing is another's", standing("holder"), {"E-2"}, "permission.not_own"),
        ("the thing is nobody's", standing("holder"), set(), "permission.not_own"),
        ("the person has no organisation", standing("holder", organisation=""), {""}, "permission.not_own"),
        ("the role is not in the row", standing("auditor"), {"E-1"}, "permission.role_missing"),
        ("the person has no role", standing(), {"E-1"}, "permission.role_missing"),
        ("one of two roles may", standing("auditor", "holder"), {"E-1"}, ""),
        ("the wider of two roles counts", standing("holder", "operator"), {"E-9"}, ""),
    ],
)
def test_an_act_is_permitted_or_not_when(case: str, who: Standing, owners: set[str], expected: str) -> None:
    assert code(TABLE.may(who, "Transfer", lambda: frozenset(owners))) == expected


def test_an_action_without_a_row_is_closed_to_all() -> None:
    refusal = TABLE.may(standing("operator", "holder"), "Unheard", lambda: frozenset({"E-1"}))
    assert code(refusal) == "permission.role_missing"


def test_whose_it_is_is_asked_only_where_a_role_may_act_over_its_own() -> None:
    def never() -> frozenset[str]:
        raise AssertionError("nobody needed to know")

    assert TABLE.may(standing("operator"), "Transfer", never) is None
    assert code(TABLE.may(standing("auditor"), "Transfer", never)) == "permission.role_missing"
