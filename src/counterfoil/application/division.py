"""What the law makes of an issuance: its levies in their order and the shares of others become parts of one entry.

The law says how many units each part has (`domain/policy/kinds/levy.py`); here it is said in which account they are
born. A levy in the form `cancel` goes to a terminal account, one for the Adaptation Fund to the Fund, any other to the
account of its recipient (`buffer` of IDN: `idn:buffer`), which must be open. A joint issuance is divided between books:
each book issues its own share under the decision that both name, and what was deducted before sharing is issued in the
book of the one who takes the rest. So no book can issue the share of the other.

Source: ADR-0004 (rounding), ADR-0024; 2/CMA.3 annex paras. 37-40; requirements R-JPN-04, R-JPN-05, R-JPN-11.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from counterfoil.application.command import Context
from counterfoil.application.commands.issue import Issue, issue_in_parts
from counterfoil.application.commands.joint_issuance import JOINT_ISSUANCE, own_terms, share_as_agreed
from counterfoil.application.commands.open_account import holding_open
from counterfoil.application.commands.parts import Division, Part
from counterfoil.domain.accounting.adjustment import Closing
from counterfoil.domain.accounting.first_transfer import Event
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import PARTY, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import ADAPTATION_FUND, AccountRole, cancelled, role
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Entry, Record
from counterfoil.domain.policy.kinds.levy import AIM, FORM, HOLDER, JOINT, REST_TO, YES, Aim, Form
from counterfoil.domain.policy.ruling import Amount, Ruling

DIVISION: Final = "division"
"""The member of an entry's details that lists the parts: rule, account, units."""
SHARES: Final = "shares"


class DivisionFault(StrEnum):
    ACCOUNT_MISSING = "division.account_missing"
    DECISION_MISSING = "division.decision_missing"
    DECISION_WITHOUT_SHARING = "division.decision_without_sharing"
    NO_SHARE = "division.no_share"


@dataclass(frozen=True, slots=True)
class _Portion:
    """One part as the law names it, before it has an account."""

    rule: str
    amount: Amount
    form: str
    aim: str


@dataclass(frozen=True, slots=True)
class _Sharing:
    """How the rest falls to several, and whether each has a book of its own."""

    rule: str
    amounts: tuple[Amount, ...]
    joint: bool
    rest_to: str

    def own(self, party: str) -> str:
        """The name under which this book takes part; the rest may go to an unnamed `partner`."""
        names = {amount.name for amount in self.amounts}
        if party in names:
            return party
        return "" if PARTY.match(self.rest_to) else self.rest_to


def divided(command: Issue, entry: Entry, rulings: Sequence[Ruling], books: Books, context: Context) -> Entry | Refusal:
    """The issuance in its parts, or as it was where the law takes nothing. The parts sum to the whole.

    Returns:
        The entry, or one of the refusals `division.*`.
    """
    portions = list(_portions(rulings))
    sharing = _sharing(rulings)
    joint = sharing is not None and sharing.joint
    stated = own_terms(books, command.decision) is not None
    if command.decision and not joint and (portions or not stated):
        return Refusal(DivisionFault.DECISION_WITHOUT_SHARING, {"decision": command.decision})
    if not portions and sharing is None:
        return entry
    if joint and not command.decision:
        assert sharing is not None
        return Refusal(DivisionFault.DECISION_MISSING, {"rule": sharing.rule, "activity": command.activity})
    party = context.registry.party
    refusal = _as_both_agreed(command, sharing if joint else None, books, party)
    if refusal is not None:
        return refusal
    here = portions if not joint or (sharing is not None and sharing.own(party) == sharing.rest_to) else []
    parts = [*(_levied(portion, party) for portion in here), *_rest(command, portions, sharing, party)]
    parts = [part for part in parts if part.quantity]
    if not parts:
        return Refusal(DivisionFault.NO_SHARE, {"party": party, "activity": command.activity})
    for part in parts:
        if role(part.account) is AccountRole.HOLDING and holding_open(books, part.account) is not None:
            return Refusal(DivisionFault.ACCOUNT_MISSING, {"account": part.account, "rule": part.rule})
    issued = issue_in_parts(command, books, context, Division(tuple(parts)))
    if isinstance(issued, Refusal):
        return issued
    return _told(command, issued, parts, portions, sharing if joint else None)


def _as_both_agreed(command: Issue, sharing: _Sharing | None, books: Books, party: Party) -> Refusal | None:
    """Where the two books agreed on shares, the law's division must give this one the same."""
    for amount in () if sharing is None else sharing.amounts:
        if amount.name == (sharing.own(party) if sharing is not None else ""):
            return share_as_agreed(command.decision, amount.quantity, books, party)
    return None


def _portions(rulings: Sequence[Ruling]) -> Iterator[_Portion]:
    """What the levies take, in their order."""
    for ruling in rulings:
        notes = dict(ruling.notes)
        for amount in ruling.amounts if ruling.kind == "levy" else ():
            if amount.part and amount.unit == "t" and amount.recipient != HOLDER:
                yield _Portion(ruling.basis[0].name, amount, notes.get(FORM, ""), notes.get(AIM, ""))


def _sharing(rulings: Sequence[Ruling]) -> _Sharing | None:
    for ruling in rulings:
        if ruling.kind == "sharing" and ruling.amounts:
            notes = dict(ruling.notes)
            return _Sharing(ruling.basis[0].name, ruling.amounts, notes[JOINT] == YES, notes[REST_TO])
    return None


def _levied(portion: _Portion, party: Party) -> Part:
    """Where a levy's units are born, and whether that is their first transfer when they are authorized."""
    quantity, rule = portion.amount.quantity, portion.rule
    if portion.form == Form.CANCEL:
        if portion.aim == Aim.OMGE:
            return Part(cancelled("omge"), quantity, rule, Event.CANCELLED_FOR_OMGE, Closing.OMGE)
        return Part(cancelled(f"levy:{portion.aim}"), quantity, rule, None, Closing.UNUSED)
    if portion.amount.recipient == ADAPTATION_FUND.partition(":")[2]:
        return Part(ADAPTATION_FUND, quantity, rule, Event.GIVEN_TO_ADAPTATION_FUND)
    account = _account_of(portion.amount.recipient or rule, party)
    # In the mechanism registry the Fund has an account of its own, and selling from it is no first transfer any more.
    fund = account.rpartition(":")[2] == ADAPTATION_FUND.partition(":")[2]
    return Part(account, quantity, rule, Event.GIVEN_TO_ADAPTATION_FUND if fund else None)


def _account_of(recipient: str, party: Party) -> str:
    """The account of a word of the pack: `buffer` of IDN stands in `idn:buffer`."""
    return f"{party.lower()}:{recipient.strip().lower().replace(' ', '-')}"


def _rest(command: Issue, portions: Sequence[_Portion], sharing: _Sharing | None, party: Party) -> Iterator[Part]:
    """What levies left: to the holder, to the accounts of those who share, or this book's own share alone."""
    if sharing is None:
        taken = sum(portion.amount.quantity for portion in portions)
        yield Part(command.account, command.quantity - taken)
        return
    for amount in sharing.amounts:
        if sharing.joint:
            if amount.name == sharing.own(party):
                yield Part(command.account, amount.quantity, sharing.rule)
        elif amount.name == HOLDER:
            yield Part(command.account, amount.quantity)
        else:
            yield Part(_account_of(amount.recipient, party), amount.quantity, sharing.rule)


def _told(
    command: Issue, entry: Entry, parts: Sequence[Part], portions: Sequence[_Portion], sharing: _Sharing | None
) -> Entry:
    """The entry says which rule took what; a joint decision is kept, so that the books of both can be compared."""
    listed: list[JSON] = [[part.rule, part.account, part.quantity] for part in parts]
    details: dict[str, Any] = {**entry.details, DIVISION: listed}
    if sharing is None:
        return entry._replace(details=details)
    shares: dict[str, JSON] = {amount.name: amount.quantity for amount in sharing.amounts}
    deducted = sum(portion.amount.quantity for portion in portions)
    said: dict[str, JSON] = {
        "activity": command.activity,
        "quantity": command.quantity,
        "deducted": deducted,
        SHARES: shares,
    }
    details |= {"decision": command.decision, SHARES: shares}
    decided = Record(JOINT_ISSUANCE, command.decision, said)
    others = (each for each in entry.records if each.kind != JOINT_ISSUANCE)
    return entry._replace(details=details, records=(*others, decided))
