"""What a narrative report stands on: the Party's answers, and what the register knows, up to the report's day.

Source: 2/CMA.3 annex paras. 18-22; rulebook 4.2-4.3.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.application.command import NdcPeriod
from counterfoil.application.commands.foreign import FOREIGN_APPROACH, FOREIGN_AUTHORIZATION
from counterfoil.application.queries.balance import BalanceFault
from counterfoil.application.queries.ctf_table4 import SummaryFault
from counterfoil.application.queries.expected import expected_whole, registered
from counterfoil.application.queries.party_accounts import AccountsFault
from counterfoil.application.queries.register_history import RegisterHistory, register_history
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.emissions_balance import Method
from counterfoil.domain.accounting.flow import SplitRow
from counterfoil.domain.accounting.ndc import NDC_RECORD, Ndc
from counterfoil.domain.accounting.period_account import PERIOD_ACCOUNT, PeriodAccount, period_key
from counterfoil.domain.activities.activity import APPROACH, ENTITY, Activity, CooperativeApproach, Entity
from counterfoil.domain.authorizations.authorization import Authorization
from counterfoil.domain.authorizations.participation import PARTICIPATION_RECORD, Participation
from counterfoil.domain.kernel.period import YearSpan
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.narrative.completeness import Known, applies, gaps_of
from counterfoil.domain.reporting.narrative.element import Condition, Element, Fact
from counterfoil.domain.reporting.narrative.report import Answered, ApproachFacts, Cancelled
from counterfoil.domain.reporting.narrative.statement import STATEMENT, Statement, statement_key
from counterfoil.domain.units.metric import Metric, MetricKind
from counterfoil.domain.units.unit_type import MitigationType, Reversibility

DURATION: Final = "IV.C"
"""The element in which the initial report states the duration of an approach."""


class NarrativeFault(StrEnum):
    APPROACH_UNKNOWN = "narrative.approach_unknown"
    APPROACH_REQUIRED = "narrative.approach_required"


@dataclass(slots=True)
class Ground:
    """The history up to the day, with the NDC period that the report is about and the approaches it tells of."""

    sight: Sight
    history: RegisterHistory
    party: str
    period: NdcPeriod
    approaches: tuple[CooperativeApproach, ...]
    ndc: Ndc | None
    account: PeriodAccount | None
    digests: frozenset[str]

    def statement(self, element: Element, approach: str) -> Statement | None:
        key = statement_key(self.party, approach if element.per_approach else "", element.key)
        return self.history.get(STATEMENT, key, Statement)

    @property
    def statements(self) -> list[Statement]:
        return self.history.of(STATEMENT, Statement)


def ground_of(sight: Sight, *, party: str, year: int, as_of: date, approach: str) -> Ground | Refusal:
    """The ground, or why there can be no report: another Party, no Party, no NDC period, an unknown approach.

    Args:
        approach: The one approach that the report is about; empty for all in which the Party participates.
    """
    registry = sight.registry
    if party != registry.party:
        return Refusal(BalanceFault.OTHER_PARTY, {"party": party[:20], "own": registry.party})
    if not registry.is_party:
        return Refusal(SummaryFault.NOT_A_PARTY, {"jurisdiction": registry.party})
    begun = [period for period in registry.ndc_periods if period.first <= year]
    if not begun:
        return Refusal(AccountsFault.NO_PERIOD, {"year": year, "party": registry.party})
    history = register_history(sight, as_of=as_of)
    known = _approaches(history)
    if approach and approach not in known:
        return Refusal(NarrativeFault.APPROACH_UNKNOWN, {"approach": approach[:20], "known": ", ".join(known) or "–"})
    key = period_key(begun[-1].first, begun[-1].last)
    return Ground(
        sight,
        history,
        registry.party,
        begun[-1],
        tuple(known[each] for each in known if approach in ("", each)),
        history.get(NDC_RECORD, key, Ndc),
        history.get(PERIOD_ACCOUNT, key, PeriodAccount),
        _present(sight, history),
    )


def _approaches(history: RegisterHistory) -> dict[str, CooperativeApproach]:
    """The approaches by identifier: this registry's own record of one goes before a partner's copy."""
    found = {each.id: each for each in history.of(FOREIGN_APPROACH, CooperativeApproach)}
    found |= {each.id: each for each in history.of(APPROACH, CooperativeApproach)}
    return {str(name): found[name] for name in sorted(found)}


def _present(sight: Sight, history: RegisterHistory) -> frozenset[str]:
    """The digests that answers and authorizations name and that the evidence store has, whole."""
    named = {digest for statement in history.of(STATEMENT, Statement) for digest in statement.digests}
    named |= {event.authorization.document or "" for event in history.events}
    named |= {each.document or "" for each in history.of(FOREIGN_AUTHORIZATION, Authorization)}
    return frozenset(digest for digest in sorted(named) if digest and sight.evidence.get(digest) is not None)


def approach_facts(ground: Ground, split: Sequence[SplitRow] = ()) -> tuple[ApproachFacts, ...]:
    """What the register knows of each approach. `split` are the amounts of para. 23(j), of all approaches."""
    history = ground.history
    entities = {each.id: each for each in history.of(ENTITY, Entity)}
    activities = registered(history)
    return tuple(
        ApproachFacts(
            each.id,
            each.title,
            tuple(each.participants),
            "" if each.first_transfer_definition is None else each.first_transfer_definition.value,
            activities=tuple(known for known in activities if known.cooperative_approach == each.id),
            classes=tuple(sorted(_classes(history, activities, each.id))),
            events=tuple(event for event in history.events if event.authorization.cooperative_approach == each.id),
            foreign=tuple(_foreign(history, each.id)),
            entities=tuple(_entities(history, entities, each.id)),
            omge=_in_order(history.omge.get(each.id, ())),
            adaptation=_in_order(history.adaptation.get(each.id, ())),
            split=tuple(row for row in split if row.approach == each.id),
        )
        for each in ground.approaches
    )


def _classes(history: RegisterHistory, activities: Iterable[Activity], approach: str) -> set[MitigationType]:
    registered = {each.mitigation_type for each in activities if each.cooperative_approach == approach}
    return registered | history.classes.get(approach, set())


def _foreign(history: RegisterHistory, approach: str) -> Iterator[Authorization]:
    for each in history.of(FOREIGN_AUTHORIZATION, Authorization):
        if each.cooperative_approach == approach:
            yield each


def _entities(history: RegisterHistory, known: dict[str, Entity], approach: str) -> Iterator[Entity]:
    letters = [event.authorization for event in history.events if event.authorization.cooperative_approach == approach]
    named = {entity for each in (*letters, *_foreign(history, approach)) for entity in each.authorized_entities}
    for entity in sorted(named):
        yield known.get(entity, Entity(entity, "", ""))


def _in_order(cancelled: Iterable[Cancelled]) -> tuple[Cancelled, ...]:
    return tuple(sorted(cancelled, key=lambda each: (each.on, each.unit_class, each.first)))


def metrics_of(facts: Iterable[ApproachFacts]) -> tuple[str, ...]:
    """The metrics of the approaches' activities and authorizations, t CO2 eq as `tCO2e`, others by their units."""
    return tuple(sorted({metric.commodity.removeprefix("metric:") for each in facts for metric in _metrics(each)}))


def _metrics(facts: ApproachFacts) -> Iterator[Metric]:
    yield from (activity.metric for activity in facts.activities)
    yield from (event.authorization.metric for event in facts.events)
    yield from (each.metric for each in facts.foreign)


def known_of(ground: Ground, facts: Sequence[ApproachFacts], *, renewed_since: int | None = None) -> Known:
    """What completeness is judged by."""
    whole = {"": _facts_of_party(ground, facts)}
    conditions = {"": _conditions_of_party(ground, facts)}
    durations = _durations(ground)
    for each in facts:
        whole[each.id] = _facts_of(each, ground.digests, durations.get(each.id))
        conditions[each.id] = _conditions_of(each)
    return Known(
        ground.period.span,
        renewed_since,
        ground.digests,
        whole,
        conditions,
        durations=durations,
        adaptation={each.id: sum(given.tonnes for given in each.adaptation) for each in facts},
        omge={each.id: sum(cancelled.tonnes for cancelled in each.omge) for each in facts},
        unmet=_unmet(ground),
    )


def _unmet(ground: Ground) -> dict[str, date]:
    """Elements I.A to I.F of which the latest attestation on file says that the responsibility is not met."""
    attested = ground.history.get(PARTICIPATION_RECORD, ground.party, Participation)
    held = () if attested is None else attested.attestations
    return {f"I.{each.responsibility.upper()}": each.attested_on for each in held if not each.met}


def _facts_of_party(ground: Ground, facts: Sequence[ApproachFacts]) -> frozenset[Fact]:
    there = {
        Fact.NDC: ground.ndc is not None,
        Fact.METHOD: ground.account is not None,
        Fact.METRICS: bool(metrics_of(facts)),
        Fact.AUTHORIZATIONS: True,
        Fact.USES: True,
    }
    return frozenset(fact for fact, found in there.items() if found)


def _facts_of(facts: ApproachFacts, digests: frozenset[str], duration: YearSpan | None) -> frozenset[Fact]:
    letters = [*(event.authorization for event in facts.events), *facts.foreign]
    there = {
        Fact.LETTERS: any(each.document in digests for each in letters),
        Fact.PARTICIPANTS: bool(facts.participants),
        Fact.ENTITIES: True,
        Fact.ADAPTATION: True,
        Fact.OMGE: True,
        Fact.EXPECTED: expected_whole(facts.activities, duration),
    }
    return frozenset(fact for fact, found in there.items() if found)


def _conditions_of_party(ground: Ground, facts: Sequence[ApproachFacts]) -> dict[Condition, bool]:
    found = _of_metrics(metric for each in facts for metric in _metrics(each))
    if ground.account is not None:
        found[Condition.PATH] = ground.account.method is not Method.AVERAGING
    if ground.ndc is not None:
        found[Condition.MEASURES] = ground.ndc.of_measures
    return found


def _conditions_of(facts: ApproachFacts) -> dict[Condition, bool]:
    found = _of_metrics(_metrics(facts))
    if any(activity.reversibility is Reversibility.REVERSIBLE for activity in facts.activities):
        found[Condition.REVERSIBLE] = True
    return found


def _of_metrics(metrics: Iterable[Metric]) -> dict[Condition, bool]:
    """Whether there are GHG and non-GHG metrics; nothing where no metric is known."""
    kinds = {metric.kind for metric in metrics}
    if not kinds:
        return {}
    return {Condition.GHG: MetricKind.GHG in kinds, Condition.NON_GHG: MetricKind.NON_GHG in kinds}


def _durations(ground: Ground) -> dict[str, YearSpan]:
    found: dict[str, YearSpan] = {}
    for statement in ground.statements:
        if statement.element == DURATION and statement.first is not None and statement.last is not None:
            found[statement.approach] = YearSpan(statement.first, statement.last)
    return found


def answered(ground: Ground, elements: Iterable[Element], known: Known) -> tuple[Answered, ...]:
    """Every element with its answer and gaps: those of the Party once, the others for each approach."""
    found: list[Answered] = []
    for element in elements:
        for approach in [each.id for each in ground.approaches] if element.per_approach else [""]:
            statement = ground.statement(element, approach)
            gaps = gaps_of(element, approach, statement, known)
            found.append(Answered(element, approach, statement, applies(element, approach, known), gaps))
    return tuple(found)


def full_texts(ground: Ground, found: Iterable[Answered]) -> dict[str, str]:
    """The long texts of the answers that the store has, by their SHA-256."""
    digests = {
        digest
        for each in found
        if each.statement is not None
        for digest in each.statement.full_text.values()
        if digest in ground.digests
    }
    texts = {digest: ground.sight.evidence.get(digest) or b"" for digest in sorted(digests)}
    return {digest: data.decode("utf-8", "replace") for digest, data in texts.items()}
