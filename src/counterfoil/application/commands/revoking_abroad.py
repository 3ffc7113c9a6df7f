"""A revocation that reaches units already first transferred, as the letter's own terms provide: their holders are told.

The holder's book holds what it still has of them, so that nobody moves or uses them, and says what has ended already.
No adjustment is undone by it: the units were first transferred, and their host's balance keeps the addition.

Source: 4/CMA.6 paras. 7-9.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from counterfoil.application.command import Context
from counterfoil.application.commands.foreign import authorization_of
from counterfoil.application.commands.notifying import notifying, told_to
from counterfoil.domain.accounting.unit_facts import unit_facts
from counterfoil.domain.authorizations.authorization import Authorization, AuthorizationFault
from counterfoil.domain.federation.notice import NoticeFault, NoticeKind
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import ADAPTATION_FUND, AccountRole, role, went_to
from counterfoil.domain.ledger.books import HOLD, Books, Holding
from counterfoil.domain.ledger.entry import Act, Entry, Record
from counterfoil.domain.units.identifier import UnitClass, unit_class

HOLDS_MAX: Final = 24
REASON_MAX: Final = 200
"""Bounds of what one entry can carry of it."""

Spans = list[tuple[str, int, int]]


def telling_holders(
    entry: Entry, letter: Authorization, books: Books, context: Context, *, reason: str
) -> Entry | Refusal:
    """The revocation with a notice to each partner to which units under the letter have left.

    Refuses it while some are in flight, and where a partner cannot be told.
    """
    gone = _gone(letter, books)
    if isinstance(gone, Refusal):
        return gone
    for partner, spans in sorted(gone.items()):
        if not told_to(books, partner):
            return Refusal(AuthorizationFault.BOTH_SIDES_NEEDED, {"authorization": letter.id, "fields": "state"})
        if len(spans) > HOLDS_MAX:
            return Refusal(NoticeFault.TOO_MANY_PARTS, {"parts": len(spans), "parts_max": HOLDS_MAX})
        units: list[JSON] = [[key, first, last] for key, first, last in spans]
        content: dict[str, JSON] = {"authorization": letter.id, "units": units, "reason": reason}
        entry = notifying(entry, books, context, partner=partner, kind=NoticeKind.REVOKED, content=content)
    return entry


def _gone(letter: Authorization, books: Books) -> dict[str, Spans] | Refusal:
    """The units under a letter that stand abroad, by partner; adjacent ranges as one."""
    gone: dict[str, Spans] = {}
    for holding in books.all_holdings():
        of = unit_class(holding.unit_class)
        assert isinstance(of, UnitClass)
        if of.party != letter.host or unit_facts(holding.facts).authorization != letter.id:
            continue
        if role(holding.account) is AccountRole.PENDING:
            return Refusal(AuthorizationFault.BOTH_SIDES_NEEDED, {"authorization": letter.id, "fields": "state"})
        if role(holding.account) is not AccountRole.ABROAD or holding.account == ADAPTATION_FUND:
            continue
        spans = gone.setdefault(holding.account.removeprefix(went_to(Party(""))), [])
        key, first, last = holding.unit_class, holding.serials.first, holding.serials.last
        if spans and spans[-1][0] == key and spans[-1][2] + 1 == first:
            spans[-1] = (key, spans[-1][1], last)
        else:
            spans.append((key, first, last))
    return gone


def revoked_there(
    notice: TransferId, content: Mapping[str, Any], books: Books, context: Context, *, partner: Party
) -> Entry | Refusal:
    """The host told that it revoked the letter behind units: what is still here is held, what has ended is named.

    Refused where the letter, as it is known here, provides for no such change.
    """
    letter, reason = str(content["authorization"]), str(content["reason"])
    held: list[Record] = []
    ended: list[JSON] = []
    for key, first, last in content["units"]:
        of = unit_class(str(key))
        if isinstance(of, Refusal):
            return of
        found = books.holdings(of.key, int(first), int(last))
        refusal = _of_letter(of, found, letter, books, context, partner=partner)
        if refusal is not None:
            return refusal
        if any(role(holding.account) in (AccountRole.HOLDING, AccountRole.PENDING) for holding in found):
            # One hold over all of it: what has ended or gone on is nobody's to move here anyway.
            hold = _hold([of.key, int(first), int(last)], partner, letter, reason, context)
            held.append(Record(HOLD, f"{notice}:{len(held) + 1}", hold))
        ended += [
            [of.key, holding.first, holding.last] for holding in found if role(holding.account) is AccountRole.TERMINAL
        ]
    if max(len(held), len(ended)) > HOLDS_MAX:
        return Refusal(NoticeFault.TOO_MANY_PARTS, {"parts": max(len(held), len(ended)), "parts_max": HOLDS_MAX})
    details: dict[str, JSON] = {"authorization": letter, "holds": len(held), **({"ended": ended} if ended else {})}
    return Entry(Act.NOTICE_TAKEN, context.on, records=tuple(held), details=details)


def _of_letter(
    of: UnitClass, found: Sequence[Holding], letter: str, books: Books, context: Context, *, partner: Party
) -> Refusal | None:
    """Whether all of these are the host's units under this letter, which says that a change may still reach them."""
    for holding in found:
        facts = unit_facts(holding.facts)
        if of.party != partner or facts.authorization != letter:
            told = {"units": f"{of.key} {holding.serials}", "partner": partner, "authorization": letter[:80]}
            return Refusal(NoticeFault.OTHER_LETTER, {**told})
        day = facts.first_transferred_on
        known = authorization_of(books, context, host=of.party, authorization=letter, first_transferred_on=day)
        if isinstance(known, Refusal):
            return known
        if not known.terms_allow_change_after_first_transfer:
            facts_told = {"authorization": letter, "fields": "state"}
            return Refusal(AuthorizationFault.CHANGE_TOUCHES_FIRST_TRANSFERRED, {**facts_told})
    return None


def _hold(span: list[JSON], host: Party, letter: str, reason: str, context: Context) -> dict[str, JSON]:
    key, first, last = span
    return {
        "unit_class": key,
        "first": first,
        "last": last,
        "authority": host,
        "reason": f"{host} revoked {letter}: {reason}"[:REASON_MAX],
        "placed_on": context.on.isoformat(),
        "released_on": None,
    }
