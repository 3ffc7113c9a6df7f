"""Canonical bytes: one spelling, two encoders, no exceptions."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.adapters.codec import JsonCodec
from counterfoil.domain.kernel.canonical import DEPTH_MAX, INTEGER_MAX, canonical
from counterfoil.domain.kernel.record import to_json

CODEC = JsonCodec()

# Hypothesis draws any character, lone surrogates included; the awkward ones come often.
AWKWARD = st.sampled_from(['"', "\\", "/", "\x00", "\x08", "\x0c", "\x1f", "\x7f", "\u2028", "\ufffe", "😀", "\ud800"])
TEXT = st.text(st.one_of(AWKWARD, st.characters(codec=None, exclude_categories=())), max_size=12)
INTEGERS = st.one_of(
    st.integers(), st.sampled_from([INTEGER_MAX, INTEGER_MAX + 1, -INTEGER_MAX - 1, -INTEGER_MAX - 2, 2**64, -(2**64)])
)
GOOD_LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-INTEGER_MAX - 1, INTEGER_MAX), st.text(max_size=12))
ANY_LEAVES = st.one_of(st.none(), st.booleans(), INTEGERS, TEXT, st.floats(), st.binary(max_size=3), st.decimals())


def trees(leaves: st.SearchStrategy[Any], names: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves,
        lambda below: st.one_of(
            st.lists(below, max_size=4),
            st.lists(below, max_size=3).map(tuple),
            st.dictionaries(names, below, max_size=4),
        ),
        max_leaves=12,
    )


JSON = trees(GOOD_LEAVES, st.text(max_size=8))
ANYTHING = trees(ANY_LEAVES, TEXT)


class Use(StrEnum):
    NDC = "ndc"


class Rank(IntEnum):
    HIGH = 3


def answer(encode: Callable[[Any], bytes], value: Any) -> bytes | type[Exception]:
    try:
        return encode(value)
    except TypeError:
        return TypeError
    except ValueError:
        return ValueError


@given(JSON)
def test_both_encoders_give_the_same_bytes(value: Any) -> None:
    assert CODEC.encode(value) == canonical(value)


@given(ANYTHING)
def test_what_one_encoder_refuses_the_other_refuses(value: Any) -> None:
    slow, fast = answer(canonical, value), answer(CODEC.encode, value)
    assert isinstance(slow, bytes) == isinstance(fast, bytes)
    assert not isinstance(slow, bytes) or slow == fast


@pytest.mark.parametrize(
    ("case", "value", "fault"),
    [
        ("a fraction", 1.5, TypeError),
        ("a whole float", [1.0], TypeError),
        ("not a number", {"a": [float("nan")]}, TypeError),
        ("bytes", [b"x"], TypeError),
        ("a set", {"a": {1}}, TypeError),
        ("too large", [INTEGER_MAX + 1], ValueError),
        ("too small", {"a": -INTEGER_MAX - 2}, ValueError),
        ("half a character", ["\ud800"], ValueError),
        ("half a character in a name", {"\udfff": 1}, ValueError),
    ],
)
def test_both_encoders_refuse(case: str, value: Any, fault: type[Exception]) -> None:
    assert answer(canonical, value) is fault, case
    assert answer(CODEC.encode, value) is fault, case


NOT_NAMED = [{1: 2}, [{None: 2}], {"a": {True: 1}}, [Rank.HIGH, {1: 2}], {"a": MappingProxyType({1: 2})}]


@pytest.mark.parametrize("value", NOT_NAMED, ids=repr)
def test_a_member_is_named_by_text(value: Any) -> None:
    assert answer(CODEC.encode, value) is TypeError


@pytest.mark.parametrize("value", NOT_NAMED[:3], ids=repr)
def test_a_member_is_named_by_text_in_the_kernel_too(value: Any) -> None:
    assert answer(canonical, value) is TypeError


@pytest.mark.parametrize("inner", [1, "x", None, [], {}, [1]])
@pytest.mark.parametrize("wrap", [lambda value: [value], lambda value: {"a": value}, lambda value: (value,)])
def test_both_encoders_stop_at_the_same_depth(inner: Any, wrap: Callable[[Any], Any]) -> None:
    value, taken = inner, 0
    for _ in range(DEPTH_MAX + 3):
        slow, fast = answer(canonical, value), answer(CODEC.encode, value)
        assert slow == fast
        taken += isinstance(slow, bytes)
        value = wrap(value)
    assert DEPTH_MAX - 1 <= taken <= DEPTH_MAX + 1


def test_nesting_without_end_is_refused_and_no_crash() -> None:
    value: list[Any] = []
    value.append(value)
    for nested in (value, json.loads("[" * 900 + "]" * 900)):
        with pytest.raises(ValueError, match="nested"):
            CODEC.encode(nested)


@given(JSON)
def test_what_was_encoded_is_decoded_and_python_reads_it_alike(value: Any) -> None:
    data = canonical(value)
    assert CODEC.decode(data) == json.loads(data) == CODEC.decode(data.decode())
    assert CODEC.encode(CODEC.decode(data)) == data


@given(JSON, JSON)
def test_different_values_have_different_bytes(one: Any, other: Any) -> None:
    def same_kind(a: Any, b: Any) -> bool:
        # Python holds 1 and True equal; JSON does not.
        return json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)

    assert (canonical(one) == canonical(other)) == same_kind(one, other)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"nul", b"NaN", b"Infinity", b"1.0", b"1e2", b"[-0.0]", b"01", b"+1", b"'a'", b"[1,]", b'{"a":1,}',
        b"1 2", b"\xef\xbb\xbf1", b'"\xff"', b'"\xed\xa0\x80"', b'"\\ud800"', b'"\x01"', b"// x\n1",
        b"9223372036854775808", b"[-9223372036854775809]", b'{"a":{"b":[18446744073709551616]}}', b"9" * 5_000,
        b"[" * 100_000, b"[" * 5_000 + b"]" * 5_000,
    ],
    ids=lambda data: repr(data[:24]),
)  # fmt: skip
def test_what_is_no_json_of_ours_is_refused_in_reading(data: bytes) -> None:
    with pytest.raises(ValueError):
        CODEC.decode(data)


@given(st.binary(max_size=60))
def test_reading_any_bytes_gives_a_value_or_a_value_error(data: bytes) -> None:
    try:
        CODEC.decode(data)
    except ValueError:
        return


def test_the_largest_numbers_are_read_exactly() -> None:
    data = b"[-9223372036854775808,9223372036854775807]"
    assert CODEC.decode(data) == [-(2**63), 2**63 - 1]
    assert CODEC.decode(b'"12345678901234567890123"') == "12345678901234567890123"


def test_a_repeated_member_shows_when_it_is_encoded_again() -> None:
    data = b'{"a":1,"a":2}'
    assert CODEC.decode(data) == {"a": 2}
    assert CODEC.encode(CODEC.decode(data)) != data


@dataclass(frozen=True, slots=True)
class Inner:
    zeta: int
    alpha: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Outer:
    use: Use
    inner: Inner | None
    many: tuple[Inner, ...]
    by_name: Any
    rank: Rank = Rank.HIGH


INNER = st.builds(Inner, st.integers(-INTEGER_MAX - 1, INTEGER_MAX + 2), st.lists(st.dates(), max_size=2).map(tuple))


@given(
    st.builds(
        Outer,
        st.sampled_from(Use),
        st.none() | INNER,
        st.lists(INNER, max_size=3).map(tuple),
        JSON | JSON.map(lambda value: MappingProxyType({"a": value})) | st.builds(lambda: {Use.NDC: 1}),
    )
)
def test_a_record_has_the_bytes_of_its_json_form(record: Outer) -> None:
    assert answer(CODEC.encode, record) == answer(canonical, to_json(record))
