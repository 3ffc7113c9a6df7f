"""A mandate: somebody lets another person act in their place, in some of their roles, until a day that is named.

A consultant acts for an owner, a deputy for an officer on leave. What is done under a mandate is done by the person who
did it: the journal and the trail name that pseudonym, and behind it the giver's.

Source: matrix row A of the peers (delegation with scope and end date).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.standing import Standing

DAYS_MAX: Final = 1_096
"""Three years: what is to last longer is given anew."""


class DeputyFault(StrEnum):
    TO_ONESELF = "deputy.to_oneself"
    HANDED_ON = "deputy.handed_on"
    WIDER_THAN_GIVER = "deputy.wider_than_giver"
    DAYS_BACKWARDS = "deputy.days_backwards"
    TOO_LONG = "deputy.too_long"
    NO_MANDATE = "deputy.no_mandate"
    NOT_IN_FORCE = "deputy.not_in_force"
    GIVER_GONE = "deputy.giver_gone"
    TOO_MANY = "deputy.too_many"
    UNKNOWN = "deputy.unknown"


@dataclass(frozen=True, slots=True)
class Mandate:
    """`person` may act for the giver's organisation in these roles, from the first to the last day, both included.

    `giver` is the pseudonym of who gave it. With `revoked_on`, it ended with the day before. `number` is the office's.
    """

    giver: str
    person: str
    organisation: str
    roles: frozenset[str]
    first_day: date
    last_day: date
    revoked_on: date | None = None
    number: int = 0

    def holds(self, on: date) -> bool:
        return self.first_day <= on <= self.ends_on

    @property
    def ends_on(self) -> date:
        """The last day on which it holds."""
        revoked = self.revoked_on
        return self.last_day if revoked is None else min(self.last_day, revoked - timedelta(days=1))


def mandate(
    giver: Standing, *, person: str, roles: frozenset[str], first_day: date, last_day: date
) -> Mandate | Refusal:
    """Give a mandate. Nobody gives more than they hold themselves, nor to themselves, nor without end.

    Returns:
        The mandate, or the refusal `deputy.to_oneself`, `deputy.handed_on`, `deputy.wider_than_giver`,
        `deputy.days_backwards` or `deputy.too_long`, in this order.
    """
    if person == giver.person:
        return Refusal(DeputyFault.TO_ONESELF, {"person": person[:20]})
    if giver.giver:
        return Refusal(DeputyFault.HANDED_ON, {"person": giver.person, "giver": giver.giver})
    wider = sorted(roles - giver.roles)
    if wider or not roles:
        return Refusal(DeputyFault.WIDER_THAN_GIVER, {"roles": ", ".join(wider)[:120] or "-", "person": giver.person})
    days = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat()}
    if last_day < first_day:
        return Refusal(DeputyFault.DAYS_BACKWARDS, days)
    if last_day - first_day >= timedelta(days=DAYS_MAX):
        return Refusal(DeputyFault.TOO_LONG, {**days, "days_max": DAYS_MAX})
    return Mandate(giver.person, person, giver.organisation, roles, first_day, last_day)


def deputised(person: str, giver: Standing, mandates: Collection[Mandate], *, on: date) -> Standing | Refusal:
    """In what capacity a deputy acts on a day: with the roles of the mandates that hold, as far as the giver has them.

    Args:
        giver: The giver's own standing on that day, in the body for which the mandate was given.
        mandates: Any mandates; those between these two for this body count.

    Returns:
        The standing, or the refusal `deputy.no_mandate`, or `deputy.not_in_force` with the days of the latest one.
    """
    wanted = (giver.person, person, giver.organisation)
    given = [each for each in mandates if (each.giver, each.person, each.organisation) == wanted]
    if not given:
        facts = {"person": person[:20], "giver": giver.person[:20], "organisation": giver.organisation[:60] or "-"}
        return Refusal(DeputyFault.NO_MANDATE, facts)
    holding = [each for each in given if each.holds(on)]
    if not holding:
        last = max(given, key=lambda each: each.ends_on)
        days = {"first_day": last.first_day.isoformat(), "last_day": last.ends_on.isoformat()}
        return Refusal(DeputyFault.NOT_IN_FORCE, {"person": person, "giver": giver.person, **days})
    roles = frozenset[str]().union(*(each.roles for each in holding)) & giver.roles
    return Standing(person, giver.organisation, giver.kind, roles, giver.person)
