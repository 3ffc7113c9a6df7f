"""One unit: where it stands, its whole life as a picture and in steps, and what may be said of it."""

import re
from collections.abc import Mapping
from typing import Any, Final

from counterfoil.application.queries.show import ShowFault, unit_view
from counterfoil.application.queries.sight import Sight
from counterfoil.application.queries.unit_life import UnitLife, unit_life
from counterfoil.domain.accounting.unit_facts import unit_facts
from counterfoil.domain.compliance.unit_claim import UnitClaim
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.units.identifier import identifier, unit_identifier
from counterfoil.entrypoints.provision_text import provision_text
from counterfoil.entrypoints.web.moment import AsOf, books_then, moment_asked
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.portal.entry_words import act_text
from counterfoil.entrypoints.web.portal.reversal_risk import reversal_risk
from counterfoil.entrypoints.web.portal.unit_picture import life_picture
from counterfoil.entrypoints.web.visit import Visit

_ENDS: Final = {"used": "bad", "cancelled": "bad", "retired": "bad", "in_flight": "warn"}
_BLANKS: Final = re.compile(r"\s+")
STEPS_SHOWN: Final = 200


def rows() -> tuple[PageRow, ...]:
    return (PageRow("/units/{serial:path}", reading(_unit)),)


def _unit(sight: Sight, visit: Visit) -> Reply | Refusal:
    typed = _BLANKS.sub("", visit.path["serial"])
    as_of = moment_asked(sight, visit)
    if isinstance(as_of, Refusal):
        return as_of
    then = books_then(sight, visit, as_of) if as_of.size else None
    life = unit_life(sight, typed, size=as_of.size or None, then=then)
    if isinstance(life, Refusal):
        if life.code == ShowFault.UNIT_UNKNOWN or life.code.startswith("identifier."):
            return _unknown(sight, visit, typed, life, as_of)
        return life
    view = life.view
    facts = unit_facts(view["facts"])
    shown = {
        "view": view,
        "facts_of": facts,
        "as_of": as_of,
        "picture": life_picture(visit, life.stops, unit=view["identifier"]),
        "steps": [_step(visit, step, sight.registry.registry) for step in view["steps"][:STEPS_SHOWN]],
        "more_steps": max(0, len(view["steps"]) - STEPS_SHOWN),
        "may": [_claim(visit, each) for each in life.claims if each.may],
        "may_not": [_claim(visit, each) for each in life.claims if not each.may],
        "evidence": [each for step in view["steps"] for each in step.get("evidence", ())][:20],
        "value": life.value,
        "opened": role(view["account"]) is AccountRole.HOLDING,
        "adjustment": _adjustment(life),
        "risk": reversal_risk(sight, visit, view, facts, as_of),
    }
    return Shown("portal/unit.html", shown)


def _claim(visit: Visit, claim: UnitClaim) -> dict[str, str]:
    own = visit.texts("web.claim.own_rule")
    key = f"claim.statement.{claim.name}" if claim.end else f"web.claim.{claim.name}"
    provision = provision_text(claim.provision, visit.texts) if claim.provision else own
    return {"text": visit.texts(key), "provision": provision}


def _adjustment(life: UnitLife) -> dict[str, Any] | None:
    """The adjustment that this unit's first transfer or use made, with its entry."""
    for step in life.view["steps"]:
        for each in step["adjustments"]:
            return {**each, "entry": step["seq"], "on": step["on"], "registry": step["registry"]}
    return None


def _step(visit: Visit, step: Mapping[str, Any], own: str) -> dict[str, Any]:
    """One step of the timeline: whose book it stands in, and what it moved."""
    moves = [{**each, "quantity": each["last"] - each["first"] + 1} for each in step["moves"]]
    return {
        **step,
        "title": act_text(visit, step["act"]),
        "own": step["registry"] == own,
        "moves": moves,
        "partner": str(step["details"].get("partner", "")),
        "transfer": str(step["details"].get("transfer", "")),
        "receipt": str(step["details"].get("acceptance", "") or step["details"].get("receipt", "")),
        "tone": "warn" if step.get("corrected") else "",
    }


def _unknown(sight: Sight, visit: Visit, typed: str, fault: Refusal, as_of: AsOf) -> Shown:
    """No such unit: what was understood, what is near, and how an identifier is built."""
    read = unit_identifier(typed)
    near: list[str] = []
    reading = ""
    if not isinstance(read, Refusal):
        of, serial = read
        reading = of.key
        number = sight.number("class", of.key)
        if number is not None:
            near = [identifier(of.key, each) for each in _around(sight, number, serial)]
        else:
            near = _other_classes(visit, sight, of.party, of.vintage)
    # A unit of today may not have been there at the moment that the address names.
    later = as_of.size > 0 and not isinstance(unit_view(sight, typed), Refusal)
    facts = {
        "typed": typed[:200],
        "fault": fault,
        "near": [] if later else near,
        "unit_class": reading,
        "as_of": as_of,
        "later": later,
    }
    return Shown("portal/unit_unknown.html", facts, status=404, kept=False)


def _around(sight: Sight, number: int, serial: int) -> list[int]:
    """The nearest numbers that units of the class have: the last before, and the first after."""
    following = [row.first for row in sight.reading.blocks_after((number, serial), 1) if row.unit_class == number]
    # The last block that begins at or below the number, by halves: there is a block after a mark, or there is none.
    low, high = 0, serial
    while low < high:
        middle = (low + high + 1) // 2
        rows = sight.reading.blocks_after((number, middle - 1), 1)
        if rows and rows[0].unit_class == number and rows[0].first <= serial:
            low = max(middle, rows[0].first)
        else:
            high = middle - 1
    before = sight.reading.blocks_after((number, low - 1), 1) if low else []
    return sorted({*(row.last for row in before if row.unit_class == number), *following})


def _other_classes(visit: Visit, sight: Sight, party: str, vintage: int | None) -> list[str]:
    """Classes of the same Party, those of the same year first, as the identifier of a unit."""
    keys = visit.ground.standings.ask(sight, lambda all_: list(all_.classes()))
    own = [key for key in keys if f"-{party}-" in key or key.startswith(f"{party}-")]
    own.sort(key=lambda key: not key.endswith(f"-{vintage}"))
    numbers = [(key, sight.number("class", key)) for key in own[:3]]
    rows = [(key, sight.reading.blocks_after((number, 0), 1)) for key, number in numbers if number is not None]
    return [identifier(key, row[0].first) for key, row in rows if row]
