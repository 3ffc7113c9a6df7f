"""The controlled words of the agreed electronic format that rules ask for by name.

Only words that a rule compares stand here; the full lists, their aliases and the spelling that a profile writes are
data in the format pack (`packs/formats/aef/<version>/vocabulary.toml`).

Source: 4/CMA.6 annex II; common nomenclatures, tables 12(b), 16(b), 22(b), 25(b), 26(b).
"""

from enum import StrEnum
from typing import Final

GHG: Final = "GHG"
NON_GHG: Final = "non-GHG"
NOT_APPLICABLE: Final = "NA"
MECHANISM_APPROACH: Final = "CA0001"
"""The cooperative approach id of the Article 6.4 mechanism."""


class ActionType(StrEnum):
    AUTHORIZATION = "Authorization"
    FIRST_TRANSFER = "First transfer"
    TRANSFER = "Transfer"
    ACQUISITION = "Acquisition"
    USE = "Use"
    CANCELLATION = "Cancellation"
    VOLUNTARY_CANCELLATION = "Voluntary Cancellation"


class Subtype(StrEnum):
    TO_PARTY = "First transfer to another Party"
    AUTHORIZATION = "Authorization"
    ISSUANCE = "Issuance"
    USE_OR_CANCELLATION = "Use or cancellation"
    MANDATORY_ADAPTATION = "Mandatory transfer to the Adaptation Fund (A6.4 ERs)"
    VOLUNTARY_ADAPTATION = "Voluntary transfer to the Adaptation Fund (A6.4 ERs)"
    MANDATORY_OMGE = "Mandatory cancellation to deliver OMGE"
    VOLUNTARY_OMGE = "Voluntary cancellation to deliver OMGE"
    OTHER_CANCELLATIONS = "Other cancellations"
    NOT_YET_DEFINED = "Not yet defined"


class FirstTransferDefinition(StrEnum):
    AUTHORIZATION = "Authorization"
    ISSUANCE = "Issuance"
    USE_OR_CANCELLATION = "Use or cancellation"


class Purpose(StrEnum):
    """The three purposes of which an authorization holds a set; OIMP stands for IMP and OP together."""

    NDC = "NDC"
    IMP = "IMP"
    OP = "OP"


SPARES_FIRST_TRANSFERRED: Final = "Applies only to ITMOs that were not first transferred before its date"
"""How a version says, in its explanation, that it leaves first transferred units under the version before it.

No column of the format has room for it. Source: 4/CMA.6 para. 7.
"""

REACHES_FIRST_TRANSFERRED: Final = "Changes may also reach ITMOs after their first transfer."
"""How the terms of an authorization say that they provide for it. Source: 4/CMA.6 paras. 7-8."""

OIMP_PARTS: Final = frozenset({Purpose.IMP, Purpose.OP})

ADAPTATION: Final = frozenset({Subtype.MANDATORY_ADAPTATION, Subtype.VOLUNTARY_ADAPTATION})
ENDING_SUBTYPES: Final = frozenset(
    {Subtype.USE_OR_CANCELLATION, Subtype.MANDATORY_OMGE, Subtype.VOLUNTARY_OMGE, Subtype.OTHER_CANCELLATIONS}
)
"""Subtypes of a first transfer that end the unit's life in the same act. Source: 4/CMA.6 paras. 12(c), 17."""

CANCELLING: Final = frozenset({ActionType.CANCELLATION, ActionType.VOLUNTARY_CANCELLATION})
ENDING: Final = CANCELLING | {ActionType.USE}
