"""What can be wrong with a partner's request as a whole."""

from enum import StrEnum


class FederationFault(StrEnum):
    FLOOD = "message.flood"
