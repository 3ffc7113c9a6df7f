"""What the registry holds of the imported record, per Party, read from the books and not from the files."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from counterfoil.domain.ledger.account import AccountRole, imported, role
from counterfoil.domain.ledger.entry import UNITS
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading

_ORIGIN: Final = imported("cdm")
_CANCELLED: Final = "cancelled:"


def totals(folder: Folder) -> Mapping[str, Any]:
    """Issued, cancelled and remaining units (one is one tonne CO2e), of each originating Party and in all.

    Issued is what came in as imported; cancelled is what stands in a cancellation account; remaining is the rest.
    """
    issued: Counter[str] = Counter()
    cancelled: Counter[str] = Counter()
    remaining: Counter[str] = Counter()
    with open_for_reading(folder) as readable:
        balances = [item for item in readable.books.all_balances().items() if item[0].book == UNITS]
    classes = {key.commodity for key, _ in balances if key.account == _ORIGIN}
    for key, amount in balances:
        if key.commodity in classes:
            party = key.commodity.removesuffix("-#")
            if key.account == _ORIGIN:
                issued[party] -= amount
            elif key.account.startswith(_CANCELLED):
                cancelled[party] += amount
            elif role(key.account) is not AccountRole.SOURCE:
                remaining[party] += amount
    return {
        "issued_t": issued.total(),
        "cancelled_t": cancelled.total(),
        "remaining_t": remaining.total(),
        "parties": {
            party: {"issued_t": issued[party], "cancelled_t": cancelled[party], "remaining_t": remaining[party]}
            for party in sorted(issued)
        },
    }
