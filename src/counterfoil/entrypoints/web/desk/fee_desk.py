"""The desk of a company under a carbon price: what it owes, what units cover of it, and how to declare more.

Source: requirements R-CMP-01 to R-CMP-05, R-TWN-03.
"""

from typing import Final

from counterfoil.application.queries.compliance import ComplianceViewFault, liabilities, liability
from counterfoil.application.queries.liability_room import rooms_of
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.compliance.liability import LIABILITY
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.figure import money_text
from counterfoil.entrypoints.web.desk.own_body import own_body
from counterfoil.entrypoints.web.forms.law_asked import law_asked
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.visit import Visit

PATH: Final = "/desk/units/liabilities"
SHOWN: Final = 100


def rows() -> tuple[PageRow, ...]:
    return (PageRow(PATH, reading(_list)), PageRow(f"{PATH}/{{key}}", reading(_one)))


def _list(sight: Sight, visit: Visit) -> Reply | Refusal:
    entity = own_body(visit, f"GET {PATH}")
    found = [each for each in liabilities(sight) if entity is None or each["entity"] == entity]
    facts = {"found": found[:SHOWN], "more": max(0, len(found) - SHOWN), "may_file": visit.may("FileLiability")}
    return Shown("desk/units/liabilities.html", facts, kept=False)


def _one(sight: Sight, visit: Visit) -> Reply | Refusal:
    key = visit.path["key"]
    found = liability(sight, key)
    entity = own_body(visit, f"GET {PATH}")
    if isinstance(found, Refusal):
        return found
    if entity is not None and found["entity"] != entity:
        return Refusal(ComplianceViewFault.LIABILITY_UNKNOWN, {"liability": key[:80]})
    rooms = rooms_of(sight, key, law_asked(sight))
    facts = {
        "liability": found,
        "rooms": rooms,
        # A share that is full takes nothing more; where nothing is known of one, the law answers to each declaration.
        "open": not rooms or any(room.left_t is None or room.left_t for room in rooms),
        "money": money_text,
        "entry": _entry(sight, key),
        "may_declare": visit.may("DeclareUnits"),
    }
    return Shown("desk/units/liability.html", facts, kept=False)


def _entry(sight: Sight, key: str) -> int | None:
    row = sight.reading.record(LIABILITY, key)
    return None if row is None else row.seq
