"""The check of a boundary that the press makes. Only the press's own process imports this module, and its library."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.application.queries.overlaps import proposed
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.boundary_desk import Proposal, register
from counterfoil.entrypoints.country_check import beside_own_country
from counterfoil.entrypoints.http.press import Facts


def met(folder: Path, facts: Facts, upload: IO[bytes], target: Path) -> Refusal | None:
    """What the boundary in the upload meets, as JSON; with the fact `country`, how it lies to the own one too."""
    proposal = Proposal(
        sector=str(facts.get("sector") or ""),
        methodology=str(facts.get("methodology") or ""),
        first_day=_day(facts, "from"),
        last_day=_day(facts, "to"),
    )
    with open_for_reading(Folder(folder)) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)
        party, data = sight.registry.party, upload.read()
        found = proposed(sight, register(sight), data, like=proposal.like(party), on=_today())
    if isinstance(found, Refusal):
        return found
    if facts.get("country"):
        found = {**found, "country": beside_own_country(data, party)}
    target.write_bytes(json.dumps(found, ensure_ascii=False, indent=2).encode() + b"\n")
    return None


def _today() -> date:
    """The day in UTC."""
    return datetime.fromtimestamp(SystemClock().now_ms() // 1000, UTC).date()


def _day(facts: Facts, name: str) -> date | None:
    value = facts.get(name)
    return None if not value else date.fromisoformat(str(value))
