"""What all rows must say alike of one serial: C66.

Sectors and activity types are compared per authorization and not per cooperative approach, because one approach may
hold several authorizations.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Final

from counterfoil.domain.reporting.aef_rows import ActionRow, AuthorizationRow, HoldingRow
from counterfoil.domain.reporting.aef_terms import GHG
from counterfoil.domain.reporting.consistency.overlaps import disagreeing
from counterfoil.domain.reporting.consistency.serial_history import where
from counterfoil.domain.reporting.consistency.underlying import units_behind
from counterfoil.domain.reporting.consistency.world import Act, Block, Grant, World
from counterfoil.domain.reporting.finding import Observation

Attribute = tuple[str, Callable[[Block], Hashable]]
"""An attribute of a row and the value to compare."""


def units_offset(block: Block) -> Hashable:
    """Which underlying unit stands behind serial 0 of the block; None where no units are named in full, one to one."""
    units = units_behind(block.row) if block.row.metric == GHG else None
    if block.row.underlying_unit_registry_id is None or units is None or units.size != block.size:
        return None
    return block.row.underlying_unit_registry_id, *units.around, units.first - block.first


COMPARED: Final[tuple[tuple[str, str, Callable[[Block], Hashable]], ...]] = (
    ("metric", "metric", lambda block: _metric(block.row)),
    ("mitigation", "mitigation_type", lambda block: block.row.mitigation_type),
    ("offset", "underlying_unit_first_unit_id", units_offset),
)
"""Case, attribute that the finding points at, value."""


def attributes_agree(world: World) -> Iterator[Observation]:
    """C66: metric, mitigation type and underlying units of a serial are the same in all rows, the metric is that of its
    authorization, and the authorization has the same sectors and activity types wherever a Party reports it.

    Source: 6/CMA.4 annex I paras. 4-5, 37; secretariat codes II03, II04, II05.
    """
    for acts in world.by_key.values():
        for case, attribute, value in COMPARED:
            yield from _disagreements(acts, case, attribute, value)
    yield from _metric_as_authorized(world)
    yield from _authorizations(world)


def _metric(row: ActionRow | HoldingRow | AuthorizationRow) -> tuple[str, str | None]:
    return row.metric, row.non_ghg_metric


def _metric_as_authorized(world: World) -> Iterator[Observation]:
    """Rows of tables 3 and 4 in a metric that no version of their authorization states.

    Where no row at all has the authorized metric, the authorization is the one that is odd, and is named once. A row or
    a version whose two metric columns contradict each other is a matter of C18 and C35: it counts as its kind.
    Source: 4/CMA.6 annex II tables 2 to 4 (metric); secretariat code II04.
    """
    under: dict[tuple[str, str, str], list[tuple[Block, Grant]]] = defaultdict(list)
    for block in (*world.acts, *world.holdings):
        if block.grant is not None:
            name = (block.grant.party, block.row.authorization_id, block.row.cooperative_approach_id)
            under[name].append((block, block.grant))
    for (party, authorization, _), blocks in under.items():
        odd = [(block, grant) for block, grant in blocks if not _in_metric_of(block, grant)]
        if odd and len(odd) == len(blocks):
            block, grant = odd[0]
            yield _odd_authorization(authorization, grant, block)
            continue
        for block, grant in odd:
            facts: dict[str, str | int] = {"authorization": authorization, "party": party}
            facts |= {"found": _worded(block.row), "expected": _worded(grant.versions[-1].row)}
            yield Observation("authorized_metric", block.place("metric"), facts)


def _odd_authorization(authorization: str, grant: Grant, block: Block) -> Observation:
    stated = grant.versions[-1]
    facts: dict[str, str | int] = {"authorization": authorization, "other": where(block)}
    facts |= {"found": _worded(stated.row), "expected": _worded(block.row)}
    return Observation("metric_of_no_row", stated.place("metric"), facts)


def _in_metric_of(block: Block, grant: Grant) -> bool:
    return any(_one_metric(version.row, block.row) for version in grant.versions)


def _one_metric(one: AuthorizationRow, other: ActionRow | HoldingRow) -> bool:
    names = {one.non_ghg_metric, other.non_ghg_metric}
    return one.metric == other.metric and (one.metric == GHG or None in names or len(names) == 1)


def _worded(row: ActionRow | HoldingRow | AuthorizationRow) -> str:
    return " ".join(filter(None, _metric(row)))


def _disagreements(
    acts: Sequence[Act], case: str, attribute: str, value: Callable[[Block], Hashable]
) -> Iterator[Observation]:
    given = [act for act in acts if value(act) is not None]
    if len({value(act) for act in given}) < 2:
        return
    for earlier, act in disagreeing(given, value):
        first, last = max(earlier.first, act.first), min(earlier.last, act.last)
        facts: dict[str, str | int] = {
            "first": first,
            "last": last,
            "found": _shown(act, attribute),
            "expected": _shown(earlier, attribute),
            "other": where(earlier),
        }
        yield Observation(case, act.place(attribute), facts, serials=(act.key, first, last))


def _shown(block: Block, attribute: str) -> str:
    return _worded(block.row) if attribute == "metric" else str(getattr(block.row, attribute))


def _authorizations(world: World) -> Iterator[Observation]:
    """Where a Party that moves units under the host's authorization repeats it in its own table 2 otherwise."""
    told: set[tuple[str, str, str]] = set()
    for act in world.acts:
        name = (act.party, act.action.authorization_id, act.action.cooperative_approach_id)
        if act.grant is None or act.grant.party == act.party or name in told:
            continue
        told.add(name)
        for own in world.grants.get(act.action.authorization_id, ()):
            same = own.versions[0].row.cooperative_approach_id == act.action.cooperative_approach_id
            if own.party == act.party and same:
                yield from _repeated(act.grant, own)


def _repeated(theirs: Grant, own: Grant) -> Iterator[Observation]:
    expected, found = theirs.versions[-1], own.versions[-1]
    for case, attribute in (("sectors", "sectors"), ("activity_types", "activity_types")):
        ours, others = set(getattr(found.row, attribute)), set(getattr(expected.row, attribute))
        if ours != others:
            facts: dict[str, str | int] = {
                "authorization": found.row.authorization_id,
                "found": ", ".join(sorted(ours)) or "–",
                "expected": ", ".join(sorted(others)) or "–",
                "party": theirs.party,
            }
            yield Observation(case, found.place(attribute), facts)
