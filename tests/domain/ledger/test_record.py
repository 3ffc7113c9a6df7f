"""Records to JSON and back: what is written in the journal is what was meant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NewType

import pytest

from counterfoil.domain.kernel.canonical import canonical
from counterfoil.domain.kernel.record import from_json, to_json

Name = NewType("Name", str)


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Part:
    amount: int
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    name: Name
    colour: Colour
    maybe: Colour | None
    part: Part | None
    parts: tuple[Part, ...]
    days: tuple[date, ...]
    open: Mapping[str, Any] = field(default_factory=dict)
    flag: bool = False


WHOLE = Whole(
    Name("n"), Colour.RED, None, Part(1, date(2028, 2, 29)), (Part(2), Part(3)), (date(1, 1, 1),), {"a": [1]}, flag=True
)


def test_a_record_comes_back_as_it_was() -> None:
    assert from_json(Whole, to_json(WHOLE)) == WHOLE


def test_its_json_is_plain_and_has_every_field() -> None:
    assert to_json(WHOLE) == {
        "name": "n",
        "colour": "red",
        "maybe": None,
        "part": {"amount": 1, "on": "2028-02-29"},
        "parts": [{"amount": 2, "on": None}, {"amount": 3, "on": None}],
        "days": ["0001-01-01"],
        "open": {"a": [1]},
        "flag": True,
    }
    canonical(to_json(WHOLE))


def test_a_member_that_may_be_left_out_has_its_default() -> None:
    assert from_json(Part, {"amount": 4}) == Part(4)


@pytest.mark.parametrize(
    "change", [{"colour": "blue"}, {"part": {"on": None}}, {"days": ["2026-02-30"]}, {"more": 1}, {"parts": [{}]}]
)
def test_what_has_another_shape_is_not_read(change: dict[str, Any]) -> None:
    json: Any = to_json(WHOLE)
    with pytest.raises((ValueError, TypeError, KeyError)):
        from_json(Whole, {**json, **change})


@pytest.mark.parametrize("value", [1.5, b"x", {1}, object()])
def test_what_has_no_record_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        to_json(value)
