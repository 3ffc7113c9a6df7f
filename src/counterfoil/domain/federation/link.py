"""A link: another registry that this one knows by key, how far the two trust each other, and its keys in time.

A link is proposed, tested, live or suspended. Only a live one moves units. A suspended one answers nothing: what is
in flight stays in the source's book until the link is live again, or the source takes it back.
Source: 6/CMA.4 annex I paras. 9-10 (interoperability, authentication); ADR-0032.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal

PARTNER: Final = "partner"
ANSWER_HOURS_MAX: Final = 24 * 366
OVERLAP_HOURS_MAX: Final = 24 * 31
ADDRESS_MAX: Final = 200


class LinkFault(StrEnum):
    NOT_LIVE = "link.not_live"
    SUSPENDED = "link.suspended"
    UNKNOWN = "link.unknown"
    SAME_STATE = "link.same_state"
    ADDRESS_UNREADABLE = "link.address_unreadable"
    HOURS = "link.hours"
    KEY_SUCCESSION = "link.key_succession"


class LinkState(StrEnum):
    PROPOSED = "proposed"
    TESTING = "testing"
    LIVE = "live"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Partner:
    """Another registry whose signed messages this one accepts.

    `address` is where it takes messages (empty: by other ways); `answer_hours` how long a proposal to it stands
    unanswered (0: until it is taken back). After a change of its key the earlier one is good until `earlier_until`.
    """

    party: Party
    registry: str
    origin: str
    public_key: str
    address: str = ""
    state: LinkState = LinkState.LIVE
    answer_hours: int = 0
    earlier_key: str = ""
    earlier_until: str = ""
    reason: str = ""
    await_issuer: bool = False
    """Whether units of a third registry that come over this link stay on hold until that registry has taken note."""
    by_hand: bool = False
    """Whether a transfer proposed over this link waits for a person's consent; else what is sound is accepted."""

    def keys(self) -> Iterator[tuple[bytes, str]]:
        """Its keys (raw), each with the moment until which it signs; empty for the one in force."""
        yield base64.b64decode(self.public_key), ""
        if self.earlier_key:
            yield base64.b64decode(self.earlier_key), self.earlier_until


def moves_units(partner: Partner) -> Refusal | None:
    """Refuses to begin a move over a link that is not live."""
    if partner.state is LinkState.LIVE:
        return None
    return Refusal(LinkFault.NOT_LIVE, {"partner": partner.party, "state": partner.state.value})
