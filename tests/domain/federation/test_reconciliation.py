"""Two books that agree compare hashes; where they differ, exactly the serials that differ are found."""

import time
from collections.abc import Mapping, Sequence
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from counterfoil.domain.federation.crossing import Crossing, Way, crossings_in, latest, touching
from counterfoil.domain.federation.differing import DIFFERENCES_MAX, QUESTIONS_MAX, Differences, differences
from counterfoil.domain.federation.reconciliation import RANGES_MAX, ReconciliationFault, Statement, answered
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.serials import SerialRange

OF = "CA9001-THA01-THA-#-2023"
OTHER = "CA9001-THA01-THA-#-2024"
MIRROR = {Way.OUT: Way.IN, Way.IN: Way.OUT}


def statement(*crossings: Crossing, of: str = OF) -> Statement:
    return Statement({of: latest(crossings)})


def mirrored(said: Mapping[str, Sequence[Crossing]]) -> Statement:
    return Statement({of: [each._replace(way=MIRROR[each.way]) for each in rows] for of, rows in said.items()})


def run(ours: Statement, theirs: Any) -> tuple[Any, int]:
    """Drive a run against a statement, or against a function that answers."""
    answer = theirs if callable(theirs) else lambda question: answered(question, theirs)
    asking = differences(ours)
    count = 0
    try:
        question = next(asking)
        while True:
            count += 1
            question = asking.send(answer(question))
    except StopIteration as end:
        return end.value, count


def out(first: int, last: int, seq: int = 1) -> Crossing:
    return Crossing(first, last, Way.OUT, seq)


def come(first: int, last: int, seq: int = 1) -> Crossing:
    return Crossing(first, last, Way.IN, seq)


def test_an_entry_tells_what_left_what_came_and_what_came_home() -> None:
    leaf = {
        "seq": 7,
        "details": {"partner": "JPN"},
        "moves": [
            [OF, 1, 10, "pending:CHE", "to:CHE"],
            [OF, 11, 20, "from:IDN", "tha:holder"],
            [OF, 21, 30, "to:CHE", "tha:holder"],
            [OF, 31, 40, "tha:holder", "pending:CHE"],
            [OF, 41, 50, "tha:holder", "to:adaptation-fund"],
        ],
    }
    assert list(crossings_in(leaf)) == [
        ("CHE", OF, Crossing(1, 10, Way.OUT, 7)),
        ("IDN", OF, Crossing(11, 20, Way.IN, 7)),
        ("JPN", OF, Crossing(21, 30, Way.IN, 7)),
    ]


def test_the_last_crossing_of_each_unit_counts() -> None:
    history = [out(1, 100, 3), come(40, 60, 9), out(50, 55, 12), out(101, 110, 2), come(200, 200, 1)]
    assert latest(history) == [
        out(1, 39, 3),
        come(40, 49, 9),
        out(50, 55, 12),
        come(56, 60, 9),
        out(61, 100, 3),
        out(101, 110, 2),
        come(200, 200, 1),
    ]


def test_any_history_is_cut_as_unit_by_unit() -> None:
    random = Random(7)
    for _ in range(300):
        history = []
        for seq in range(random.randint(1, 30)):
            first = random.randint(1, 60)
            history.append(Crossing(first, first + random.randint(0, 20), random.choice(list(Way)), seq))
        expected = {unit: (each.way, each.seq) for each in history for unit in range(each.first, each.last + 1)}
        found = latest(history)
        assert {unit: (each.way, each.seq) for each in found for unit in range(each.first, each.last + 1)} == expected
        assert all(before.last < after.first for before, after in pairwise(found))
        first, last = sorted((random.randint(1, 80), random.randint(1, 80)))
        looked = {unit for each in touching(found, first, last) for unit in range(each.first, each.last + 1)}
        assert looked == {unit for unit in expected if first <= unit <= last}


def test_books_that_agree_compare_two_hashes_however_the_moves_were_cut() -> None:
    ours = statement(out(1, 50, 1), out(51, 100, 2), come(200, 300, 3))
    theirs = statement(come(1, 100, 8), out(200, 250, 9), out(251, 300, 4))
    assert run(ours, theirs) == (Differences((), complete=True, questions=2), 2)


def test_the_exact_serials_that_differ_are_found() -> None:
    ours = statement(out(1, 1_000))
    theirs = statement(come(1, 500), come(502, 1_000), come(2_001, 2_003))
    found, _ = run(ours, theirs)
    (difference,) = found.found
    assert (difference.unit_class, difference.way) == (OF, Way.OUT)
    assert difference.ours == (SerialRange(501, 501),)
    assert difference.theirs == (SerialRange(2_001, 2_003),)


def test_any_two_books_differ_as_unit_by_unit() -> None:
    random = Random(11)
    for size in (5, 40, 3_000):
        for _ in range(12):
            history = {
                of: latest(
                    Crossing(7 * at + 1, 7 * at + random.randint(1, 7), random.choice(list(Way)), at)
                    for at in range(size)
                )
                for of in (OF, OTHER)
            }
            other = {of: [each for each in rows if random.random() > 0.01] for of, rows in history.items()}
            other[OF] = latest([*other[OF], Crossing(random.randint(1, 90), 100, Way.IN, size + 1)])
            if random.random() < 0.3:
                del other[OTHER]
            found, _ = run(Statement(history), mirrored(other))
            assert isinstance(found, Differences)
            differ = {
                (each.unit_class, each.way, side, unit)
                for each in found.found
                for side, ranges in (("ours", each.ours), ("theirs", each.theirs))
                for span in ranges
                for unit in range(span.first, span.last + 1)
            }
            here, there = (
                {
                    (of, each.way, unit)
                    for of, rows in said.items()
                    for each in rows
                    for unit in range(each.first, each.last + 1)
                }
                for said in (history, other)
            )
            expected = {(*each[:2], "ours", each[2]) for each in here - there}
            expected |= {(*each[:2], "theirs", each[2]) for each in there - here}
            assert differ == expected if found.complete else differ < expected
            assert found.complete or len(expected) > DIFFERENCES_MAX


def test_the_cost_grows_with_the_differences_and_not_with_the_books() -> None:
    rows = [out(3 * at + 1, 3 * at + 2, at) for at in range(100_000)]
    ours = Statement({OF: rows})
    lacking = [each._replace(way=Way.IN) for at, each in enumerate(rows) if at not in (10, 50_000)]
    found, questions = run(ours, Statement({OF: lacking}))
    assert found.found[0].ours == (SerialRange(31, 32), SerialRange(150_001, 150_002))
    assert questions < 16


def test_a_million_blocks_that_agree_cost_hashes_only() -> None:
    rows = [out(3 * at + 1, 3 * at + 2, at) for at in range(1_000_000)]
    ours, theirs = Statement({OF: latest(rows)}), Statement({OF: latest(each._replace(way=Way.IN) for each in rows)})
    begun = time.perf_counter()
    found, questions = run(ours, theirs)
    assert found.found == () and questions == 2
    assert time.perf_counter() - begun < 20


def test_a_book_that_lost_everything_is_told_a_part_and_that_there_is_more() -> None:
    rows = [come(3 * at + 1, 3 * at + 2, at) for at in range(20_000)]
    found, questions = run(Statement({}), Statement({OF: rows}))
    assert isinstance(found, Differences) and not found.complete
    (difference,) = found.found
    assert difference.ours == () and len(difference.theirs) >= RANGES_MAX
    assert difference.theirs == tuple(SerialRange(each.first, each.last) for each in rows[: len(difference.theirs)])
    assert questions < 10


LIES = (
    {},
    [],
    {"digest": 4},
    {"digest": "f" * 64, "classes": [[OF, "f" * 64]], "more": True, "slices": [], "ranges": []},
    {"digest": "f" * 64, "classes": [[OF, "f" * 64]], "more": False, "ranges": [[5, 4]]},
    {"digest": "f" * 64, "classes": [[OF, "f" * 64]], "more": False, "ranges": [["1", 2]]},
    {"digest": "f" * 64, "classes": [[OF, "f" * 64]], "more": False, "ranges": [[1, 2**64]]},
    {"digest": "f" * 64, "classes": [["x" * 200, "f" * 64]], "more": False, "ranges": []},
)


@pytest.mark.parametrize("lie", LIES)
def test_an_answer_that_is_none_is_refused(lie: Any) -> None:
    found, questions = run(statement(out(1, 10)), lambda _: lie)
    assert isinstance(found, Refusal) and found.code == "reconciliation.answer_unreadable"
    assert questions < 10


def test_a_partner_that_never_ends_is_left() -> None:
    rows = [out(3 * at + 1, 3 * at + 2, at) for at in range(3_000)]

    def endless(question: Mapping[str, Any]) -> Any:
        match question["ask"]:
            case "summary":
                return {"digest": "f" * 64}
            case "classes":
                return {"classes": [[f"{question['after']}a"[-90:], "f" * 64]], "more": False}
            case "slices":
                return {"slices": [["f" * 64, 1]] * len(question["from"])}
            case _:
                first = question["from"]
                return {"ranges": [[first, first]], "more": True}

    found, questions = run(Statement({"a": rows}), endless)
    assert isinstance(found, Refusal) or not found.complete
    assert questions <= QUESTIONS_MAX


BAD = (
    None,
    {"ask": "summary"},
    {"ask": "summary", "way": "sideways"},
    {"ask": "everything", "way": "out"},
    {"ask": "slices", "way": "out", "class": OF, "from": [], "to": 9},
    {"ask": "slices", "way": "out", "class": OF, "from": [1] * 65, "to": 9},
    {"ask": "slices", "way": "out", "class": OF, "from": [50, 1], "to": 9},
    {"ask": "ranges", "way": "out", "class": OF, "from": "x", "to": 9},
)


@pytest.mark.parametrize("question", BAD)
def test_a_question_is_refused_when_it_is_none(question: Any) -> None:
    refusal = answered(question, statement(out(1, 10), out(60, 70)))
    assert isinstance(refusal, Refusal) and refusal.code == ReconciliationFault.QUESTION_UNREADABLE
