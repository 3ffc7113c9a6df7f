"""What pages add up is made once for each state of the books, and never shown for another."""

from pathlib import Path

from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.bootstrap import Folder, Writable, open_for_reading, open_for_writing
from counterfoil.entrypoints.web import folds_at_hand
from counterfoil.entrypoints.web.folds_at_hand import FoldsAtHand
from tests.http.desk import act, founded


def accounts(folder: Folder, folds: FoldsAtHand, made: list[int]) -> int:
    with open_for_reading(folder) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)

        def fold() -> int:
            made.append(sum(1 for _ in sight.records("account")))
            return made[-1]

        return folds.ask(sight, "accounts", fold)


def test_a_fold_is_made_once_until_something_is_committed(tmp_path: Path) -> None:
    folder, folds, made = founded(tmp_path / "registry", blocks=1), FoldsAtHand(), list[int]()
    before = accounts(folder, folds, made)
    assert accounts(folder, folds, made) == before and len(made) == 1
    opened = open_for_writing(folder, "test")
    assert isinstance(opened, Writable)
    with opened as writable:
        act(writable, OpenAccount(account="tha:another", holder="another"))
    assert accounts(folder, folds, made) == before + 1 and len(made) == 2


def test_few_are_kept(tmp_path: Path) -> None:
    folder, folds = founded(tmp_path / "registry", blocks=1), FoldsAtHand()
    with open_for_reading(folder) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)
        for number in range(folds_at_hand.KEPT_MAX + 5):
            assert folds.ask(sight, number, lambda number=number: number) == number
        assert len(folds._kept) == folds_at_hand.KEPT_MAX
