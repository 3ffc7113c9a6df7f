"""Worked examples of corresponding adjustments: figures in t CO2 eq unless said, each with the answers that are wrong.

The figures are carried over from the worked examples CA-V1 to CA-V8 and FT-V1 of the Article 6.2 rulebook, section 3.7.
They follow from `adjustment(y) = first_transferred(y) - used(y)` and `balance(y) = emissions(y) + adjustment(y)`.
Source: 2/CMA.3 annex paras. 2, 7-10, 13-16; 4/CMA.6 paras. 11-17.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final

from counterfoil.domain.accounting.emissions_balance import Flows, Method
from counterfoil.domain.accounting.first_transfer import Trigger
from counterfoil.domain.kernel.period import YearSpan
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose


@dataclass(frozen=True)
class Vector:
    """One NDC period: what happened by year, and what the Party must report."""

    id: str
    method: Method
    period: YearSpan
    first_transferred: Mapping[int, int] = field(default_factory=dict)
    used: Mapping[int, int] = field(default_factory=dict)
    emissions: Mapping[int, int] = field(default_factory=dict)
    adjustments: Mapping[int, Fraction | int] = field(default_factory=dict)
    balances: Mapping[int, int] = field(default_factory=dict)

    @property
    def flows(self) -> Flows:
        return Flows(self.period, self.first_transferred, self.used)


def years(first: int, *values: int) -> dict[int, int]:
    return dict(enumerate(values, start=first))


def thousands(first: int, *values: int) -> dict[int, int]:
    return {year: value * 1_000 for year, value in years(first, *values).items()}


TRAJECTORY_HOST: Final = Vector(
    "CA-V1",
    Method.TRAJECTORY,
    YearSpan(2021, 2030),
    first_transferred=thousands(2021, 0, 20, 30, 50, 50, 60, 60, 40, 40, 50),
    emissions=thousands(2021, 1000, 1010, 1020, 1030, 1035, 1040, 1042, 1043, 1044, 1045),
    adjustments=thousands(2021, 0, 20, 30, 50, 50, 60, 60, 40, 40, 50),
    balances=thousands(2021, 1000, 1030, 1050, 1080, 1085, 1100, 1102, 1083, 1084, 1095),
)
TRAJECTORY_TARGET: Final = 1_100_000

BUDGET_MIXED: Final = Vector(
    "CA-V2",
    Method.MULTI_YEAR,
    YearSpan(2026, 2030),
    first_transferred=thousands(2026, 10, 15, 0, 5, 0),
    used=thousands(2026, 0, 20, 30, 25, 15),
    emissions=thousands(2026, 500, 490, 485, 470, 460),
    adjustments=thousands(2026, 10, -5, -30, -20, -15),
    balances=thousands(2026, 510, 485, 455, 450, 445),
)
BUDGET: Final = thousands(2026, 495, 485, 475, 465, 455)
BUDGET_WITH_INVERTED_SIGN: Final = thousands(2026, 490, 495, 515, 490, 475)

AVERAGING_HOST: Final = Vector(
    "CA-V3",
    Method.AVERAGING,
    YearSpan(2021, 2030),
    first_transferred=thousands(2021, 0, 0, 30, 60, 90, 90, 60, 30, 0, 0),
    emissions={2030: 900_000},
)
AVERAGES_OF_HOST: Final[Mapping[int, Fraction | int]] = {
    **thousands(2021, 0, 0, 10),
    2024: 22_500,
    2025: 36_000,
    2026: 45_000,
    2027: Fraction(330_000, 7),
    **thousands(2028, 45, 40, 36),
}
AVERAGING_HOST_BALANCE: Final = 936_000

AVERAGING_ACQUIRER: Final = Vector(
    "CA-V4",
    Method.AVERAGING,
    YearSpan(2021, 2030),
    used={2025: 120_000, 2030: 300_000},
    emissions={2030: 750_000},
)
AVERAGES_OF_ACQUIRER: Final[Mapping[int, Fraction | int]] = {
    **thousands(2021, 0, 0, 0, 0),
    **thousands(2025, -24, -20),
    2027: Fraction(-120_000, 7),
    2028: -15_000,
    2029: Fraction(-40_000, 3),
    2030: -42_000,
}
AVERAGING_ACQUIRER_BALANCE: Final = 708_000

INDICATOR_GWH: Final = Vector(
    "CA-V5",
    Method.TRAJECTORY,
    YearSpan(2026, 2030),
    first_transferred=years(2026, 0, 50, 100, 150, 100),
    used={2030: 30},
    emissions=years(2026, 1200, 1350, 1500, 1700, 1900),
    balances=years(2026, 1200, 1300, 1400, 1550, 1830),
)

STRUCTURED_SUMMARY: Final = Vector(
    "CA-V7",
    Method.TRAJECTORY,
    YearSpan(2021, 2024),
    first_transferred=years(2021, 0, 4_000, 9_000, 7_000),
    used=years(2021, 0, 0, 2_000, 1_500),
    emissions=thousands(2021, 400, 405, 410, 412),
    adjustments=years(2021, 0, 4_000, 7_000, 5_500),
    balances=years(2021, 400_000, 409_000, 417_000, 417_500),
)
FOR_OIMP: Final = years(2021, 0, 1_000, 1_000, 2_000)
"""Of the first transfers of the structured summary, those for other international mitigation purposes."""
SUMMARY_AVERAGES: Final[Mapping[int, Fraction | int]] = {
    2021: 0,
    2022: 2_000,
    2023: Fraction(11_000, 3),
    2024: 4_125,
}

OUTSIDE_SCOPE: Final = Vector(
    "CA-V8",
    Method.TRAJECTORY,
    YearSpan(2026, 2026),
    first_transferred={2026: 5_000 + 3_000},
    emissions={2026: 80_000},
    adjustments={2026: 8_000},
    balances={2026: 88_000},
)


@dataclass(frozen=True)
class Life:
    """What happened to a unit, and the day and trigger of its first transfer. Its vintage is 2023 throughout."""

    why: str
    purposes: frozenset[Purpose]
    definition: FirstTransferDefinition | None
    expected_on: date
    trigger: Trigger
    authorized_on: date = date(2024, 2, 1)
    issued_on: date = date(2024, 6, 10)
    moved_abroad_on: date | None = date(2025, 3, 5)
    cancelled_on: date | None = None
    omge_on: date | None = None


NDC, IMP, OP = (frozenset({purpose}) for purpose in (Purpose.NDC, Purpose.IMP, Purpose.OP))
ABROAD, ISSUED, CANCELLED = date(2025, 3, 5), date(2024, 6, 10), date(2026, 1, 20)
BY_AUTHORIZATION = FirstTransferDefinition.AUTHORIZATION
BY_ISSUANCE = FirstTransferDefinition.ISSUANCE
BY_USE = FirstTransferDefinition.USE_OR_CANCELLATION

LIVES: Final = (
    Life("NDC use waits for the move abroad", NDC, None, ABROAD, Trigger.INTERNATIONAL_TRANSFER),
    Life("a unit must exist before it is first transferred", IMP, BY_AUTHORIZATION, ISSUED, Trigger.AUTHORIZATION),
    Life(
        "authorization came after issuance",
        IMP,
        BY_AUTHORIZATION,
        date(2025, 1, 15),
        Trigger.AUTHORIZATION,
        authorized_on=date(2025, 1, 15),
        moved_abroad_on=None,
    ),
    Life("issuance counts", IMP, BY_ISSUANCE, ISSUED, Trigger.ISSUANCE),
    Life(
        "a move abroad is nothing where use or cancellation counts",
        OP,
        BY_USE,
        CANCELLED,
        Trigger.USE_OR_CANCELLATION,
        cancelled_on=CANCELLED,
    ),
    Life(
        "of two events the earlier counts: the move",
        NDC | IMP,
        BY_USE,
        ABROAD,
        Trigger.INTERNATIONAL_TRANSFER,
        cancelled_on=CANCELLED,
    ),
    Life("of two events the earlier counts: issuance", NDC | IMP, BY_ISSUANCE, ISSUED, Trigger.ISSUANCE),
    Life(
        "cancellation for overall mitigation before any transfer",
        NDC,
        None,
        date(2024, 8, 1),
        Trigger.OMGE,
        moved_abroad_on=None,
        omge_on=date(2024, 8, 1),
    ),
)
