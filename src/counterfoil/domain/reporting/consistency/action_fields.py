"""One action row by itself, its fields against each other and against table 1: C24 to C32."""

from collections.abc import Iterator
from typing import Final

from counterfoil.domain.reporting.aef_terms import ADAPTATION, ENDING, ActionType, Subtype
from counterfoil.domain.reporting.consistency.overlaps import Moments, disjoint
from counterfoil.domain.reporting.consistency.world import Act, World
from counterfoil.domain.reporting.finding import Observation

_TYPES: Final = frozenset(ActionType)


def dated_in_reported_year(world: World) -> Iterator[Observation]:
    """C24: the action happened in the reported year, counted in UTC.

    Source: 2/CMA.3 annex para. 20; secretariat code STC01.
    """
    for act in world.acts:
        if act.action.action_date.year != act.filed.year:
            facts: dict[str, str | int] = {"day": act.action.action_date.isoformat(), "year": act.filed.year}
            yield Observation("other_year", act.place("action_date"), facts)


def subtype_fits_type(world: World) -> Iterator[Observation]:
    """C25: the subtype is one that the action type can have. No subtype is a matter of C43.

    Source: common nomenclatures, table 26(b).
    """
    for act in world.acts:
        kind, subtype = act.action.action_type, act.action.action_subtype
        allowed = world.form.subtypes_by_type.get(kind)
        if subtype is not None and allowed is not None and subtype not in allowed:
            yield Observation("not_allowed", act.place("action_subtype"), {"type": kind, "subtype": subtype})


def acquisition_names_its_source(world: World) -> Iterator[Observation]:
    """C26: an acquisition, and nothing else, names the transferring Party, which is another Party.

    Source: 4/CMA.6 annex II table 3, field 20.
    """
    for act in world.acts:
        source = act.action.transferring_party_id
        if act.action.action_type == ActionType.ACQUISITION:
            if source is None:
                yield Observation("missing", act.place("transferring_party_id"))
            elif source == act.party:
                yield Observation("same_party", act.place("transferring_party_id"), {"found": source})
        elif source is not None:
            facts: dict[str, str | int] = {"type": act.action.action_type, "found": source}
            yield Observation("not_applicable", act.place("transferring_party_id"), facts)


def outward_act_names_its_target(world: World) -> Iterator[Observation]:
    """C27: a transfer or a first transfer to another Party, and nothing else, names the acquiring Party, another Party.

    A contribution to the Adaptation Fund has no acquiring Party, so there the field is left free, as it is where the
    subtype says that it is not yet defined. Source: 4/CMA.6 annex II table 3, field 21, and para. 16.
    """
    for act in world.acts:
        target, moves = act.action.acquiring_party_id, moves_to_party(act)
        if target is None and moves:
            yield Observation("missing", act.place("acquiring_party_id"), {"type": act.action.action_type})
        elif target is not None and moves is False:
            facts: dict[str, str | int] = {"type": act.action.action_type, "found": target}
            yield Observation("not_applicable", act.place("acquiring_party_id"), facts)
        elif target == act.party:
            yield Observation("same_party", act.place("acquiring_party_id"), {"found": act.party})


def moves_to_party(act: Act) -> bool | None:
    """Whether the act goes to a Party; None where its subtype leaves that open."""
    kind, subtype = act.action.action_type, act.action.action_subtype
    if kind == ActionType.TRANSFER:
        return None if subtype in ADAPTATION or subtype == Subtype.NOT_YET_DEFINED else True
    if kind == ActionType.FIRST_TRANSFER:
        if subtype in ADAPTATION or subtype in (None, Subtype.NOT_YET_DEFINED):
            return None
        return subtype == Subtype.TO_PARTY
    return False if kind in _TYPES else None


def use_names_its_party(world: World) -> Iterator[Observation]:
    """C28: a use or cancellation names the Party that uses or cancels; towards an NDC it is the reporting Party.

    Source: 4/CMA.6 annex II table 3, field 23; secretariat code II06.
    """
    for act in world.acts:
        user = act.action.using_cancelling_party_id
        if act.action.action_type not in ENDING:
            continue
        if user is None:
            yield Observation("missing", act.place("using_cancelling_party_id"), {"type": act.action.action_type})
        elif user != act.party and world.uses_towards_ndc(act):
            facts: dict[str, str | int] = {"found": user, "reporting": act.party}
            yield Observation("other_party", act.place("using_cancelling_party_id"), facts)


def use_towards_ndc_names_its_year(world: World) -> Iterator[Observation]:
    """C29: a use towards an NDC, and nothing else, names a calendar year, which is not after the reported one.

    Source: 2/CMA.3 annex para. 8(b); 4/CMA.6 annex II table 3, field 25.
    """
    for act in world.acts:
        year, place = act.action.year_itmo_used_towards_ndc, act.place
        if world.uses_towards_ndc(act):
            if year is None:
                yield Observation("missing", place("year_itmo_used_towards_ndc"))
            elif year > act.filed.year:
                facts: dict[str, str | int] = {"used": year, "year": act.filed.year}
                yield Observation("future", place("year_itmo_used_towards_ndc"), facts)
        elif year is not None:
            facts = {"used": year, "type": act.action.action_type}
            yield Observation("not_applicable", place("year_itmo_used_towards_ndc"), facts)


def use_stays_in_ndc_period(world: World) -> Iterator[Observation]:
    """C30: year of use and vintage both lie in the Party's NDC implementation period; there is no carry-over.

    Source: 2/CMA.3 annex para. 8(b); secretariat code STC03.
    """
    for act in world.acts:
        if not world.uses_towards_ndc(act) or act.filed.stood_in & {"ndc_first_year", "ndc_last_year"}:
            continue
        first, last = act.filed.submission.ndc_first_year, act.filed.submission.ndc_last_year
        for attribute in ("year_itmo_used_towards_ndc", "vintage"):
            year: int | None = getattr(act.action, attribute)
            if year is not None and not first <= year <= last:
                facts: dict[str, str | int] = {"found": year, "first": first, "last": last}
                yield Observation("use" if attribute != "vintage" else "vintage", act.place(attribute), facts)


def first_transfer_is_the_hosts(world: World) -> Iterator[Observation]:
    """C31: only the first transferring Party reports a first transfer.

    Source: 2/CMA.3 annex para. 2; 6/CMA.4 annex VII note i.
    """
    for act in world.acts:
        host = act.action.first_transferring_party_id
        if act.is_first_transfer and host != act.party:
            facts: dict[str, str | int] = {"found": host, "reporting": act.party}
            yield Observation("other_party", act.place("first_transferring_party_id"), facts)


def acquisition_is_from_abroad(world: World) -> Iterator[Observation]:
    """C32: an acquired unit comes from another host, or comes home after it was first transferred.

    Source: 2/CMA.3 annex paras. 2(a), 29.
    """
    left = {
        key: Moments(disjoint([act for act in acts if act.is_first_transfer])) for key, acts in world.by_key.items()
    }
    for act in world.with_block:
        if act.action.action_type != ActionType.ACQUISITION or act.action.first_transferring_party_id != act.party:
            continue
        known = world.first_transfers_known(act)
        if known and not left[act.key].covered(act.first, act.last):
            yield Observation("never_left", act.place("first_transferring_party_id"), {"found": act.party})
