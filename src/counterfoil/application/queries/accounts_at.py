"""A Party's accounts on a legal day, as its journal knew them after so many entries: from remembered events.

It gives what `party_accounts.py` gives by folding the journal, at the cost of the events and not of the journal; flows
of one day that nothing tells apart stand as one. A test holds the two against each other.
Source: 2/CMA.3 annex paras. 7-17, 23.
"""

from collections import Counter
from dataclasses import replace
from datetime import date

from counterfoil.application.commands.authorize import authorization_in_force
from counterfoil.application.queries.account_events import AccountEvents
from counterfoil.application.queries.event_sums import Moment
from counterfoil.application.queries.party_accounts import (
    AccountsFault,
    PartyAccounts,
    as_governed,
    asked_of,
    measure,
    put_book,
    still_to_come,
)
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.flow import FlowKind
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.units.identifier import UnitClass, unit_class


def accounts_at(
    sight: Sight, events: AccountEvents, *, party: str, year: int, as_of: date, size: int, then: Sight | None = None
) -> PartyAccounts | Refusal:
    """The accounts of the NDC period in which a year lies, from the acts of legal days up to `as_of`.

    Args:
        size: Of so many first entries; the events reach that far.
        then: The records as they stood after so many entries; `sight` where that is now.
    """
    accounts = asked_of(sight.registry, party=party, year=year, as_of=as_of)
    if isinstance(accounts, Refusal):
        return accounts
    moment = events.moment(day=as_of, size=size)
    for late in events.late:
        if late.seq < size and late.day <= moment.day < late.before_day and late.seq not in moment.without:
            return Refusal(AccountsFault.ORDER, {"entry": late.seq, "on": as_of.isoformat()})
    flows = [replace(flow, quantity=quantity) for flow, quantity in events.flows.at(moment).items()]
    waiting = events.authorized.at(moment)
    names = {flow.authorization for flow in flows if flow.kind is not FlowKind.USED} | {name for name, _ in waiting}
    letters = events.letters.at(sight, moment, names)
    measure(sight if then is None else then, accounts)
    accounts.flows = as_governed(letters, flows, on=as_of)
    accounts.used, accounts.acquired = events.used.at(moment), events.acquired.at(moment)
    accounts.omge, accounts.adaptation = Counter(events.omge.at(moment)), Counter(events.adaptation.at(moment))
    accounts.partners = set(events.partners.at(moment))
    _stand(accounts, events, moment, letters)
    return accounts


def _stand(accounts: PartyAccounts, events: AccountEvents, moment: Moment, letters: Books) -> None:
    span = accounts.period.span
    unused = events.unused.standing(moment)
    accounts.unused = [each for each in unused if vintage_of(each.unit_class) in span]
    for (name, vintage), quantity in events.authorized.at(moment).items():
        if vintage in span and still_to_come(authorization_in_force(letters, name, on=accounts.as_of)):
            accounts.authorized_not_transferred += quantity
    accounts.awaiting_by_units = events.waiting.at(moment)
    book = events.book.at(moment)
    put_book(accounts, ((commodity, account, amount) for (commodity, account), amount in book.items()))


def vintage_of(key: str) -> int:
    """The vintage of a class of this ledger; units with none stand in no period."""
    of = unit_class(key)
    return of.vintage or 0 if isinstance(of, UnitClass) else 0
