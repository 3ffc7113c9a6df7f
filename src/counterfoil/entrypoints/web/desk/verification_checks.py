"""What a verifier looks at before signing: the quantities year by year, and what the register can tell by itself.

The act asks what binds again; here each thing is told by itself, with what to do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.activities.activity import ACTIVITY
from counterfoil.domain.activities.life import LIFE
from counterfoil.domain.activities.verifier import VERIFIER, Task, Verifier, accredited
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.mrv.materiality import Difference, difference
from counterfoil.domain.mrv.verification import VERIFICATION, VERIFIED

GOOD, WARN, BAD = "good", "warn", "bad"
FILES_LOOKED: Final = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One vintage. `verified` is None where the form says nothing of it yet."""

    vintage: int
    monitored: int
    verified: int | None

    @property
    def over(self) -> int:
        return self.monitored - (self.verified or 0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The quantities of a report beside those of the form, and the difference of the whole; None without a period."""

    lines: tuple[Line, ...]
    whole: Difference | None

    @property
    def exceeded(self) -> tuple[int, ...]:
        """Vintages for which more is verified than was monitored."""
        return tuple(each.vintage for each in self.lines if (each.verified or 0) > each.monitored)


@dataclass(frozen=True, slots=True)
class Check:
    """`name` is the key of its text; `facts` fill it; `tone` says how it stands."""

    name: str
    tone: str
    facts: Mapping[str, Any]


def sheet_of(report: Mapping[str, Any], said: Sequence[Mapping[str, Any]]) -> Sheet:
    """What the form says, as far as its numbers can be read, beside the report."""
    monitored = _by_year(report.get("monitored") or ())
    verified = _by_year(said)
    years = sorted(monitored.keys() | verified.keys())
    lines = tuple(Line(year, monitored.get(year, 0), verified.get(year)) for year in years)
    total = sum(monitored.values())
    if not total or not report.get("first_day"):
        return Sheet(lines, None)
    first, last = (date.fromisoformat(report[name]) for name in ("first_day", "last_day"))
    found = sum(each.verified or 0 for each in lines)
    return Sheet(lines, difference(monitored=total, verified=found, first_day=first, last_day=last))


def _by_year(rows: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    found: dict[int, int] = {}
    for each in rows:
        year, quantity = each.get("vintage"), each.get("quantity")
        if isinstance(year, int) and isinstance(quantity, int):
            found[year] = found.get(year, 0) + quantity
    return found


def checks(sight: Sight, report: Mapping[str, Any], sheet: Sheet, body: str, today: date) -> list[Check]:
    """In the order in which a verifier goes through them."""
    activity = str(report.get("activity") or "")
    found = [_evidence(sight, report), _quantities(sheet), *_materiality(sheet), *_findings(sight, activity)]
    if body:
        found += _body(sight, activity, body, today)
    return found


def _evidence(sight: Sight, report: Mapping[str, Any]) -> Check:
    digests = (report.get("evidence") or ())[:FILES_LOOKED]
    here = sum(1 for each in digests if sight.evidence.has(each))
    tone = GOOD if here == len(digests) else WARN
    return Check("evidence" if tone == GOOD else "evidence_missing", tone, {"n": here, "of": len(digests)})


def _quantities(sheet: Sheet) -> Check:
    if sheet.exceeded:
        return Check("exceeded", BAD, {"years": ", ".join(map(str, sheet.exceeded))})
    if any(each.verified is None for each in sheet.lines):
        return Check("left_out", WARN, {})
    return Check("within", GOOD, {})


def _materiality(sheet: Sheet) -> list[Check]:
    whole = sheet.whole
    if whole is None or sheet.exceeded:
        return []
    return [Check("material", WARN, {}) if whole.material else Check("not_material", GOOD, {})]


def _findings(sight: Sight, activity: str) -> list[Check]:
    """Findings that are open bar a verification."""
    life = sight.record(LIFE, activity) or {}
    count = len(life.get("closing") or ()) + len(life.get("forward") or ())
    return [Check("findings_open", BAD, {"n": count}) if count else Check("findings_none", GOOD, {})]


def _body(sight: Sight, activity: str, body: str, today: date) -> list[Check]:
    """What the register of bodies says; a body that is not in it may still verify where the law does not ask."""
    value, of = sight.record(VERIFIER, body), sight.record(ACTIVITY, activity) or {}
    life = sight.record(LIFE, activity) or {}
    found: list[Check] = []
    if value is None:
        found.append(Check("body_unregistered", WARN, {"body": body[:80]}))
    else:
        refusal = accredited(from_json(Verifier, value), Task.VERIFICATION, str(of.get("sector") or ""), today)
        found.append(
            Check("body_accredited" if refusal is None else "body_unfit", GOOD if refusal is None else BAD, {})
        )
    if body in (of.get("participants") or ()):
        found.append(Check("body_takes_part", BAD, {}))
    if body == life.get("validator"):
        found.append(Check("body_validated", WARN, {}))
    return found


def may_look(sight: Sight, name: str, report: Mapping[str, Any], body: str, today: date) -> bool:
    """Whether a body may have the evidence of a report: the one that verified it, or while it waits, one that may.

    No report names its verifier beforehand, so it waits for each that could verify it today: that takes no part, and
    is fit where the register of bodies knows it.
    """
    done = sight.record(VERIFIED, name)
    if done is not None:
        return (sight.record(VERIFICATION, done) or {}).get("verifier") == body
    return bool(body) and all(each.tone != BAD for each in _body(sight, str(report["activity"]), body, today))
