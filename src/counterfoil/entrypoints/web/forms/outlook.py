"""What an act would change, as tables for people: units, balances, the Party's adjustments, quotas and records.

The preview that is signed is plain JSON; this is its reading. What is beyond the bounds is counted, never hidden.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from counterfoil.application.preview import Preview
from counterfoil.application.queries.party_accounts import Gather, party_accounts
from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.web.forms.ndc_balance import Balance, Room, balances_of, rooms_of
from counterfoil.entrypoints.web.forms.ndc_effect import NdcEffect, ndc_effect
from counterfoil.entrypoints.web.forms.value_words import label, worded

ROWS_MAX: Final = 100
ADJUSTMENTS: Final = "adjustments"


@dataclass(frozen=True, slots=True)
class Change:
    """A record that would be new (`before` is empty in each row) or another: field, before, after."""

    kind: str
    key: str
    new: bool
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """The tables of one preview. `beyond` counts what is not shown of each."""

    act: str
    on: str
    units: tuple[Mapping[str, Any], ...]
    balances: tuple[Mapping[str, Any], ...]
    ndc: tuple[NdcEffect, ...]
    emissions: tuple[Balance, ...]
    rooms: tuple[Room, ...]
    records: tuple[Change, ...]
    facts: tuple[Mapping[str, Any], ...]
    beyond: int = 0

    @property
    def empty(self) -> bool:
        return not (self.units or self.balances or self.records or self.facts)


def outlook(sight: Sight, preview: Preview, texts: Texts, gather: Gather = party_accounts) -> Outlook:
    """The tables of a preview in the words of one language. `gather` gives the Party's accounts."""
    changes = preview.changes
    effects = ndc_effect(changes["balances"])
    balances = [_balance(each, texts) for each in changes["balances"]]
    sizes = [len(changes[name]) for name in ("units", "balances", "records", "facts")]
    return Outlook(
        act=texts.known(f"act.{changes['act']}") or changes["act"],
        on=changes["on"],
        units=tuple(changes["units"][:ROWS_MAX]),
        balances=tuple(each for each in balances if each["book"] != ADJUSTMENTS)[:ROWS_MAX],
        ndc=effects,
        emissions=balances_of(sight, effects, date.fromisoformat(changes["on"]), gather),
        rooms=rooms_of(sight, changes["records"])[:ROWS_MAX],
        records=tuple(_change(each, texts) for each in changes["records"][:ROWS_MAX]),
        facts=tuple(_facts(each, texts) for each in changes["facts"][:ROWS_MAX]),
        beyond=sum(max(0, size - ROWS_MAX) for size in sizes),
    )


def _balance(change: Mapping[str, Any], texts: Texts) -> dict[str, Any]:
    book = change["book"]
    named = texts.known(f"preview.book.{book}") or book
    return {**change, "named": named, "change": change["after"] - change["before"]}


def _change(record: Mapping[str, Any], texts: Texts) -> Change:
    before, after = record["before"], record["after"]
    kind = texts.known(f"record.{record['kind']}") or record["kind"]
    if before is None or not isinstance(before, Mapping) or not isinstance(after, Mapping):
        rows = (
            _new(after, texts)
            if before is None
            else ((texts("web.act.value"), worded("", before, texts), worded("", after, texts)),)
        )
        return Change(kind, record["key"], before is None, tuple(rows))
    names = [name for name in dict.fromkeys((*before, *after)) if before.get(name) != after.get(name)]
    rows = tuple(
        (label(name, texts), worded(name, before.get(name), texts), worded(name, after.get(name), texts))
        for name in names
    )
    return Change(kind, record["key"], new=False, rows=rows)


def _new(after: Any, texts: Texts) -> tuple[tuple[str, str, str], ...]:
    if not isinstance(after, Mapping):
        return ((texts("web.act.value"), "", worded("", after, texts)),)
    said = ((name, value) for name, value in after.items() if value not in (None, "", [], {}, False))
    return tuple((label(name, texts), "", worded(name, value, texts)) for name, value in said)


def _facts(change: Mapping[str, Any], texts: Texts) -> dict[str, Any]:
    told = tuple((label(name, texts), worded(name, value, texts)) for name, value in change["set"].items())
    return {"unit_class": change["unit_class"], "first": change["first"], "last": change["last"], "set": told}
