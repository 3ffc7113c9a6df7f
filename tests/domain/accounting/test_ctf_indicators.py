"""The rows before the lines: indicators with reference and change, the total, and land use outside it."""

from datetime import date
from fractions import Fraction

from counterfoil.domain.accounting.ctf_indicators import Opening, indicator_rows
from counterfoil.domain.accounting.ctf_table4 import Facts
from counterfoil.domain.accounting.figure import Unavailable
from counterfoil.domain.accounting.inventory import Inventory, YearTotal
from counterfoil.domain.accounting.ndc import InventorySector, Ndc, NdcKind, Scope, Source, Standing, Target, TargetForm
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.period import YearSpan

SOURCE = Source("An invented document", "page 1")
ENERGY, LAND = InventorySector.ENERGY, InventorySector.LULUCF


def facts(*sectors: InventorySector) -> Facts:
    target = Target(
        "unconditional", TargetForm.REDUCTION, 2030, "a fifth less", SOURCE, reduction="0.20", base_year=2010,
        base_level=1_000,
    )  # fmt: skip
    party = Party("XAA")
    ndc = Ndc("XAA-1", "NDC", (party,), 2021, 2030, NdcKind.SINGLE_YEAR, Scope(sectors, ("CO2",)), (target,), SOURCE)
    values = (
        YearTotal(2021, 950, (ENERGY,)),
        YearTotal(2021, -50, (LAND,)),
        YearTotal(2022, 900, (ENERGY,)),
    )
    inventory = Inventory("XAA-2024", party, date(2024, 1, 1), values, SOURCE, ("CO2",))
    return Facts(party, Standing.PARTY, YearSpan(2021, 2030), 2022, date(2024, 2, 1), ndc=ndc, inventories=(inventory,))


def test_an_indicator_is_compared_with_its_reference() -> None:
    selected, total, land = indicator_rows(facts(ENERGY))
    assert (selected.kind, total.kind, land.kind) == (Opening.SELECTED, Opening.TOTAL, Opening.LAND_USE)
    assert (selected.reference, selected.reference_year) == (1_000, 2010)
    assert (selected.target, selected.target_year, selected.change) == (800, 2030, -100)
    assert total.years == {2021: Fraction(950), 2022: Fraction(900)}


def test_land_use_stands_alone_where_the_total_leaves_it_out_and_a_missing_year_is_no_zero() -> None:
    land = indicator_rows(facts(ENERGY))[-1]
    assert land.years == {2021: Fraction(-50), 2022: Unavailable.OUTSIDE_SCOPE}
    covered = indicator_rows(facts(ENERGY, LAND))[-1]
    assert set(covered.years.values()) == {Unavailable.NOT_APPLICABLE}
