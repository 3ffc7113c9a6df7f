"""A narrative report before it becomes JSON or a document: its answered elements, what the register adds, its gaps.

The same journal up to the same day gives the same report. Source: 2/CMA.3 annex paras. 18-22; rulebook 4.2-4.4.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from counterfoil.domain.accounting.ctf_table4 import Table4
from counterfoil.domain.accounting.flow import SplitRow
from counterfoil.domain.accounting.ndc import Ndc
from counterfoil.domain.accounting.period_account import PeriodAccount
from counterfoil.domain.activities.activity import Activity, Entity
from counterfoil.domain.authorizations.authorization import Authorization
from counterfoil.domain.kernel.period import YearSpan
from counterfoil.domain.reporting.narrative.completeness import Gap
from counterfoil.domain.reporting.narrative.element import TONNES, Element, ReportKind
from counterfoil.domain.reporting.narrative.statement import Statement
from counterfoil.domain.units.unit_type import MitigationType


@dataclass(frozen=True, slots=True)
class AuthorizationEvent:
    """One version of an authorization: given, changed or revoked. `act` is the act's name in the journal.

    `statement` says how double counting is avoided by a change (4/CMA.6 para. 9).
    """

    on: date
    act: str
    authorization: Authorization
    statement: str = ""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Units cancelled for overall mitigation, or given for adaptation: serials of a class, and the account before.

    `quantity` is in `unit`; only tonnes are compared with what a Party says, and added to one another.
    """

    on: date
    unit_class: str
    first: int
    last: int
    account: str
    quantity: int
    unit: str = TONNES

    @property
    def tonnes(self) -> int:
        return self.quantity if self.unit == TONNES else 0


@dataclass(frozen=True, slots=True)
class ApproachFacts:
    """What the register knows of one cooperative approach up to the report's day.

    `classes` say whether its outcomes are reductions or removals. `events` are this Party's authorizations, `foreign`
    the partners' as they came with the units. `split` are the amounts of para. 23(j) of this approach.
    """

    id: str
    title: str
    participants: tuple[str, ...]
    first_transfer_definition: str = ""
    activities: tuple[Activity, ...] = ()
    classes: tuple[MitigationType, ...] = ()
    events: tuple[AuthorizationEvent, ...] = ()
    foreign: tuple[Authorization, ...] = ()
    entities: tuple[Entity, ...] = ()
    omge: tuple[Cancelled, ...] = ()
    adaptation: tuple[Cancelled, ...] = ()
    split: tuple[SplitRow, ...] = ()


def expected_years(activities: Iterable[Activity]) -> dict[int, int]:
    """What activities measured in t CO2 eq are expected to bring, by year: each year with what all of them say."""
    years: dict[int, int] = {}
    for activity in activities:
        for each in activity.expected if activity.metric.commodity == TONNES else ():
            years[each.year] = years.get(each.year, 0) + each.quantity
    return dict(sorted(years.items()))


@dataclass(frozen=True, slots=True)
class Answered:
    """One element with its answer, if any. `asked` is None where the register cannot tell whether it applies."""

    element: Element
    approach: str
    statement: Statement | None
    asked: bool | None
    gaps: tuple[Gap, ...]

    @property
    def complete(self) -> bool:
        return not self.gaps


@dataclass(frozen=True, slots=True)
class NarrativeReport:
    """The whole report. `table` is CTF table 4 in a regular information; `own_gaps` are those of no one element.

    `year` is that of the report: of the biennial report that regular information goes with.
    `full_texts` are the long texts of answers by their SHA-256, so that a printer needs no store.
    """

    kind: ReportKind
    party: str
    year: int
    as_of: date
    period: YearSpan
    demonstration: bool
    answered: tuple[Answered, ...]
    approaches: tuple[ApproachFacts, ...]
    ndc: Ndc | None = None
    account: PeriodAccount | None = None
    metrics: tuple[str, ...] = ()
    table: Table4 | None = None
    own_gaps: tuple[Gap, ...] = ()
    full_texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def covers(self) -> int | None:
        """The last year whose amounts a regular information has; an initial report has none."""
        return None if self.table is None else self.table.facts.year

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Everything that is missing or wrong, in the order of the outline."""
        return (*(gap for each in self.answered for gap in each.gaps), *self.own_gaps)

    @property
    def complete(self) -> bool:
        return not self.gaps

    @property
    def assumed(self) -> tuple[str, ...]:
        """What a demonstration supposes in the answers and in what they are measured against."""
        held = [each for each in (self.ndc, self.account) if each is not None]
        said = [each.statement for each in self.answered if each.statement is not None]
        return tuple(dict.fromkeys(text for each in (*held, *said) for text in each.assumed))

    def of_party(self) -> Iterator[Answered]:
        return (each for each in self.answered if not each.element.per_approach)

    def of_approach(self, approach: str) -> Iterator[Answered]:
        return (each for each in self.answered if each.element.per_approach and each.approach == approach)
