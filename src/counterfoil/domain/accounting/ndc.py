"""A nationally determined contribution as data: who, which years, which sectors and gases, which targets, from where.

Period, target, base and accounting year come from the NDC's own text, each with its source. Several Parties may share
one NDC; a jurisdiction may belong to a Party; who belongs to none keeps a shadow account, which adjusts nothing.

Source: 2/CMA.3 annex paras. 7-10, 18(b)-(d); 18/CMA.1 annex para. 64; ADR-0008.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final

from counterfoil.domain.accounting.ctf_lines import TONNES
from counterfoil.domain.accounting.figure import Figure, Unavailable
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.period import YearSpan

NDC_RECORD: Final = "ndc"


class NdcKind(StrEnum):
    """Whether the NDC sets one year or several. Source: 2/CMA.3 annex para. 7(a)-(b)."""

    SINGLE_YEAR = "single_year"
    MULTI_YEAR = "multi_year"


class AccountingYear(StrEnum):
    CALENDAR = "calendar"
    FISCAL = "fiscal"


class InventorySector(StrEnum):
    """The sectors of a national inventory. Source: 18/CMA.1 annex para. 50."""

    ENERGY = "energy"
    IPPU = "ippu"
    AGRICULTURE = "agriculture"
    LULUCF = "lulucf"
    WASTE = "waste"


class TargetForm(StrEnum):
    """What a target says: at most a level; a level below a base; a sum over the period; at least an indicator."""

    LEVEL = "level"
    REDUCTION = "reduction"
    BUDGET = "budget"
    INTENSITY = "intensity"
    FLOOR = "floor"


class Standing(StrEnum):
    """Whose book a registry keeps. A shadow account is named so and adjusts nothing under the Paris Agreement."""

    PARTY = "party"
    WITHIN_PARTY = "within_party"
    SHADOW = "shadow"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value was read: document, place in it, address, and the day of reading."""

    document: str
    place: str = ""
    url: str = ""
    read_on: date | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What a total covers: inventory sectors and gases. Two totals are comparable only when both are the same."""

    sectors: tuple[InventorySector, ...]
    gases: tuple[str, ...]

    def same(self, other: "Scope") -> bool:
        """Whether both cover the same, in whatever order."""
        return set(self.sectors) == set(other.sectors) and set(self.gases) == set(other.gases)


@dataclass(frozen=True, slots=True)
class Target:
    """One target of an NDC.

    `level` and `base_level` are in `unit` (t CO2 eq unless an indicator is named); `reduction` is the share below the
    base as a decimal (`0.3189`). What the text does not give stays empty: a target without a level is not compared.
    `metric` names the recorded series of a floor, or what the tonnes of an intensity are divided by.
    """

    name: str
    form: TargetForm
    year: int
    statement: str
    source: Source
    level: int | None = None
    reduction: str = ""
    base_year: int | None = None
    base_level: int | None = None
    unit: str = TONNES
    metric: str = ""
    conditional: bool = False

    @property
    def measure(self) -> str:
        """The unit of its numbers. An indicator whose record names no unit of its own is never told in tonnes.

        >>> source = Source("An invented document")
        >>> Target("share", TargetForm.FLOOR, 2030, "at least 9 GWh", source, metric="GWh").measure
        'GWh'
        >>> Target("intensity", TargetForm.INTENSITY, 2030, "at most 3", source, metric="M USD").measure
        'tCO2e/M USD'
        """
        if self.unit != TONNES or not self.metric:
            return self.unit
        return f"{TONNES}/{self.metric}" if self.form is TargetForm.INTENSITY else self.metric

    @property
    def value(self) -> Figure:
        """The level that must be kept, exactly; a reason where the record does not give it."""
        if self.level is not None:
            return Fraction(self.level)
        if self.base_level is not None and self.reduction:
            return self.base_level * (1 - Fraction(self.reduction))
        return Unavailable.TARGET_LEVEL_MISSING


@dataclass(frozen=True, slots=True)
class Ndc:
    """One NDC for one implementation period.

    `parties` communicated it: one, or several that share it, or none for the pledge of a non-Party. `jurisdictions`
    keep registries under it beside those Parties. `activity_sectors` are the AEF sectors of activities inside its
    scope; first transfers from others count as well. `gwp` names the set of GWP values in which its targets are given,
    if the text does. `of_measures` marks policies and measures without a quantity: `scope` is then what they affect,
    and `portion` the part of it in which cooperative approaches act.
    """

    id: str
    title: str
    parties: tuple[Party, ...]
    first: int
    last: int
    kind: NdcKind
    scope: Scope
    targets: tuple[Target, ...]
    source: Source
    jurisdictions: tuple[Party, ...] = ()
    accounting_year: AccountingYear = AccountingYear.CALENDAR
    fiscal_year_begins: str = ""
    activity_sectors: tuple[str, ...] = ()
    of_measures: bool = False
    communicated_on: date | None = None
    assumed: tuple[str, ...] = ()
    gwp: str = ""
    portion: Scope | None = None

    @property
    def period(self) -> YearSpan:
        return YearSpan(self.first, self.last)

    @property
    def shared(self) -> bool:
        """Whether several Parties achieve it together: one of them alone has no emissions balance under it."""
        return len(self.parties) > 1

    def covers(self, jurisdiction: str) -> bool:
        return jurisdiction in self.parties or jurisdiction in self.jurisdictions


def standing(ndc: Ndc | None, jurisdiction: str, *, is_party: bool) -> Standing:
    """Whose account a jurisdiction keeps under an NDC; without one, what the registry was founded as.

    Source: Paris Agreement art. 20; 2/CMA.3 annex paras. 1(d), 3.
    """
    if ndc is None:
        return Standing.PARTY if is_party else Standing.SHADOW
    if jurisdiction in ndc.parties:
        return Standing.PARTY
    return Standing.WITHIN_PARTY if ndc.parties else Standing.SHADOW


def inside(ndc: Ndc, activity_sector: str) -> bool | None:
    """Whether an activity's sector lies in the NDC's scope; None where the record does not say.

    Source: 2/CMA.3 annex paras. 13-14 (both are adjusted for).
    """
    return None if not ndc.activity_sectors else activity_sector in ndc.activity_sectors
