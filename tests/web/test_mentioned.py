"""Which entries say a text: the remembered numbers are those of a search, and cost one stretch at a time."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.bootstrap import Folder, Readable, open_for_reading
from counterfoil.entrypoints.web import mentioned
from counterfoil.entrypoints.web.mentioned import Mentioned
from tests.http.desk import HELD, founded

BLOCKS = 30


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return founded(tmp_path_factory.mktemp("mentioned") / "registry", blocks=BLOCKS)


@pytest.fixture
def readable(registry: Folder) -> Iterator[Readable]:
    with open_for_reading(registry) as found:
        yield found


def sight_of(readable: Readable) -> Sight:
    return Sight(readable.reading, readable.codec, readable.evidence)


def walked(readable: Readable, text: str) -> list[int]:
    """The same without any memory."""
    return [row.seq for row in readable.reading.journal(0) if text.encode() in bytes(row.leaf)]


def paged(found: Mentioned, sight: Sight, text: str, *, limit: int) -> list[int]:
    numbers: list[int] = []
    after: int | None = -1
    for _ in range(200):
        page = found.page(sight, text, after=after if after is not None else -1, limit=limit)
        assert len(page.rows) <= limit
        numbers += [row.seq for row in page.rows]
        if page.following is None:
            return numbers
        assert page.following >= (numbers[-1] if numbers else -1), "it goes on where it stopped"
        after = page.following
    raise AssertionError("the list has no end")


@pytest.mark.parametrize("limit", [1, 7, 100])
@pytest.mark.parametrize("stretch", [1, 3, 10_000])
@pytest.mark.parametrize("text", [HELD, '"act"', "of no entry"])
def test_all_pages_together_are_what_a_walk_finds(
    readable: Readable, monkeypatch: pytest.MonkeyPatch, limit: int, stretch: int, text: str
) -> None:
    monkeypatch.setattr(mentioned, "STRETCH", stretch)
    monkeypatch.setattr(mentioned, "AT_ONCE", 2)
    found, sight = Mentioned(), sight_of(readable)
    assert paged(found, sight, text, limit=limit) == walked(readable, text)
    # What was searched is remembered: the second time gives the same, from the beginning.
    assert paged(found, sight, text, limit=limit) == walked(readable, text)


def test_what_was_searched_is_not_searched_again(readable: Readable, monkeypatch: pytest.MonkeyPatch) -> None:
    found, sight = Mentioned(), sight_of(readable)
    first = found.page(sight, HELD, after=-1, limit=5)
    monkeypatch.setattr(type(readable.reading), "mentions", lambda *_, **__: pytest.fail("searched again"))
    assert found.page(sight, HELD, after=-1, limit=5) == first
    assert found.page(sight, HELD, after=first.following or 0, limit=100).following is None


def test_texts_that_nobody_asks_for_are_forgotten(readable: Readable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mentioned, "TEXTS_MAX", 2)
    found, sight = Mentioned(), sight_of(readable)
    for text in ("a", "b", "c"):
        found.page(sight, text, after=-1, limit=1)
    assert list(found._texts) == ["b", "c"]


class Waiting:
    """A reading room that works on nothing until it is told to."""

    def __init__(self, sight: Sight) -> None:
        self.sight = sight
        self.questions: list[Callable[[Sight], object]] = []

    def later(self, question: Callable[[Sight], object]) -> None:
        self.questions.append(question)


def test_the_rest_is_searched_while_nobody_waits_one_stretch_after_the_other(
    readable: Readable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mentioned, "STRETCH", 4)
    found, sight = Mentioned(), sight_of(readable)
    room: Any = Waiting(sight)
    for _ in range(3):
        found.page(sight, HELD, after=-1, limit=2, room=room)
    assert len(room.questions) == 1, "two searches of one text do not run side by side"
    stretches = 0
    while room.questions:
        room.questions.pop()(sight)
        stretches += 1
    whole = found.page(sight, HELD, after=-1, limit=1_000, room=room)
    assert [row.seq for row in whole.rows] == walked(readable, HELD) and whole.following is None
    assert stretches > 3 and not room.questions
