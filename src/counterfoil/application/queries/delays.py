"""How long things take: days from one gate to the next, for each pair of Parties, and what waits at a gate now.

A registry sees its own gates: as a host the stages of an activity, registration, authorization, issuance, proposal and
settlement; as a buyer acquisition, recognition and use. Days are legal days. A corrected entry and its correction are
left out.

Source: requirement R-FRI-03.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from statistics import median_low
from typing import Any, Final

from counterfoil.application.commands.correct import CORRECTED
from counterfoil.application.commands.foreign import FOREIGN_APPROACH
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.activities.activity import ACTIVITY, APPROACH
from counterfoil.domain.authorizations.authorization import AUTHORIZATION_RECORD
from counterfoil.domain.ledger.entry import Act, Entry
from counterfoil.domain.policy.stages import Stage
from counterfoil.domain.units.identifier import UnitClass, unit_class

ANY: Final = ""
"""The other Party of a gate that is not about one: no letter or transfer has named it yet."""


class Gate(StrEnum):
    """From one day to another."""

    IDEA = "at_idea"
    CONSULTATION = "at_consultation"
    VALIDATION = "at_validation"
    APPROVAL = "at_approval"
    AUTHORIZATION = "registration_to_authorization"
    ISSUANCE = "authorization_to_issuance"
    PROPOSAL = "issuance_to_proposal"
    SETTLEMENT = "proposal_to_settlement"
    RECOGNITION = "acquisition_to_recognition"
    USE = "acquisition_to_use"


@dataclass(frozen=True, slots=True)
class Corridor:
    """Where outcomes come from, and where they go; empty where no letter or transfer says."""

    origin: str
    target: str


@dataclass(slots=True)
class _Days:
    """What was seen so far: days by the name of what passed a gate, and the parties of transfers and letters."""

    stages: dict[str, list[tuple[str, date]]] = field(default_factory=dict)
    registered: dict[str, date] = field(default_factory=dict)
    letters: dict[str, tuple[date, str]] = field(default_factory=dict)
    authorized: dict[str, tuple[date, str]] = field(default_factory=dict)
    issued: dict[str, date] = field(default_factory=dict)
    proposed: dict[str, tuple[date, str, Sequence[str]]] = field(default_factory=dict)
    settled: dict[str, date] = field(default_factory=dict)
    voided: set[str] = field(default_factory=set)
    acquired: dict[str, tuple[date, str]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    recognized: dict[str, date] = field(default_factory=dict)
    used: dict[str, date] = field(default_factory=dict)
    arrived: list[tuple[str, int, int, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Gathered:
    """The days of one gate and corridor; `waiting` counts the days of those that have not passed it."""

    days: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)


def delays(sight: Sight, *, on: date) -> list[dict[str, Any]]:
    """One row for each gate and corridor: how many passed, the median, shortest and longest, and how many wait.

    The median of an even number of waits is the lower of the two in the middle. `waiting_longest` is up to `on`.
    """
    seen = _fold(sight)
    own = sight.registry.party
    gates: dict[tuple[Gate, Corridor], _Gathered] = {}

    def passed(gate: Gate, other: str, since: date, until: date | None, *, inward: bool = False) -> None:
        corridor = Corridor(other, own) if inward else Corridor(own, other)
        gathered = gates.setdefault((gate, corridor), _Gathered())
        kept, end = (gathered.waiting, on) if until is None else (gathered.days, until)
        if end >= since:
            kept.append((end - since).days)

    for gate, since, until in _stages(seen):
        passed(gate, ANY, since, until)
    for activity, day in seen.registered.items():
        letter = seen.authorized.get(activity)
        passed(Gate.AUTHORIZATION, ANY if letter is None else letter[1], day, None if letter is None else letter[0])
    for activity, (day, other) in seen.authorized.items():
        passed(Gate.ISSUANCE, other, day, seen.issued.get(activity))
    for transfer, (day, other, activities) in seen.proposed.items():
        births = [seen.issued[name] for name in activities if name in seen.issued]
        if births:
            passed(Gate.PROPOSAL, other, min(births), day)
        if transfer not in seen.voided:
            passed(Gate.SETTLEMENT, other, day, seen.settled.get(transfer))
    for transfer, (day, other) in seen.acquired.items():
        if transfer in seen.asked or transfer in seen.recognized:
            passed(Gate.RECOGNITION, other, day, seen.recognized.get(transfer), inward=True)
        passed(Gate.USE, other, day, seen.used.get(transfer), inward=True)
    order = list(Gate)
    ranked = sorted(gates, key=lambda key: (order.index(key[0]), key[1].origin, key[1].target))
    return [_row(gate, corridor, gates[gate, corridor]) for gate, corridor in ranked]


def _stages(seen: _Days) -> Iterator[tuple[Gate, date, date | None]]:
    """Every stay of an activity at an early stage, with its end, if it has ended. To come back is another stay."""
    known = {gate.value.removeprefix("at_"): gate for gate in Gate if gate.value.startswith("at_")}
    for steps in seen.stages.values():
        ends = [day for _, day in steps[1:]]
        for (stage, since), until in zip(steps, [*ends, None], strict=True):
            if stage in known:
                yield known[stage], since, until


def _row(gate: Gate, corridor: Corridor, gathered: _Gathered) -> dict[str, Any]:
    days = gathered.days
    return {
        "gate": gate.value,
        "from": corridor.origin,
        "to": corridor.target,
        "passed": len(days),
        "median_days": median_low(days) if days else None,
        "shortest_days": min(days, default=None),
        "longest_days": max(days, default=None),
        "waiting": len(gathered.waiting),
        "waiting_longest_days": max(gathered.waiting, default=None),
    }


def _fold(sight: Sight) -> _Days:
    corrected = {int(key) for key, _ in sight.records(CORRECTED)}
    seen = _Days()
    for entry in sight.entries():
        if entry.seq not in corrected and entry.entry.corrects is None:
            _take(seen, entry.entry, sight)
    return seen


def _take(seen: _Days, entry: Entry, sight: Sight) -> None:
    day, details = entry.effective_on, entry.details
    transfer = str(details.get("transfer", ""))
    match entry.act:
        case Act.ACTIVITY_PROPOSED | Act.ACTIVITY_ADVANCED | Act.ACTIVITY_WITHDRAWN:
            stage = str(details.get("stage", Stage.WITHDRAWN))
            seen.stages.setdefault(str(details["activity"]), []).append((stage, day))
            if stage == Stage.REGISTERED:
                seen.registered.setdefault(str(details["activity"]), day)
        case Act.ACTIVITY_REGISTERED:
            for key in (each.key for each in entry.records if each.kind == ACTIVITY):
                seen.registered.setdefault(key, day)
        case Act.AUTHORIZED:
            for record in entry.records:
                if record.kind == AUTHORIZATION_RECORD and isinstance(record.value, Mapping):
                    _authorized(seen, record.value, day)
        case Act.ISSUED:
            activity = str(details.get("activity", ""))
            seen.issued.setdefault(activity, day)
            # A letter may name no activity: the units say which one they were issued under.
            for letter in (str(change.facts.get("authorization", "")) for change in entry.facts):
                if letter in seen.letters:
                    seen.authorized.setdefault(activity, seen.letters[letter])
        case Act.TRANSFER_PROPOSED:
            seen.proposed[transfer] = day, str(details["partner"]), _activities(entry, sight)
        case Act.FIRST_TRANSFERRED | Act.TRANSFERRED_ABROAD:
            seen.settled.setdefault(transfer, day)
        case Act.TRANSFER_VOIDED:
            seen.voided.add(transfer)
        case Act.ACQUIRED:
            seen.acquired.setdefault(transfer, (day, str(details["partner"])))
            if "year" in details:
                seen.used.setdefault(transfer, day)
            if any(_recognition_asked(move.unit_class, sight) for move in entry.moves):
                seen.asked.add(transfer)
            seen.arrived += [(move.unit_class, move.first, move.last, transfer) for move in entry.moves]
        case Act.TRANSFER_RECOGNIZED:
            seen.recognized.setdefault(transfer, day)
        case Act.USED_TOWARDS_NDC:
            for key in _came_with(seen, entry):
                seen.used.setdefault(key, day)
        case _:
            return


def _authorized(seen: _Days, value: Mapping[str, Any], day: date) -> None:
    """A letter to one Party names the corridor; any other letter is about none."""
    parties = value.get("authorized_parties", ())
    other = str(parties[0]) if len(parties) == 1 else ANY
    seen.letters.setdefault(str(value.get("id", "")), (day, other))
    for activity in value.get("activities", ()):
        seen.authorized.setdefault(str(activity), (day, other))


def _recognition_asked(key: str, sight: Sight) -> bool:
    """Whether the approach of a class asks for the buyer's recognition, by this registry's record or the host's."""
    of = unit_class(key)
    approach = of.cooperative_approach if isinstance(of, UnitClass) else None
    records = [sight.record(kind, approach) for kind in (APPROACH, FOREIGN_APPROACH)] if approach else []
    return any(each is not None and each.get("recognition_required", False) for each in records)


def _activities(entry: Entry, sight: Sight) -> Sequence[str]:
    """The activities of the moved units; where units come from never changes."""
    found: dict[str, None] = {}
    for move in entry.moves:
        for holding in sight.holdings_between(move.unit_class, move.first, move.last):
            found[str(holding.facts.get("activity", ""))] = None
    return tuple(found)


def _came_with(seen: _Days, entry: Entry) -> set[str]:
    """The transfers by which the used units came."""
    return {
        key
        for move in entry.moves
        for unit_class, first, last, key in seen.arrived
        if unit_class == move.unit_class and first <= move.last and move.first <= last
    }
