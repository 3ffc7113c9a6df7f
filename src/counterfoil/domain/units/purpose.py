"""Purposes of an authorization: a set over NDC, IMP and OP, never one word.

Source: 2/CMA.3 annex para. 1(d), 1(f); 4/CMA.6 paras. 5(e), 12, 15 and annex II.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class Purpose(StrEnum):
    """What mitigation outcomes may be used for."""

    NDC = "NDC"
    IMP = "IMP"
    OP = "OP"


class FirstTransferDefinition(StrEnum):
    """What the host Party calls the first transfer for other international mitigation purposes."""

    AUTHORIZATION = "AUTHORIZATION"
    ISSUANCE = "ISSUANCE"
    USE_OR_CANCELLATION = "USE_OR_CANCELLATION"


OIMP: Final = frozenset({Purpose.IMP, Purpose.OP})

_WORDS: Final = {
    frozenset({Purpose.NDC}): "NDC",
    OIMP: "OIMP",
    frozenset({Purpose.IMP}): "IMP",
    frozenset({Purpose.OP}): "OP",
    frozenset({Purpose.NDC}) | OIMP: "NDC and OIMP",
    frozenset({Purpose.NDC, Purpose.IMP}): "NDC and IMP",
    frozenset({Purpose.NDC, Purpose.OP}): "NDC and OP",
}


def purposes_text(purposes: Iterable[Purpose]) -> str:
    """The one string of the AEF for a set of purposes.

    >>> purposes_text([Purpose.OP, Purpose.NDC])
    'NDC and OP'
    """
    return _WORDS[frozenset(purposes)]
