"""All crossings of units over one border, not only the last: what a book that was restored has forgotten, step by step.

The last crossing says whether two books agree. It does not say how a book that has forgotten units' coming and going
gets there: what came and went back must come before it can be given up, and a first transfer is no less one because
the units are home again. So where books differ, the partner is asked for the whole way, and each step that this book
has forgotten is made good in order.
Read before: `claims.py`. Read next: `finding.py`. Source: ADR-0033.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple, TypeAlias

from counterfoil.application.ports import Codec, Reading
from counterfoil.application.reconciling.claims import SPANS_MAX, claim_of
from counterfoil.application.reconciling.talk import Told
from counterfoil.application.thread import Span, thread
from counterfoil.domain.federation.case import Claim, Piece
from counterfoil.domain.federation.crossing import Crossing, Way, crossings_in
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.serials import SerialRange

HISTORY_MAX: Final = 256
"""Crossings of one answer."""
LEAVES_MAX: Final = 4_000
"""Entries that one answer may read; units that did more are compared by their last crossing alone."""

Ask = Callable[[Mapping[str, JSON]], Told | Refusal]


class Step(NamedTuple):
    """One crossing as the partner tells of it, and the digest of the answer that tells it."""

    crossing: Crossing
    claim: Claim
    evidence: str


Histories: TypeAlias = Mapping[str, Sequence[Step]]
"""By class, in the order of the partner's entries."""


def told_history(spans: Any, partner: str, reading: Reading, codec: Codec) -> dict[str, JSON]:
    """The answer to a question about all crossings of ranges `[class, first, last]`, in the order of the entries.

    `more` says that there are more than one answer may hold: then none is given.

    Raises:
        KeyError, TypeError or ValueError: the question is none.
    """
    if not (isinstance(spans, list) and 1 <= len(spans) <= SPANS_MAX):
        raise ValueError("spans")
    classes = {term.text: term.number for term in reading.terms() if term.kind == "class"}
    rows: list[list[JSON]] = []
    left = LEAVES_MAX
    for of, first, last in spans:
        span = Span(str(of), int(first), int(last))
        for leaf in _leaves(span, classes, reading, codec):
            left -= 1
            rows += _rows(leaf, span, partner, reading, codec)
            if left < 0 or len(rows) > HISTORY_MAX:
                return {"history": [], "more": True}
    return {"history": [*sorted(rows, key=lambda row: (str(row[0]), row[4]))], "more": False}


def _leaves(span: Span, classes: Mapping[str, int], reading: Reading, codec: Codec) -> Iterator[Mapping[str, Any]]:
    number = classes.get(span.unit_class)
    blocks = [] if number is None else reading.blocks_between(number, span.first, span.last)
    seen: set[int] = set()
    for newest in sorted({block.seq for block in blocks}, reverse=True):
        for leaf in thread(reading, codec, newest, [span]):
            if leaf["seq"] not in seen:
                seen.add(leaf["seq"])
                yield leaf


def _rows(leaf: Mapping[str, Any], span: Span, partner: str, reading: Reading, codec: Codec) -> Iterator[list[JSON]]:
    for other, of, crossing in crossings_in(leaf):
        if other == partner and of == span.unit_class and crossing.first <= span.last and span.first <= crossing.last:
            claim = claim_of(crossing, reading, codec)
            low, high = max(crossing.first, span.first), min(crossing.last, span.last)
            yield [of, low, high, claim.way.value, claim.entry, claim.transfer, claim.at, claim.confirmed]


def their_history(spans: Sequence[tuple[str, int, int]], ask: Ask, keep: Callable[[Told], str]) -> Histories:
    """Ask for the whole way of units. A partner that does not tell it is believed by its last word alone."""
    found: dict[str, list[Step]] = {}
    for at in range(0, len(spans), SPANS_MAX):
        asked = spans[at : at + SPANS_MAX]
        told = ask({"ask": "history", "spans": [list(span) for span in asked]})
        if isinstance(told, Refusal) or told.body.get("more") is not False:
            continue
        try:
            steps = [_step(row, asked) for row in told.body["history"][: HISTORY_MAX + 1]]
        except (AttributeError, KeyError, TypeError, ValueError):
            continue
        evidence = keep(told) if steps else ""
        for of, crossing, claim in steps:
            found.setdefault(of, []).append(Step(crossing, claim, evidence))
    return {of: sorted(steps, key=lambda step: step.crossing.seq) for of, steps in found.items()}


def _step(row: Any, asked: Sequence[tuple[str, int, int]]) -> tuple[str, Crossing, Claim]:
    of, first, last, way, seq, transfer, at, confirmed = row
    if not (type(first) is type(last) is type(seq) is int and first <= last and seq >= 0):
        raise ValueError("history")
    if not any(of == name and low <= first and last <= high for name, low, high in asked):
        raise ValueError("history of other units")
    claim = Claim(Way(way), seq, str(transfer)[:80], str(at)[:40], confirmed=confirmed is True)
    return of, Crossing(first, last, claim.way, seq), claim


class Course(NamedTuple):
    """A piece by the partner's last word, the steps that this book does not know, in order, and what it learns by them.

    `received` says that the partner tells of this book's last crossing, too: that message has arrived.
    """

    piece: Piece
    steps: tuple[Step, ...] = ()
    received: bool = False


def courses(piece: Piece, ours: Claim | None, histories: Histories) -> Iterator[Course]:
    """A piece cut where the partner's story changes.

    What this book knows ends with its own last crossing, as a backup ends. Where that is not in the partner's story,
    or the story does not end with the partner's last word, there are no steps.
    """
    low, high = piece.serials.first, piece.serials.last
    told = [
        step
        for step in histories.get(piece.unit_class, ())
        if step.crossing.first <= high and low <= step.crossing.last
    ]
    cuts = {low, high + 1}
    for step in told:
        cuts |= {max(low, step.crossing.first), min(high, step.crossing.last) + 1}
    for first, above in pairwise(sorted(cuts)):
        way = [step for step in told if step.crossing.first <= first and above - 1 <= step.crossing.last]
        part = piece._replace(serials=SerialRange(first, above - 1))
        whole = bool(way) and piece.theirs is not None and way[-1].crossing.seq == piece.theirs.seq
        steps = tuple(_behind(ours, way)) if whole else ()
        yield Course(part, steps, received=bool(steps) and ours is not None)


def _behind(ours: Claim | None, way: Sequence[Step]) -> Sequence[Step]:
    """The steps behind the one that this book's last crossing is."""
    if ours is None:
        return way
    known = [
        at
        for at, step in enumerate(way)
        if step.claim.transfer and (step.claim.transfer, step.claim.way) == (ours.transfer, _mirror(ours.way))
    ]
    return way[known[-1] + 1 :] if known else ()


def _mirror(way: Way) -> Way:
    return Way.IN if way is Way.OUT else Way.OUT
