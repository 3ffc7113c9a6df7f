"""Checking grows with the rows and not with their square, also on rows made to make it."""

import time
from collections.abc import Callable
from datetime import date

import pytest

from counterfoil.application.queries.aef_check import NamedRaw, check
from counterfoil.domain.reporting.aef_rows import ActionRow, Submission
from tests.domain.reporting.submissions import (
    FORM,
    acquisition,
    first_transfer,
    holding,
    host_2023,
    laid_out,
    report,
    transfer,
    use,
)

DAY = date(2024, 3, 1)
SMALL, FACTOR = 300, 8

SHAPES: list[tuple[str, Callable[[int], list[ActionRow]]]] = [
    ("different blocks", lambda n: [first_transfer(10 * at + 1, 10 * at + 10) for at in range(n)]),
    ("one row again and again", lambda n: [first_transfer() for _ in range(n)]),
    ("blocks inside blocks", lambda n: [first_transfer(at + 1, 2 * n - at) for at in range(n)]),
    (
        "one block out and back all day",
        lambda n: [
            transfer(day=DAY) if at % 2 else acquisition(day=DAY, transferring_party_id="XBB") for at in range(n)
        ],
    ),
    (
        "every second unit away, the whole block used as often",
        lambda n: [
            use(1, n, day=DAY) if at % 2 else first_transfer(at + 1, at + 1, day=date(2024, 1, 2)) for at in range(n)
        ],
    ),
    (
        "every second unit first transferred, the whole block acquired as often",
        lambda n: [
            acquisition(1, n, day=DAY, first_transferring_party_id="XBB")
            if at % 2
            else first_transfer(at + 1, at + 1, day=date(2024, 1, 2))
            for at in range(n)
        ],
    ),
    (
        "every unit used, the whole block moved as often",
        lambda n: [use(at + 1, at + 1, day=DAY) if at % 2 else transfer(1, n, day=DAY) for at in range(n)],
    ),
]


def seconds(rows: list[ActionRow]) -> float:
    books = [NamedRaw(str(at), laid_out(one)) for at, one in enumerate((host_2023(), report("XAA", 2024, *rows)))]
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        check(books, FORM)
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize(("shape", "rows"), SHAPES, ids=[row[0] for row in SHAPES])
def test_eight_times_the_rows_take_far_less_than_sixty_four_times_as_long(
    shape: str, rows: Callable[[int], list[ActionRow]]
) -> None:
    assert seconds(rows(SMALL * FACTOR)) < seconds(rows(SMALL)) * FACTOR * 3, shape


def between_two_parties(rows: int) -> list[Submission]:
    """Blocks with underlying units that move from the host to XBB, which holds half of them and uses half."""
    blocks = [(10 * at + 1, 10 * at + 10) for at in range(rows // 4)]
    behind = [
        {
            "underlying_unit_registry_id": "VCS",
            "underlying_unit_first_unit_id": f"A-{first}",
            "underlying_unit_last_unit_id": f"A-{last}",
        }
        for first, last in blocks
    ]
    half = len(blocks) // 2
    pairs = list(zip(blocks, behind, strict=True))
    return [
        host_2023(),
        report("XAA", 2024, *(first_transfer(*block, **units) for block, units in pairs)),
        report("XBB", 2023),
        report(
            "XBB",
            2024,
            *(acquisition(*block, **units) for block, units in pairs),
            *(
                use(*block, day=date(2024, 8, 1), year_itmo_used_towards_ndc=2024, **units)
                for block, units in pairs[half:]
            ),
            holdings=tuple(holding(*block, **units) for block, units in pairs[:half]),
        ),
    ]


def checking_seconds(rows: int) -> float:
    books = [NamedRaw(str(at), laid_out(one)) for at, one in enumerate(between_two_parties(rows))]
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        assert check(books, FORM).findings == ()
        best = min(best, time.process_time() - start)
    return best


def test_four_times_the_rows_of_two_parties_take_less_than_six_times_as_long() -> None:
    assert checking_seconds(4_000) < checking_seconds(1_000) * 6
