"""Letters of acknowledgement: record one, and take one back only as its own words allow."""

from dataclasses import dataclass, replace
from datetime import date

from counterfoil.application.command import Command, Context, Units, record, stored
from counterfoil.application.commands.reach import Piece
from counterfoil.domain.accounting.unit_facts import Status, unit_facts
from counterfoil.domain.activities.activity import ACTIVITY, ActivityFault
from counterfoil.domain.authorizations.acknowledgement import (
    ACKNOWLEDGED,
    ACKNOWLEDGEMENT_RECORD,
    AcknowledgedUnits,
    Acknowledgement,
    AcknowledgementFault,
    LaterAuthorization,
    givable,
    withdrawable,
)
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Record
from counterfoil.domain.units.identifier import UnitClass, unit_class
from counterfoil.domain.units.serials import no_range


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAcknowledgement(Command):
    """Record a letter of acknowledgement: outcomes of an activity stay outside the scope of authorization.

    `later` says whether they may be authorized after all: never, after `day`, or until `day` (left out: at any time).
    `vintages` and `units` confine the letter; without them it covers the whole activity.
    """

    acknowledgement: str
    activity: ActivityId
    authority: str
    statement: str
    later: LaterAuthorization
    day: date | None = None
    vintages: tuple[int, ...] = ()
    units: Units | None = None
    allowed_uses: tuple[str, ...] = ()
    document: str | None = None


def record_acknowledgement(command: RecordAcknowledgement, books: Books, context: Context) -> Entry | Refusal:
    """Refuses what is authorized already: take it out of its authorization first. Source: requirement R-WBK-09."""
    if books.record(ACTIVITY, command.activity) is None:
        return Refusal(ActivityFault.UNKNOWN, {"activity": command.activity})
    if books.record(ACKNOWLEDGEMENT_RECORD, command.acknowledgement) is not None:
        return Refusal(AcknowledgementFault.ALREADY_GIVEN, {"acknowledgement": command.acknowledgement})
    units = command.units
    if units is not None:
        unreadable = no_range(units.first, units.last)
        of = unit_class(units.unit_class)
        if unreadable is not None or isinstance(of, Refusal):
            return unreadable if unreadable is not None else of  # type: ignore[return-value]
    letter = Acknowledgement(
        id=command.acknowledgement,
        activity=command.activity,
        given_on=context.on,
        authority=command.authority,
        statement=command.statement,
        later=command.later,
        day=command.day,
        vintages=command.vintages,
        units=None if units is None else AcknowledgedUnits(units.unit_class, units.first, units.last),
        allowed_uses=command.allowed_uses,
        document=command.document,
        assumed=command.assumed,
    )
    refusal = givable(letter, authorized=any(True for _ in _authorized(letter, books)))
    if refusal is not None:
        return refusal
    names = list(books.record(ACKNOWLEDGED, command.activity) or ())
    return Entry(
        Act.ACKNOWLEDGED,
        context.on,
        records=(
            record(ACKNOWLEDGEMENT_RECORD, letter.id, letter),
            Record(ACKNOWLEDGED, command.activity, [*names, letter.id]),
        ),
        details={"acknowledgement": letter.id, "activity": letter.activity, "later": letter.later.value},
    )


def _authorized(letter: Acknowledgement, books: Books) -> list[Piece]:
    """Units that the letter speaks of and that are authorized already, here or gone abroad."""
    if letter.units is not None:
        holdings = iter(books.holdings(letter.units.unit_class, letter.units.first, letter.units.last))
    else:
        holdings = books.all_holdings()
    found: list[Piece] = []
    for holding in holdings:
        facts = unit_facts(holding.facts)
        if facts.activity != letter.activity or facts.status is Status.UNAUTHORIZED:
            continue
        of = unit_class(holding.unit_class)
        assert isinstance(of, UnitClass)
        if letter.concerns(vintage=of.vintage, of=of, serials=holding.serials):
            found.append(Piece(holding.serials, facts))
    return found


def letters_on(books: Books, activity: str) -> list[Acknowledgement]:
    """The letters of acknowledgement that concern an activity, in the order in which they were given."""
    names = books.record(ACKNOWLEDGED, activity) or ()
    found = [stored(books, ACKNOWLEDGEMENT_RECORD, name, Acknowledgement) for name in names]
    return [letter for letter in found if letter is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawAcknowledgement(Command):
    """Take a letter of acknowledgement back, where its own words leave a later authorization open."""

    acknowledgement: str
    reason: str


def withdraw_acknowledgement(command: WithdrawAcknowledgement, books: Books, context: Context) -> Entry | Refusal:
    """A letter that says never stays for ever. Source: requirement R-WBK-10."""
    letter = stored(books, ACKNOWLEDGEMENT_RECORD, command.acknowledgement, Acknowledgement)
    if letter is None:
        return Refusal(AcknowledgementFault.UNKNOWN, {"acknowledgement": command.acknowledgement})
    refusal = withdrawable(letter, on=context.on)
    if refusal is not None:
        return refusal
    withdrawn = replace(letter, withdrawn_on=context.on)
    return Entry(
        Act.ACKNOWLEDGEMENT_WITHDRAWN,
        context.on,
        records=(record(ACKNOWLEDGEMENT_RECORD, letter.id, withdrawn),),
        details={"acknowledgement": letter.id, "reason": command.reason},
    )
