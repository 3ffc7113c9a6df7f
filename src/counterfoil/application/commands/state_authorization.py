"""State to the mechanism registry what a host authorizes of an activity; there the statement is taken as signed.

Without a statement nothing is issued of an activity in the mechanism's book, and once it is made, nothing in the
host's: one outcome, one book. Read before: `domain/federation/mechanism.py`. Source: A6.4-PROC-AC-002 paras. 163-164;
4/CMA.6 paras. 3-5; ADR-0036.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from counterfoil.application.command import Command, Context, record, stored
from counterfoil.application.commands.authorize import authorization_in_force
from counterfoil.application.commands.import_activities import issued_by_host
from counterfoil.application.commands.notifying import notifying, told_to
from counterfoil.application.commands.offered import Offer
from counterfoil.application.commands.register import MECHANISM as APPROACH_OF_MECHANISM
from counterfoil.application.commands.shown import kept_approaches, shown_approach, shown_letters
from counterfoil.domain.activities.activity import ACTIVITY, APPROACH, Activity, ActivityFault, CooperativeApproach
from counterfoil.domain.authorizations.authorization import Authorization, AuthorizationFault
from counterfoil.domain.federation.link import LinkFault
from counterfoil.domain.federation.mechanism import MECHANISM, STATEMENT, MechanismFault, Statement
from counterfoil.domain.federation.notice import NoticeKind
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import ActivityId, AuthorizationId, Party, unfit
from counterfoil.domain.kernel.record import from_json, to_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Record
from counterfoil.domain.mrv.verification import VERIFICATION, Verification

_TEXTS: Final = ("title", "sector", "activity_type", "standard", "methodology")


@dataclass(frozen=True, slots=True, kw_only=True)
class StateAuthorization(Command):
    """State to the mechanism registry under which letter the units of an activity are authorized, or that they are not.

    Without `authorization` its units are mitigation contribution units, and `may_follow` says whether the Party may
    authorize such units later. The activity is issued in the mechanism registry alone from then on. A later statement
    shows a later version of the letter.
    """

    activity: ActivityId
    partner: Party
    authorization: AuthorizationId | None = None
    may_follow: bool = False


def state_authorization(command: StateAuthorization, books: Books, context: Context) -> Entry | Refusal:
    """Refuses activities that are not of the mechanism, and those of which this book has issued already.

    Source: A6.4-PROC-AC-002 paras. 163-164; 2/CMA.3 annex para. 1(a) (one outcome, one unit).
    """
    facts = {"activity": command.activity[:80], "partner": command.partner}
    if not told_to(books, command.partner):
        return Refusal(LinkFault.UNKNOWN, {"partner": command.partner})
    activity = stored(books, ACTIVITY, command.activity, Activity)
    if activity is None:
        return Refusal(ActivityFault.UNKNOWN, {"activity": command.activity[:80]})
    if activity.host != context.registry.party or activity.cooperative_approach != APPROACH_OF_MECHANISM:
        return Refusal(MechanismFault.NOT_OF_MECHANISM, {**facts, "approach": APPROACH_OF_MECHANISM})
    if _issued_before(activity.id, books):
        return Refusal(MechanismFault.ISSUED_BY_HOST, facts)
    letter = _letter(command, activity, books, context)
    if isinstance(letter, Refusal):
        return letter
    stated = Statement(
        activity=activity.id,
        partner=command.partner,
        authorization="" if letter is None else letter.id,
        letter_version=0 if letter is None else letter.version,
        may_follow=command.may_follow and letter is None,
    )
    refusal = _anew(stated, stored(books, STATEMENT, activity.id, Statement))
    if refusal is not None:
        return refusal
    entry = Entry(
        Act.AUTHORIZATION_STATED,
        context.on,
        records=(record(STATEMENT, activity.id, stated),),
        details={"activity": activity.id, "partner": command.partner},
        because=None if letter is None else letter.reference,
    )
    content = _content(activity, letter, stated, books)
    return notifying(entry, books, context, partner=command.partner, kind=NoticeKind.STATED, content=content)


def _issued_before(activity: str, books: Books) -> bool:
    """Whether this book has issued of any verification of the activity."""
    verified = (books.record("verified", key) for key in books.record("monitoring_of", activity) or ())
    known = (stored(books, VERIFICATION, key, Verification) for key in verified if key is not None)
    return any(each is not None and each.issued for each in known)


def _letter(
    command: StateAuthorization, activity: Activity, books: Books, context: Context
) -> Authorization | Refusal | None:
    if command.authorization is None:
        return None
    letter = authorization_in_force(books, command.authorization, on=context.on)
    if letter is None:
        return Refusal(AuthorizationFault.UNKNOWN, {"authorization": command.authorization})
    named = letter.cooperative_approach == activity.cooperative_approach
    if not named or (letter.activities and activity.id not in letter.activities):
        facts = {"authorization": letter.id, "approach": letter.cooperative_approach, "activity": activity.id}
        return Refusal(AuthorizationFault.ACTIVITY_DIFFERS, facts)
    return letter


def _anew(stated: Statement, before: Statement | None) -> Refusal | None:
    """The same is not stated twice, an activity not to two, and under one letter: units that exist stay under it."""
    if before is None:
        return None
    facts = {"activity": stated.activity, "partner": before.partner}
    if before.partner != stated.partner:
        return Refusal(MechanismFault.STATED_ELSEWHERE, facts)
    if before == stated:
        return Refusal(MechanismFault.ALREADY_STATED, facts)
    if before.authorization not in ("", stated.authorization):
        return Refusal(MechanismFault.OTHER_LETTER, {**facts, "authorization": before.authorization})
    return None


def _content(activity: Activity, letter: Authorization | None, stated: Statement, books: Books) -> dict[str, JSON]:
    """What the mechanism's book needs of the host's register, and nothing that only the host's own law asked."""
    told = replace(activity, participants=(), assumed=(), answers={}, boundary=None, expected=(), integrity=())
    return {
        "activity": to_json(told),
        "approach": books.record(APPROACH, APPROACH_OF_MECHANISM),
        "letter": None if letter is None else to_json(letter),
        "may_follow": stated.may_follow,
    }


def stated_there(content: Mapping[str, Any], books: Books, context: Context, *, partner: Party) -> Entry | Refusal:
    """A host stated an activity and its letter: from now on this book, which is the mechanism's, may issue of it.

    Refuses a statement to a registry that is not the mechanism's, and an activity whose name is another host's here.

    Raises:
        KeyError, TypeError or ValueError: the content is no statement of that host.
    """
    if context.registry.purpose != MECHANISM:
        return Refusal(MechanismFault.NOT_THE_MECHANISM, {"registry": context.registry.registry})
    activity = from_json(Activity, content["activity"])
    approach = from_json(CooperativeApproach, content["approach"])
    letter = None if content["letter"] is None else from_json(Authorization, content["letter"])
    letters = () if letter is None else (letter,)
    offered = Offer(partner, None, (), letters, (approach,))
    ours = {activity.host, *(each.host for each in letters)} == {partner}
    approaches = {approach.id, activity.cooperative_approach, *(each.cooperative_approach for each in letters)}
    if not (offered.named and ours) or approaches != {APPROACH_OF_MECHANISM}:
        raise ValueError("content")
    refusal = unfit("activity", activity.id) or _nameable(activity, books, partner)
    if refusal is not None:
        return refusal
    kept = shown_letters(letters, books, partner=partner)
    if isinstance(kept, Refusal):
        return kept
    stated = Statement(
        activity=activity.id,
        partner=partner,
        authorization="" if letter is None else letter.id,
        letter_version=0 if letter is None else letter.version,
        may_follow=bool(content["may_follow"]),
    )
    shown = kept_approaches([shown_approach(approach, books, by_host=True)], books)
    records: tuple[Record, ...] = (
        record(ACTIVITY, activity.id, activity),
        record(STATEMENT, activity.id, stated),
        *kept,
        *shown,
    )
    return Entry(Act.NOTICE_TAKEN, context.on, records=records, details={"activity": activity.id})


def _nameable(activity: Activity, books: Books, partner: Party) -> Refusal | None:
    known = stored(books, ACTIVITY, activity.id, Activity)
    if known is not None and known.host != partner:
        return Refusal(MechanismFault.ACTIVITY_TAKEN, {"activity": activity.id, "host": known.host or "-"})
    if any(len(getattr(activity, name)) > 300 for name in _TEXTS):
        raise ValueError("text")
    return None


def issued_in_this_registry(activity: Activity, books: Books, context: Context) -> Refusal | None:
    """Refuses to issue of another host's activity, but in the mechanism's book of what a host has stated to it; and to
    issue here what was stated to the mechanism.

    Source: 6/CMA.4 annex I para. 6; A6.4-PROC-AC-002 para. 163 (a statement precedes the first issuance).
    """
    stated = stored(books, STATEMENT, activity.id, Statement)
    if context.registry.purpose == MECHANISM:
        return None if stated is not None else Refusal(MechanismFault.NOT_STATED, {"activity": activity.id})
    if stated is not None:
        return Refusal(MechanismFault.HOST_ISSUES_THERE, {"activity": activity.id, "partner": stated.partner})
    return issued_by_host(activity, context)


def under_stated_letter(activity: Activity, authorization: str, books: Books, context: Context) -> Refusal | None:
    """In the mechanism's book, whether units are issued under the letter that their host stated for the activity."""
    if activity.host == context.registry.party:
        return None
    stated = stored(books, STATEMENT, activity.id, Statement)
    if stated is not None and stated.authorization == authorization:
        return None
    facts = {"activity": activity.id, "authorization": "-" if stated is None else stated.authorization or "-"}
    return Refusal(MechanismFault.OTHER_LETTER, {**facts, "partner": activity.host})


def type_in_mechanism(context: Context, *, authorized: bool) -> str:
    """What the mechanism calls a unit at its birth; in other books the law or the class says it.

    Source: A6.4-PROC-REGS-001 paras. 8(h)-(i), 14.
    """
    if context.registry.purpose != MECHANISM:
        return ""
    return "AER" if authorized else "MCU"
