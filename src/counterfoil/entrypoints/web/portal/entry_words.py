"""An entry of the journal in a line: what was done, to what, and where to read on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.application.command import SELF
from counterfoil.application.ports import JournalRow
from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.country_codes import country_names
from counterfoil.entrypoints.language import said
from counterfoil.entrypoints.web.visit import Visit

Segments = tuple[object, ...]
PLACES: Final = {
    "activity": "activities",
    "activity_life": "activities",
    "authorization": "authorizations",
    "using_authorization": "authorizations",
    "transfer": "transfers",
    "account": "accounts",
    "partner": "partners",
}
"""Records that have a page, by the first segment of its address."""
_SUBJECTS: Final = ("activity", "authorization", "transfer", "account", "partner", "hold", "grievance", "case", "offer")
"""Records that name best what an entry is about, in that order."""
_BEHIND: Final = {"monitoring": "activity", "verification": "activity"}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry for a list."""

    seq: int
    act: str
    on: str
    recorded_at: str
    by: str
    subject: str
    place: Segments | None
    units: int

    def as_row(self) -> dict[str, Any]:
        return {
            "seq": self.seq,
            "act": self.act,
            "on": self.on,
            "recorded_at": self.recorded_at,
            "by": self.by,
            "subject": self.subject,
            "place": self.place,
            "quantity": self.units or None,
        }


def line_of(sight: Sight, row: JournalRow, visit: Visit) -> Line:
    leaf = sight.codec.decode(row.leaf)
    subject, place = subject_of(leaf)
    return Line(
        row.seq,
        act_text(visit, leaf["act"]),
        leaf["on"],
        leaf["at"],
        leaf["by"],
        subject_text(visit, subject, place),
        place,
        sum(move[2] - move[1] + 1 for move in leaf.get("moves", ())),
    )


def act_text(visit: Visit, act: str) -> str:
    return visit.texts.known(f"act.{act}") or act


def actor_text(visit: Visit, by: str) -> str:
    """Who acted: a part of the program by its name, a person by the key that the journal has."""
    return visit.texts.known(f"actor.{by}") or by


def subject_text(visit: Visit, subject: str, place: Segments | None) -> str:
    """What an entry is about as a reader calls it: this registry in words, a partner by its name and its code."""
    if subject == SELF:
        return visit.texts("field.registry")
    names = country_names().get(subject) if place is not None and place[0] == "partners" else None
    return subject if names is None else f"{said(names, visit.language, f'country.{subject}')} {subject}"


def subject_of(leaf: Mapping[str, Any]) -> tuple[str, Segments | None]:
    """What an entry is about: its telling record, or the class of its units."""
    details, records = leaf.get("details", {}), leaf.get("records", ())
    if leaf.get("moves"):
        named = details.get("activity")
        if isinstance(named, str):
            return named, ("activities", named)
        move = leaf["moves"][0]
        first = str(move[0]).replace("#", str(move[1]), 1)
        return first, ("units", first)
    for kind in _SUBJECTS:
        for each in records:
            if each[0] == kind:
                return str(each[1]), place_of(kind, str(each[1]), each[2])
    if not records:
        return "", None
    kind, key, value = records[0]
    return str(key), place_of(kind, str(key), value)


def place_of(kind: str, key: str, value: Any = None) -> Segments | None:
    """The page of a record, or of the activity behind it."""
    if kind in _BEHIND and isinstance(value, Mapping) and _BEHIND[kind] in value:
        return ("activities", str(value[_BEHIND[kind]]))
    return (PLACES[kind], key) if kind in PLACES else None


def newest(sight: Sight, visit: Visit, *, before: int, limit: int) -> Sequence[Line]:
    """The entries below a number, the newest first."""
    rows = list(sight.reading.journal(max(0, before - limit), before - 1)) if before > 0 else []
    return [line_of(sight, row, visit) for row in reversed(rows)]
