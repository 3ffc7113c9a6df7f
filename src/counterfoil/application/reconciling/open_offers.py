"""Offers that a partner has accepted and their source does not know any more: only the source ends a transfer.

A source that was restored may have made a transfer final, and lost that with its receipt still on the way. Before it
compares books it has the partner close what it accepted from it; what the partner has acquired by then, the comparison
finds. So no late receipt brings in what the source has sold again. Source: ADR-0033.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from counterfoil.application.commands.abroad import TRANSFER, TransferState
from counterfoil.application.commands.acquire import DeclineTransfer
from counterfoil.application.commands.end_transfer import Ending
from counterfoil.application.draft import Outcome
from counterfoil.application.ports import Codec, Reading
from counterfoil.application.reconciling.talk import Told
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import TransferId
from counterfoil.domain.kernel.refusal import Refusal

LISTED_MAX: Final = 500
ENDED_MAX: Final = 100
PAGES_MAX: Final = 200
REASON: Final = "forgotten by its source"
_ACCEPTED: Final = '"accepted"'

Ask = Callable[[Mapping[str, JSON]], Told | Refusal]


def accepted_from(partner: str, after: str, reading: Reading, codec: Codec) -> dict[str, JSON]:
    """The transfers from a partner that are accepted here and not acquired, behind a name, in order."""
    found: list[JSON] = []
    for row in reading.records(TRANSFER, after=after):
        # Nearly all are over: those are not read.
        if _ACCEPTED not in row.value:
            continue
        value = codec.decode(row.value)
        if _stands(value, "in", partner, TransferState.ACCEPTED):
            if len(found) == LISTED_MAX:
                return {"transfers": found, "more": True}
            found.append(row.key)
    return {"transfers": found, "more": False}


def ended(
    transfers: Any, partner: str, reading: Reading, codec: Codec, do: Callable[[Sequence[Submission]], list[Outcome]]
) -> dict[str, JSON]:
    """Close those that are accepted from the partner that asks; what is acquired already stays.

    Raises:
        TypeError or ValueError: the question is none.
    """
    if not (isinstance(transfers, list) and len(transfers) <= ENDED_MAX and all(type(t) is str for t in transfers)):
        raise ValueError("transfers")
    open_ = [
        key
        for key in dict.fromkeys(transfers)
        if (row := reading.record(TRANSFER, key)) is not None
        and _stands(codec.decode(row.value), "in", partner, TransferState.ACCEPTED)
    ]
    acts = [
        DeclineTransfer(id=f"{key}:decline", transfer=TransferId(key), reason=REASON, ending=Ending.WITHDRAWN)
        for key in open_
    ]
    outcomes = do([Submission(act, "reconciliation") for act in acts]) if acts else []
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome
    return {"ended": sum(not isinstance(outcome, Refusal) for outcome in outcomes)}


def end_forgotten(partner: str, reading: Reading, codec: Codec, ask: Ask, *, recovering: bool) -> Refusal | None:
    """Have the partner close what it accepted from here and this book does not know.

    Args:
        recovering: After a restore, also what this book knows as proposed: it may have been final.
    """
    after = ""
    for _ in range(PAGES_MAX):
        told = ask({"ask": "accepted", "after": after})
        if isinstance(told, Refusal):
            return told
        listed = told.body.get("transfers")
        if not isinstance(listed, list) or not all(type(key) is str and after < key for key in listed):
            return None
        unknown = [key for key in listed if _forgotten(key, partner, reading, codec, recovering=recovering)]
        for at in range(0, len(unknown), ENDED_MAX):
            done = ask({"ask": "end", "transfers": unknown[at : at + ENDED_MAX]})
            if isinstance(done, Refusal):
                return done
        if not listed or not told.body.get("more"):
            return None
        after = max(listed)
    return None


def _forgotten(key: str, partner: str, reading: Reading, codec: Codec, *, recovering: bool) -> bool:
    row = reading.record(TRANSFER, key)
    if row is None:
        return True
    return recovering and _stands(codec.decode(row.value), "out", partner, TransferState.PROPOSED)


def _stands(value: Any, direction: str, partner: str, state: TransferState) -> bool:
    return (value["direction"], value["partner"], value["state"]) == (direction, partner, state.value)
