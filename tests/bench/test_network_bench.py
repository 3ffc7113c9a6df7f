"""The measurement between two registries counts what it moves, so that its figures can be believed."""

from pathlib import Path

from counterfoil.entrypoints.bench import network
from counterfoil.entrypoints.bench.ground import Ground
from counterfoil.entrypoints.bench.network_ground import SOURCE, TARGET, pair
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading, verify_folder

TINY = network.Size(singles=3, batches=1, own_acts=1_000, reconciled=8_000, times=1, budget_s=60)


def test_transfers_between_two_processes_are_measured_beside_the_ledger_s_own_acts(sqlite_place: Ground) -> None:
    found = network.network(sqlite_place, size=TINY).json()
    figures, ratios = found["figures"], found["ratios"]
    assert (figures["repetitions"], figures["blocks_of_a_batch"]) == (1, 1_000)
    assert figures["batch_blocks_per_s"] > figures["batch_transfers_per_s"] > 0
    assert figures["single_p50_ms"] > found["baselines"]["durable_act_p50_ms"] > 0
    assert figures["agreeing_questions"] == 2 < figures["differing_in_1_questions"]
    assert figures["differing_in_1_questions"] < figures["differing_in_1000_questions"]
    assert ratios["batch_blocks_vs_own_acts"] > 0 and ratios["single_p50_vs_durable_act_p50"] > 1


def test_what_was_measured_is_in_both_books(tmp_path: Path) -> None:
    with pair(tmp_path / "two") as two:
        [transfer] = two.transfers(1, parts=network.BLOCKS)
        answers = two.source.do([transfer])
        assert answers[0]["status"] == "accepted"
        assert two.stage.ended(SOURCE, TARGET, transfer.transfer)[0].value == "final"
        assert two.stage.confirmed(SOURCE, transfer.transfer)
    for party, account in ((SOURCE, "to:CHE"), (TARGET, "che:bench")):
        assert not verify_folder(Folder(tmp_path / "two" / party)).findings
        with open_for_reading(Folder(tmp_path / "two" / party)) as readable:
            held = [each for each in readable.books.all_holdings() if each.account == account]
            # Every part is a block of its own: nothing that was measured as two has become one.
            assert len(held) == network.BLOCKS
