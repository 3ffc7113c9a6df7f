"""What the law still takes for a liability: its share, less what was accepted, with what stands behind it."""

from datetime import date
from fractions import Fraction

import pytest

from counterfoil.application.schemes import Room, rooms
from counterfoil.domain.compliance.liability import Base, Liability
from counterfoil.domain.policy.law import Law
from counterfoil.entrypoints.laws_at_hand import LawsAtHand


@pytest.fixture(scope="module")
def law() -> Law:
    found = LawsAtHand().law("sgp")
    assert found is not None
    return found


def owed(
    *, base_t: int | None = 200_000, taken_t: int = 0, law_on: date = date(2025, 12, 31), scheme: str = "SGP-TAX"
) -> Liability:
    return Liability(
        id="L",
        entity="E",
        account="sgp:e",
        scheme=scheme,
        year=law_on.year,
        filed_on=date(2026, 6, 1),
        law_on=law_on,
        pack="sgp",
        version="1.1.0",
        base=Base(base_t=base_t),
        accepted_t={"unit_share_max": taken_t} if taken_t else {},
        deducted_t=taken_t,
    )


@pytest.mark.parametrize("taken_t, left_t", [(0, 10_000), (4_000, 6_000), (10_000, 0)])
def test_the_room_is_the_share_less_what_was_accepted(law: Law, taken_t: int, left_t: int) -> None:
    (room,) = rooms(law, owed(taken_t=taken_t))
    assert (room.unit_type, room.cap_t, room.left_t) == ("ITMO", 10_000, left_t)
    assert room.share == Fraction(1, 20)
    assert [each.name for each in room.basis][:1] == ["international_credits"]


@pytest.mark.parametrize(
    "case, liability",
    [
        ("the law was not in force", owed(law_on=date(2023, 12, 31))),
        ("the scheme is another", owed(scheme="OTHER")),
        ("the base is not known", owed(base_t=None)),
    ],
)
def test_no_room_is_told_where(law: Law, case: str, liability: Liability) -> None:
    assert list(rooms(law, liability)) == [], case


@pytest.mark.parametrize(
    "share, text", [(Fraction(1, 20), "5"), (Fraction(1, 40), "2.5"), (None, "0"), (Fraction(1), "100")]
)
def test_a_share_is_written_in_percent_as_the_law_writes_it(share: Fraction | None, text: str) -> None:
    assert Room("ITMO", share, 1, 1, ()).percent == text
