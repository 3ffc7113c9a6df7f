"""What the front door says of the installation itself: its sections, its health, and its counts for Prometheus."""

import asyncio
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from counterfoil.entrypoints.tenancy.door_counts import DoorCounts
from counterfoil.entrypoints.tenancy.standing import Running, SectionStanding, Standing

HEALTH: Final = b"GET /api/v1/health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
SECONDS: Final = 3
_BYTES_MAX: Final = 64 * 1024
_ENCODER: Final = msgspec.json.Encoder()


def index(standing: Standing) -> bytes:
    """The sections, and where each is found. Source: 6/CMA.4 annex I para. 22."""
    sections = [
        {
            "party": each.party,
            "path": f"/s/{each.party}/",
            "hosts": each.hosts,
            "administrator": each.party == standing.administrator,
            "open": each.running is not Running.CLOSED,
            "address": each.address,
        }
        for each in standing.sections
    ]
    return _ENCODER.encode({"name": standing.name, "sections": sections})


async def health(standing: Standing, *, in_detail: bool) -> tuple[int, bytes]:
    """Whether every open section answers: the status and the body. The details are for the owner."""
    open_ones = [each for each in standing.sections if each.running is not Running.CLOSED]
    if not in_detail:
        good = all(each.running is Running.RUNNING for each in open_ones)
        return (200 if good else 503), _ENCODER.encode({"status": "ok" if good else "failing"})
    sections = await _asked(standing)
    good = all(found.get("status") == "ok" for found in sections.values())
    return (200 if good else 503), _ENCODER.encode({"status": "ok" if good else "failing", "sections": sections})


async def section_health(section: SectionStanding) -> dict[str, Any]:
    """What a section says of its own health, or why it says nothing."""
    if section.running is not Running.RUNNING:
        return {"status": section.running.value}
    try:
        async with asyncio.timeout(SECONDS):
            reader, writer = await asyncio.open_unix_connection(section.socket)
            try:
                writer.write(HEALTH)
                data = await reader.read(_BYTES_MAX)
                while b"\r\n\r\n" not in data or not data.endswith(b"}"):
                    more = await reader.read(_BYTES_MAX)
                    if not more or len(data) > _BYTES_MAX:
                        break
                    data += more
            finally:
                writer.transport.abort()
        found: dict[str, Any] = msgspec.json.decode(data.partition(b"\r\n\r\n")[2])
        return found
    except (OSError, TimeoutError, msgspec.DecodeError):
        return {"status": "silent"}


async def metrics(standing: Standing, counts: DoorCounts) -> bytes:
    """How the sections are and what was counted, in the text format of Prometheus."""
    told = await _asked(standing)
    return ("\n".join(_metric_lines(standing, counts, told)) + "\n").encode()


async def _asked(standing: Standing) -> dict[str, dict[str, Any]]:
    """What each open section says of its health, all asked at once."""
    open_ones = [each for each in standing.sections if each.running is not Running.CLOSED]
    told = await asyncio.gather(*(section_health(each) for each in open_ones))
    return {each.party: found for each, found in zip(open_ones, told, strict=True)}


def _metric_lines(standing: Standing, counts: DoorCounts, told: dict[str, dict[str, Any]]) -> Iterator[str]:
    yield from _family("section_up", "gauge", "Whether the section's process runs.")
    for each in standing.sections:
        yield f'counterfoil_section_up{{party="{each.party}"}} {int(each.running is Running.RUNNING)}'
    yield from _family("section_well", "gauge", "Whether the section says that it is well.")
    for party, said in told.items():
        yield f'counterfoil_section_well{{party="{party}"}} {int(said.get("status") == "ok")}'
    yield from _family("section_entries", "gauge", "Entries of the section's journal.")
    for party, said in told.items():
        if isinstance(said.get("entries"), int):
            yield f'counterfoil_section_entries{{party="{party}"}} {said["entries"]}'
    yield from _family("section_ends_total", "counter", "How often the section's process ended unasked.")
    for each in standing.sections:
        yield f'counterfoil_section_ends_total{{party="{each.party}"}} {each.ends}'
    sections = sorted(counts.sections.items())
    yield from _family("door_answers_total", "counter", "Answers of the section through the front door.")
    for party, found in sections:
        for sort, number in sorted(found.answered.items()):
            yield f'counterfoil_door_answers_total{{party="{party}",status="{sort}"}} {number}'
    for name, kind, text in _COUNTED:
        yield from _family(name, kind, text)
        for party, found in sections:
            value = getattr(found, _FIELDS[name])
            yield f'counterfoil_{name}{{party="{party}"}} {value:.6f}'.replace(".000000", "")


def _family(name: str, kind: str, text: str) -> tuple[str, str]:
    return f"# HELP counterfoil_{name} {text}", f"# TYPE counterfoil_{name} {kind}"


_COUNTED: Final = (
    ("door_running", "gauge", "Requests that are in the section now."),
    ("door_turned_away_total", "counter", "Requests that the door did not hand on."),
    ("door_broken_total", "counter", "Requests that the section broke off."),
    ("door_seconds_total", "counter", "Seconds that requests took in all."),
)
_FIELDS: Final = {
    "door_running": "running",
    "door_turned_away_total": "turned_away",
    "door_broken_total": "broken",
    "door_seconds_total": "seconds",
}
