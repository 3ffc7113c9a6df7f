"""Versions of one authorization against each other: C22.

A change never touches what was first transferred, unless the terms of the version before already provided for it. What
the terms say in words no machine decides, so where a sentence of them seems to allow changes after first transfer the
finding is a warning for a reader. Terms that do not speak of it, or that deny it, leave the rule as it is: most
authorizations have terms, and few allow this. A version
that says of itself that it spares first transferred units takes nothing from them, whatever its columns hold; only
its quantity still counts them.

Source: 4/CMA.6 paras. 7-8; rulebook 5.3, check C22.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby, pairwise
from typing import Final

from counterfoil.domain.reporting.aef_format import TableSpec
from counterfoil.domain.reporting.aef_rows import AuthorizationRow
from counterfoil.domain.reporting.aef_terms import SPARES_FIRST_TRANSFERRED
from counterfoil.domain.reporting.consistency.timeframe import timeframe
from counterfoil.domain.reporting.consistency.world import Act, Grant, Granted, World
from counterfoil.domain.reporting.finding import Observation, Severity

_ABOUT_FIRST_TRANSFER: Final = re.compile(r"first[\s-]*transfer|首次轉讓", re.IGNORECASE)
_SENTENCE: Final = re.compile(r"[.;。；\n]+")
_AFTER: Final = re.compile(
    r"\b(after|following|subsequent|already|once|even|also|regardless|irrespective|notwithstanding|despite)\b"
    r"|首次轉讓之?後|已首次轉讓|首次轉讓者",
    re.IGNORECASE,
)
_DENIED: Final = re.compile(
    r"\b((no|not)(?! (only|later|less|more)\b)|never|none|neither|nor|without|cannot|excluded|prohibited|forbidden"
    r"|unaffected|spares?|(?<!not )only before)\b|n['’]t\b|[不無](?!論)|未|禁|僅",
    re.IGNORECASE,
)
_EXCEPTED: Final = re.compile(r"\b(unless|except|excepting|other than|save)\b|除", re.IGNORECASE)
_FIXED: Final = ("metric", "non_ghg_metric", "gwp_values", "first_transfer_definition")
"""Fields that say what a unit is; any change touches the units that are there."""


def spares_first_transferred(world: World) -> Iterator[Observation]:
    """C22: a new version takes nothing from units first transferred before it, and no version is rewritten.

    Source: 4/CMA.6 paras. 7-8.
    """
    moved = _first_transfers(world)
    for grants in world.grants.values():
        for grant in grants:
            latest = []
            for _, same in groupby(grant.versions, key=lambda granted: granted.row.authorization_version):
                first, *again = sorted(same, key=lambda granted: granted.filed.year)
                yield from (_rewritten(first, other) for other in again if _content(first.row) != _content(other.row))
                latest.append(first)
            acts = moved[_name(grant.party, latest[0].row)]
            for before, after in pairwise(latest):
                yield from _narrowed(world.form.table(2), before, after, acts)


def _first_transfers(world: World) -> dict[tuple[str, str, str], list[Act]]:
    found: dict[tuple[str, str, str], list[Act]] = defaultdict(list)
    for act in world.with_block:
        if act.is_first_transfer and isinstance(act.grant, Grant):
            found[_name(act.grant.party, act.grant.versions[0].row)].append(act)
    return found


def _name(party: str, row: AuthorizationRow) -> tuple[str, str, str]:
    return party, row.authorization_id, row.cooperative_approach_id


def _content(row: AuthorizationRow) -> AuthorizationRow:
    return replace(row, additional_explanatory_information=None)


def _rewritten(first: Granted, other: Granted) -> Observation:
    facts: dict[str, str | int] = {
        "authorization": other.row.authorization_id,
        "version": other.row.authorization_version,
        "other": first.filed.file,
    }
    return Observation("rewritten", other.place("authorization_version"), facts)


def _narrowed(fields: TableSpec, before: Granted, after: Granted, acts: list[Act]) -> Iterator[Observation]:
    since: date = after.row.date_of_authorization
    touched = [act for act in acts if act.action.action_date < since]
    if not touched:
        return
    severity = Severity.WARNING if _seems_to_allow(before.row.authorization_terms or "") else None
    spares = SPARES_FIRST_TRANSFERRED in (after.row.additional_explanatory_information or "")
    for attribute in (*(() if spares else _taken(before, after, touched)), *_cut(after, touched)):
        facts: dict[str, str | int] = {
            "authorization": after.row.authorization_id,
            "version": after.row.authorization_version,
            "before": before.row.authorization_version,
            "units": sum(act.size for act in touched),
            "field": fields.field_of(attribute).label,
        }
        yield Observation("touches", after.place(attribute), facts, severity)


def _seems_to_allow(terms: str) -> bool:
    """Whether some sentence speaks of changes after first transfer and does not deny them.

    "Except" before the first transfer turns the sentence round, and so does one behind a denial: "no changes after
    first transfer unless both Parties agree" allows some.
    """
    for sentence in _SENTENCE.split(terms):
        spoken = _ABOUT_FIRST_TRANSFER.search(sentence)
        if spoken is None or not _AFTER.search(sentence):
            continue
        denied = _DENIED.search(sentence) is not None
        excepted = _EXCEPTED.search(sentence)
        turned = excepted is not None and (denied or excepted.start() < spoken.start())
        if denied == turned:
            return True
    return False


def _taken(before: Granted, after: Granted, touched: list[Act]) -> Iterator[str]:
    """The attributes in which the later version gives units that are already abroad less than the earlier one."""
    old, new = before.row, after.row
    yield from (attribute for attribute in _FIXED if getattr(old, attribute) != getattr(new, attribute))
    if before.purposes - after.purposes:
        yield "purposes"
    for attribute in ("authorized_party_ids", "authorized_entity_ids"):
        had, has = set(getattr(old, attribute)), set(getattr(new, attribute))
        if has and (not had or had - has):
            yield attribute
    frame = timeframe(new.authorized_timeframe)
    if not all(frame.holds_vintage(act.action.vintage) for act in touched):
        yield "authorized_timeframe"


def _cut(after: Granted, touched: list[Act]) -> Iterator[str]:
    """A quantity below what is first transferred, which is counted under every version."""
    quantity = after.row.authorized_quantity
    if quantity is not None and quantity < sum(act.size for act in touched):
        yield "authorized_quantity"
