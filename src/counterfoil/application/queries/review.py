"""The review of reports for reading: findings with their answers, and the lessons that name nobody."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from counterfoil.application.queries.show import ShowFault
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.lessons import as_values, lessons
from counterfoil.domain.reporting.review import ANSWER, FINDING, ReviewFinding

_KINDS: Final = (
    "registry", "partner", "approach", "foreign_approach", "activity", "entity", "account", "authorization",
    "foreign_authorization", "transfer", "agreed_transfer", "monitoring", "verification", "hold", "ndc", "inventory",
    FINDING,
)  # fmt: skip
_NAMING: Final = frozenset(
    ("title", "name", "holder", "origin", "registry", "party", "verifier", "entity", "country", "host", "team", "id",
     "ndc", "inventory", "partner", "participants", "authorized_parties", "authorized_entities", "activities",
     "report", "approach", "parties", "jurisdictions")
)  # fmt: skip
"""Members of records by which somebody or something could be recognized."""
_CODES: Final = frozenset({"self", "national", "tCO2e"})


def findings(sight: Sight, report: str = "") -> list[dict[str, Any]]:
    """All findings, or those on one report."""
    return [dict(value) for _, value in sight.records(FINDING) if report in ("", value["report"])]


def finding_view(sight: Sight, finding: str) -> Mapping[str, Any] | Refusal:
    """One finding with its answers, in their order."""
    value = sight.record(FINDING, finding)
    if value is None:
        return Refusal(ShowFault.NOT_FOUND, {"what": FINDING, "key": finding[:120]})
    answers = []
    for key, answer in sight.records(ANSWER, after=f"{finding}:"):
        if not key.startswith(f"{finding}:"):
            break
        answers.append(answer)
    return {**value, "answered": answers}


def lessons_view(sight: Sight) -> dict[str, Any]:
    """What others may learn from all findings. No Party, approach, serial or entity of the register stands in it."""
    found = [from_json(ReviewFinding, value) for _, value in sight.records(FINDING)]
    told = " ".join(one.lesson for one in found).casefold()
    known = {name for name in names_of(sight) if name.casefold() in told}
    return {"lessons": as_values(lessons(found, known))}


def names_of(sight: Sight) -> Iterator[str]:
    """Every name and identifier of the register, and the parts that they are put together from."""
    for kind in _KINDS:
        for key, value in sight.records(kind):
            for name in (key, *key.replace("@", ":").split(":"), *_named(value)):
                if len(name) > 1 and name not in _CODES:
                    yield name


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            if name in _NAMING:
                yield from _texts(item)
            elif isinstance(item, Mapping):
                yield from _named(item)


def _texts(item: Any) -> Iterator[str]:
    match item:
        case str():
            yield item
        case list() | tuple():
            for each in item:
                yield from _texts(each)
        case Mapping():
            for each in item.values():
                yield from _texts(each)
        case _:
            return
