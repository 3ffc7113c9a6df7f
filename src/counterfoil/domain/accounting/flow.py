"""One flow of the adjustment book with everything that a report tells it apart by: additions and subtractions.

A report never adds up two selections of the same acts: lines, their split by approach and Party, and the balance all
come from one list of flows (rulebook section 7, error 5).

Source: 2/CMA.3 annex paras. 8, 23(c)-(e), 23(j).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from counterfoil.domain.accounting.emissions_balance import Flows
from counterfoil.domain.kernel.period import YearSpan


class FlowKind(StrEnum):
    """The three lines that flows fill. They are disjoint: what is authorized for NDC use as well is the first."""

    FIRST_TRANSFERRED = "first_transferred"
    OIMP = "oimp"
    USED = "used"


class Basis(StrEnum):
    """Which year a first transfer is shown in. Adjustments stand in the vintage; the other is a labelled view of lines
    6 and 7 and of their split, and of nothing else.

    Source: 2/CMA.3 annex para. 23, chapeau (consistent with chapter III.B); rulebook 4.4.
    """

    VINTAGE = "vintage"
    FIRST_TRANSFER_YEAR = "first_transfer_year"


@dataclass(frozen=True, slots=True)
class Flow:
    """Units that were first transferred, or used, together.

    `year` is the NDC year in which it adjusts: the vintage of an addition, the year of use of a subtraction. `quantity`
    is in the commodity's unit. `entities` may use or cancel them for other purposes.
    """

    kind: FlowKind
    year: int
    quantity: int
    commodity: str
    vintage: int
    on: date
    approach: str
    sector: str
    transferring: str
    using: str = ""
    authorization: str = ""
    trigger: str = ""
    conversion: str = ""
    entities: tuple[str, ...] = ()

    def year_on(self, basis: Basis) -> int:
        """The column in which a report shows it. A use has one year only."""
        if basis is Basis.FIRST_TRANSFER_YEAR and self.kind is not FlowKind.USED:
            return self.on.year
        return self.year


def by_year(flows: Iterable[Flow], kind: FlowKind, *, basis: Basis = Basis.VINTAGE) -> dict[int, int]:
    """Quantities of one kind by year. All flows given are of one commodity."""
    years: defaultdict[int, int] = defaultdict(int)
    for flow in flows:
        if flow.kind is kind:
            years[flow.year_on(basis)] += flow.quantity
    return dict(sorted(years.items()))


def net_flows(flows: Iterable[Flow], period: YearSpan) -> Flows:
    """What the period's adjustments are made of: first transfers for every purpose, less uses, of one commodity.

    Source: 2/CMA.3 annex paras. 8, 13-16.
    """
    kept = tuple(flows)
    added: defaultdict[int, int] = defaultdict(int)
    for kind in (FlowKind.FIRST_TRANSFERRED, FlowKind.OIMP):
        for year, quantity in by_year(kept, kind).items():
            added[year] += quantity
    inside = {year: quantity for year, quantity in added.items() if year in period}
    used = {year: quantity for year, quantity in by_year(kept, FlowKind.USED).items() if year in period}
    return Flows(period, inside, used)


@dataclass(frozen=True, slots=True)
class SplitRow:
    """One row of the tables of para. 23(j): an amount by approach, sector, Parties and vintage."""

    kind: FlowKind
    year: int
    approach: str
    sector: str
    transferring: str
    using: str
    vintage: int
    commodity: str
    quantity: int


def split(flows: Iterable[Flow], *, basis: Basis = Basis.VINTAGE) -> tuple[SplitRow, ...]:
    """The amounts of lines 6 to 8 split as para. 23(j) asks, each combination once. Their sums are the lines.

    Source: 2/CMA.3 annex para. 23(j).
    """
    sums: defaultdict[tuple[str, int, str, str, str, str, int, str], int] = defaultdict(int)
    for flow in flows:
        year = flow.year_on(basis)
        key = (flow.kind.value, year, flow.approach, flow.sector, flow.transferring, flow.using, flow.vintage)
        sums[(*key, flow.commodity)] += flow.quantity
    return tuple(
        SplitRow(FlowKind(kind), year, approach, sector, transferring, using, vintage, commodity, quantity)
        for (kind, year, approach, sector, transferring, using, vintage, commodity), quantity in sorted(sums.items())
    )
