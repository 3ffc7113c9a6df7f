"""What the journal says of transfers, for the courier: who is owed something, from when on, and who no longer is.

The rule looks at the latest record of a transfer alone, so it may read an entry twice, or come late, and is right.
Source: ADR-0007, ADR-0035.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from counterfoil.application.commands.abroad import TRANSFER, TransferState
from counterfoil.application.ports import Codec, JournalRow, Reading
from counterfoil.domain.federation.link import PARTNER
from counterfoil.domain.federation.notice import NOTICE, NoticeState
from counterfoil.domain.kernel.instant import utc_ms

_MARKS: Final = tuple(f'["{kind}",'.encode() for kind in (TRANSFER, NOTICE, PARTNER))
_TOLD: Final = frozenset({TransferState.WITHDRAWN.value, TransferState.EXPIRED.value, TransferState.VOIDED.value})
"""Ends of which the target may know nothing. What it refused itself, it knows."""


class News(NamedTuple):
    """What is owed a partner about a transfer or notice after an entry: nothing, something now, or an inquiry later.

    `expires_ms` (UTC) ends a proposal, 0 where nothing does. A news without a transfer tells that the link changed.
    """

    partner: str
    transfer: str
    owed: bool = False
    later: bool = False
    expires_ms: int = 0


def news_of(row: JournalRow, codec: Codec) -> Iterator[News]:
    """The news in one entry. An entry that says nothing of transfers and links is not even decoded."""
    if not any(mark in row.leaf for mark in _MARKS):
        return
    for kind, key, value in codec.decode(row.leaf).get("records", ()):
        yield from news_of_record(kind, key, value)


def standing_news(reading: Reading, codec: Codec) -> Iterator[News]:
    """All that is owed by the books as they stand: for a letter book that is new, or was lost."""
    for kind in (TRANSFER, NOTICE):
        for row in reading.records(kind):
            yield from (news for news in news_of_record(kind, row.key, codec.decode(row.value)) if news.owed)


def owes(record: Mapping[str, Any]) -> bool:
    """Whether this side owes its partner a message about a transfer, by the transfer's record."""
    if record["direction"] == "in":
        # What this side refused over a link that accepts at once, it refused in its answer.
        refused = record["state"] == TransferState.REFUSED and record.get("by_hand", False)
        return bool(record["state"] == TransferState.ACCEPTED or refused)
    if record["state"] == TransferState.FINAL:
        return record.get("confirmed_on") is None
    return record["state"] == TransferState.PROPOSED or record["state"] in _TOLD


def news_of_record(kind: str, key: str, value: Any) -> Iterator[News]:
    """The news in one record, in its JSON form."""
    if kind == PARTNER:
        yield News(key, "")
    elif kind == NOTICE:
        yield News(value["partner"], key, value.get("state", NoticeState.OWED) == NoticeState.OWED)
    elif kind == TRANSFER:
        ends = value.get("expires_at") if value["state"] == TransferState.PROPOSED else None
        # What was accepted in answer to a proposal is told by that answer; what a person decided is told now.
        later = value["direction"] == "in" and not value.get("by_hand", False)
        yield News(value["partner"], key, owes(value), later, (utc_ms(ends) or 0) if ends else 0)
