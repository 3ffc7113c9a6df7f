"""A balance as of a past checkpoint is the balance that stood there then."""

import base64
import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.adapters.codec import JsonCodec
from counterfoil.application.command import Command, Units
from counterfoil.application.commands.cancel import Cancel, CancellationPurpose
from counterfoil.application.commands.correct import Correct
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.ports import CheckpointRow
from counterfoil.application.queries.past import all_balances, balances_of, moment_of, past_balance
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import BalanceKey, Books
from counterfoil.domain.ledger.entry import from_leaf
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.cli.main import run
from tests.application.office import Office
from tests.worlds import played_world

FIRST_DAY = date(2025, 1, 15)
ACCOUNTS = ("xaa:holder", "xaa:a", "xaa:b")
Balances = Mapping[BalanceKey, int]

acts = st.lists(
    st.tuples(
        st.sampled_from(["transfer"] * 4 + ["cancel", "correct"]),
        st.integers(0, 2),
        st.integers(0, 2),
        st.integers(1, 600),
        st.integers(1, 90),
    ),
    max_size=16,
)


def standing(books: Books) -> Balances:
    """Every balance that is not zero."""
    return {key: amount for key, amount in books.all_balances().items() if amount}


class History:
    """An office that acts, one checkpoint a day, and what every account held at each of them."""

    def __init__(self) -> None:
        self.office = Office("XAA", today=FIRST_DAY)
        self.office.activity()
        self.office.issued(quantity=600, letter=None)
        self.office.do(*(OpenAccount(account=account, holder="x") for account in ACCOUNTS[1:]))
        with_class = next(key for key in standing(self.office.writer.books) if key.account == ACCOUNTS[0])
        self.unit_class = with_class.commodity
        self.at: dict[int, Balances] = {}
        self.day = FIRST_DAY
        self._note()

    def act(self, kind: str, source: int, target: int, first: int, count: int) -> None:
        """Try an act; what the rules refuse makes no checkpoint."""
        self.day += timedelta(days=1)
        self.office.day(self.day)
        units = Units(self.unit_class, first, min(600, first + count - 1))
        command: Command
        match kind:
            case "transfer":
                command = Transfer(units=units, source=ACCOUNTS[source], target=ACCOUNTS[target])
            case "cancel":
                command = Cancel(units=units, account=ACCOUNTS[source], purpose=CancellationPurpose.VOLUNTARY)
            case _:
                command = Correct(entry=max(0, self.office.writer.size - 1 - source), authority="x", reason="x")
        self.office.ask(command)
        self._note()

    def _note(self) -> None:
        self.at[self.office.sight().reading.last_checkpoint().number] = standing(self.office.writer.books)  # type: ignore[union-attr]


@settings(max_examples=60)
@given(acts)
def test_the_balance_at_each_checkpoint_is_the_one_that_was_recorded_then(acted: list[Any]) -> None:
    lived = History()
    for each in acted:
        lived.act(*each)
    sight = lived.office.sight()
    for number, expected in lived.at.items():
        row = sight.reading.checkpoint(number)
        assert row is not None
        require(sight, row, expected)


def require(sight: Sight, row: CheckpointRow, expected: Balances) -> None:
    """All accounts at once, and each alone, from whichever side is the shorter."""
    found = all_balances(sight.reading, sight.codec, size=row.size)
    assert {key: amount for key, amount in found.items() if amount} == expected
    for account in {key.account for key in expected} | {"issued:none"}:
        alone = balances_of(sight, account, size=row.size)
        own = {key: amount for key, amount in expected.items() if key.account == account}
        assert {key: amount for key, amount in alone.items() if amount} == own, (row.number, account)


def test_the_histories_of_this_file_reach_what_they_are_for() -> None:
    lived = History()
    before = len(lived.at)
    for each in (("transfer", 0, 1, 1, 50), ("cancel", 1, 0, 1, 10), ("correct", 0, 0, 1, 1), ("transfer", 1, 2, 5, 9)):
        lived.act(*each)
    assert len(lived.at) == before + 4
    assert any(key.account.startswith("cancelled:") for balances in lived.at.values() for key in balances)


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return played_world(tmp_path_factory)


@pytest.mark.parametrize("party", ["THA", "CHE", "GHA"])
def test_both_books_of_a_demonstration_are_read_at_each_checkpoint(party: str, demonstration: Path) -> None:
    codec = JsonCodec()
    seen: set[str] = set()
    with open_for_reading(Folder(demonstration / party)) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)
        books, seq = Books(), 0
        for row in list(readable.reading.checkpoints()):
            for leaf in readable.reading.journal(seq, row.size - 1):
                books.apply(leaf.seq, from_leaf(codec.decode(leaf.leaf)).entry)
            seq = row.size
            require(sight, row, standing(books))
            seen |= {key.book for key in standing(books)}
    assert seen == {"units", "adjustments"}


@pytest.fixture(scope="module")
def history() -> History:
    lived = History()
    for first in (1, 3, 5):
        lived.act("transfer", 0, 1, first, 2)
    return lived


class TestWhichCheckpoint:
    def number(self, history: History, *, number: int | None = None, on: date | None = None) -> int | str:
        found = moment_of(history.office.sight().reading, number=number, on=on)
        return found.code if isinstance(found, Refusal) else found.row.number

    def test_the_last_one_is_meant_when_none_is_named(self, history: History) -> None:
        assert self.number(history) == max(history.at)

    def test_a_day_means_the_last_one_recorded_until_its_end(self, history: History) -> None:
        last = max(history.at)
        days = {FIRST_DAY: last - 3, FIRST_DAY + timedelta(1): last - 2, FIRST_DAY + timedelta(2): last - 1}
        for day, number in {**days, FIRST_DAY + timedelta(3): last, date(2999, 1, 1): last}.items():
            assert self.number(history, on=day) == number

    def test_before_the_founding_there_is_none(self, history: History) -> None:
        assert self.number(history, on=FIRST_DAY - timedelta(1)) == "balance.before_founding"

    @pytest.mark.parametrize("number", [0, 99, 2**62])
    def test_one_that_does_not_exist_is_refused(self, number: int, history: History) -> None:
        assert self.number(history, number=number) == "balance.checkpoint_unknown"

    def test_a_number_and_a_day_are_too_much(self, history: History) -> None:
        assert self.number(history, number=1, on=FIRST_DAY) == "balance.two_moments"

    def test_an_account_that_nobody_knows_is_refused(self, history: History) -> None:
        answer = past_balance(
            history.office.sight(), "xaa:nobody", unit_class="", number=None, on=None, signed=lambda _: True
        )
        assert isinstance(answer, Refusal)
        assert answer.code == "show.not_found"

    def test_an_account_whose_name_is_part_of_anothers_is_not_mixed_up_with_it(self, history: History) -> None:
        history.office.do(OpenAccount(account="xaa:a-b", holder="x"))
        found = balances_of(history.office.sight(), "xaa:a-b", size=history.office.writer.size)
        assert not +found


class TestTheCommand:
    def ask(self, capsysbinary: pytest.CaptureFixture[bytes], *words: object) -> Any:
        capsysbinary.readouterr()
        status = run(["balance", *map(str, words), "--json"])
        return status, json.loads(capsysbinary.readouterr().out)

    def test_names_the_checkpoint_and_whether_its_signature_holds(
        self, demonstration: Path, capsysbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        status, said = self.ask(capsysbinary, "to:CHE", "--dir", demonstration / "THA", "--checkpoint", "20")
        assert status == 0
        with open_for_reading(Folder(demonstration / "THA")) as readable:
            row = readable.reading.checkpoint(20)
        assert row is not None
        origin, size, root, _, recorded, *_ = row.note.split("\n")
        assert said["entries"] == int(size)
        assert bytes.fromhex(said["root"]) == base64.b64decode(root)
        assert recorded == f"recorded {said['recorded_at']}"
        assert (said["checkpoint"], said["signature"], bool(origin)) == (20, "holds", True)
        assert [(each["account"], each["amount"]) for each in said["balances"]] == [("to:CHE", 1916)]

    def test_says_that_a_signature_does_not_hold(
        self, demonstration: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        for name in ("ledger.db", "ledger.db-wal"):
            if (demonstration / "THA" / name).exists():
                (tmp_path / name).write_bytes((demonstration / "THA" / name).read_bytes())
        (tmp_path / "keys").mkdir()
        (tmp_path / "keys" / "registry.pub").write_text((demonstration / "CHE" / "keys" / "registry.pub").read_text())
        status, said = self.ask(capsysbinary, "--dir", tmp_path)
        assert (status, said["signature"]) == (0, "does_not_hold")

    def test_reads_one_class_alone(self, demonstration: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
        status, said = self.ask(capsysbinary, "--dir", demonstration / "THA", "--class", "tCO2e")
        assert status == 0
        assert {each["commodity"] for each in said["balances"]} == {"tCO2e"}

    @pytest.mark.parametrize("language", ["en", "zh-Hant"])
    def test_speaks_both_languages(
        self, language: str, demonstration: Path, capsysbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        capsysbinary.readouterr()
        assert run(["balance", "--dir", str(demonstration / "THA"), "--lang", language, "--on", "2030-01-01"]) == 0
        assert ("餘額" in capsysbinary.readouterr().out.decode()) == (language == "zh-Hant")
