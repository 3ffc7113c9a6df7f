"""A letter of acknowledgement: it places mitigation outcomes outside the scope of authorization.

They are not authorized for NDC use by another Party nor for other purposes; the host may count them. What the letter
says about a later authorization is what the book does: never, not before a day is over, or possible up to a day.

Source: requirements R-WBK-09, R-WBK-10; the practice of such letters, since no decision text speaks of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.ids import ActivityId, unfit
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.identifier import UnitClass
from counterfoil.domain.units.serials import SerialRange

ACKNOWLEDGEMENT_RECORD: Final = "acknowledgement"
ACKNOWLEDGED: Final = "acknowledged"
"""By activity: the letters that concern it."""


class AcknowledgementFault(StrEnum):
    UNKNOWN = "acknowledgement.unknown"
    ALREADY_GIVEN = "acknowledgement.already_given"
    STATEMENT_MISSING = "acknowledgement.statement_missing"
    DAY_MISSING = "acknowledgement.day_missing"
    AUTHORIZED_ALREADY = "acknowledgement.authorized_already"
    OUTSIDE_SCOPE = "acknowledgement.outside_scope"
    NOT_WITHDRAWABLE = "acknowledgement.not_withdrawable"


class LaterAuthorization(StrEnum):
    """What a letter says about authorizing the outcomes after all."""

    NEVER = "never"
    AFTER = "after"
    UNTIL = "until"


@dataclass(frozen=True, slots=True)
class AcknowledgedUnits:
    """The units that a letter is confined to."""

    unit_class: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """One letter. Vintages empty mean all; `units` confine it further.

    `later` with `day`: NEVER has no day; AFTER blocks through that day; UNTIL lets an authorization replace the letter
    up to that day (None: at any time) and blocks afterwards. `allowed_uses` are the letter's own words about the host's
    uses, for its reader: they are printed and open nothing, since no authorization is refused or given by them.
    """

    id: str
    activity: ActivityId
    given_on: date
    authority: str
    statement: str
    later: LaterAuthorization
    day: date | None = None
    vintages: tuple[int, ...] = ()
    units: AcknowledgedUnits | None = None
    allowed_uses: tuple[str, ...] = ()
    document: str | None = None
    withdrawn_on: date | None = None
    assumed: tuple[str, ...] = ()

    def concerns(self, *, vintage: int | None, of: UnitClass | None = None, serials: SerialRange | None = None) -> bool:
        """Whether it speaks of these outcomes. What is not issued yet is concerned by letters on whole vintages."""
        if self.vintages and vintage is not None and vintage not in self.vintages:
            return False
        if self.units is None:
            return True
        if of is None or serials is None or of.key != self.units.unit_class:
            return False
        return self.units.first <= serials.last and serials.first <= self.units.last

    def blocks(self, on: date, *, authorized: bool = False) -> bool:
        """Whether the outcomes may not be authorized on a day, nor first transferred.

        Args:
            authorized: They are authorized already, which was possible only while the letter left it open: where it
                lets an authorization replace it, that has happened.

        Source: requirement R-WBK-10.
        """
        if self.withdrawn_on is not None and self.withdrawn_on <= on:
            return False
        match self.later:
            case LaterAuthorization.NEVER:
                return True
            case LaterAuthorization.AFTER:
                return self.day is None or on <= self.day
            case LaterAuthorization.UNTIL:
                return not authorized and self.day is not None and self.day < on


def givable(letter: Acknowledgement, *, authorized: bool) -> Refusal | None:
    """Whether a letter may be recorded.

    Args:
        authorized: Whether units that it speaks of are authorized or first transferred already.

    Source: requirement R-WBK-09.
    """
    facts = {"acknowledgement": letter.id[:80]}
    nameless = unfit("acknowledgement", letter.id)
    if nameless is not None:
        return nameless
    if not (letter.statement and letter.authority):
        return Refusal(AcknowledgementFault.STATEMENT_MISSING, facts)
    if letter.later is LaterAuthorization.AFTER and letter.day is None:
        return Refusal(AcknowledgementFault.DAY_MISSING, facts)
    if authorized:
        return Refusal(AcknowledgementFault.AUTHORIZED_ALREADY, {**facts, "activity": letter.activity})
    return None


def outside_scope(
    letters: Iterable[Acknowledgement],
    *,
    on: date,
    vintage: int | None,
    of: UnitClass | None = None,
    serials: SerialRange | None = None,
    authorized: bool = False,
) -> Refusal | None:
    """The refusal by the first letter that blocks these outcomes on a day.

    Source: requirements R-WBK-09, R-WBK-10.
    """
    for letter in letters:
        concerned = letter.concerns(vintage=vintage, of=of, serials=serials)
        if concerned and letter.blocks(on, authorized=authorized):
            return Refusal(
                AcknowledgementFault.OUTSIDE_SCOPE,
                {
                    "acknowledgement": letter.id,
                    "activity": letter.activity,
                    "later": letter.later.value,
                    "day": letter.day.isoformat() if letter.day is not None else "-",
                },
            )
    return None


def withdrawable(letter: Acknowledgement, *, on: date) -> Refusal | None:
    """A letter is taken back only when an authorization would be possible by its own words.

    Source: requirement R-WBK-10.
    """
    if letter.withdrawn_on is None and not letter.blocks(on):
        return None
    day = letter.day.isoformat() if letter.day is not None else "-"
    return Refusal(
        AcknowledgementFault.NOT_WITHDRAWABLE,
        {"acknowledgement": letter.id, "later": letter.later.value, "day": day},
    )
