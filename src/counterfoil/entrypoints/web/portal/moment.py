"""The moment that a link names: `?as_of=N` means the register after its first N entries, for ever the same."""

from dataclasses import dataclass

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.web.visit import Visit

_DIGITS_MAX = 18


@dataclass(frozen=True, slots=True)
class AsOf:
    """So many entries, and when the last of them was recorded. `size` 0: nothing was asked, so the books as they are.

    `shown` says whether the page shows the things of that moment, or can only show those of now.
    """

    size: int = 0
    on: str = ""
    shown: bool = True

    def before(self, seq: int) -> bool:
        """Whether an entry had been made."""
        return not self.size or seq < self.size


NOW = AsOf()


def moment_asked(sight: Sight, visit: Visit, *, shown: bool = True) -> AsOf | Refusal:
    """The moment of the address; refused where it is no number, or the journal is not that long yet."""
    text = visit.query.get("as_of", "")
    if not text:
        return NOW
    size = int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS_MAX else 0
    row = sight.reading.row(size - 1) if size > 0 else None
    if row is None:
        return Refusal(HttpFault.PARAMETER_UNREADABLE, {"parameter": "as_of", "value": text[:60]})
    return AsOf(size, str(sight.codec.decode(row.leaf)["at"]), shown)
