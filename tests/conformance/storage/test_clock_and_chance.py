"""Time and chance: the machine's, and those that a play can repeat."""

import re
import threading
import time
import uuid

import pytest

from counterfoil.adapters import chance
from counterfoil.adapters.chance import SeededChance, SystemChance, uuid7
from counterfoil.adapters.clock.pinned import PinnedClock
from counterfoil.adapters.clock.system import SystemClock
from counterfoil.domain.kernel.ids import COMMAND

VERSION_7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")


def test_the_system_clock_tells_milliseconds_since_1970() -> None:
    assert abs(SystemClock().now_ms() - time.time() * 1000) < 5_000


def test_a_pinned_clock_goes_only_when_asked() -> None:
    clock = PinnedClock(1_000, 5)
    assert [clock.now_ms(), clock.now_ms()] == [1_000, 1_005]
    clock.move_to(7)
    assert clock.now_ms() == 7


@pytest.mark.parametrize("source", [SystemChance(), SeededChance("a seed")])
def test_command_ids_are_uuids_of_version_7_that_rise(source: SystemChance | SeededChance) -> None:
    ids = [source.command_id() for _ in range(20_000)]
    assert ids == sorted(set(ids))
    assert all(VERSION_7.match(text) and COMMAND.match(text) for text in ids)
    assert uuid.UUID(ids[0]).variant == uuid.RFC_4122


def test_a_command_id_shows_its_time() -> None:
    before = SystemClock().now_ms()
    shown = int(SystemChance().command_id().replace("-", "")[:12], 16)
    assert before <= shown <= SystemClock().now_ms()


def test_ids_rise_when_the_clock_falls_back_and_when_a_millisecond_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    source = SystemChance()
    times = iter([5_000, 4_000, 4_000])
    monkeypatch.setattr(SystemClock, "now_ms", lambda _: next(times))
    first = source.command_id()
    monkeypatch.setattr(chance, "_random_bits", lambda count: (1 << count) - 1)
    source._tail = (1 << 74) - 1
    second, third = source.command_id(), source.command_id()
    assert first < second < third
    assert second.startswith("00000000-1389-7")


def test_ids_of_many_threads_differ() -> None:
    source, ids = SystemChance(), []
    threads = [threading.Thread(target=lambda: ids.extend(source.command_id() for _ in range(2_000))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(ids)) == 8_000


def test_a_seed_repeats_itself_and_another_does_not() -> None:
    def played(seed: str) -> list[object]:
        source = SeededChance(seed, ms=1_700_000_000_000)
        return [source.salt(), source.command_id(), source.salt(), source.command_id()]

    assert played("one") == played("one")
    assert not set(played("one")) & set(played("two"))
    assert len(set(played("one"))) == 4


def test_salts_are_sixteen_bytes_and_new_each_time() -> None:
    source = SystemChance()
    salts = {source.salt() for _ in range(1_000)}
    assert len(salts) == 1_000
    assert {len(salt) for salt in salts} == {16}


def test_the_example_of_the_rfc_is_written_alike() -> None:
    # RFC 9562 appendix A.6.
    assert uuid7(ms=0x017F22E279B0, tail=0xCC3 << 62 | 0x18C4DC0C0C07398F) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
