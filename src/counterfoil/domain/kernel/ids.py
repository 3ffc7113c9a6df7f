"""Identifiers of the registry's own things, and the shapes that they must have."""

import re
from enum import StrEnum
from typing import Final, NewType

from counterfoil.domain.kernel.refusal import Refusal

Party = NewType("Party", str)
"""ISO 3166-1 alpha-3, or an exceptionally reserved code such as EUE."""
ActivityId = NewType("ActivityId", str)
AuthorizationId = NewType("AuthorizationId", str)
CooperativeApproachId = NewType("CooperativeApproachId", str)
AccountCode = NewType("AccountCode", str)
ClassKey = NewType("ClassKey", str)
CommandId = NewType("CommandId", str)
TransferId = NewType("TransferId", str)

# \Z, not $: a trailing newline is not part of any identifier.
PARTY: Final = re.compile(r"[A-Z]{3}\Z")
COOPERATIVE_APPROACH: Final = re.compile(r"CA\d{4}\Z", re.ASCII)
REGISTRY: Final = re.compile(r"(?:[A-Z]{3}|UN)\d{2}\Z", re.ASCII)
TRANSFER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._-]{0,79}\Z")
"""Shorter than a command's id: the acts of the two books about a transfer are named after it (`T-1:decline`)."""
AUTHORIZATION: Final = re.compile(r"(?!(?i:na)\Z)(?=[ -]*[A-Za-z0-9])[A-Za-z0-9 -]{1,64}\Z")
"""Never `NA`, which reads as *not applicable* in every report."""
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,79}\Z")
DIGEST: Final = re.compile(r"[0-9a-f]{64}\Z")
COMMAND: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._-]{0,95}\Z")
ACCOUNT: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}(?::[A-Za-z0-9][A-Za-z0-9._/-]{0,59}){1,3}\Z")

KEY_BYTES_MAX: Final = 200
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class NamingFault(StrEnum):
    KEY_UNFIT = "command.key_unfit"


def is_key(text: str) -> bool:
    """Whether a text may name a thing for ever: it becomes the key of a record, or a part of one.

    Any language may be used. Every engine keeps such a text, sorts it alike, and has room for it in an index.
    """
    return 0 < len(text) <= KEY_BYTES_MAX and not _CONTROL.search(text) and len(text.encode()) <= KEY_BYTES_MAX


def unfit(field: str, text: str) -> Refusal | None:
    """Refuses a text of a command's field that cannot become a key."""
    if is_key(text):
        return None
    return Refusal(NamingFault.KEY_UNFIT, {"field": field, "text": text[:40], "bytes_max": KEY_BYTES_MAX})
