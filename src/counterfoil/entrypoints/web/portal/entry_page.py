"""The journal as a list, and one entry with all that it changed: where every figure of every page leads in the end."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from counterfoil.application.lawful import LAW
from counterfoil.application.queries.explain import rules_of_code
from counterfoil.application.queries.show import ShowFault, entry_view
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.entry import Act
from counterfoil.domain.units.identifier import identifier
from counterfoil.entrypoints.provision_text import provision_text
from counterfoil.entrypoints.web.listing import Column, Kind, Listing, Rows
from counterfoil.entrypoints.web.moment import moment_asked
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.portal.entry_words import (
    act_text,
    actor_text,
    newest,
    place_of,
    subject_of,
    subject_text,
)
from counterfoil.entrypoints.web.visit import Visit

_PERSON: Final = "person:"
_OWN: Final = ("ADR-", "R-", "SC-", "requirement", "rulebook")


def rows() -> tuple[PageRow, ...]:
    return (*_LIST.rows(), PageRow("/entries/{seq}", reading(_entry)))


def _lines(sight: Sight, visit: Visit, _values: Mapping[str, str], after: str, limit: int) -> Rows | Refusal:
    """The newest first; the key after which a page goes on is the number of its last entry."""
    last = sight.reading.last_checkpoint()
    before = 0 if last is None else last.size
    moment = moment_asked(sight, visit)
    if isinstance(moment, Refusal):
        return moment
    before = min(before, moment.size or before)
    if after.isascii() and after.isdecimal() and len(after) < 19:
        before = min(before, int(after))
    found = newest(sight, visit, before=before, limit=limit)
    more = bool(found) and found[-1].seq > 0
    return Rows([each.as_row() for each in found], str(found[-1].seq) if more else None)


def _entry_of(row: Mapping[str, Any]) -> tuple[object, ...]:
    return ("entries", row["seq"])


_LIST: Final = Listing(
    path="/entries",
    key="web.entries",
    columns=(
        Column("seq", lambda row: row["seq"], Kind.CODE, link=_entry_of),
        Column("act", lambda row: row["act"], link=_entry_of),
        Column("subject", lambda row: row["subject"], link=lambda row: row["place"]),
        Column("quantity", lambda row: row["quantity"], Kind.NUMBER),
        Column("on", lambda row: row["on"], Kind.DAY),
        Column("recorded_at", lambda row: row["recorded_at"], Kind.MOMENT),
        Column("by", lambda row: row["by"], words="actor"),
    ),
    source=_lines,
    as_of=True,
    own_moment=True,
)


def _entry(sight: Sight, visit: Visit) -> Reply | Refusal:
    key = visit.path["seq"]
    leaf = entry_view(sight, key)
    moment = moment_asked(sight, visit)
    if isinstance(leaf, Refusal) or isinstance(moment, Refusal):
        return leaf if isinstance(leaf, Refusal) else moment  # type: ignore[return-value]
    if not moment.before(leaf["seq"]):
        return Refusal(ShowFault.NOT_FOUND, {"what": "entry", "key": key[:40]})
    last = sight.reading.last_checkpoint()
    size = 0 if last is None else last.size
    subject, place = subject_of(leaf)
    facts = {
        "entry": leaf,
        "as_of": moment,
        "act": act_text(visit, leaf["act"]),
        "subject": subject_text(visit, subject, place),
        "place": place,
        "actors": {"persons": _persons(leaf["by"]), "name": actor_text(visit, leaf["by"])},
        "moves": [_move(each) for each in leaf.get("moves", ())],
        "units": sum(each[2] - each[1] + 1 for each in leaf.get("moves", ())),
        "records": [{"kind": k, "key": str(n), "place": place_of(k, str(n), v)} for k, n, v in leaf.get("records", ())],
        "law": _law(leaf.get("details", {})),
        "provisions": _provisions(leaf["act"], visit),
        "because": str(leaf.get("because") or ""),
        "letter": str(leaf.get("because") or "").rpartition(" v")[0],
        "earlier": leaf["seq"] - 1 if leaf["seq"] else None,
        "later": leaf["seq"] + 1 if leaf["seq"] + 1 < (moment.size or size) else None,
    }
    return Shown("portal/entry.html", facts)


def _persons(by: str) -> list[str]:
    """Who acted, then who agreed: the journal names several persons in their order."""
    return [each.removeprefix(_PERSON) for each in by.split("+")] if by.startswith(_PERSON) else []


def _move(row: Any) -> dict[str, Any]:
    unit_class, first, last, source, target = row
    return {
        "first_id": identifier(unit_class, first),
        "last_id": identifier(unit_class, last),
        "quantity": last - first + 1,
        "source": source,
        "target": target,
        "source_opened": role(source) is AccountRole.HOLDING,
        "target_opened": role(target) is AccountRole.HOLDING,
    }


def _law(details: Mapping[str, Any]) -> dict[str, Any] | None:
    """Which version of which pack decided, where the law was asked."""
    kept = details.get(LAW)
    if not isinstance(kept, Mapping):
        return None
    return {
        "pack": kept.get("pack", ""),
        "version": kept.get("version", ""),
        "rules": [str(each) for each in kept.get("rules", ())],
        "asked": {str(name): value for name, value in (kept.get("asked") or {}).items()},
    }


@cache
def _rules(act: str) -> tuple[Mapping[str, Any], ...]:
    """They stand in the code, which does not change while it runs."""
    return tuple(rules_of_code(Act(act))) if act in set(Act) else ()


def cited(provisions: Sequence[str], visit: Visit) -> list[str]:
    """The provisions of decisions and laws, without those of this program's own design."""
    return [provision_text(each, visit.texts) for each in provisions if not each.startswith(_OWN)]


def _provisions(act: str, visit: Visit) -> list[dict[str, Any]]:
    """The decisions in the code that make such entries, with the provisions that they name."""
    told = _rules(act)
    return [{"rule": each["rule"], "provisions": cited(each["provisions"], visit)} for each in told]
