"""What the law asks and only people know: a fact that it misses gets its field, and each is asked as its type is."""

from collections.abc import Mapping
from typing import Any, Final

from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.facts import FACTS, Fact, FactType
from counterfoil.domain.policy.ruling import PolicyFault
from counterfoil.entrypoints.web.forms.reading import Typed, rows_of
from counterfoil.entrypoints.web.forms.shape import PREFIX, Asked, Control

ANSWERS: Final = "answers"
PATH: Final = f"{PREFIX}.{ANSWERS}"
ADDED_MAX: Final = 20


def fact_of(name: str, law_facts: Mapping[str, Fact]) -> Fact | None:
    """A fact of the law that is asked, or one that all laws share."""
    return law_facts.get(name) or FACTS.get(name)


def control_of(fact: Fact) -> Control:
    """With what somebody answers."""
    return Control.YES_NO if fact.type is FactType.YES_NO else Control.TEXT


def with_missing(asked: tuple[Asked, ...], typed: Typed, fault: Refusal | Outage) -> Typed:
    """The form with a field for each fact that the law misses, so that whoever is refused can answer at once."""
    if fault.code != PolicyFault.FACT_MISSING or not any(each.name == ANSWERS for each in asked):
        return typed
    numbers = rows_of(typed, PATH)
    known = {value for number in numbers for value in typed.get(f"{PATH}.{number}.key", ())}
    names = [each.strip() for each in str(fault.facts.get("facts", "")).split(",")]
    missing = [name for name in names if name and name not in known][:ADDED_MAX]
    first = max(numbers, default=-1) + 1
    added: dict[str, Any] = {}
    for number, name in enumerate(missing, first):
        added |= {f"{PATH}.{number}.key": (name,), f"{PATH}.{number}.value": ("",)}
    return {**typed, **added}


def place_of_missing(typed: Typed, fault: Refusal | Outage) -> str:
    """The field of the first fact that is missing; empty where the fault is another or no field asks for it."""
    if fault.code != PolicyFault.FACT_MISSING:
        return ""
    name = str(fault.facts.get("facts", "")).partition(",")[0].strip()
    found = (number for number in rows_of(typed, PATH) if name in typed.get(f"{PATH}.{number}.key", ()))
    number = next(found, None)
    return "" if number is None else f"{PATH}.{number}.value"
