"""The rows of table 2, by themselves and against the Party's other rows: C14 to C21 and C23."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from counterfoil.domain.reporting.aef_rows import AuthorizationRow
from counterfoil.domain.reporting.aef_terms import GHG, OIMP_PARTS
from counterfoil.domain.reporting.consistency.deadline import deadline_of_period
from counterfoil.domain.reporting.consistency.submission import PERIOD
from counterfoil.domain.reporting.consistency.timeframe import runs_forward, timeframe
from counterfoil.domain.reporting.consistency.world import Granted, World
from counterfoil.domain.reporting.finding import Observation, Severity
from counterfoil.domain.units.identifier import VINTAGE_MIN

PARTY_LIST = "parties"
"""Name of the list of Party codes in the format pack."""


def versions_in_order(world: World) -> Iterator[Observation]:
    """C14: a version stands once in a report, and a later version follows one that is on file.

    Where no earlier report of the Party is here, nobody can know, and the answer is "not available".
    Source: 4/CMA.6 paras. 7-10.
    """
    known: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for granted in all_granted(world):
        known[granted.filed.party].add(_identity(granted))
    seen: dict[tuple[int, str, int], int] = {}
    for granted in all_granted(world):
        party, (name, version) = granted.filed.party, _identity(granted)
        facts: dict[str, str | int] = {"authorization": name, "version": version, "before": version - 1}
        if seen.setdefault((id(granted.filed), name, version), granted.index) != granted.index:
            yield Observation("again", granted.place("authorization_version"), facts)
        if version > 1 and (name, version - 1) not in known[party]:
            alone = world.by_party[party][0] is granted.filed and not any(
                other == name and number < version for other, number in known[party]
            )
            case, severity = ("not_known", Severity.NOT_AVAILABLE) if alone else ("gap", None)
            yield Observation(case, granted.place("authorization_version"), facts, severity)


def _identity(granted: Granted) -> tuple[str, int]:
    return granted.row.authorization_id, granted.row.authorization_version


def dated_in_time(world: World) -> Iterator[Observation]:
    """C15: an authorization is dated 31 December of the reported year or earlier.

    Source: 2/CMA.3 annex para. 20.
    """
    for granted in all_granted(world):
        day = granted.row.date_of_authorization
        if day.year > granted.filed.year:
            facts: dict[str, str | int] = {"day": day.isoformat(), "year": granted.filed.year}
            yield Observation("later", granted.place("date_of_authorization"), facts)


def purposes_complete(world: World) -> Iterator[Observation]:
    """C16: other international mitigation purposes go with a description and a definition, and nothing else does.

    Source: 4/CMA.6 paras. 5(d)-(e), 12.
    """
    for granted in all_granted(world):
        row, covers = granted.row, bool(granted.purposes & OIMP_PARTS)
        if not granted.purposes:
            continue
        for attribute, given in (
            ("oimp_authorized", row.oimp_authorized is not None),
            ("first_transfer_definition", row.first_transfer_definition is not None),
        ):
            if covers is not given:
                name = world.form.table(2).field_of(attribute).label
                facts: dict[str, str | int] = {"purposes": row.purposes, "field": name}
                yield Observation("missing" if covers else "not_applicable", granted.place(attribute), facts)


def one_definition(world: World) -> Iterator[Observation]:
    """C17: all authorizations of a Party for one cooperative approach have the same first transfer definition.

    Source: 4/CMA.6 para. 15.
    """
    first: dict[tuple[str, str], Granted] = {}
    for granted in sorted(all_granted(world), key=_age):
        row = granted.row
        if row.first_transfer_definition is None:
            continue
        earlier = first.setdefault((granted.filed.party, row.cooperative_approach_id), granted)
        if earlier.row.first_transfer_definition != row.first_transfer_definition:
            facts: dict[str, str | int] = {
                "approach": row.cooperative_approach_id,
                "found": row.first_transfer_definition,
                "expected": earlier.row.first_transfer_definition or "NA",
                "authorization": earlier.row.authorization_id,
            }
            yield Observation("differs", granted.place("first_transfer_definition"), facts)


def _age(granted: Granted) -> tuple[date, int, int]:
    return granted.row.date_of_authorization, granted.row.authorization_version, granted.filed.year


def metric_complete(world: World) -> Iterator[Observation]:
    """C18: a non-GHG metric is named exactly where the metric is non-GHG.

    Source: 4/CMA.6 para. 5(l).
    """
    for granted in all_granted(world):
        row = granted.row
        if (row.metric == GHG) is (row.non_ghg_metric is not None):
            facts: dict[str, str | int] = {"metric": row.metric, "found": row.non_ghg_metric or "NA"}
            yield Observation("differs", granted.place("non_ghg_metric"), facts)


def quantity_possible(world: World) -> Iterator[Observation]:
    """C19: an authorized quantity, where one is stated, is above zero. No quantity means no limit.

    Source: 4/CMA.6 para. 5(h).
    """
    for granted in all_granted(world):
        quantity = granted.row.authorized_quantity
        if quantity is not None and quantity <= 0:
            yield Observation("not_positive", granted.place("authorized_quantity"), {"found": quantity})


def authorized_names_known(world: World) -> Iterator[Observation]:
    """C20: authorized Parties have valid codes, and authorized entities stand in table 5 for the approach.

    Source: 4/CMA.6 para. 5(b), annex II tables 2, 5.
    """
    codes = world.form.lists.get(PARTY_LIST)
    listed = _listed_entities(world)
    for granted in all_granted(world):
        row = granted.row
        for party in row.authorized_party_ids:
            if codes is not None and codes.canonical(party) is None:
                yield Observation("no_code", granted.place("authorized_party_ids"), {"found": party})
        for entity in row.authorized_entity_ids:
            if not listed.get((granted.filed.party, entity), set()) & {row.cooperative_approach_id, None}:
                facts: dict[str, str | int] = {"entity": entity, "approach": row.cooperative_approach_id}
                yield Observation("no_entity", granted.place("authorized_entity_ids"), facts, _weight(world, granted))


def _weight(world: World, granted: Granted) -> Severity | None:
    """What is absent from a table that could not be read whole, or from a missing report, is not known.

    A table 5 that lists entities of the approach says that it has no others.
    """
    reports = world.by_party[granted.filed.party]
    here = {filed.year for filed in reports}
    years = range(granted.row.date_of_authorization.year, granted.filed.year + 1)
    listed = any(
        entity.cooperative_approach_id == granted.row.cooperative_approach_id
        for entity in granted.filed.submission.entities
    )
    known = (here.issuperset(years) or listed) and not any(5 in filed.unread_tables for filed in reports)
    return None if known else Severity.NOT_AVAILABLE


def _listed_entities(world: World) -> Mapping[tuple[str, str], set[str | None]]:
    """The approaches for which each Party lists each entity."""
    listed: dict[tuple[str, str], set[str | None]] = defaultdict(set)
    for filed in world.filed:
        for entity in filed.submission.entities:
            listed[filed.party, entity.authorized_entity_id].add(entity.cooperative_approach_id)
    return listed


def timeframe_possible(world: World) -> Iterator[Observation]:
    """C21: a time frame runs forward, begins in 2021 or later, and ends before the deadline for its purposes.

    Source: 2/CMA.3 annex para. 1(e); 4/CMA.6 paras. 5(c), 14.
    """
    for granted in all_granted(world):
        text = granted.row.authorized_timeframe
        if not text:
            continue
        facts: dict[str, str | int] = {"timeframe": text}
        place = granted.place("authorized_timeframe")
        if not runs_forward(text):
            yield Observation("backwards", place, facts)
            continue
        frame = timeframe(text)
        if frame.occurred is not None and frame.occurred[0].year < VINTAGE_MIN:
            yield Observation("too_early", place, {**facts, "first": VINTAGE_MIN})
        if frame.used is not None and granted.purposes & OIMP_PARTS and not granted.filed.stood_in & PERIOD:
            occurred = frame.occurred[1].year if frame.occurred is not None else granted.filed.submission.ndc_last_year
            deadline = deadline_of_period(granted.filed.submission.ndc_last_year)
            if occurred <= granted.filed.submission.ndc_last_year and frame.used[1] > deadline:
                yield Observation("too_late", place, {**facts, "deadline": deadline.isoformat()})


def document_on_file(world: World) -> Iterator[Observation]:
    """C23: the CARP has a document for each authorization.

    Source: 4/CMA.6 para. 10.
    """
    documents = world.records.documents or frozenset()
    for granted in all_granted(world):
        name = granted.row.authorization_id
        if (granted.filed.party, name) not in documents:
            yield Observation("absent", granted.place("authorization_id"), {"authorization": name})


def all_granted(world: World) -> Iterator[Granted]:
    """Every row of every table 2, in the order of the files and rows."""
    for filed in world.filed:
        for index, row in enumerate(filed.submission.authorizations):
            yield Granted(filed, index, row, _purposes(world, row))


def _purposes(world: World, row: AuthorizationRow) -> frozenset[str]:
    return world.form.purposes.get(row.purposes, frozenset())
