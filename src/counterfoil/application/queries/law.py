"""What a law says on a day, what it answers about an act, and how two laws differ: as data for screens and programs."""

import dataclasses
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from counterfoil.domain.policy.asked import Asked
from counterfoil.domain.policy.basis import Basis, Text
from counterfoil.domain.policy.clause import Clause, Value, ValueRow
from counterfoil.domain.policy.facts import FactValue
from counterfoil.domain.policy.figure import Figure, Quantity
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.pack import doubtful
from counterfoil.domain.policy.permits import permits
from counterfoil.domain.policy.ruling import Amount, Ruling, verdict

View = dict[str, Any]


def text_view(text: Text) -> View:
    return {"en": text.en, "zh-Hant": text.zh_hant}


def basis_view(basis: Basis, law: Law | None = None) -> View:
    """Where something comes from; with its law, also the title of the source."""
    source = law.sources.get(basis.source) if law is not None else None
    view: View = {
        "pack": basis.pack,
        "version": basis.version,
        "name": basis.name,
        "label": text_view(basis.label),
        "from": basis.span.first.isoformat(),
        "to": basis.span.last.isoformat() if basis.span.last is not None else None,
        "provision": basis.provision,
        "source": basis.source,
        "confidence": basis.confidence.value,
    }
    if source is not None:
        view["source_title"] = text_view(source.title)
    if basis.note is not None:
        view["note"] = text_view(basis.note)
    return view


def law_view(law: Law, on: date) -> View:
    """The law of a day: rules and values in force, and the values that are not known."""
    rules = [_rule_view(clause, law) for rule in law.rules.values() if (clause := rule.on(on)) is not None]
    known = [(value, row) for value in law.values.values() if (row := value.on(on)) is not None]
    return {
        "id": law.pack,
        "version": law.version,
        "kind": law.kind,
        "jurisdiction": law.jurisdiction or None,
        "title": text_view(law.title),
        "on": on.isoformat(),
        "rules": rules,
        "values": [_value_view(value, row, law) for value, row in known],
        "unknown": [value.name for value in law.values.values() if value.on(on) is None],
    }


def _rule_view(clause: Clause, law: Law) -> View:
    head = basis_view(clause.basis, law)
    said = plain(clause.content)
    if clause.when:
        said["when"] = {each.fact: sorted((_word(word) for word in each.one_of), key=str) for each in clause.when}
    return {"name": clause.name, "kind": clause.kind, "says": said, "basis": head}


def _word(word: FactValue) -> bool | str:
    """One of the facts under which a rule concerns an act; yes and no stay what they are."""
    return word if isinstance(word, bool) else str(word)


def _value_view(value: Value, row: ValueRow, law: Law) -> View:
    shown = row.value if isinstance(row.value, str) else plain(row.value)
    return {"name": value.name, "unit": value.unit, "value": shown, "basis": basis_view(row.basis, law)}


def plain(part: Any) -> Any:
    """A part of a rule as JSON; fields that a pack left out are left out here too."""
    match part:
        case Figure():
            return part.named or str(part.quantity)
        case Quantity() | date():
            return str(part)
        case Text():
            return text_view(part)
        case StrEnum():
            return part.value
        case Mapping():
            return {str(key): plain(item) for key, item in part.items()}
        case tuple():
            return [plain(item) for item in part]
    if not dataclasses.is_dataclass(part) or isinstance(part, type):
        return part
    return {
        field.name: plain(value)
        for field in dataclasses.fields(part)
        if (value := getattr(part, field.name)) not in (None, "", (), {})
    }


def answer_view(law: Law, asked: Asked, on: date) -> View:
    """Every ruling of a law about one act on one day, and what they come to."""
    return answered_view(law, asked, on, permits(law, asked, on))


def answered_view(law: Law, asked: Asked, on: date, rulings: tuple[Ruling, ...]) -> View:
    """Some rulings of a law about one act on one day, and what they come to."""
    return {
        "pack": law.pack,
        "version": law.version,
        "act": asked.act.value,
        "on": on.isoformat(),
        "verdict": verdict(rulings).value,
        "missing": sorted({name for ruling in rulings for name in ruling.missing}),
        "doubtful": doubtful(rulings),
        "rulings": [ruling_view(ruling, law) for ruling in rulings],
    }


def ruling_view(ruling: Ruling, law: Law | None = None) -> View:
    """One ruling: the answer, amounts, and on what it stands."""
    view: View = {
        "outcome": ruling.outcome.value,
        "kind": ruling.kind,
        "rule": ruling.basis[0].name,
        "amounts": [_amount_view(amount) for amount in ruling.amounts],
        "notes": dict(ruling.notes),
        "missing": list(ruling.missing),
        "basis": [basis_view(basis, law) for basis in ruling.basis],
    }
    if ruling.refusal is not None:
        view["code"] = str(ruling.refusal.code)
        view["facts"] = dict(ruling.refusal.facts)
    return view


def _amount_view(amount: Amount) -> View:
    return {
        "name": amount.name,
        "quantity": amount.quantity,
        "unit": amount.unit,
        "recipient": amount.recipient or None,
        "rounding": amount.rounding.value,
    }


def difference(one: View, other: View) -> View:
    """How two views of laws differ, by the names of rules and values."""
    changes: View = {}
    for section, said in (("rules", "says"), ("values", "value")):
        before = {each["name"]: each for each in one[section]}
        after = {each["name"]: each for each in other[section]}
        changes[section] = {
            "added": [after[name] for name in after if name not in before],
            "removed": [before[name] for name in before if name not in after],
            "changed": [
                {"name": name, "before": before[name], "after": after[name]}
                for name in after
                if name in before and _differs(before[name], after[name], said)
            ],
        }
    sides = [{key: view[key] for key in ("id", "version", "title", "on")} for view in (one, other)]
    return {"before": sides[0], "after": sides[1], **changes}


def _differs(one: View, other: View, said: str) -> bool:
    """Whether the content or what it stands on has changed; the pack's own version does not count."""
    keys = ("provision", "source", "confidence", "from")
    return bool(one[said] != other[said] or any(one["basis"][key] != other["basis"][key] for key in keys))
