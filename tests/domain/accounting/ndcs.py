"""NDCs and inventories of invented Parties for tests."""

from datetime import date
from typing import Any

from counterfoil.domain.accounting.inventory import Inventory, YearTotal
from counterfoil.domain.accounting.ndc import InventorySector, Ndc, NdcKind, Scope, Source, Target, TargetForm
from counterfoil.domain.kernel.ids import Party

GASES = ("CO2", "CH4", "N2O")
WHOLE = (InventorySector.ENERGY, InventorySector.IPPU, InventorySector.AGRICULTURE, InventorySector.WASTE)
NDC_TEXT = Source("First NDC", "section 2", "https://example.org/ndc", date(2025, 1, 1))
REPORT = Source("Inventory report", "table 1")
CEILING = Target("unconditional", TargetForm.LEVEL, 2030, "at most 1,100,000 t in 2030", NDC_TEXT, level=1_100_000)


def told(*figures: object) -> tuple[object, ...]:
    """Figures side by side, to be compared with plain numbers."""
    return figures


def ndc(**changes: Any) -> Ndc:
    content: dict[str, Any] = {
        "id": "XAA-1",
        "title": "First NDC of XAA",
        "parties": (Party("XAA"),),
        "first": 2021,
        "last": 2030,
        "kind": NdcKind.SINGLE_YEAR,
        "scope": Scope(WHOLE, GASES),
        "targets": (CEILING,),
        "source": NDC_TEXT,
    }
    return Ndc(**{**content, **changes})


def inventory(levels: dict[int, int], **changes: Any) -> Inventory:
    content: dict[str, Any] = {
        "id": "XAA-INV-1",
        "party": Party("XAA"),
        "submitted_on": date(2024, 12, 31),
        "values": tuple(YearTotal(year, value, WHOLE) for year, value in levels.items()),
        "source": REPORT,
        "gases": GASES,
    }
    return Inventory(**{**content, **changes})
