"""What a command says of a new activity, and the checks that a proposal and a registration share."""

from dataclasses import dataclass

from counterfoil.application.command import Command, Context, later, stored
from counterfoil.domain.activities.activity import (
    ACTIVITY,
    APPROACH,
    Activity,
    ActivityFault,
    ActivityKind,
    CooperativeApproach,
    CreditingPeriod,
    ExpectedYear,
)
from counterfoil.domain.activities.description import description_refusal
from counterfoil.domain.activities.integrity import Attribute
from counterfoil.domain.kernel.ids import ActivityId, CooperativeApproachId, unfit
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.units.metric import Metric, unfit_metric
from counterfoil.domain.units.unit_type import MitigationType, Reversibility


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityDescription(Command):
    """What an activity is. `parent` is the programme of a component; `boundary` the SHA-256 of a GeoJSON file.

    `integrity` is what it states of additionality, baseline, goals and safeguards, with a document for each.
    """

    activity: ActivityId
    title: str
    mitigation_type: MitigationType
    sector: str
    activity_type: str
    metric: Metric = Metric()
    cooperative_approach: CooperativeApproachId | None = None
    standard: str = ""
    methodology: str = ""
    underlying_registry: str | None = None
    reversibility: Reversibility = Reversibility.NOT_APPLICABLE
    participants: tuple[str, ...] = ()
    kind: ActivityKind = later(ActivityKind.PROJECT)
    parent: ActivityId | None = later(None)
    crediting_periods: tuple[CreditingPeriod, ...] = later(())
    boundary: str | None = later(None)
    expected: tuple[ExpectedYear, ...] = later(())
    integrity: tuple[Attribute, ...] = later(())


def described(command: ActivityDescription, books: Books, context: Context) -> Activity | Refusal:
    """The activity as its record keeps it. What is removed can return, so removals say how reversible they are.

    Source: 2/CMA.3 annex paras. 1, 18(h)(iii).
    """
    facts = {"activity": command.activity}
    nameless = unfit("activity", command.activity) or unfit_metric(command.metric)
    if nameless is not None:
        return nameless
    if books.record(ACTIVITY, command.activity) is not None:
        return Refusal(ActivityFault.ALREADY_REGISTERED, facts)
    if command.cooperative_approach is not None:
        approach = stored(books, APPROACH, command.cooperative_approach, CooperativeApproach)
        if approach is None:
            return Refusal(ActivityFault.APPROACH_UNKNOWN, {**facts, "approach": command.cooperative_approach})
        if context.registry.party not in approach.participants:
            return Refusal(ActivityFault.HOST_NOT_IN_APPROACH, {**facts, "party": context.registry.party})
    removal = command.mitigation_type is MitigationType.REMOVAL
    if removal and command.reversibility is Reversibility.NOT_APPLICABLE:
        return Refusal(ActivityFault.REVERSIBILITY_MISSING, facts)
    activity = _activity(command, context)
    parent = stored(books, ACTIVITY, command.parent, Activity) if command.parent is not None else None
    return description_refusal(activity, parent) or activity


def _activity(command: ActivityDescription, context: Context) -> Activity:
    return Activity(
        id=command.activity,
        title=command.title,
        host=context.registry.party,
        mitigation_type=command.mitigation_type,
        sector=command.sector,
        activity_type=command.activity_type,
        metric=command.metric,
        cooperative_approach=command.cooperative_approach,
        standard=command.standard,
        methodology=command.methodology,
        underlying_registry=command.underlying_registry,
        reversibility=command.reversibility,
        participants=command.participants,
        assumed=command.assumed,
        answers=command.answers,
        kind=command.kind,
        parent=command.parent,
        crediting_periods=command.crediting_periods,
        boundary=command.boundary,
        expected=command.expected,
        integrity=command.integrity,
    )
