"""Agree with a partner's registry on an issuance in both books, and issue only what both have said alike.

Each side records the joint committee's decision in its own words and is told the other's. Once they are the same,
either may issue its part; the other book follows when it is told. Read before: `domain/federation/joint_issuance.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.application.command import Command, Context, record, stored
from counterfoil.application.commands.notifying import notifying, told_to
from counterfoil.application.commands.open_account import holding_open
from counterfoil.application.commands.parts import Division, Part
from counterfoil.domain.activities.activity import ACTIVITY, ActivityFault
from counterfoil.domain.federation.joint_issuance import (
    JOINT_ISSUED_THERE,
    JOINT_TERMS,
    JOINT_TERMS_THERE,
    JointFault,
    JointTerms,
    OwnTerms,
    differing,
    readable_terms,
)
from counterfoil.domain.federation.link import LinkFault
from counterfoil.domain.federation.notice import NoticeKind
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import Party, unfit
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Record
from counterfoil.domain.units.unit_type import UnitType

JOINT_ISSUANCE: Final = "joint_issuance"
"""The kind of the record that keeps a decision under which two books issue, with the shares of both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeJointIssuance(Command):
    """Record this Party's word on a joint issuance, and tell the partner's registry.

    `shares` is t by Party, and `document` the SHA-256 of the joint decision. Without `originating` each book issues its
    own share; with it, that Party's book issues all, the partner's share to the account `transit` where one is named.
    The other fields are what this book needs to issue its part, as in `Issue`; `answers` are those of the issuance.
    """

    decision: str
    partner: Party
    activity: str
    vintage: int
    quantity: int
    shares: Mapping[str, int]
    document: str
    verification: str
    account: str
    originating: str = ""
    transit: str = ""
    unit_type: UnitType = UnitType.ITMO
    scheme: str = ""
    authorization: str | None = None


def agree_joint_issuance(command: AgreeJointIssuance, books: Books, context: Context) -> Entry | Refusal:
    """Refuses what the partner has said otherwise. Source: requirements R-JPN-03 to R-JPN-05."""
    terms = JointTerms(
        decision=command.decision,
        activity=command.activity,
        vintage=command.vintage,
        quantity=command.quantity,
        shares=command.shares,
        document=command.document,
        originating=command.originating,
        transit=command.transit,
    )
    own = context.registry.party
    refusal = readable_terms(terms, own=own, partner=command.partner)
    if refusal is not None:
        return refusal
    if not told_to(books, command.partner):
        return Refusal(LinkFault.UNKNOWN, {"partner": command.partner})
    if books.record(JOINT_TERMS, command.decision) is not None:
        return Refusal(JointFault.ALREADY_AGREED, {"decision": command.decision})
    if books.record(ACTIVITY, command.activity) is None:
        return Refusal(ActivityFault.UNKNOWN, {"activity": command.activity})
    there = stored(books, JOINT_TERMS_THERE, _of_partner(command.partner, command.decision), JointTerms)
    refusal = None if there is None else differing(terms, there)
    if refusal is not None:
        return refusal
    kept = OwnTerms(
        terms=terms,
        partner=command.partner,
        verification=command.verification,
        account=command.account,
        unit_type=command.unit_type.value,
        scheme=command.scheme,
        authorization=command.authorization,
        answers=command.answers,
    )
    entry = Entry(
        Act.JOINT_ISSUANCE_AGREED,
        context.on,
        records=(record(JOINT_TERMS, command.decision, kept),),
        details={"decision": command.decision, "partner": command.partner},
    )
    content = terms.as_json()
    return notifying(entry, books, context, partner=command.partner, kind=NoticeKind.JOINT_AGREED, content=content)


def _of_partner(partner: str, decision: str) -> str:
    """The key of what a partner said: another partner may say something of a decision with the same name."""
    return f"{partner}:{decision}"


def own_terms(books: Books, decision: str) -> OwnTerms | None:
    """What this Party said about a decision; None where it said nothing to a partner's registry."""
    return stored(books, JOINT_TERMS, decision, OwnTerms) if decision else None


def stands(own: OwnTerms, books: Books) -> Refusal | None:
    """Refuses to issue before the partner's book says the same."""
    decision = own.terms.decision
    there = stored(books, JOINT_TERMS_THERE, _of_partner(own.partner, decision), JointTerms)
    if there is None:
        return Refusal(JointFault.PARTNER_AWAITED, {"decision": decision, "partner": own.partner})
    return differing(own.terms, there)


def as_agreed(own: OwnTerms, asked: tuple[str, int, int], books: Books, context: Context) -> Refusal | None:
    """Whether an issuance under a decision is the one that both agreed on, and is this book's to do.

    Args:
        asked: The activity, vintage and whole quantity of the issuance.
    """
    refusal = stands(own, books)
    if refusal is not None:
        return refusal
    terms, party = own.terms, context.registry.party
    agreed = (terms.activity, terms.vintage, terms.quantity)
    if asked != agreed:
        pairs = zip(("activity", "vintage", "quantity"), asked, agreed, strict=True)
        members = ", ".join(name for name, one, other in pairs if one != other)
        return Refusal(JointFault.OTHER_TERMS, {"decision": terms.decision, "members": members})
    if not terms.issuing(party):
        return Refusal(
            JointFault.ORIGINATES_ELSEWHERE, {"decision": terms.decision, "party": terms.originating or own.partner}
        )
    return holding_open(books, terms.transit) if terms.originating and terms.transit else None


def agreed_division(decision: str, whole: Division, books: Books, party: str) -> Division:
    """The parts that this book issues: its own share, and with it the partner's where it issues all.

    Args:
        whole: What it issues where nothing was agreed with a partner's registry.
    """
    own = own_terms(books, decision)
    if own is None:
        return whole
    terms, account = own.terms, whole.parts[0].account
    mine = Part(account, terms.shares[party])
    if not terms.originating:
        return Division((mine,))
    theirs = Part(terms.transit or account, terms.quantity - mine.quantity)
    return Division(tuple(part for part in (mine, theirs) if part.quantity))


def share_as_agreed(decision: str, share: int, books: Books, party: str) -> Refusal | None:
    """Refuses a law's share that is another than both agreed."""
    own = own_terms(books, decision)
    if own is None or own.terms.shares[party] == share:
        return None
    return _share_differs(decision, own.terms.shares[party], share)


def _share_differs(decision: str, agreed: int, found: int) -> Refusal:
    return Refusal(JointFault.SHARE_DIFFERS, {"decision": decision, "agreed": agreed, "found": found})


def jointly_told(entry: Entry, decision: str, books: Books, context: Context) -> Entry:
    """An issuance under an agreed decision, with its record and the notice to the partner, whose book follows."""
    own = own_terms(books, decision)
    if own is None:
        return entry
    said = own.terms.as_json()
    kept = Record(JOINT_ISSUANCE, decision, said)
    details: dict[str, JSON] = {**entry.details, "decision": decision, "shares": said["shares"]}
    done = entry._replace(records=(*entry.records, kept), details=details)
    content: dict[str, JSON] = {"decision": decision, "issued": sum(move.size for move in entry.moves)}
    return notifying(done, books, context, partner=own.partner, kind=NoticeKind.JOINTLY_ISSUED, content=content)


def agreed_there(content: Mapping[str, Any], books: Books, context: Context, *, partner: Party) -> Entry | Refusal:
    """A partner told its word on a joint issuance: kept, and refused where this Party has said otherwise."""
    terms = JointTerms(**content)
    refusal = readable_terms(terms, own=context.registry.party, partner=partner)
    key = _of_partner(partner, terms.decision)
    refusal = refusal or unfit("decision", key)
    if refusal is not None:
        return refusal
    if books.record(JOINT_TERMS_THERE, key) is not None:
        return Refusal(JointFault.ALREADY_AGREED, {"decision": terms.decision})
    own = own_terms(books, terms.decision)
    refusal = None if own is None else differing(terms, own.terms)
    if refusal is not None:
        return refusal
    kept = Record(JOINT_TERMS_THERE, key, terms.as_json())
    return Entry(Act.NOTICE_TAKEN, context.on, records=(kept,), details={"decision": terms.decision})


def issued_there(content: Mapping[str, Any], books: Books, context: Context, *, partner: Party) -> Entry | Refusal:
    """A partner told that its book has issued under a decision: this one's part is due."""
    decision, issued = str(content["decision"]), int(content["issued"])
    own = own_terms(books, decision)
    if own is None or own.partner != partner:
        return Refusal(JointFault.UNKNOWN, {"decision": decision[:80]})
    if own.terms.issuing(partner) != issued:
        return _share_differs(decision, own.terms.issuing(partner), issued)
    told = Record(JOINT_ISSUED_THERE, decision, {"partner": partner, "issued": issued, "on": context.on.isoformat()})
    return Entry(Act.NOTICE_TAKEN, context.on, records=(told,), details={"decision": decision})
