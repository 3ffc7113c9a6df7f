"""Trace a unit back: from where it stands now to the sensor data behind it.

Each entry names the entries that last touched the same units, so the thread is followed without an index. Where units
came from another Party's book, the thread goes on in the signed provenance that came with them.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, Final

from counterfoil.application.commands.correct import CORRECTED
from counterfoil.application.queries.show import unit_view
from counterfoil.application.queries.sight import Sight
from counterfoil.application.thread import Span, thread, touches
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.entry import Act
from counterfoil.domain.units.identifier import unit_identifier

STEPS_MAX: Final = 10_000


class TraceFault(StrEnum):
    TOO_LONG = "trace.too_long"


def trace(sight: Sight, text: str) -> Mapping[str, Any] | Refusal:
    """A unit's life, newest first: what it is now, and every step with its entry, day, and records.

    Steps name the authorization that they rest on in `because`; `authorizations` has each of them once. `assumed`
    lists what the records behind the steps say is assumed (demonstrations only).
    """
    view = unit_view(sight, text)
    if isinstance(view, Refusal):
        return view
    read = unit_identifier(text)
    assert not isinstance(read, Refusal)
    of, serial = read
    steps: list[dict[str, Any]] = []
    for leaf in thread(sight.reading, sight.codec, view["last_entry"], [Span(of.key, serial, serial)]):
        steps.append({"registry": sight.registry.registry, **_step(sight, leaf, of.key, serial)})
        if leaf["act"] == Act.ACQUIRED.value:
            steps.extend(_from_partner(sight, leaf, of.key, serial))
        if len(steps) > STEPS_MAX:
            return Refusal(TraceFault.TOO_LONG, {"identifier": text, "steps_max": STEPS_MAX})
    authorizations: dict[str, Any] = {}
    for step in steps:
        found = step.pop("authorization", None)
        if found is not None:
            authorizations.setdefault(step["because"], found)
    assumed = sorted({name for part in (*steps, *authorizations.values()) for name in _assumed(part)})
    return {
        **view,
        "demonstration": sight.registry.demonstration,
        "steps": steps,
        "authorizations": authorizations,
        "assumed": assumed,
    }


def _step(sight: Sight, leaf: Mapping[str, Any], unit_class: str, serial: int) -> dict[str, Any]:
    """One entry as a step of the life, with the records that it rests on."""
    step = step_of(leaf, unit_class, serial)
    corrected = sight.record(CORRECTED, str(leaf["seq"]))
    if corrected is not None:
        step["corrected"] = corrected
    if leaf.get("because"):
        step["authorization"] = _authorization(sight, leaf["because"])
    if leaf["act"] == Act.ISSUED.value:
        step.update(behind_issuance(leaf["details"], sight.record, sight))
    if leaf["act"] in (Act.CONVERTED.value, Act.REISSUED.value):
        # What was given up for it, and the proof where that was in another registry.
        step["conversion"] = {name: value for name, value in leaf["details"].items() if name != "law"}
    return step


def step_of(leaf: Mapping[str, Any], unit_class: str, serial: int) -> dict[str, Any]:
    """What one leaf says about one unit; of the additions, those in the year of its vintage."""
    vintage = unit_class.rpartition("-")[2]
    moves = [move for move in leaf.get("moves", ()) if move[0] == unit_class and move[1] <= serial <= move[2]]
    return {
        "seq": leaf["seq"],
        "act": leaf["act"],
        "on": leaf["on"],
        "recorded_at": leaf["at"],
        "by": leaf["by"],
        "moves": [{"first": m[1], "last": m[2], "source": m[3], "target": m[4]} for m in moves],
        "details": leaf.get("details", {}),
        "because": leaf.get("because"),
        "adjustments": [
            {"account": post[2], "amount": post[3]}
            for post in leaf.get("posts", ())
            if post[2].startswith("ndc:") and (not post[2].endswith(":added") or f":{vintage}:" in post[2])
        ],
        "backdated": leaf.get("backdated"),
    }


def behind_issuance(details: Mapping[str, Any], record: Any, sight: Sight | None) -> dict[str, Any]:
    """Activity, monitoring with its evidence, and verification behind an issuance."""
    monitoring = record("monitoring", details["monitoring"])
    found = {
        "activity": record("activity", details["activity"]),
        "verification": record("verification", details["verification"]),
        "monitoring": monitoring,
    }
    if sight is not None and monitoring is not None:
        found["evidence"] = [_evidence(sight, digest) for digest in monitoring["evidence"]]
    return found


def _evidence(sight: Sight, digest: str) -> dict[str, Any]:
    data = sight.evidence.get(digest)
    return {"sha256": digest, "bytes": None if data is None else len(data), "first_lines": _first_lines(data)}


def _first_lines(data: bytes | None) -> list[str]:
    if data is None:
        return []
    return data[:600].decode("utf-8", "replace").splitlines()[:4]


def _authorization(sight: Sight, reference: str) -> Any:
    """The cited version of an authorization: this registry's, or the copy that came with foreign units."""
    name, _, version = reference.rpartition(" v")
    if version.isdecimal():
        own = sight.record("authorization_version", f"{name}@{int(version):04d}")
        if own is not None:
            return own
    for key, value in sight.records("foreign_authorization"):
        if key.partition(":")[2] in (name, reference):
            return value
    return None


def _from_partner(
    sight: Sight, leaf: Mapping[str, Any], unit_class: str, serial: int, seen: set[str] | None = None
) -> Iterator[dict[str, Any]]:
    """The steps in the partners' books, from the provenance that they signed, each document once.

    What a partner signed and nobody can read ends the thread there: it must not keep this book's own from being seen.
    """
    seen = set() if seen is None else seen
    digest = str(leaf["details"].get("provenance", ""))
    data = None if digest in seen else sight.evidence.get(digest)
    if data is None:
        return
    seen.add(digest)
    try:
        provenance = sight.codec.decode(data)
        steps = list(_partner_steps(sight, provenance, unit_class, serial))
        earlier = [str(each) for each in provenance.get("earlier") or ()]
    except (AttributeError, LookupError, TypeError, ValueError):
        return
    yield from steps
    for each in earlier:
        yield from _from_partner(sight, {"details": {"provenance": each}}, unit_class, serial, seen)


def _partner_steps(sight: Sight, provenance: Any, unit_class: str, serial: int) -> Iterator[dict[str, Any]]:
    records = {(kind, key): value for kind, key, value in provenance["records"]}
    for theirs in provenance["leaves"]:
        if not touches(theirs, Span(unit_class, serial, serial)):
            continue
        step = {"registry": provenance["registry"], **step_of(theirs, unit_class, serial)}
        if theirs.get("because"):
            name = theirs["because"].rpartition(" v")[0]
            step["authorization"] = records.get(("authorization", name))
        if theirs["act"] == Act.ISSUED.value:
            step.update(behind_issuance(theirs["details"], lambda kind, key: records.get((kind, key)), None))
            step["evidence"] = [{"sha256": digest} for digest in (step["monitoring"] or {}).get("evidence", ())]
            step["evidence"] = [
                {**_evidence(sight, entry["sha256"]), "held_by": provenance["registry"]} for entry in step["evidence"]
            ]
        yield step


def _assumed(value: Any) -> Iterator[str]:
    """The names that records list as assumed, wherever they stand."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            if name == "assumed" and isinstance(item, list):
                yield from (str(each) for each in item)
            else:
                yield from _assumed(item)
    elif isinstance(value, list):
        for item in value:
            yield from _assumed(item)
