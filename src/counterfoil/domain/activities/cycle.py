"""The life of an activity as a table: which stage follows which, what each step waits for, and how long it may take.

A table is data. The default one lets a registry without a pack register in one step, as it always did; a pack refines
it by a procedure whose steps are stages (`domain/activities/refinement.py`).

Read next: `domain/activities/life.py`. Source: ADR-0028; A6.4-PROC-AC-002 (the cycle that the stages are named after).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from counterfoil.domain.policy.basis import Text
from counterfoil.domain.policy.stages import Gate, LifeAct, Stage

MONTHS: Final = {"months": 1, "year": 12, "years": 12}


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time as a law writes it: days, months or years of the calendar."""

    amount: int
    unit: str

    def after(self, day: date) -> date:
        """The day so long after another; the last of a month where the month has no such day.

        >>> Term(1, "years").after(date(2024, 2, 29)).isoformat()
        '2025-02-28'
        """
        return self._moved(day, self.amount)

    def before(self, day: date) -> date:
        return self._moved(day, -self.amount)

    def _moved(self, day: date, amount: int) -> date:
        try:
            if self.unit == "days":
                return day + timedelta(days=amount)
            year, month = divmod(day.year * 12 + day.month - 1 + amount * MONTHS[self.unit], 12)
            return _last_of_month(year, month + 1, day.day)
        except (OverflowError, ValueError):
            return date.max if amount > 0 else date.min


def _last_of_month(year: int, month: int, day: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return min(following - timedelta(days=1), date(year, month, 1) + timedelta(days=day - 1))


EARLY: Final = (Stage.IDEA, Stage.CONSULTATION, Stage.VALIDATION, Stage.APPROVAL)
ENDS: Final = (Stage.CLOSED, Stage.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class LifeTable:
    """The stages that may follow each stage, and what the steps wait for.

    `provision` is where it stands, for every refusal. `needs`, `within`: by the word of a stage, act or clock. `stops`:
    what a suspension stops beside issuance. `crediting_max`, `renewals_max`: by the type of mitigation, with `_fixed`.
    `steps`: the pack's own names of the stages, for the acts that its law lets wait for a step.
    """

    provision: str
    one_step: bool
    following: Mapping[Stage, tuple[Stage, ...]]
    needs: Mapping[str, tuple[Gate, ...]]
    within: Mapping[str, Term] = field(default_factory=dict)
    stops: frozenset[LifeAct] = frozenset()
    crediting_max: Mapping[str, Term] = field(default_factory=dict)
    renewals_max: Mapping[str, int] = field(default_factory=dict)
    labels: Mapping[Stage, Text] = field(default_factory=dict)
    steps: Mapping[str, Stage] = field(default_factory=dict)


ALWAYS: Final[Mapping[str, tuple[Gate, ...]]] = {
    Stage.REGISTERED.value: (Gate.FINDINGS_CLOSED,),
    LifeAct.RENEW.value: (Gate.FINDINGS_CLOSED,),
    LifeAct.VERIFY.value: (Gate.FINDINGS_CLOSED,),
    LifeAct.ISSUE.value: (Gate.FINDINGS_CLOSED,),
}
"""What holds under every table: an open finding bars what builds on what it is about."""

DEFAULT: Final = LifeTable(
    provision="ADR-0028",
    one_step=True,
    following={
        Stage.IDEA: (Stage.CONSULTATION, Stage.VALIDATION, Stage.APPROVAL, Stage.REGISTERED),
        Stage.CONSULTATION: (Stage.IDEA, Stage.VALIDATION, Stage.APPROVAL, Stage.REGISTERED),
        Stage.VALIDATION: (Stage.IDEA, Stage.CONSULTATION, Stage.APPROVAL, Stage.REGISTERED),
        Stage.APPROVAL: (Stage.IDEA, Stage.CONSULTATION, Stage.VALIDATION, Stage.REGISTERED),
        Stage.REGISTERED: (Stage.CLOSED,),
        Stage.CLOSED: (),
        Stage.WITHDRAWN: (),
    },
    needs=ALWAYS,
)
"""Without a pack: any early stage after any other, no terms, and no gate but closed findings."""
