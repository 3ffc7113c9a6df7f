"""A command that was sent before an upgrade and is sent again after it is the same command."""

import json
from dataclasses import dataclass
from pathlib import Path

from counterfoil.adapters.codec import JsonCodec
from counterfoil.application.command import LATER, Command, later
from counterfoil.application.commands.table import BY_NAME
from counterfoil.application.content import content_hash

CODEC = JsonCodec()


@dataclass(frozen=True, slots=True, kw_only=True)
class Send(Command):
    account: str


EARLIER = Send


def _later() -> type[Command]:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Send(Command):
        account: str
        reason: str = later("")
        words: tuple[str, ...] = later(factory=tuple)

    return Send


def test_a_field_that_came_later_and_says_nothing_leaves_the_hash_as_it_was() -> None:
    now = _later()
    assert content_hash(now(account="a"), CODEC) == content_hash(EARLIER(account="a"), CODEC)


def test_a_field_that_came_later_and_says_something_is_another_command() -> None:
    now = _later()
    assert content_hash(now(account="a", reason="b"), CODEC) != content_hash(now(account="a"), CODEC)
    assert content_hash(now(account="a", words=("b",)), CODEC) != content_hash(now(account="a"), CODEC)


def test_answers_are_part_of_what_a_command_says() -> None:
    assert content_hash(EARLIER(account="a", answers={"additional": True}), CODEC) != content_hash(
        EARLIER(account="a"), CODEC
    )


def test_the_hash_of_a_command_of_the_first_version_is_what_it_always_was() -> None:
    """The value was taken from the version before fields could come later."""
    assert content_hash(EARLIER(account="a"), CODEC) == HASH


HASH = "ab260d0867897d95eb709ebfb764e35c2657ff681648f42a3f1e41a9ffa21a0a"


FIRST = json.loads(Path(__file__).with_name("first_fields.json").read_text("utf-8"))
"""The fields of every command in the version before fields could come later."""


def test_a_command_of_the_first_version_has_its_fields_and_others_only_as_later_ones() -> None:
    for name, first in FIRST.items():
        fields = {key: field for key, field in BY_NAME[name].__dataclass_fields__.items() if key != "id"}
        assert set(first) <= set(fields), name
        added = set(fields) - set(first) - {"confidential"}
        assert [key for key in added if LATER not in fields[key].metadata] == [], f"{name}: use later()"
