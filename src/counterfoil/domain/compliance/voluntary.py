"""The voluntary register: credits of programmes outside any state's ledger, shown at compliance value 0.

They are recorded, never booked: a credit without a national record is in no account, so no module of this registry can
move, use, list or surrender it. Serials are recorded once, whoever claims them.

Source: requirements R-TWN-03, R-TWN-04, R-INT-05 to R-INT-08.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.ids import NAME, unfit
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.serials import SerialRange

VOLUNTARY: Final = "voluntary"
VOLUNTARY_BLOCKS: Final = "voluntary_blocks"
"""All ranges of one programme and block that were recorded, by the key of the block."""
RANGES_MAX: Final = 300
KG_PER_TONNE: Final = 1_000


class VoluntaryFault(StrEnum):
    ID_UNREADABLE = "voluntary.id_unreadable"
    ALREADY_RECORDED = "voluntary.already_recorded"
    SERIALS_RECORDED = "voluntary.serials_recorded"
    BLOCK_FULL = "voluntary.block_full"
    BACKING_DIFFERS = "voluntary.backing_differs"
    CLAIM_TOO_STRONG = "voluntary.claim_too_strong"


class Standing(StrEnum):
    """What is known of the credits: held and claimed by a firm, or only found in public data, with no recognition."""

    CLAIMED = "claimed"
    UNRECOGNISED = "unrecognised"


class Claim(StrEnum):
    """What a holder wants to say. Voluntary credits carry the first statement alone."""

    VOLUNTARY_CONTRIBUTION = "voluntary_contribution"
    CARBON_NEUTRAL = "carbon_neutral"
    TOWARDS_NDC = "towards_ndc"
    COMPLIANCE = "compliance"


@dataclass(frozen=True, slots=True)
class Backing:
    """Tokens that somebody issued on credits: how many, and how many kilograms each is declared to stand for."""

    tokens: int
    kg_per_token: int


@dataclass(frozen=True, slots=True)
class VoluntaryUnits:
    """Credits of a programme, by its own block and serials; one serial is one tonne. `compliance_value` is always 0."""

    id: str
    holder: str
    programme: str
    block: str
    serials: SerialRange
    standing: Standing
    claim: Claim
    recorded_on: date
    source: str
    backing: Backing | None = None
    sovereign: bool = False
    compliance_value: int = 0


def block_key(programme: str, block: str) -> str:
    return f"{programme}:{block}"


def unfit_voluntary(
    *,
    name: str,
    holder: str,
    programme: str,
    block: str,
    serials: SerialRange,
    claim: Claim,
    backing: Backing | None,
    recorded: Iterable[SerialRange],
) -> Refusal | None:
    """Why credits cannot be recorded, in this order: names, claim, backing, serials that somebody recorded before."""
    if not NAME.match(name):
        return Refusal(VoluntaryFault.ID_UNREADABLE, {"voluntary": name[:80]})
    nameless = unfit("holder", holder) or unfit("programme", programme) or unfit("block", block)
    nameless = nameless or unfit("key", block_key(programme, block))
    if nameless is not None:
        return nameless
    if claim is not Claim.VOLUNTARY_CONTRIBUTION:
        return Refusal(VoluntaryFault.CLAIM_TOO_STRONG, {"claim": claim.value, "programme": programme})
    if backing is not None and not backed(backing, tonnes=serials.size):
        facts = {"tokens": backing.tokens, "kg_per_token": backing.kg_per_token, "tonnes": serials.size}
        return Refusal(VoluntaryFault.BACKING_DIFFERS, {**facts})
    ranges = list(recorded)
    taken = next((each for each in ranges if each.overlaps(serials)), None)
    if taken is not None:
        return Refusal(VoluntaryFault.SERIALS_RECORDED, {"programme": programme, "serials": f"{block} {taken}"})
    if len(ranges) >= RANGES_MAX:
        return Refusal(VoluntaryFault.BLOCK_FULL, {"block": block, "ranges_max": RANGES_MAX})
    return None


def backed(backing: Backing, *, tonnes: int) -> bool:
    """Whether tokens times their kilograms are exactly the tonnes behind them.

    >>> backed(Backing(5_000_000, 100), tonnes=500_000), backed(Backing(500_000_000, 100), tonnes=500_000)
    (True, False)
    """
    return backing.tokens > 0 and backing.tokens * backing.kg_per_token == tonnes * KG_PER_TONNE
