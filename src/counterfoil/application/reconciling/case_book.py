"""The cases of a registry as they are committed."""

from collections.abc import Iterator

from counterfoil.application.commands.close_case import Closing
from counterfoil.application.commands.open_case import CASE, CaseRecord, CaseState
from counterfoil.application.ports import Codec, Reading
from counterfoil.domain.federation.case import CaseKind, Claim, Mender
from counterfoil.domain.federation.crossing import Way
from counterfoil.domain.kernel.record import from_json


def all_cases(reading: Reading, codec: Codec, party: str = "") -> Iterator[CaseRecord]:
    """Every case, or those with one partner, by their names."""
    for row in reading.records(CASE):
        case = from_json(CaseRecord, codec.decode(row.value))
        if not party or case.partner == party:
            yield case


def open_cases(reading: Reading, codec: Codec, party: str = "") -> list[CaseRecord]:
    """The cases that are not closed, those that only wait for the partner too."""
    return [case for case in all_cases(reading, codec, party) if case.state is not CaseState.CLOSED]


def settled_alone(case: CaseRecord) -> bool:
    """Whether this registry stood by its own book: the same difference opens no second case."""
    return case.state is CaseState.CLOSED and case.way == Closing.OWN_BOOK.value


def overtaken(case: CaseRecord, ours: Claim | None) -> bool:
    """Whether this book knows by now the crossing that a case was about, as the last one of these units.

    What differs behind it is another case.
    """
    if ours is None or case.mender is not Mender.US:
        return False
    if case.departure is not None:
        return ours.way is Way.OUT and ours.transfer == case.departure.transfer
    arrived = case.kind is CaseKind.IN_NEITHER and case.theirs is not None
    return arrived and ours.way is Way.IN and ours.transfer == case.theirs.transfer  # type: ignore[union-attr]
