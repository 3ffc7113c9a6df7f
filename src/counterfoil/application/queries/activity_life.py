"""An activity with its life: where it stands, what is due, and everything that happened, each with its entry.

Nothing of a grievance is told but its number, its days and the public answer.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any, Final

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.activities.activity import ACTIVITY
from counterfoil.domain.activities.consultation import CONSULTATION
from counterfoil.domain.activities.finding import FINDING
from counterfoil.domain.activities.grievance import GRIEVANCE
from counterfoil.domain.activities.life import EVENT, LIFE, Event, registered_before
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.kernel.record import to_json

TIMELINE_MAX: Final = 1_000
"""Events that one answer tells; an activity with more tells its first ones."""
LISTED_MAX: Final = 1_000
SUSPENDED: Final = "suspended"
FILTERS: Final = ("state", "sector", "host", "kind")
"""The fields by which activities are looked for."""
SUBJECTS: Final[Mapping[str, tuple[str, ...]]] = {
    FINDING: (Event.FINDING_RECORDED.value,),
    GRIEVANCE: (Event.GRIEVANCE_FILED.value,),
    CONSULTATION: (Event.CONSULTED.value,),
}


def life_view(sight: Sight, key: str) -> dict[str, Any]:
    """What the record of an activity does not say: its life, its timeline, and what was found, asked and filed."""
    timeline = list(islice(_events(sight, key), TIMELINE_MAX))
    return {
        "life": _life(sight.record(LIFE, key), key),
        "timeline": timeline,
        "findings": _named(sight, FINDING, timeline),
        "consultations": _named(sight, CONSULTATION, timeline),
        "grievances": _named(sight, GRIEVANCE, timeline),
    }


def _life(value: Any, key: str) -> dict[str, Any]:
    """Where it stands, in one word: its stage, or that it is suspended."""
    found: Any = value if value is not None else to_json(registered_before(ActivityId(key)))
    return {**found, "state": state_of(found)}


def state_of(life: Mapping[str, Any]) -> str:
    """The stage of an activity, or `suspended`, which lies over it."""
    return SUSPENDED if life["suspended_on"] else str(life["stage"])


def _events(sight: Sight, key: str) -> Iterator[dict[str, Any]]:
    """Every event in its order, with who recorded it, when, and by which entry."""
    prefix = f"{key}@"
    for row in sight.reading.records(EVENT, after=prefix):
        if not row.key.startswith(prefix):
            return
        event = sight.codec.decode(row.value)
        if event["activity"] != key:
            continue
        entry = sight.entry(row.seq)
        told = {"entry": row.seq, "by": "", "recorded_at": ""}
        if entry is not None:
            told |= {"by": entry.by, "recorded_at": entry.recorded_at}
        yield {**{name: value for name, value in event.items() if name != "activity"}, **told}


def _named(sight: Sight, kind: str, timeline: list[dict[str, Any]]) -> list[Any]:
    names = dict.fromkeys(each["subject"] for each in timeline if each["event"] in SUBJECTS[kind])
    return [found for name in names if (found := sight.record(kind, name)) is not None]


def activities(
    sight: Sight, *, after: str = "", limit: int = 100, filters: Mapping[str, str], on: date | None = None
) -> dict[str, Any]:
    """Activities by their keys with where each stands; `filters` are words that its field must be.

    Args:
        filters: Any of `state`, `sector`, `host`, `kind`; an empty word asks for nothing.
        on: With a day, only what has something due before it: its stage, or nothing at all otherwise.
    """
    size = max(1, min(limit, LISTED_MAX))
    found = list(islice(_matching(sight, after, filters, on), size + 1))
    return {"items": found[:size], "next": found[size - 1]["key"] if len(found) > size else None}


def _matching(sight: Sight, after: str, filters: Mapping[str, str], on: date | None) -> Iterator[dict[str, Any]]:
    fields = {name: word for name, word in filters.items() if word and name != "state"}
    state = filters.get("state", "")
    for key, value in sight.records(ACTIVITY, after=after):
        # A record of an earlier version lacks the fields that came later, which then say nothing.
        if any(str(value.get(name, "project" if name == "kind" else "")) != word for name, word in fields.items()):
            continue
        life = _life(sight.record(LIFE, key), key)
        if state and state not in (life["state"], life["stage"]):
            continue
        if on is not None and not (life["due"] and life["due"] < on.isoformat()):
            continue
        yield {"key": key, **value, "state": life["state"], "stage": life["stage"], "due": life["due"]}
