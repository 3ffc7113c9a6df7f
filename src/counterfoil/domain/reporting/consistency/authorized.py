"""An action against the authorization that it names: C38 to C44 and C51."""

from collections import defaultdict
from collections.abc import Iterator

from counterfoil.domain.reporting.aef_terms import (
    GHG,
    MECHANISM_APPROACH,
    OIMP_PARTS,
    FirstTransferDefinition,
    Purpose,
    Subtype,
)
from counterfoil.domain.reporting.consistency.deadline import deadline_of_period
from counterfoil.domain.reporting.consistency.timeframe import timeframe
from counterfoil.domain.reporting.consistency.world import Act, Block, Grant, Granted, World
from counterfoil.domain.reporting.finding import Observation, Severity

OIMP_SUBTYPES = frozenset({Subtype.AUTHORIZATION, Subtype.ISSUANCE, Subtype.USE_OR_CANCELLATION})
"""Subtypes of a first transfer for other international mitigation purposes; each has the name of its definition."""


def not_before_authorization(world: World) -> Iterator[Observation]:
    """C38: nothing happens to a unit as an ITMO before it is authorized.

    Source: 4/CMA.6 para. 11.
    """
    for act in world.acts:
        if act.grant is not None and act.action.action_date < act.grant.since:
            facts: dict[str, str | int] = {
                "day": act.action.action_date.isoformat(),
                "authorized": act.grant.since.isoformat(),
            }
            yield Observation("earlier", act.place("action_date"), facts)


def inside_timeframe(world: World) -> Iterator[Observation]:
    """C39: vintage and action lie inside the authorized time frame, where one is stated.

    Source: 4/CMA.6 para. 5(c), annex II table 2, field 15.
    """
    for act in world.acts:
        grant = act.grant
        if grant is None:
            continue
        row, day = act.action, act.action.action_date
        stated = grant.versions[-1].row.authorized_timeframe or ""
        facts: dict[str, str | int] = {"timeframe": stated, "vintage": row.vintage, "day": day.isoformat()}
        frames = [timeframe(version.row.authorized_timeframe) for version in grant.known_on(day)]
        if not any(frame.holds_vintage(row.vintage) for frame in frames):
            yield Observation("vintage", act.place("vintage"), facts)
        if not any(frame.holds_action(day, ends_life=act.ends_life) for frame in frames):
            yield Observation("action", act.place("action_date"), facts)


def authorization_is_known(world: World) -> Iterator[Observation]:
    """C40: the authorization is in a table 2 with the same cooperative approach.

    When the host has not reported the year, nobody can know, and the answer is "not available".
    Source: 4/CMA.6 paras. 11, 29-30; 6/CMA.4 annex I para. 37.
    """
    for act in world.acts:
        fault = authorization_fault(world, act)
        if fault is not None:
            yield fault


def authorization_fault(world: World, block: Block) -> Observation | None:
    """Why the authorization that a row names is not known, or None when it is."""
    if block.grant is not None:
        return None
    row = block.row
    facts: dict[str, str | int] = {
        "authorization": row.authorization_id,
        "approach": row.cooperative_approach_id,
        "host": row.first_transferring_party_id,
        "year": block.filed.year,
    }
    place = block.place("authorization_id")
    others = [grant for grant in world.grants.get(row.authorization_id, ()) if _is_of(grant, block)]
    if others:
        facts["found"] = others[0].versions[0].row.cooperative_approach_id
        return Observation("other_approach", place, facts)
    if _would_be_here(world, block):
        return Observation("unknown", place, facts)
    return Observation("host_not_reported", place, facts, Severity.NOT_AVAILABLE)


def _would_be_here(world: World, block: Block) -> bool:
    """Whether the authorization, if there were one, would stand in some table 2 that is here.

    A report need not repeat an authorization of an earlier year, so where earlier reports of the host are missing, only
    a table that does state authorizations of the approach says that there are no others.
    Source: 2/CMA.3 annex para. 20 (a report is about one year); rulebook 5.3, check C40.
    """
    host, approach = block.row.first_transferring_party_id, block.row.cooperative_approach_id
    if not world.authorizations_known(host, block.filed.year):
        return False
    if world.history_known(host, block.row.vintage, block.filed.year):
        return True
    return (host, approach) in world.once(_approaches_authorized)


def _approaches_authorized(world: World) -> frozenset[tuple[str, str]]:
    """The approaches of which each Party's reports state an authorization."""
    found = (grant for grants in world.grants.values() for grant in grants)
    return frozenset((grant.party, grant.versions[0].row.cooperative_approach_id) for grant in found)


def _is_of(grant: Grant, block: Block) -> bool:
    return grant.party in (block.row.first_transferring_party_id, block.party)


def purpose_is_authorized(world: World) -> Iterator[Observation]:
    """C41: what a unit is used, cancelled or first transferred for is an element of the authorized set.

    Set membership, not equality of strings: an authorization for `NDC and IMP` covers a use for IMP. A first transfer
    by authorization, issuance, use or cancellation is one for other purposes, so it says for which.
    Source: 2/CMA.3 annex para. 1(d), (f); 4/CMA.6 para. 5(e), annex II table 3, field 22; secretariat code STC02.
    """
    for act in world.acts:
        wanted = world.used_for(act)
        if _owes_purpose(act):
            authorized = act.grant.versions[-1].row.purposes if act.grant is not None else "–"
            facts: dict[str, str | int] = {"subtype": act.action.action_subtype or "", "authorized": authorized}
            yield Observation("missing", act.place("purpose_itmo_used_for_oimp"), facts)
        if act.grant is None or not wanted:
            continue
        if not any(_allows(version.purposes, wanted) for version in act.grant.known_on(act.action.action_date)):
            towards_ndc = world.uses_towards_ndc(act)
            attribute = "action_type" if towards_ndc else "purpose_itmo_used_for_oimp"
            facts = {
                "purpose": act.action.purpose_itmo_used_for_oimp or str(Purpose.NDC),
                "authorized": act.grant.versions[-1].row.purposes,
            }
            yield Observation("not_authorized", act.place(attribute), facts)


def _owes_purpose(act: Act) -> bool:
    row = act.action
    return act.is_first_transfer and row.action_subtype in OIMP_SUBTYPES and row.purpose_itmo_used_for_oimp is None


def _allows(purposes: frozenset[str], wanted: frozenset[str]) -> bool:
    """NDC must be in the set; of IMP and OP, which `OIMP` does not tell apart, one is enough."""
    oimp = wanted & OIMP_PARTS
    return (Purpose.NDC not in wanted or Purpose.NDC in purposes) and (not oimp or bool(oimp & purposes))


def user_is_authorized(world: World) -> Iterator[Observation]:
    """C42: the using Party is the host or an authorized Party, and the using entity an authorized entity.

    No Party in the authorization means any Party; no entity means that entities are not restricted.
    Source: 4/CMA.6 para. 5(b); secretariat code II06.
    """
    for act in world.acts:
        grant, row = act.grant, act.action
        user, entity = row.using_cancelling_party_id, row.using_cancelling_entity_id
        if grant is None:
            continue
        facts: dict[str, str | int] = {
            "found": user or "",
            "entity": entity or "",
            "authorization": row.authorization_id,
        }
        versions = [version.row for version in grant.known_on(row.action_date)]
        always = (None, grant.party, row.first_transferring_party_id)
        if user not in always and not any(_admits(version.authorized_party_ids, user) for version in versions):
            yield Observation("party", act.place("using_cancelling_party_id"), facts)
        if entity is not None and not any(_admits(version.authorized_entity_ids, entity) for version in versions):
            yield Observation("entity", act.place("using_cancelling_entity_id"), facts)


def _admits(authorized: tuple[str, ...], name: str | None) -> bool:
    return not authorized or name in authorized


def first_transfer_follows_definition(world: World) -> Iterator[Observation]:
    """C43: the subtype of a first transfer is the event that the authorization makes the first transfer.

    NDC only: the first international transfer. OIMP only: the event of the definition. Both: the earlier of the two,
    which under AUTHORIZATION and ISSUANCE is never the international transfer, since a unit is issued and authorized
    before it can move. A contribution to the Adaptation Fund or a cancellation for OMGE is a first transfer under any.
    A move abroad of an OIMP-only unit under USE_OR_CANCELLATION is one in the Article 6.4 mechanism only.

    Source: 2/CMA.3 annex para. 2; 4/CMA.6 paras. 12, 15-17; secretariat code STC04; rulebook 1.5.
    """
    for act in world.acts:
        if not act.is_first_transfer:
            continue
        subtype = act.action.action_subtype
        if subtype is None:
            yield Observation("no_subtype", act.place("action_subtype"))
            continue
        grant = act.grant
        if grant is not None and not any(_event_fits(known, act) for known in grant.known_on(act.action.action_date)):
            version = grant.versions[-1].row
            facts: dict[str, str | int] = {
                "subtype": subtype,
                "purposes": version.purposes,
                "definition": version.first_transfer_definition or "NA",
            }
            yield Observation("other_event", act.place("action_subtype"), facts)


def _event_fits(version: Granted, act: Act) -> bool:
    subtype, definition = act.action.action_subtype, version.row.first_transfer_definition
    covers_oimp = bool(version.purposes & OIMP_PARTS)
    if subtype in OIMP_SUBTYPES:
        return covers_oimp and definition == subtype
    if subtype == Subtype.TO_PARTY:
        if not covers_oimp:
            return True
        if definition != FirstTransferDefinition.USE_OR_CANCELLATION:
            return False
        return Purpose.NDC in version.purposes or act.action.cooperative_approach_id == MECHANISM_APPROACH
    return True


def oimp_first_transfer_in_time(world: World) -> Iterator[Observation]:
    """C44: a first transfer for OIMP is recorded before the year of the final BTR of the period of its vintage.

    Source: 4/CMA.6 para. 14.
    """
    periods: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for filed in world.filed:
        if not filed.stood_in & {"ndc_first_year", "ndc_last_year"}:
            periods[filed.party].add((filed.submission.ndc_first_year, filed.submission.ndc_last_year))
    for act in world.acts:
        if not act.is_first_transfer or act.action.action_subtype not in OIMP_SUBTYPES:
            continue
        ends = [last for first, last in periods[act.party] if first <= act.action.vintage <= last]
        if not ends:
            continue
        deadline = deadline_of_period(max(ends))
        if act.action.action_date > deadline:
            facts: dict[str, str | int] = {
                "day": act.action.action_date.isoformat(),
                "deadline": deadline.isoformat(),
                "period_end": max(ends),
            }
            yield Observation("late", act.place("action_date"), facts)


def authorized_quantity_not_exceeded(world: World) -> Iterator[Observation]:
    """C51: what was first transferred under an authorization, over all years, stays within its stated quantity.

    The latest version's quantity counts, as the act's own year reports it. The finding stands at the row that crosses
    it.
    Source: 4/CMA.6 para. 5(h).
    """
    moved: dict[tuple[str, str, str], list[Act]] = defaultdict(list)
    for act in world.with_block:
        if act.is_first_transfer and act.grant is not None:
            moved[act.grant.party, act.action.authorization_id, act.action.cooperative_approach_id].append(act)
    for acts in moved.values():
        total = 0
        for act in sorted(acts, key=lambda act: act.moment):
            assert act.grant is not None
            latest = act.grant.versions[-1].row
            limit = latest.authorized_quantity
            total += act.size
            if limit is not None and total > limit:
                attribute = "quantity_co2" if act.action.metric == GHG else "quantity_non_ghg"
                facts: dict[str, str | int] = {
                    "authorization": latest.authorization_id,
                    "total": sum(each.size for each in acts),
                    "limit": limit,
                }
                yield Observation("exceeded", act.place(attribute), facts)
                break
