"""The one spelling, letter by letter."""

from typing import Any

import pytest

from counterfoil.domain.kernel.canonical import canonical


@pytest.mark.parametrize(
    ("value", "spelled"),
    [
        (None, "null"),
        (True, "true"),
        (-(2**63), "-9223372036854775808"),
        ([], "[]"),
        ({}, "{}"),
        ({"b": 1, "a": {"d": [], "c": ""}}, '{"a":{"c":"","d":[]},"b":1}'),
        ('"\\/\b\f\n\r\t', '"\\"\\\\/\\b\\f\\n\\r\\t"'),
        ("\x00\x1f\x7f", '"\\u0000\\u001f\x7f"'),
        ("\u2028é台😀", '"\u2028é台😀"'),
        ({"\uffff": 1, "😀": 2}, '{"\uffff":1,"😀":2}'),  # by code point; UTF-16 would turn them round
    ],
)
def test_a_value_is_spelled(value: Any, spelled: str) -> None:
    assert canonical(value).decode() == spelled


@pytest.mark.parametrize("value", [1.0, float("nan"), b"", {1}, object(), [1, [2.5]]])
def test_what_is_no_json_has_no_spelling(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical(value)
