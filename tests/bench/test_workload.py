"""The workload keeps its proportions, loses no unit, and makes only acts that the registry accepts."""

from itertools import pairwise

from counterfoil.application.commands.abroad import ProposeTransfer, SettleTransfer
from counterfoil.application.commands.transfer import Transfer
from counterfoil.entrypoints.bench.ground import Ground
from counterfoil.entrypoints.bench.subject import begin, run, writer_on
from counterfoil.entrypoints.bench.workload import BLOCK, CLASSES, SPACE, Act, Workload


def test_transfers_cut_blocks_in_the_stated_proportions_and_lose_no_unit() -> None:
    load = Workload(blocks=1_000, accounts=10, first_transfers=0)
    acts = load.acts(3_000)
    held = sorted(load.blocks())
    for place in range(len(CLASSES)):
        of_class = [(first - place * SPACE, last - place * SPACE) for first, last, _ in held if first // SPACE == place]
        assert of_class[0][0] == 1
        assert all(one[1] + 1 == two[0] for one, two in pairwise(of_class))
        assert of_class[-1][1] == 1_000 // len(CLASSES) * BLOCK
    pieces = len(held) - 1_000
    # 0.3 acts make one more piece and 0.3 make two more: 0.9 for each act, less what met tiny blocks.
    assert 0.8 < pieces / len(acts) < 1.0


def test_one_act_in_ten_is_a_step_of_a_first_transfer_and_each_proposal_is_settled() -> None:
    acts = Workload(blocks=1_000, accounts=10).acts(5_000)
    kinds = [type(act.command) for act in acts]
    assert set(kinds) == {Transfer, ProposeTransfer, SettleTransfer}
    assert 0.07 < 1 - kinds.count(Transfer) / len(kinds) < 0.13
    assert kinds.count(ProposeTransfer) - kinds.count(SettleTransfer) in (0, 1)


def test_the_registry_accepts_the_workload_and_holds_the_same_blocks(sqlite_place: Ground) -> None:
    load = Workload(blocks=200, accounts=10, first_transfers=0.5)
    with writer_on(sqlite_place, "registry", sqlite_place.disk(0)) as (writer, world):
        begin(writer, load.beginning())
        before = writer.size
        run(writer, load.acts(600), 100)
        assert writer.size == before + 600
        reading = world.store.reading()
        found = sorted((row.unit_class, row.first, row.last) for row in reading.blocks())
        reading.close()
    assert found == sorted((first // SPACE, first % SPACE, last % SPACE) for first, last, _ in load.blocks())


def test_parts_of_a_workload_never_touch_each_other() -> None:
    parts = Workload(blocks=100, accounts=10).parts(3)
    spans = [_units_of(part.acts(200)) for part in parts]
    assert not spans[0] & spans[1] and not spans[1] & spans[2] and not spans[0] & spans[2]


def _units_of(acts: list[Act]) -> set[int]:
    """The issued blocks, by number, that acts cut from."""
    return {act.move.first // SPACE * 1_000 + (act.move.first % SPACE - 1) // BLOCK for act in acts}
