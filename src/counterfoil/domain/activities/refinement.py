"""The table that a pack makes of the life of an activity: its stages in their order, with what each waits for.

Such a table is strict: each stage only from the one before it, or back to an earlier one. What always holds, holds
under it as well. Source: ADR-0028.
"""

from counterfoil.domain.activities.cycle import ALWAYS, LifeTable, Term
from counterfoil.domain.policy.basis import Basis
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.figure import Figure
from counterfoil.domain.policy.kinds.cycle import CycleRule
from counterfoil.domain.policy.stages import Gate, LifeAct, Stage


def refined(clause: Clause) -> LifeTable:
    """The table of a pack's procedure. A rule that names no stage for a step leaves that step to decisions."""
    rule: CycleRule = clause.content
    order = [Stage(rule.stages[step]) for step in rule.steps if step in rule.stages]
    following: dict[Stage, tuple[Stage, ...]] = dict.fromkeys(Stage, ())
    for place, stage in enumerate(order):
        back = () if stage is Stage.REGISTERED else tuple(order[:place])
        following[stage] = (*order[place + 1 : place + 2], *back)
    following[Stage.REGISTERED] = (Stage.CLOSED,)
    return LifeTable(
        provision=_cited(clause.basis),
        one_step=rule.one_step,
        following=following,
        needs=_needs(rule),
        within={name: _term(figure) for name, figure in rule.within.items() if figure.quantity is not None},
        stops=frozenset(LifeAct(act) for act in rule.stops),
        crediting_max={name: _term(most) for name, most in rule.crediting_max.items() if most.quantity is not None},
        renewals_max={name: int(most.amount) for name, most in rule.renewals_max.items() if most.quantity is not None},
        labels={Stage(stage): rule.labels[step] for step, stage in rule.stages.items()},
        steps={step: Stage(rule.stages[step]) for step in rule.steps if step in rule.stages},
    )


def is_life(rule: CycleRule) -> bool:
    """Whether a procedure is the life of an activity: it says how an activity comes to be registered."""
    return Stage.REGISTERED in rule.stages.values()


def _needs(rule: CycleRule) -> dict[str, tuple[Gate, ...]]:
    """The gates of the pack after those that always hold."""
    names = dict.fromkeys((*ALWAYS, *rule.needs))
    return {
        name: tuple(dict.fromkeys((*ALWAYS.get(name, ()), *(Gate(word) for word in rule.needs.get(name, ())))))
        for name in names
    }


def _term(figure: Figure) -> Term:
    return Term(int(figure.amount), figure.unit)


def _cited(basis: Basis) -> str:
    return f"{basis.pack} {basis.version}, {basis.name}: {basis.provision}"
