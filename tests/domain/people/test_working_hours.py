"""When a transfer may be done: working hours at an offset, weekends, holidays, and the delay before them."""

from datetime import UTC, date, datetime

import pytest

from counterfoil.domain.people.working_hours import due_at, moment_ms, moment_text, working_hours
from counterfoil.domain.policy.kinds.account_guard import MoveDelayRule, unclear_words

OFFICE = MoveDelayRule(
    delay_hours=24,
    opens="09:00",
    closes="17:00",
    weekdays=(1, 2, 3, 4, 5),
    holidays=(date(2026, 6, 3),),
    utc_offset="+08:00",
)


def at(text: str) -> int:
    """UTC milliseconds of a local time in Taipei, such as `2026-06-01 09:00:00.000`."""
    return int(datetime.fromisoformat(f"{text}+08:00").timestamp() * 1000)


def local(ms: int) -> str:
    shifted = datetime.fromtimestamp(ms / 1000 + 8 * 3600, UTC)
    return shifted.strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-06-01 09:00:00", "2026-06-01 09:00:00"),  # a Monday, exactly at the opening
        ("2026-06-01 08:59:59.999", "2026-06-01 09:00:00"),  # the last moment before
        ("2026-06-01 16:59:59", "2026-06-01 16:59:59"),  # the last second
        ("2026-06-01 17:00:00", "2026-06-02 09:00:00"),  # closing time is outside
        ("2026-06-02 17:00:00", "2026-06-04 09:00:00"),  # Wednesday is a holiday
        ("2026-06-03 10:00:00", "2026-06-04 09:00:00"),  # asked on the holiday itself
        ("2026-06-05 17:00:00", "2026-06-08 09:00:00"),  # over the weekend
        ("2026-06-06 12:00:00", "2026-06-08 09:00:00"),
    ],
)
def test_a_transfer_to_a_trusted_account_waits_for_the_next_opening(asked: str, due: str) -> None:
    assert local(due_at(OFFICE, now_ms=at(asked), trusted=True)) == due


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-06-01 10:00:00", "2026-06-02 10:00:00"),
        ("2026-06-01 16:59:59", "2026-06-02 16:59:59"),
        ("2026-06-01 18:00:00", "2026-06-04 09:00:00"),  # after the delay the registry is closed, then on holiday
        ("2026-06-04 12:00:00", "2026-06-05 12:00:00"),
        ("2026-06-05 12:00:00", "2026-06-08 09:00:00"),
    ],
)
def test_a_transfer_to_another_account_waits_for_the_delay_and_then_for_the_hours(asked: str, due: str) -> None:
    assert local(due_at(OFFICE, now_ms=at(asked), trusted=False)) == due


def test_the_same_hours_are_other_moments_at_another_offset() -> None:
    here = working_hours(OFFICE)
    there = working_hours(MoveDelayRule(opens="09:00", closes="17:00", utc_offset="-05:00"))
    assert there.next_open(at("2026-06-01 09:00:00")) - at("2026-06-01 09:00:00") == 13 * 3_600_000
    assert here.next_open(at("2026-06-01 09:00:00")) == at("2026-06-01 09:00:00")


def test_a_weekday_is_that_of_the_place_and_not_that_of_utc() -> None:
    # Monday 00:30 in Taipei is still Sunday in UTC.
    night = MoveDelayRule(opens="00:00", closes="24:00", weekdays=(1,), utc_offset="+08:00")
    assert due_at(night, now_ms=at("2026-06-01 00:30:00"), trusted=True) == at("2026-06-01 00:30:00")
    assert due_at(night, now_ms=at("2026-06-02 00:00:00"), trusted=True) == at("2026-06-08 00:00:00")


def test_a_rule_that_says_nothing_delays_nothing() -> None:
    assert due_at(MoveDelayRule(), now_ms=12_345, trusted=False) == 12_345


def test_a_moment_is_read_back_as_it_was_written() -> None:
    for ms in (0, 1, 999, 1_780_000_000_123):
        assert moment_ms(moment_text(ms)) == ms


@pytest.mark.parametrize(
    ("rule", "keys"),
    [
        (OFFICE, []),
        (MoveDelayRule(opens="9:00"), ["opens"]),
        (MoveDelayRule(opens="09:00", closes="09:00"), ["closes"]),
        (MoveDelayRule(closes="24:01"), ["closes"]),
        (MoveDelayRule(utc_offset="UTC"), ["utc_offset"]),
        (MoveDelayRule(weekdays=()), ["weekdays"]),
        (MoveDelayRule(weekdays=(0, 8)), ["weekdays", "weekdays"]),
        (MoveDelayRule(activation_hours=-1, delay_hours=8_761), ["activation_hours", "delay_hours"]),
    ],
)
def test_hours_that_mean_nothing_are_found_when_the_pack_is_loaded(rule: MoveDelayRule, keys: list[str]) -> None:
    assert [key for key, _, _ in unclear_words(rule)] == keys
