"""Whether a Party takes part in the cooperative approaches that it reports: C61, C67."""

from collections.abc import Iterator

from counterfoil.domain.reporting.consistency.world import Block, World
from counterfoil.domain.reporting.finding import Observation


def takes_part(world: World) -> Iterator[Observation]:
    """C61: a Party reports actions and holdings only of approaches in which it is host, authorizing or authorized.

    Silent where the host of the units has not reported the year: then its authorizations are not known.
    Source: 2/CMA.3 annex para. 20; 6/CMA.4 annex I para. 37; secretariat code II01.
    """
    partners = _partners(world)
    for block in _first_rows(world):
        row = block.row
        approach, host = row.cooperative_approach_id, row.first_transferring_party_id
        if block.party == host or not world.reported_in_full(host, block.filed.year):
            continue
        known = partners.get(approach)
        if known is not None and block.party not in known and _ANY not in known:
            facts: dict[str, str | int] = {"party": block.party, "approach": approach}
            yield Observation("not_taking_part", block.place("cooperative_approach_id"), facts)


_ANY = "*"
"""Stands for an authorization that names no Party and so admits any."""


def _partners(world: World) -> dict[str, set[str]]:
    """By approach, the Parties that authorize or are authorized."""
    found: dict[str, set[str]] = {}
    for grants in world.grants.values():
        for grant in grants:
            for version in grant.versions:
                parties = found.setdefault(version.row.cooperative_approach_id, set())
                parties |= {grant.party, *(version.row.authorized_party_ids or (_ANY,))}
    return found


def _first_rows(world: World) -> Iterator[Block]:
    """The first row of each report, approach and host in tables 3 and 4."""
    told: set[tuple[int, str, str]] = set()
    for block in (*world.acts, *world.holdings):
        name = (id(block.filed), block.row.cooperative_approach_id, block.row.first_transferring_party_id)
        if name not in told:
            told.add(name)
            yield block


def approach_is_listed(world: World) -> Iterator[Observation]:
    """C67: an approach stands in the list of the CARP, and the reporting Party among its participants.

    Source: 6/CMA.4 annex I paras. 28-31.
    """
    listed = {approach.id: approach.parties for approach in world.records.approaches or ()}
    told: set[tuple[int, str]] = set()
    for block in _first_rows(world):
        approach = block.row.cooperative_approach_id
        if (id(block.filed), approach) in told:
            continue
        told.add((id(block.filed), approach))
        facts: dict[str, str | int] = {"approach": approach, "party": block.party}
        place = block.place("cooperative_approach_id")
        if approach not in listed:
            yield Observation("not_listed", place, facts)
        elif block.party not in listed[approach]:
            yield Observation("not_participating", place, {**facts, "parties": ", ".join(listed[approach]) or "–"})
