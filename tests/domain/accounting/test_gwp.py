"""Tonnes of gases as t CO2 eq, and the wrong values that are often taken."""

import csv
from fractions import Fraction
from pathlib import Path

from counterfoil.domain.accounting.gwp import AR5_VALUES, co2_equivalent

GASES = {"CO2": Fraction(1_000), "CH4": Fraction(10), "N2O": Fraction(1, 2)}


def test_gases_add_up_by_the_values_of_ar5_without_fossil_methane() -> None:
    """Carried over from the worked example GWP-V1 of the Article 6.2 rulebook, section 3.7."""
    assert co2_equivalent(GASES) == Fraction("1412.5")
    fossil = sum({**AR5_VALUES, "CH4": 30}[gas] * amount for gas, amount in GASES.items())
    assert co2_equivalent(GASES) != fossil == Fraction("1432.5")


def test_nothing_is_no_emission_and_carbon_dioxide_is_the_measure() -> None:
    assert co2_equivalent({}) == 0
    assert co2_equivalent({"CO2": Fraction(7)}) == 7


def test_the_values_are_those_of_the_public_table(data_folder: Path) -> None:
    with (data_folder / "gwp" / "globalwarmingpotentials.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.reader(line for line in file if not line.startswith("#")))
    column = table[0].index("AR5GWP100")
    known = {row[0]: row[column] for row in table[1:]}
    assert {gas: known[gas] for gas in AR5_VALUES if gas != "CO2"} == {
        gas: str(value) for gas, value in AR5_VALUES.items() if gas != "CO2"
    }
