"""Identifiers of the registry's own things, and the shapes that they must have."""

import re
from typing import Final, NewType

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
AUTHORIZATION: Final = re.compile(r"[A-Za-z0-9 -]{1,64}\Z")
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,79}\Z")
DIGEST: Final = re.compile(r"[0-9a-f]{64}\Z")
COMMAND: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._-]{0,95}\Z")
ACCOUNT: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}(?::[A-Za-z0-9][A-Za-z0-9._/-]{0,59}){1,3}\Z")
