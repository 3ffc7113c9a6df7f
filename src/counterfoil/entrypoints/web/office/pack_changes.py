"""What another version of a law, or another day of the same, would change: rule by rule, with the provision.

Source: ADR-0024; requirement R-GOV-06.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from counterfoil.application.queries.law import difference, law_view
from counterfoil.domain.policy.law import Law
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.provision_text import provision_text
from counterfoil.entrypoints.rule_text import key_text, shown

DAYS_MAX: Final = 12
"""Days ahead on which a law changes that are told; a pack rarely has more than three."""
VALUE: Final = "value"
_NOTHING: Final = "–"


@dataclass(frozen=True, slots=True)
class Changed:
    """One rule or value: `how` is `added`, `removed` or `changed`; each line a key with what it was and what it is."""

    how: str
    label: str
    name: str
    lines: tuple[tuple[str, str, str], ...]
    provision: str
    source: str
    since: str


def changes(before: Law, after: Law, on: date, texts: Texts) -> list[Changed]:
    """What another law says differently about one day."""
    return list(_told(difference(law_view(before, on), law_view(after, on)), texts))


def ahead(law: Law, today: date, texts: Texts) -> list[tuple[date, list[Changed]]]:
    """The days to come on which a law changes by its own dates, each with what it changes."""
    found = ((day, _on_day(law, day, texts)) for day in _days(law, today))
    return [(day, changed) for day, changed in found if changed]


def _on_day(law: Law, day: date, texts: Texts) -> list[Changed]:
    views = law_view(law, day - timedelta(days=1)), law_view(law, day)
    return list(_told(difference(*views), texts))


def _days(law: Law, today: date) -> list[date]:
    """First days, and the days after last ones."""
    spans = [clause.basis.span for rule in law.rules.values() for clause in rule.versions]
    spans += [row.basis.span for value in law.values.values() for row in value.rows]
    edges = {span.first for span in spans} | {span.last + timedelta(days=1) for span in spans if span.last is not None}
    return sorted(day for day in edges if day > today)[:DAYS_MAX]


def _told(found: Mapping[str, Any], texts: Texts) -> Iterator[Changed]:
    for section in ("rules", "values"):
        parts = found[section]
        for each in parts["changed"]:
            yield _one("changed", each["before"], each["after"], texts)
        for each in parts["added"]:
            yield _one("added", None, each, texts)
        for each in parts["removed"]:
            yield _one("removed", each, None, texts)


def _one(how: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, texts: Texts) -> Changed:
    told = after or before
    assert told is not None, "a change has one side at least"
    basis, old, new = told["basis"], _said(before), _said(after)
    keys = [key for key in dict.fromkeys((*old, *new)) if old.get(key) != new.get(key)]
    lines = (
        ("" if key == VALUE else key_text(key, texts), _text(old, key, texts), _text(new, key, texts)) for key in keys
    )
    return Changed(
        how,
        basis["label"][texts.language],
        told["name"],
        tuple(lines),
        provision_text(basis["provision"], texts),
        basis.get("source_title", {}).get(texts.language, basis["source"]),
        basis["from"],
    )


def _said(side: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if side is None:
        return {}
    said: Mapping[str, Any] = side["says"] if "says" in side else {VALUE: side["value"]}
    return said


def _text(said: Mapping[str, Any], key: str, texts: Texts) -> str:
    return shown(said[key], texts, in_words=True) if key in said else _NOTHING
