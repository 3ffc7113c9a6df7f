"""What a law answered: the refusal that a user sees first, and what the entry keeps of question and answer."""

from collections.abc import Mapping
from typing import Any

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.asked import Act
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Outcome, Ruling

Facts = Mapping[str, Any]


def first_refusal(rulings: tuple[Ruling, ...]) -> Refusal | None:
    """The first rule that refuses; where none does, all facts together that the law still asks for."""
    refused = next((ruling.refusal for ruling in rulings if ruling.outcome is Outcome.REFUSED), None)
    if refused is not None:
        return refused
    asking = [ruling for ruling in rulings if ruling.outcome is Outcome.ASKS]
    if not asking or asking[0].refusal is None:
        return None
    missing = dict.fromkeys(name for ruling in asking for name in ruling.missing)
    return Refusal(asking[0].refusal.code, {**asking[0].refusal.facts, "facts": ", ".join(missing)})


def told(law: Law, act: Act, asked: Facts, rulings: tuple[Ruling, ...]) -> dict[str, JSON]:
    """What the entry keeps: the law and its version, the question, and the rules that answered."""
    rules = sorted({ruling.basis[0].name for ruling in rulings if ruling.outcome is not Outcome.NOTED})
    said: dict[str, JSON] = {
        "pack": law.pack,
        "version": law.version,
        "act": act.value,
        "asked": {name: _plain(asked[name]) for name in sorted(asked)},
    }
    if rules:
        said["rules"] = list(rules)
    doubtful = sorted({basis.name for ruling in rulings for basis in ruling.doubtful})
    if doubtful:
        said["doubtful"] = list(doubtful)
    return said


def _plain(value: Any) -> JSON:
    if isinstance(value, frozenset | set | tuple | list):
        return sorted(str(item) for item in value)
    return value if isinstance(value, bool | int | str) else str(value)
