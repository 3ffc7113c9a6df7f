"""What a field that names a record offers: a bounded list to begin with, and what fits what is typed."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from counterfoil.application.queries.activity_search import Asked as Wanted
from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.country_codes import country_names
from counterfoil.entrypoints.web.forms.references import COUNTRY, KINDS
from counterfoil.entrypoints.web.visit import Visit

LISTED: Final = 30
"""Records that a field offers before anything is typed."""
FOUND_MAX: Final = 30
LOOKED_MAX: Final = 600
"""Records of one kind that are looked through for a word in their titles; beyond them, only keys are looked up."""
_TITLES: Final = ("title", "name", "holder", "activity")
TEXT_MAX: Final = 80

Choice = tuple[str, str]


def choices(sight: Sight, visit: Visit, kind: str, text: str = "") -> list[Choice]:
    """Keys with their titles. Without a text, the first of the kind."""
    if kind == COUNTRY:
        return _countries(visit.language, text)
    if kind not in KINDS:
        return []
    if not text:
        return [_choice(key, value) for key, value in islice(sight.records(kind, limit=LISTED), LISTED)]
    if kind == "activity":
        return _activities(sight, visit, text)
    return list(islice(_fitting(sight, kind, text), FOUND_MAX))


def _fitting(sight: Sight, kind: str, text: str) -> Iterator[Choice]:
    """Those whose key begins with the text, then of a small kind those that hold it anywhere."""
    seen: set[str] = set()
    exact = sight.record(kind, text)
    beginning = sight.records(kind, after=text, limit=FOUND_MAX)
    for key, value in ([] if exact is None else [(text, exact)]) + list(islice(beginning, FOUND_MAX)):
        if key.startswith(text):
            seen.add(key)
            yield _choice(key, value)
    wanted = text.casefold()
    for key, value in islice(sight.records(kind, limit=LOOKED_MAX), LOOKED_MAX):
        choice = _choice(key, value)
        if key not in seen and any(wanted in each.casefold() for each in choice):
            yield choice


def _activities(sight: Sight, visit: Visit, text: str) -> list[Choice]:
    found = visit.ground.finding.found(sight, Wanted(text=text, limit=FOUND_MAX))
    return [(str(each["key"]), str(each.get("title", ""))) for each in found["items"]]


def _countries(language: str, text: str) -> list[Choice]:
    wanted = text.casefold()
    named = ((code, names.get(language, code)) for code, names in country_names().items())
    found = [each for each in named if not wanted or any(wanted in part.casefold() for part in each)]
    return found[:FOUND_MAX] if wanted else found


def _choice(key: str, value: Any) -> Choice:
    told = next((value[name] for name in _TITLES if isinstance(value, dict) and value.get(name)), "")
    return key, str(told)[:TEXT_MAX]
