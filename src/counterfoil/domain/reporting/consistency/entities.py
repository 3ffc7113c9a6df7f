"""Authorized entities of table 5, and the rows that name them: C59, C60."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from counterfoil.domain.reporting.aef_rows import EntityRow
from counterfoil.domain.reporting.consistency.world import Act, World
from counterfoil.domain.reporting.filed import Filed
from counterfoil.domain.reporting.finding import Observation, Place, Severity
from counterfoil.domain.units.identifier import VINTAGE_MIN


def rows_complete(world: World) -> Iterator[Observation]:
    """C59: an entity has a country, and one identification number of one country has one name everywhere.

    No row stands twice; one entity may have several rows that say different things. The older public checker leaves the
    country out; the format requires it. Source: 4/CMA.6 annex II table 5.
    """
    names: dict[tuple[str, str], tuple[str, Place]] = {}
    for filed in world.filed:
        told: set[EntityRow] = set()
        for index, entity in enumerate(filed.submission.entities):
            country = entity.authorized_entity_country_of_incorporation
            if country is None:
                place = _place(filed, index, "authorized_entity_country_of_incorporation")
                yield Observation("no_country", place, {"entity": entity.authorized_entity_id})
                continue
            place = _place(filed, index, "authorized_entity_name")
            if entity in told:
                yield Observation("again", place, {"entity": entity.authorized_entity_id, "country": country})
            told.add(entity)
            name = entity.authorized_entity_name
            known, where = names.setdefault((entity.authorized_entity_id, country), (name, place))
            if _norm(known) != _norm(name):
                facts: dict[str, str | int] = {
                    "entity": entity.authorized_entity_id,
                    "country": country,
                    "found": name,
                    "expected": known,
                    "other": f"{where.file}, {where.sheet}!{where.cell}",
                }
                yield Observation("two_names", place, facts)


def _place(filed: Filed, index: int, attribute: str) -> Place:
    origin = filed.origins[5]
    return Place(file=filed.file, party=filed.party, sheet=origin.sheet, cell=origin.cell(index, attribute))


def _norm(name: str) -> str:
    return " ".join(name.casefold().split())


def using_entity_is_listed(world: World) -> Iterator[Observation]:
    """C60: an entity that uses or cancels stands in a table 5, for the approach, dated not after the action.

    Where a report that may list it is missing, the answer is "not available".
    Source: 4/CMA.6 annex II tables 3, 5.
    """
    listed = _listed(world)
    for act in world.acts:
        name = act.action.using_cancelling_entity_id
        if name is None:
            continue
        place = act.place("using_cancelling_entity_id")
        approach, day = act.action.cooperative_approach_id, act.action.action_date
        facts: dict[str, str | int] = {"entity": name, "approach": approach, "day": day.isoformat()}
        rows = listed.get(name, ())
        fitting = [row for row in rows if row.cooperative_approach_id in (approach, None)]
        if not rows:
            yield Observation("absent", place, facts, None if _known(world, act) else Severity.NOT_AVAILABLE)
        elif not fitting:
            yield Observation("other_approach", place, facts)
        elif all(row.date_of_authorization is not None and row.date_of_authorization > day for row in fitting):
            yield Observation("later", place, facts)


def _listed(world: World) -> Mapping[str, list[EntityRow]]:
    found: dict[str, list[EntityRow]] = defaultdict(list)
    for filed in world.filed:
        for entity in filed.submission.entities:
            found[entity.authorized_entity_id].append(entity)
    return found


def _known(world: World, act: Act) -> bool:
    """Whether every report that may list the entity is here and was read whole, or one lists others of the approach."""
    approach, year = act.action.cooperative_approach_id, act.filed.year
    parties = {act.party, act.grant.party if act.grant is not None else act.action.first_transferring_party_id}
    since = act.grant.since.year if act.grant is not None else act.action.vintage
    years = range(max(since, VINTAGE_MIN), year + 1)
    if any(5 in filed.unread_tables for party in parties for filed in world.by_party.get(party, ())):
        return False
    if all((party, each) in world.reports for party in parties for each in years):
        return True
    own = [filed for party in parties if (filed := world.reports.get((party, year))) is not None]
    return any(row.cooperative_approach_id == approach for filed in own for row in filed.submission.entities)
