"""What makes a draft of the writer unusable: whose submission spoils it is answered alone. Read `writer.py` first."""

from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal


class Offending(Exception):
    """One submission spoils the draft: it is answered, and the step starts again without it."""

    def __init__(self, index: int, outcome: Refusal | Outage) -> None:
        super().__init__(index)
        self.index = index
        self.outcome = outcome


class TooLarge(Exception):
    """A leaf above its bound."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


class Unwritable(Exception):
    """A leaf without a canonical form."""
