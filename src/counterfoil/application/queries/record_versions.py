"""Every version of one record, as the journal set it, and the difference of two of them field by field."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, Final

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal

VERSIONS_MAX: Final = 10_000


class VersionFault(StrEnum):
    UNKNOWN = "record_version.unknown"


def versions_of(sight: Sight, kind: str, key: str) -> list[dict[str, Any]]:
    """The versions in the order of the journal: entry, legal day, who, and what the record said."""
    found: list[dict[str, Any]] = []
    for entry in sight.entries():
        for each in entry.entry.records:
            if (each.kind, each.key) == (kind, key) and len(found) < VERSIONS_MAX:
                found.append({"entry": entry.seq, "on": entry.entry.effective_on.isoformat(), "by": entry.by})
                found[-1] |= {"sealed": sorted(entry.sealed), "value": each.value}
    return found


def difference(
    sight: Sight, kind: str, key: str, *, before: int | None = None, after: int | None = None
) -> dict[str, Any] | Refusal:
    """What changed between two versions, by default the last two; each is named by the entry that set it.

    A confidential field shows only that it was sealed, never what it says.
    """
    versions = versions_of(sight, kind, key)
    numbers = [each["entry"] for each in versions]
    last = numbers[-1] if numbers else None
    first = numbers[-2] if len(numbers) > 1 else last
    chosen = (first if before is None else before, last if after is None else after)
    if None in chosen or not set(chosen) <= set(numbers):
        known = ", ".join(map(str, numbers[-20:])) or "-"
        return Refusal(VersionFault.UNKNOWN, {"kind": kind[:40], "key": key[:80], "known": known})
    old, new = (versions[numbers.index(number)] for number in chosen if number is not None)
    return {
        "kind": kind,
        "key": key,
        "before": {name: old[name] for name in ("entry", "on", "by", "sealed")},
        "after": {name: new[name] for name in ("entry", "on", "by", "sealed")},
        "differences": list(differences("", old["value"], new["value"])),
    }


def differences(path: str, old: Any, new: Any) -> Iterator[dict[str, Any]]:
    """Every field that differs, by its path; members of objects are compared one by one, lists as a whole."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in sorted({*old, *new}):
            yield from differences(f"{path}.{name}" if path else name, old.get(name), new.get(name))
    elif old != new:
        yield {"field": path, "before": old, "after": new}
