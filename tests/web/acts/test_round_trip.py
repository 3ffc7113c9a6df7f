"""Every command becomes a form and comes back from it as it was."""

import json
from dataclasses import fields
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.application.command import Command
from counterfoil.application.commands.table import BY_HAND
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.language import LANGUAGES, Texts
from counterfoil.entrypoints.web.desk.act_groups import GROUPS, act_groups
from counterfoil.entrypoints.web.forms.filling import filled
from counterfoil.entrypoints.web.forms.placing import placed
from counterfoil.entrypoints.web.forms.reading import read
from counterfoil.entrypoints.web.forms.references import KINDS, named_by
from counterfoil.entrypoints.web.forms.row_changes import rearranged
from counterfoil.entrypoints.web.forms.shape import Asked, shape
from counterfoil.entrypoints.wire import command_of

EXAMPLES: dict[str, Any] = json.loads(
    (resources.files("counterfoil.entrypoints.http") / "examples.json").read_text("utf-8")
)


def walked(asked: tuple[Asked, ...]) -> list[Asked]:
    return [found for each in asked for found in (each, *walked(each.parts))]


@pytest.mark.parametrize("name", [name for name in BY_HAND if name in EXAMPLES])
def test_the_example_of_a_command_comes_back_from_its_form(name: str) -> None:
    told = {**EXAMPLES[name], "id": "form-1"}
    back = read(shape(name), filled(shape(name), told))
    assert not back.wrong
    assert back.value == told
    assert not isinstance(command_of({"command": name, **back.value}), Refusal)


def test_a_form_asks_every_field_of_its_command_but_the_id() -> None:
    for name, cls in BY_HAND.items():
        assert {each.name for each in shape(name)} == {each.name for each in fields(cls)} - {"id"}, name
    assert {"on", "confidential", "answers"} <= {each.name for each in fields(Command)}


def test_every_field_and_word_of_every_form_has_a_text_in_both_languages() -> None:
    missing = [
        (language, key)
        for language in LANGUAGES
        for name in BY_HAND
        for each in walked(shape(name))
        for key in (f"field.{each.name}", *(f"word.{each.vocabulary}.{word}" for word in each.words))
        if Texts(language).known(key) is None
    ]
    assert not sorted(set(missing))


def test_every_act_stands_in_one_group_with_a_title_and_a_sentence() -> None:
    listed = [name for names in act_groups().values() for name in names]
    assert sorted(listed) == sorted(set(BY_HAND) - {"Found"})
    assert len(listed) == len(set(listed))
    for names in GROUPS.values():
        for name in set(names) & set(BY_HAND):
            for language in LANGUAGES:
                assert Texts(language).known(f"web.act.{name}"), name
                assert Texts(language).known(f"web.act.{name}.lead"), name


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"f.activity": ("A",), "f.vintage": ("2,025",)}, {"activity": "A", "vintage": 2025}),
        ({"f.quantity": ("1 916",)}, {"quantity": 1916}),
        ({"f.quantity": ("-5",)}, {"quantity": -5}),
        (
            {"f.confidential.0.key": ("price",), "f.confidential.0.value": ("17500",)},
            {"confidential": {"price": 17500}},
        ),
        ({"f.confidential.0.key": ("note",), "f.confidential.0.value": ("17",)}, {"confidential": {"note": "17"}}),
        ({"f.answers.4.key": ("additional",), "f.answers.4.value": ("yes",)}, {"answers": {"additional": True}}),
    ],
)
def test_what_is_typed_is_read_as_it_is_meant(typed: dict[str, tuple[str, ...]], said: dict[str, Any]) -> None:
    found = read(shape("Issue"), typed).value
    assert {name: found[name] for name in said} == said


@pytest.mark.parametrize("text", ["1.5", "twelve", "1,23", "0x10", "1e3", "１２ 三", "9" * 40])
def test_a_number_that_is_none_stays_as_it_was_typed_and_is_named(text: str) -> None:
    found = read(shape("Issue"), {"f.quantity": (text,)})
    assert found.wrong["f.quantity"] == "web.form.not_whole"
    assert found.value["quantity"] == text


def test_nothing_is_not_the_same_as_left_alone_where_a_command_changes_something() -> None:
    asked = shape("ChangeAuthorization")
    assert "vintages" not in read(asked, {"f.vintages": ("",)}).value
    assert read(asked, {"f.vintages:empty": ("yes",)}).value["vintages"] == []
    assert "metric" not in read(asked, filled(asked, {"authorization": "L"})).value
    assert read(asked, {"f.metric:given": ("yes",)}).value["metric"] == {}


def test_rows_keep_their_numbers_when_one_before_them_is_removed() -> None:
    asked = shape("ProposeTransfer")
    typed = filled(asked, EXAMPLES["ProposeTransfer"])
    more, _ = rearranged(asked, typed, "add:f.parts")
    assert "f.parts.1.unit_class" in more
    more["f.parts.1.unit_class"], more["f.parts.1.first"] = ("X",), ("7",)
    less, _ = rearranged(asked, more, "drop:f.parts.0")
    assert {name for name in less if name.startswith("f.parts")} == {"f.parts.1.unit_class", "f.parts.1.first"}
    unknown, _ = rearranged(asked, typed, "drop:csrf")
    assert unknown == typed


@given(
    st.dictionaries(st.text(max_size=30).map(lambda text: f"f.{text}"), st.tuples(st.text(max_size=30)), max_size=20)
)
def test_whatever_is_sent_is_read_without_a_mistake_of_ours(typed: dict[str, tuple[str, ...]]) -> None:
    for name in ("Authorize", "ProposeTransfer", "RecordNdc", "RecordStatement"):
        command_of({"command": name, **read(shape(name), typed).value})
        rearranged(shape(name), typed, next(iter(typed), "add:f.x"))


@pytest.mark.parametrize(
    ("code", "facts", "path"),
    [
        ("command.unreadable", {"detail": "Expected `int`, got `str` - at `$.parts[0].first`"}, "f.parts.0.first"),
        ("command.unreadable", {"detail": "Object missing required field `last` - at `$.parts[0]`"}, "f.parts.0.last"),
        ("account.unknown", {"account": "tha:nobody"}, "f.source"),
        ("transfer.unknown", {"transfer": "other"}, "f.transfer"),
        ("registry.closed", {"day": "2026"}, ""),
    ],
)
def test_a_refusal_stands_beside_the_field_that_it_speaks_of(code: str, facts: dict[str, str], path: str) -> None:
    typed = {"f.source": ("tha:nobody",), "f.target": ("che:somebody",)}
    assert placed(shape("ProposeTransfer"), typed, Refusal(code, facts)).at == path


def test_what_a_command_names_anew_offers_nothing_that_is_there_already() -> None:
    for name in BY_HAND:
        for each in walked(shape(name)):
            assert named_by(each.owner, each.name) in {"", *KINDS}
    assert named_by("RegisterActivity", "activity") == ""
    assert named_by("Issue", "activity") == "activity"
