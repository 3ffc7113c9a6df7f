"""From the files of `law/` to a law: values, facts, and rules with their dated versions."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any, Final

from counterfoil.domain.policy.asked import Act, fact_value
from counterfoil.domain.policy.basis import Basis, Confidence, Span, Text
from counterfoil.domain.policy.clause import Clause, Condition, Rule, Value, ValueRow
from counterfoil.domain.policy.facts import FACTS, Fact, FactType
from counterfoil.domain.policy.figure import Quantity, is_unit, quantity
from counterfoil.domain.policy.law import Law, Source
from counterfoil.domain.policy.permits import KINDS
from counterfoil.packs.field_reading import (
    Known,
    Spot,
    Unread,
    choice,
    fact_unknown,
    read_content,
    read_day,
    read_requirements,
    read_text,
    shaped,
)
from counterfoil.packs.pack_fault import PackFault
from counterfoil.packs.toml_file import TomlFile

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")
WORD_UNITS: Final = frozenset({"word", "list"})
DATED: Final = ("from", "to", "source", "provision", "confidence", "note")
VERSION_KEYS: Final = (*DATED, "acts", "when")
SECTIONS: Final = {
    "value": ("unit", "label", "requirements", "dated"),
    "rule": ("kind", "label", "requirements", "dated"),
    "fact": ("type", "label"),
}


class LawReader:
    """Reads the law files of one pack. Facts and values come first, because rules name them."""

    def __init__(self, law: Law, jurisdictions: frozenset[str]) -> None:
        self._law = law
        self._jurisdictions = jurisdictions

    def read(self, files: Sequence[TomlFile]) -> Law:
        """The law with what could be read; problems are kept in the files."""
        for file in files:
            for key in file.content:
                if key not in SECTIONS:
                    file.wrong(PackFault.KEY_UNKNOWN, (key,), key=key, known=", ".join(SECTIONS))
        facts = dict(self._facts(files))
        law = self._law
        values = {name: value for name, spot, raw in entries(files, "value") if (value := self._value(name, spot, raw))}
        units = {name: value.unit for name, value in values.items() if value.unit not in WORD_UNITS}
        known = Known(units, facts, self._jurisdictions)
        rules = {
            name: rule for name, spot, raw in entries(files, "rule") if (rule := self._rule(name, spot, raw, known))
        }
        return Law(law.pack, law.version, law.kind, law.jurisdiction, law.title, law.sources, values, rules, facts)

    def _facts(self, files: Sequence[TomlFile]) -> Iterable[tuple[str, Fact]]:
        for name, spot, raw in entries(files, "fact"):
            try:
                if name in FACTS:
                    raise spot.wrong(PackFault.NAME_TWICE, name=name)
                kind = choice(FactType, raw.get("type"), spot.below("type"))
                yield name, Fact(name, kind, read_text(raw.get("label"), spot.below("label")))
            except Unread:
                continue

    def _value(self, name: str, spot: Spot, raw: Mapping[str, Any]) -> Value | None:
        try:
            unit = raw.get("unit")
            shown = {"%": "share"}.get(str(unit), str(unit))
            if unit is None or not (is_unit(shown) or shown in WORD_UNITS):
                raise spot.wrong(
                    PackFault.VALUE_WITHOUT_UNIT, key=name, value=str(unit), unit="%, t, SGD/t, word, list"
                )
            label = read_text(raw.get("label"), spot.below("label"))
            meets = read_requirements(raw, spot)
        except Unread:
            return None
        rows: list[ValueRow] = []
        for below, row in _dated(spot, raw, may_be_open=True):
            try:
                basis = self._basis(f"value.{name}", label, below, row)
                rows.append(ValueRow(_row_value(str(unit), row.get("value"), below.below("value")), basis))
            except Unread:
                continue
            for key in row:
                if key not in (*DATED, "value"):
                    below.below(key).wrong(PackFault.KEY_UNKNOWN, key=key, known=", ".join((*DATED, "value")))
        _apart(spot, [row.basis for row in rows])
        return Value(name, shown, label, tuple(sorted(rows, key=lambda row: row.basis.span.first)), meets)

    def _rule(self, name: str, spot: Spot, raw: Mapping[str, Any], known: Known) -> Rule | None:
        kind = KINDS.get(str(raw.get("kind")))
        try:
            if kind is None:
                below = spot.below("kind")
                raise below.wrong(PackFault.KIND_UNKNOWN, value=str(raw.get("kind"))[:80], known=", ".join(KINDS))
            label = read_text(raw.get("label"), spot.below("label"))
            meets = read_requirements(raw, spot)
        except Unread:
            return None
        versions = [
            clause
            for below, row in _dated(spot, raw)
            if (clause := self._clause(kind.name, self._safe_basis(name, label, below, row), below, row, known))
        ]
        _apart(spot, [clause.basis for clause in versions])
        return Rule(name, kind.name, label, tuple(sorted(versions, key=lambda clause: clause.basis.span.first)), meets)

    def _safe_basis(self, name: str, label: Text, spot: Spot, row: Mapping[str, Any]) -> Basis | None:
        try:
            return self._basis(name, label, spot, row)
        except Unread:
            return None

    def _clause(
        self, kind: str, basis: Basis | None, spot: Spot, row: Mapping[str, Any], known: Known
    ) -> Clause | None:
        content = {key: value for key, value in row.items() if key not in VERSION_KEYS}
        read = read_content(KINDS[kind].content, content, spot, known)
        try:
            named = shaped(list, row.get("acts", []), spot.below("acts"))
            acts = frozenset(choice(Act, act, spot.below("acts")) for act in named)
            if KINDS[kind].acts_required and not acts:
                raise spot.wrong(PackFault.KEY_MISSING, key="acts")
            when = tuple(
                _condition(fact, wanted, spot.below("when").below(fact), known)
                for fact, wanted in shaped(dict, row.get("when", {}), spot.below("when")).items()
            )
        except Unread:
            return None
        if basis is None or read is None:
            return None
        acts_of = KINDS[kind].acts_of
        if not acts and acts_of is not None:
            acts = acts_of(read)
        return Clause(kind, basis, read, acts, when)

    def _basis(self, name: str, label: Text, spot: Spot, row: Mapping[str, Any]) -> Basis:
        """The dated head of a row or version. Raises Unread with the problem kept."""
        source = row.get("source")
        if not isinstance(source, str) or not source:
            raise spot.wrong(PackFault.SOURCE_MISSING, name=name)
        if source not in self._law.sources:
            raise spot.below("source").wrong(
                PackFault.SOURCE_UNKNOWN, source=source[:80], known=", ".join(self._law.sources) or "-"
            )
        provision = row.get("provision")
        if not isinstance(provision, str) or not provision.strip():
            raise spot.wrong(PackFault.PROVISION_MISSING, name=name)
        confidence = choice(Confidence, row.get("confidence"), spot.below("confidence"))
        span = Span(read_day(row.get("from"), spot.below("from")), _last(row, spot))
        if span.last is not None and span.last < span.first:
            days = {"first": span.first.isoformat(), "last": span.last.isoformat()}
            raise spot.below("to").wrong(PackFault.DAYS_BACKWARDS, name=name, **days)
        note = read_text(row["note"], spot.below("note")) if "note" in row else None
        pack, version = self._law.pack, self._law.version
        return Basis(pack, version, name, label, span, source, provision, Confidence(confidence), note)


def entries(files: Sequence[TomlFile], section: str) -> list[tuple[str, Spot, Mapping[str, Any]]]:
    """Every table of one section in all files. A name is used once in a pack."""
    found: dict[str, tuple[str, Spot, Mapping[str, Any]]] = {}
    for file in files:
        tables = file.content.get(section, {})
        if not isinstance(tables, dict):
            file.wrong(PackFault.SHAPE_WRONG, (section,), key=section, expected=f"[{section}.NAME]")
            continue
        for name, raw in tables.items():
            spot = Spot(file, (section, name))
            if not isinstance(raw, dict):
                spot.wrong(PackFault.SHAPE_WRONG, key=name, expected=f"[{section}.{name}]")
            elif not NAME.match(name):
                spot.wrong(PackFault.NAME_UNFIT, name=name)
            elif name in found:
                spot.wrong(PackFault.NAME_TWICE, name=name)
            elif set(raw) == {"dated"}:
                spot.wrong(PackFault.HEAD_MISSING, name=name, table=f"{section}.{name}")
            else:
                _only(SECTIONS[section], raw, spot)
                found[name] = (name, spot, raw)
    return list(found.values())


def _only(known: Sequence[str], raw: Mapping[str, Any], spot: Spot) -> None:
    for key in raw:
        if key not in known:
            spot.below(key).wrong(PackFault.KEY_UNKNOWN, key=key, known=", ".join(known))


def _dated(spot: Spot, raw: Mapping[str, Any], *, may_be_open: bool = False) -> list[tuple[Spot, Mapping[str, Any]]]:
    """The dated rows. A value may stand open, without any: what the law says is then not known."""
    if may_be_open and "dated" not in raw:
        return []
    rows = raw.get("dated")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        spot.wrong(PackFault.ROWS_MISSING, name=str(spot.key), table=".".join(map(str, spot.place)))
        return []
    return [(spot.below("dated").below(place), row) for place, row in enumerate(rows)]


def _last(row: Mapping[str, Any], spot: Spot) -> date | None:
    return read_day(row["to"], spot.below("to")) if "to" in row else None


def _apart(spot: Spot, bases: Sequence[Basis]) -> None:
    """Two rows never hold on the same day: one day has one answer."""
    for one, other in combinations(bases, 2):
        if one.span.meets(other.span):
            later = max(one.span.first, other.span.first)
            place = next((n for n, row in enumerate(_rows(spot)) if row.get("from") == later), 0)
            spot.below("dated").below(place).wrong(
                PackFault.DAYS_OVERLAP, name=one.name, first=min(one.span.first, other.span.first).isoformat(),
                second=later.isoformat(),
            )  # fmt: skip
            return


def _rows(spot: Spot) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = spot.file.content[str(spot.place[0])][str(spot.place[1])]["dated"]
    return rows


def _row_value(unit: str, raw: Any, spot: Spot) -> Quantity | str | tuple[str, ...]:
    """A number in the value's unit; a word; or a list of words."""
    if unit == "list":
        if not isinstance(raw, list) or not all(isinstance(word, str) and word for word in raw):
            raise spot.wrong(PackFault.SHAPE_WRONG, key="value", expected='value = ["...", "..."]')
        return tuple(raw)
    if unit == "word" and isinstance(raw, str) and raw:
        return raw
    written = quantity(f"{raw} {unit}") if isinstance(raw, str) and unit != "word" else None
    if written is None:
        raise spot.wrong(PackFault.VALUE_UNREADABLE, key="value", value=str(raw)[:80], unit=unit)
    return written


def _condition(fact: str, wanted: Any, spot: Spot, known: Known) -> Condition:
    if not known.has_fact(fact):
        raise spot.wrong(PackFault.FACT_UNKNOWN, **fact_unknown(fact, known.facts))
    kind = (FACTS | dict(known.facts))[fact].type
    single = FactType.WORD if kind is FactType.WORDS else kind
    values = [fact_value(single, each) for each in (wanted if isinstance(wanted, list) else [wanted])]
    if any(value is None for value in values) or not values:
        raise spot.wrong(PackFault.FACT_UNREADABLE, fact=fact, value=str(wanted)[:80], type=kind.value)
    return Condition(fact, frozenset(value for value in values if value is not None))


def read_sources(file: TomlFile) -> dict[str, Source]:
    """The `[[source]]` tables of pack.toml by their ids."""
    found: dict[str, Source] = {}
    raw = file.content.get("source", [])
    if not isinstance(raw, list):
        file.wrong(PackFault.SHAPE_WRONG, ("source",), key="source", expected="[[source]]")
        return found
    for place, row in enumerate(raw):
        spot = Spot(file, ("source", place))
        if not isinstance(row, dict):
            spot.wrong(PackFault.SHAPE_WRONG, key="source", expected="[[source]]")
            continue
        _only(("id", "title", "date", "url", "archived", "original", "status"), row, spot)
        try:
            name = row.get("id")
            if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", name) or name in found:
                raise spot.below("id").wrong(PackFault.NAME_UNFIT, name=str(name)[:80])
            title = read_text(row.get("title"), spot.below("title"))
            dated = read_day(row["date"], spot.below("date")) if "date" in row else None
            links = {key: str(row.get(key, "")) for key in ("url", "archived")}
            original = row.get("original") is True
            found[name] = Source(
                name, title, dated, **links, original=original, status=str(row.get("status", "in_force"))
            )
        except Unread:
            continue
    return found
