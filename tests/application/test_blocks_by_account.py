"""The index by account says what the book says, however looks, acts and stretches fall between each other."""

from collections import defaultdict
from pathlib import Path

import pytest

from counterfoil.application.queries import blocks_by_account
from counterfoil.application.queries.blocks_by_account import BlocksByAccount
from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.bench.ground import Ground
from counterfoil.entrypoints.bench.subject import begin, run, writer_on
from counterfoil.entrypoints.bench.workload import Workload
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading


def truth(sight: Sight) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in sight.reading.blocks():
        found[row.account].append((row.unit_class, row.first))
    return found


def looked(
    index: BlocksByAccount, folder: Folder, *, limit: int, times: int
) -> dict[int, list[tuple[int, int]]] | None:
    """Go on some stretches; what the book says once the index is ready."""
    with open_for_reading(folder) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)
        for _ in range(times):
            index.follow(sight, limit=limit)
        return truth(sight) if index.ready else None


def agree(index: BlocksByAccount, book: dict[int, list[tuple[int, int]]]) -> None:
    for account in range(max(book) + 2):
        keys = list(index.of(account))
        assert keys == book.get(account, []), account
        for place, key in enumerate(keys):
            assert list(index.of(account, after=key)) == keys[place + 1 :]


def test_the_index_by_account_says_what_the_book_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks_by_account, "CHANGES_MAX", 200)
    place, load, index = Ground("sqlite", tmp_path), Workload(blocks=120, accounts=7, seed=3), BlocksByAccount()
    begun_anew = 0
    with writer_on(place, "by-account", place.disk(0)) as (writer, _):
        begin(writer, load.beginning(), 64)
        folder = place.folder("by-account", place.disk(0))
        for _ in range(40):
            run(writer, load.acts(12), 4)
            before = index.changes
            # A short stretch, after which there may be more to read; then a long one, after which there is not.
            looked(index, folder, limit=25, times=1)
            book = looked(index, folder, limit=10_000, times=2)
            begun_anew += index.changes < before
            assert book is not None
            agree(index, book)
    assert begun_anew
