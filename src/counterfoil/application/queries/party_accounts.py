"""What a Party's accounts of an NDC period are made of, from its own journal up to a day.

The journal is folded once, by the legal days of its entries; a corrected entry and its correction are both left out.
First transfers and uses become flows, from which every line, split and balance is made. The day cuts off acts; what
they are measured against (NDC, inventories, method) is what the journal knows now, because an inventory of a year is
always submitted later.

Source: 2/CMA.3 annex paras. 7-17, 23; rulebook 3 and 4.4.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

from counterfoil.application.command import Context, NdcPeriod, Registry
from counterfoil.application.commands.authorize import authorization_in_force
from counterfoil.application.commands.correct import CORRECTED
from counterfoil.application.queries.balance import BalanceFault
from counterfoil.application.queries.party_gathering import Gathered, class_of, gather
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.adjustment import (
    AWAITING_USE,
    Closing,
    YearAdjustments,
    awaiting_use_by_units,
    by_year,
)
from counterfoil.domain.accounting.flow import Flow, FlowKind
from counterfoil.domain.accounting.inventory import INVENTORY_RECORD, Inventory
from counterfoil.domain.accounting.ndc import NDC_RECORD, Ndc
from counterfoil.domain.accounting.period_account import PERIOD_ACCOUNT, PeriodAccount, period_key
from counterfoil.domain.accounting.safeguards import Range
from counterfoil.domain.accounting.unit_facts import Status, unit_facts
from counterfoil.domain.authorizations.authorization import Authorization, AuthorizationState
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.books import Books, Broken
from counterfoil.domain.ledger.entry import ADJUSTMENTS
from counterfoil.domain.units.metric import MetricKind
from counterfoil.domain.units.purpose import Purpose

T = TypeVar("T")


class AccountsFault(StrEnum):
    NO_PERIOD = "accounts.no_period"
    ORDER = "accounts.order"


@dataclass(slots=True)
class PartyAccounts:
    """Everything that the fold gathered for one NDC period. Ranges are of units, quantities in tCO2e or the metric."""

    registry: Registry
    period: NdcPeriod
    as_of: date
    ndc: Ndc | None = None
    account: PeriodAccount | None = None
    inventories: tuple[Inventory, ...] = ()
    flows: list[Flow] = field(default_factory=list)
    used: list[Range] = field(default_factory=list)
    acquired: list[Range] = field(default_factory=list)
    unused: list[Range] = field(default_factory=list)
    omge: Counter[int] = field(default_factory=Counter)
    adaptation: Counter[int] = field(default_factory=Counter)
    partners: set[str] = field(default_factory=set)
    authorized_not_transferred: int = 0
    """In t CO2 eq, under letters that still stand: a revoked one has nothing more to transfer."""

    by_book: dict[str, dict[int, YearAdjustments]] = field(default_factory=dict)
    awaiting_by_book: dict[str, int] = field(default_factory=dict)
    closed_by_book: dict[str, dict[Closing, int]] = field(default_factory=dict)
    awaiting_by_units: dict[str, int] = field(default_factory=dict)

    @property
    def party(self) -> str:
        return self.registry.party

    @property
    def agrees_with_book(self) -> bool:
        """Whether the flows, told by facts and moves, give what the adjustment book's postings give, year by year."""
        told: dict[str, dict[int, YearAdjustments]] = {}
        for flow in self.flows:
            years = told.setdefault(flow.commodity, {})
            known = years.get(flow.year, YearAdjustments())
            used = flow.quantity if flow.kind is FlowKind.USED else 0
            years[flow.year] = YearAdjustments(known.added + flow.quantity - used, known.subtracted + used)
        return told == {commodity: _moved(years) for commodity, years in self.by_book.items() if _moved(years)}


class Gather(Protocol):
    """Who gives the accounts of the NDC period in which a year lies, as of a day: the fold below, or a quicker one."""

    def __call__(self, sight: Sight, /, *, party: str, year: int, as_of: date) -> PartyAccounts | Refusal: ...


def _moved(years: Mapping[int, YearAdjustments]) -> dict[int, YearAdjustments]:
    return {year: entry for year, entry in years.items() if entry != YearAdjustments()}


def elapsed_year(day: date) -> int:
    """The last year that is over at the end of a day.

    >>> elapsed_year(date(2024, 12, 31)), elapsed_year(date(2025, 4, 15))
    (2024, 2024)
    """
    return day.year if (day.month, day.day) == (12, 31) else day.year - 1


def party_accounts(sight: Sight, *, party: str, year: int, as_of: date) -> PartyAccounts | Refusal:
    """The accounts of the NDC period in which a year lies, from all acts with a legal day up to `as_of`.

    A year after the last period belongs to that period: its final figures are reported then.

    Source: 2/CMA.3 annex paras. 7-17, 23.
    """
    registry = sight.registry
    accounts = asked_of(registry, party=party, year=year, as_of=as_of)
    if isinstance(accounts, Refusal):
        return accounts
    gathered = Gathered(registry.party)
    books = _folded(sight, accounts, gathered)
    if isinstance(books, Refusal):
        return books
    measure(sight, accounts)
    accounts.used, accounts.acquired, accounts.partners = gathered.used, gathered.acquired, gathered.partners
    accounts.omge, accounts.adaptation = gathered.omge, gathered.adaptation
    accounts.flows = as_governed(books, gathered.flows, on=as_of)
    _standing(books, accounts)
    return accounts


def asked_of(registry: Registry, *, party: str, year: int, as_of: date) -> PartyAccounts | Refusal:
    """Empty accounts of the period that is asked for."""
    if party != registry.party:
        return Refusal(BalanceFault.OTHER_PARTY, {"party": party[:20], "own": registry.party})
    begun = [period for period in registry.ndc_periods if period.first <= year]
    if not begun:
        return Refusal(AccountsFault.NO_PERIOD, {"year": year, "party": registry.party})
    return PartyAccounts(registry, begun[-1], as_of)


def measure(sight: Sight, accounts: PartyAccounts) -> None:
    """Put in what the flows of a period are measured against: its NDC, its method, and the inventories."""
    key = period_key(accounts.period.first, accounts.period.last)
    accounts.ndc = _known(sight, NDC_RECORD, key, Ndc)
    accounts.account = _known(sight, PERIOD_ACCOUNT, key, PeriodAccount)
    accounts.inventories = tuple(_inventories(sight, accounts))


def _folded(sight: Sight, accounts: PartyAccounts, gathered: Gathered) -> Books | Refusal:
    books = Books()
    corrected = {int(key) for key, _ in sight.records(CORRECTED)}
    for journal_entry in sight.entries():
        entry = journal_entry.entry
        if entry.effective_on > accounts.as_of or entry.corrects is not None or journal_entry.seq in corrected:
            continue
        try:
            books.apply(journal_entry.seq, entry)
        except Broken:
            return Refusal(AccountsFault.ORDER, {"entry": journal_entry.seq, "on": accounts.as_of.isoformat()})
        books.commit()
        gather(books, journal_entry, gathered)
    return books


def as_governed(books: Books, flows: Sequence[Flow], *, on: date) -> list[Flow]:
    """First transfers under the version that governs their units on the report's day: line 6 with NDC use, else 7.

    Where the terms let a later version reach first transferred units, that version tells what they may be used for.

    Source: 2/CMA.3 annex para. 23(c)-(d); 4/CMA.6 para. 7.
    """
    under = {(flow.authorization, flow.on) for flow in flows if flow.kind is not FlowKind.USED}
    letters = {(name, day): authorization_in_force(books, name, on=on, first_transferred_on=day) for name, day in under}
    return [_in_its_line(flow, letters.get((flow.authorization, flow.on))) for flow in flows]


def _in_its_line(flow: Flow, letter: Authorization | None) -> Flow:
    if flow.kind is FlowKind.USED or letter is None:
        return flow
    kind = FlowKind.FIRST_TRANSFERRED if Purpose.NDC in letter.purposes else FlowKind.OIMP
    return replace(flow, kind=kind, entities=letter.authorized_entities)


def _known(sight: Sight, kind: str, key: str, cls: type[T]) -> T | None:
    value = sight.record(kind, key)
    return None if value is None else from_json(cls, value)


def _inventories(sight: Sight, accounts: PartyAccounts) -> Iterator[Inventory]:
    """The inventories of this jurisdiction, or of those that communicated its NDC."""
    parties = {accounts.party, *(() if accounts.ndc is None else accounts.ndc.parties)}
    for _, value in sight.records(INVENTORY_RECORD):
        inventory = from_json(Inventory, value)
        if inventory.party in parties:
            yield inventory


def still_to_come(letter: Authorization | None) -> bool:
    """Whether units under a letter may yet be first transferred for other purposes alone."""
    return letter is not None and letter.state is not AuthorizationState.REVOKED and Purpose.NDC not in letter.purposes


def _standing(books: Books, accounts: PartyAccounts) -> None:
    """What the blocks say at the end: authorized and not first transferred, first transferred and unused here."""
    context = Context(accounts.registry, accounts.as_of, accounts.as_of)
    span = accounts.period.span
    for holding in books.all_holdings():
        facts, of = unit_facts(holding.facts), class_of(holding)
        kept = role(holding.account) in (AccountRole.HOLDING, AccountRole.PENDING)
        if not kept or of.vintage is None or of.vintage not in span:
            continue
        if facts.status is Status.FIRST_TRANSFERRED:
            accounts.unused.append(Range(holding.unit_class, holding.first, holding.last))
        elif facts.status is Status.AUTHORIZED and of.party == accounts.party:
            letter = authorization_in_force(books, facts.authorization or "", on=context.on)
            if still_to_come(letter) and facts.metric.kind is MetricKind.GHG:
                accounts.authorized_not_transferred += holding.serials.size
    accounts.awaiting_by_units = awaiting_use_by_units(books.all_holdings(), party=accounts.party)
    book = ((key, amount) for key, amount in books.balances.items() if key.book == ADJUSTMENTS)
    put_book(accounts, ((key.commodity, key.account, amount) for key, amount in book))


def put_book(accounts: PartyAccounts, balances: Iterable[tuple[str, str, int]]) -> None:
    """Put in what the adjustment book says, from its commodities, accounts and amounts."""
    pairs: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for commodity, account, amount in balances:
        pairs[commodity].append((account, amount))
    for commodity, of_commodity in pairs.items():
        accounts.by_book[commodity] = by_year(accounts.registry.party, of_commodity)
        known = dict(of_commodity)
        accounts.awaiting_by_book[commodity] = -known.get(AWAITING_USE, 0)
        accounts.closed_by_book[commodity] = {closing: -known.get(closing.value, 0) for closing in Closing}
