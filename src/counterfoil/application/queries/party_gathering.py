"""What each entry adds to a Party's accounts: flows, uses, acquisitions, and what went to adaptation and mitigation.

The books given stand right after the entry. Read next: `party_accounts.py`, which folds a whole journal with it, and
`account_events.py`, which remembers what it found. Source: 2/CMA.3 annex paras. 8, 23; rulebook 3 and 4.4.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from counterfoil.application.command import stored
from counterfoil.application.commands.authorize import authorization_in_force
from counterfoil.application.commands.foreign import FOREIGN_AUTHORIZATION, foreign_key
from counterfoil.domain.accounting.flow import Flow, FlowKind
from counterfoil.domain.accounting.safeguards import Range
from counterfoil.domain.accounting.unit_facts import unit_facts
from counterfoil.domain.authorizations.authorization import Authorization
from counterfoil.domain.ledger.account import ADAPTATION_FUND, cancelled
from counterfoil.domain.ledger.books import Books, Holding
from counterfoil.domain.ledger.entry import Act, Entry, JournalEntry
from counterfoil.domain.units.identifier import UnitClass, unit_class
from counterfoil.domain.units.metric import MetricKind


@dataclass(slots=True)
class Gathered:
    """What was gathered for one Party. Ranges are of units, quantities in tCO2e or the metric."""

    party: str
    flows: list[Flow] = field(default_factory=list)
    used: list[Range] = field(default_factory=list)
    acquired: list[Range] = field(default_factory=list)
    omge: Counter[int] = field(default_factory=Counter)
    adaptation: Counter[int] = field(default_factory=Counter)
    partners: set[str] = field(default_factory=set)


def gather(books: Books, journal_entry: JournalEntry, found: Gathered) -> None:
    """Add one entry, after which the books stand as they are given."""
    entry = journal_entry.entry
    partner = str(entry.details.get("partner", ""))
    if partner:
        found.partners.add(partner)
    if any(adds(posting.account, found.party) for posting in entry.postings):
        found.flows += _first_transfers(books, journal_entry, found.party, partner)
    if entry.act is Act.ACQUIRED:
        found.acquired += [Range(move.unit_class, move.first, move.last) for move in entry.moves]
    match entry.act:
        case Act.USED_TOWARDS_NDC | Act.ACQUIRED if "year" in entry.details:
            found.flows += _uses(books, journal_entry, found.party)
            found.used += [Range(move.unit_class, move.first, move.last) for move in entry.moves]
        case Act.CONTRIBUTED_TO_ADAPTATION_FUND:
            found.adaptation[entry.effective_on.year] += _tonnes(books, entry)
        case Act.CANCELLED if entry.details.get("purpose") == "OMGE":
            found.omge[entry.effective_on.year] += _tonnes(books, entry)
        case Act.ISSUED if entry.because is not None and len(entry.moves) > 1:
            found.omge[entry.effective_on.year] += _tonnes(books, _only(entry, cancelled("omge")))
            found.adaptation[entry.effective_on.year] += _tonnes(books, _only(entry, ADAPTATION_FUND))
        case _:
            pass


def adds(account: str, party: str) -> bool:
    """Whether an account stands for additions to a Party's balance."""
    return account.startswith(f"ndc:{party}:") and account.endswith(":added")


def class_of(holding: Holding) -> UnitClass:
    """The class of a holding, read. Units of this ledger always have one that can be."""
    of = unit_class(holding.unit_class)
    assert isinstance(of, UnitClass)
    return of


def _only(entry: Entry, account: str) -> Entry:
    """An issuance reduced to what the law's levies took to one account."""
    return entry._replace(moves=tuple(move for move in entry.moves if move.target == account))


def _tonnes(books: Books, entry: Entry) -> int:
    """The units in t CO2 eq that an entry moved; those of another metric stand in no sum of tonnes."""
    return sum(
        holding.serials.size
        for move in entry.moves
        for holding in books.holdings(move.unit_class, move.first, move.last)
        if unit_facts(holding.facts).metric.kind is MetricKind.GHG
    )


def _first_transfers(books: Books, journal_entry: JournalEntry, party: str, partner: str) -> Iterator[Flow]:
    """The flows of an entry that adds to this Party's balance, as its units stand after it."""
    on = journal_entry.entry.effective_on
    for change in journal_entry.entry.facts:
        if not change.facts.get("first_transferred_on"):
            continue
        for holding in books.holdings(change.unit_class, change.first, change.last):
            of, facts = class_of(holding), unit_facts(holding.facts)
            if of.party != party or of.vintage is None:
                continue
            letter = authorization_in_force(books, facts.authorization or "", on=on)
            yield _flow(FlowKind.FIRST_TRANSFERRED, of.vintage, holding, letter, on=on, using=partner)


def _uses(books: Books, journal_entry: JournalEntry, party: str) -> Iterator[Flow]:
    entry = journal_entry.entry
    year = entry.details["year"]
    assert isinstance(year, int)
    for move in entry.moves:
        for holding in books.holdings(move.unit_class, move.first, move.last):
            of, facts = class_of(holding), unit_facts(holding.facts)
            letter = stored(
                books, FOREIGN_AUTHORIZATION, foreign_key(of.party, facts.authorization or ""), Authorization
            )
            yield _flow(FlowKind.USED, year, holding, letter, on=entry.effective_on, using=party)


def _flow(kind: FlowKind, year: int, holding: Holding, letter: Authorization | None, *, on: date, using: str) -> Flow:
    of, facts = class_of(holding), unit_facts(holding.facts)
    assert of.vintage is not None
    return Flow(
        kind,
        year,
        holding.serials.size,
        facts.metric.commodity,
        of.vintage,
        on,
        approach=of.cooperative_approach or "",
        sector=facts.sector,
        transferring=of.party,
        using=using,
        authorization=facts.authorization or "",
        trigger=facts.first_transfer_trigger or "",
        conversion="" if letter is None else letter.metric.conversion,
        entities=() if letter is None else letter.authorized_entities,
    )
