"""The sums that pages tell are those of the blocks, whether added up anew or followed entry by entry."""

from collections import Counter
from pathlib import Path
from random import Random

from counterfoil.application.command import Units
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.queries.sight import Sight
from counterfoil.application.queries.standings import Standings
from counterfoil.entrypoints.bootstrap import Folder, Writable, open_for_reading, open_for_writing
from tests.http.desk import BLOCK, HELD, OTHER, act, founded


def sums(sight: Sight) -> dict[tuple[str, str], int]:
    found: Counter[tuple[str, str]] = Counter()
    for holding in sight.all_holdings():
        found[(holding.account, holding.unit_class)] += holding.serials.size
    return dict(found)


def looked(folder: Folder, standings: Standings) -> dict[tuple[str, str], int]:
    opened = open_for_reading(folder)
    sight = Sight(opened.reading, opened.codec, opened.evidence)
    standings.refresh(sight)
    truth = sums(sight)
    for (account, unit_class), amount in truth.items():
        assert standings.of(account)[unit_class] == amount
    told = {name: amount for name, amount in standings.accounts() if amount > 0}
    assert told == {account: sum(standings.of(account).values()) for account, _ in truth}
    opened.reading.close()
    return truth


def test_the_sums_follow_every_move_and_equal_those_of_the_blocks(tmp_path: Path) -> None:
    folder = founded(tmp_path / "registry")
    followed = Standings()
    assert looked(folder, followed) == {(HELD, "BR-#"): 10 * BLOCK}
    dice, opened = Random(7), open_for_writing(folder, "test")
    assert isinstance(opened, Writable)
    with opened as writable:
        for number in range(10):
            first = number * BLOCK + dice.randrange(1, 400)
            units = Units(unit_class="BR-#", first=first, last=first + dice.randrange(1, 500))
            act(writable, Transfer(units=units, source=HELD, target=OTHER))
            looked(folder, followed)
    anew = Standings()
    looked(folder, anew)
    assert dict(followed.accounts()) == dict(anew.accounts())
    assert followed.ending("imported") == anew.ending("imported") == -10 * BLOCK
    assert followed.held(("imported",)) == 10 * BLOCK and followed.classes() == {"BR-#": 10 * BLOCK}


def test_an_older_look_changes_nothing(tmp_path: Path) -> None:
    folder = founded(tmp_path / "registry", blocks=1)
    early = open_for_reading(folder)
    opened = open_for_writing(folder, "test")
    assert isinstance(opened, Writable)
    with opened as writable:
        units = Units(unit_class="BR-#", first=1, last=10)
        act(writable, Transfer(units=units, source=HELD, target=OTHER))
    standings = Standings()
    looked(folder, standings)
    size = standings.size
    standings.refresh(Sight(early.reading, early.codec, early.evidence))
    early.reading.close()
    assert standings.size == size and standings.of(OTHER) == {"BR-#": 10}
