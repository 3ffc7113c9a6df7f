"""Mandates: nobody hands on more than they hold, nor without an end."""

from datetime import date, timedelta

import pytest

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.mandate import DAYS_MAX, Mandate, deputised, mandate
from counterfoil.domain.people.standing import Standing

GIVER = Standing("P-AAAAAAAA", "E-1", "company", frozenset({"holder", "developer"}))
FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)
DEPUTY = "P-BBBBBBBB"


def given(giver: Standing = GIVER, **changes: object) -> Mandate | Refusal:
    said = {"person": DEPUTY, "roles": frozenset({"holder"}), "first_day": FIRST, "last_day": LAST, **changes}
    return mandate(giver, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("case", "changes", "fault"),
    [
        ("it goes to oneself", {"person": "P-AAAAAAAA"}, "deputy.to_oneself"),
        ("a deputy hands it on", {"giver": Standing("P-C", "E-1", "", GIVER.roles, "P-D")}, "deputy.handed_on"),
        ("it holds a role that the giver lacks", {"roles": frozenset({"operator"})}, "deputy.wider_than_giver"),
        ("it holds no role", {"roles": frozenset()}, "deputy.wider_than_giver"),
        ("it ends before it begins", {"last_day": FIRST - timedelta(1)}, "deputy.days_backwards"),
        ("it lasts too long", {"last_day": FIRST + timedelta(DAYS_MAX)}, "deputy.too_long"),
    ],
)
def test_a_mandate_is_refused_when(case: str, changes: dict[str, object], fault: str) -> None:
    found = given(**changes)  # type: ignore[arg-type]
    assert isinstance(found, Refusal)
    assert found.code == fault


@pytest.mark.parametrize(
    ("on", "revoked", "last_day"),
    [
        (FIRST, None, None),
        (LAST, None, None),
        (FIRST - timedelta(1), None, "2026-06-30"),
        (LAST + timedelta(1), None, "2026-06-30"),
        (date(2026, 3, 1), date(2026, 3, 1), "2026-02-28"),
        (date(2026, 2, 28), date(2026, 3, 1), None),
    ],
)
def test_a_deputy_acts_from_the_first_to_the_last_day(on: date, revoked: date | None, last_day: str | None) -> None:
    """And is told the days otherwise."""
    made = Mandate("P-AAAAAAAA", DEPUTY, "E-1", frozenset({"holder"}), FIRST, LAST, revoked)
    found = deputised(DEPUTY, GIVER, [made], on=on)
    if last_day is None:
        assert found == Standing(DEPUTY, "E-1", "company", frozenset({"holder"}), "P-AAAAAAAA")
    else:
        assert isinstance(found, Refusal)
        assert (found.code, found.facts["last_day"]) == ("deputy.not_in_force", last_day)


def test_what_the_giver_has_lost_the_deputy_has_lost_too() -> None:
    made = given()
    assert isinstance(made, Mandate)
    left = Standing("P-AAAAAAAA", "E-1", "company", frozenset({"developer"}))
    found = deputised(DEPUTY, left, [made], on=FIRST)
    assert isinstance(found, Standing)
    assert found.roles == frozenset()


@pytest.mark.parametrize(
    ("person", "giver"),
    [
        ("P-CCCCCCCC", GIVER),
        (DEPUTY, Standing("P-CCCCCCCC", "E-1", "company", GIVER.roles)),
        (DEPUTY, Standing("P-AAAAAAAA", "E-2", "company", GIVER.roles)),
    ],
)
def test_a_mandate_is_of_one_giver_for_one_person_and_one_body(person: str, giver: Standing) -> None:
    made = given()
    assert isinstance(made, Mandate)
    found = deputised(person, giver, [made], on=FIRST)
    assert isinstance(found, Refusal)
    assert found.code == "deputy.no_mandate"
