"""What units may be used for, asked of the books before anybody fills in a form, and the form of each such act.

Each purpose is a command with its own way: fill in, look, sign (`forms/flow.py`). The receipt of what ended
units leads to a certificate.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from counterfoil.application.ports import Outage
from counterfoil.application.preview import Preview
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.unit_facts import unit_facts
from counterfoil.domain.federation.link import PARTNER
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.transfer_checks import transfer_checks
from counterfoil.entrypoints.web.allowance import Spent
from counterfoil.entrypoints.web.desk import declaring
from counterfoil.entrypoints.web.desk.ndc_room import adjustments
from counterfoil.entrypoints.web.forms.flow import Flow
from counterfoil.entrypoints.web.forms.ndc_effect import NdcEffect, ndc_effect
from counterfoil.entrypoints.web.forms.signing import command_from, look, new_id
from counterfoil.entrypoints.web.page import PageRow
from counterfoil.entrypoints.web.visit import Visit

PARTNERS_SHOWN: Final = 100
ROOT: Final = "/desk/units/act"
DECLARE: Final = "declare"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Units of one block that somebody chose."""

    unit_class: str
    first: int
    last: int
    account: str

    @property
    def quantity(self) -> int:
        return self.last - self.first + 1

    @property
    def units(self) -> dict[str, Any]:
        return {"unit_class": self.unit_class, "first": self.first, "last": self.last}


Said = Callable[[Chosen, int], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Purpose:
    """One thing to do with units. `probe` gives a whole command, where nothing has to be chosen first.

    `ends` says that the act ends the units, so that a certificate follows it; `query` what the form begins with.
    """

    name: str
    command: str
    shown: tuple[str, ...]
    query: Callable[[Chosen], dict[str, Any]]
    probe: Said | None = None
    ends: bool = True


@dataclass(frozen=True, slots=True)
class Possible:
    """What the books say to a purpose now: a refusal, or the years that it would move, where it was asked."""

    purpose: Purpose
    query: Mapping[str, Any]
    asked: bool
    refusal: Refusal | None = None
    effects: tuple[NdcEffect, ...] = ()
    persons: int = 0


def _units(chosen: Chosen) -> dict[str, Any]:
    return {f"units.{name}": value for name, value in chosen.units.items()} | {"account": chosen.account}


def _cancelling(purpose: str) -> tuple[Callable[[Chosen], dict[str, Any]], Said]:
    def said(chosen: Chosen, _year: int) -> dict[str, Any]:
        return {"units": chosen.units, "account": chosen.account, "purpose": purpose}

    return lambda chosen: {**_units(chosen), "purpose": purpose}, said


def _used(chosen: Chosen, year: int) -> dict[str, Any]:
    return {"units": chosen.units, "account": chosen.account, "year": year}


def _retired(chosen: Chosen, _year: int) -> dict[str, Any]:
    return {"units": chosen.units, "account": chosen.account}


def _moving(chosen: Chosen) -> dict[str, Any]:
    return {f"units.{name}": value for name, value in chosen.units.items()} | {"source": chosen.account}


def _abroad(chosen: Chosen) -> dict[str, Any]:
    return {f"parts.0.{name}": value for name, value in chosen.units.items()} | {"source": chosen.account}


_CANCEL: Final = ("units", "account", "purpose", "beneficiary", "beneficiary_party", "entity", "authority", "reason")
PURPOSES: Final = (
    Purpose("transfer", "Transfer", ("units", "source", "target"), _moving, ends=False),
    Purpose(
        "propose",
        "ProposeTransfer",
        ("transfer", "partner", "parts", "source", "target", "entity", "retire", "expires_at"),
        _abroad,
        ends=False,
    ),
    Purpose("use", "UseTowardsNdc", ("units", "account", "year", "entity"), _units, _used),
    Purpose("imp", "Cancel", _CANCEL, *_cancelling("IMP")),
    Purpose("op", "Cancel", _CANCEL, *_cancelling("OP")),
    Purpose("omge", "Cancel", _CANCEL, *_cancelling("OMGE")),
    Purpose("voluntary", "Cancel", _CANCEL, *_cancelling("voluntary")),
    Purpose("retire", "Retire", ("units", "account", "beneficiary", "beneficiary_party", "reason"), _units, _retired),
    Purpose(
        DECLARE,
        "DeclareUnits",
        ("liability", "units", "effect", "answers", "surrender", "entity", "voluntary"),
        _units,
    ),
)
_BY_NAME: Final = {each.name: each for each in PURPOSES}


def rows() -> tuple[PageRow, ...]:
    return tuple(row for each in PURPOSES for row in flow_of(each).rows())


def flow_of(purpose: Purpose) -> Flow:
    """The way of one purpose. Its form shows what the journey needs; every other field has the plain form."""
    declares = purpose.name == DECLARE
    return Flow(
        purpose.command,
        path=f"{ROOT}/{purpose.name}",
        title=f"web.desk_units.do.{purpose.name}",
        lead=f"web.desk_units.do.{purpose.name}.lead",
        shown=purpose.shown,
        begin=partial(_begun, purpose),
        template="desk/units/act.html",
        facts=partial(_beside, purpose),
        asks=declaring.ASKED if declares else None,
        guard=declaring.guard if declares else None,
    )


def _begun(purpose: Purpose, sight: Sight, visit: Visit) -> Mapping[str, Any]:
    """What the address does not say: the year that runs, or what a declaration begins with."""
    if purpose.name == DECLARE:
        return declaring.begun(sight, visit)
    return {"year": visit.today.year} if purpose.name == "use" else {}


async def possible(visit: Visit, chosen: Chosen) -> list[Possible]:
    """Each purpose with what the books say to it. Nothing is done: every act is looked at and taken back."""
    found: list[Possible] = []
    # Each look takes the writer's time: whoever asks without end is told the ways, and asks again in the forms.
    standing = visit.standing
    asks = standing is not None and visit.ground.allowance.spend(standing.person, Spent.LOOKS) is None
    for each in PURPOSES:
        if visit.may(each.command):
            ready = Possible(each, each.query(chosen), asked=False)
            found.append(await _asked(visit, each, chosen) if asks else ready)
    return found


async def _asked(visit: Visit, purpose: Purpose, chosen: Chosen) -> Possible:
    query = purpose.query(chosen)
    if purpose.probe is None:
        return Possible(purpose, query, asked=False)
    value = {"id": new_id(), **purpose.probe(chosen, visit.today.year)}
    command = command_from(visit, purpose.command, value)
    if isinstance(command, Refusal):
        return Possible(purpose, query, asked=True, refusal=command)
    try:
        outcome = await look(visit, command)
    except Outage:
        # The writer cannot look just now: the form says so again when it is sent.
        return Possible(purpose, query, asked=False)
    if isinstance(outcome, Refusal):
        return Possible(purpose, query, asked=True, refusal=outcome)
    assert isinstance(outcome, Preview), "a new id is nobody's act yet"
    persons = 1 if outcome.demand is None else outcome.demand.persons
    return Possible(purpose, query, asked=True, effects=ndc_effect(outcome.changes["balances"]), persons=persons)


def _beside(purpose: Purpose, sight: Sight, visit: Visit) -> Mapping[str, Any]:
    """What stands beside the form: the units that were chosen, the years, partners and what their registry checks."""
    abroad = purpose.name == "propose"
    return {
        "purpose": purpose,
        "block": _block_of(sight, visit, "parts.0" if abroad else "units"),
        "years": list(adjustments(sight, visit).items()),
        "checks": transfer_checks() if abroad else (),
        "partners": _partners(sight) if abroad else (),
        **(declaring.beside(sight, visit) if purpose.name == DECLARE else {}),
    }


def _partners(sight: Sight) -> list[tuple[str, str]]:
    return [(key, str(value.get("state", ""))) for key, value in sight.records(PARTNER, limit=PARTNERS_SHOWN)]


def _block_of(sight: Sight, visit: Visit, prefix: str) -> Mapping[str, Any] | None:
    """The block in which the form's units begin, as the address or the form names them."""
    of, first = (_said(visit, f"{prefix}.{name}") for name in ("unit_class", "first"))
    if not (first.isascii() and first.isdecimal() and len(first) < 19) or sight.number("class", of) is None:
        return None
    holding = next(iter(sight.holdings_between(of, int(first), int(first))), None)
    if holding is None:
        return None
    facts = unit_facts(holding.facts)
    return {"holding": holding, "facts": facts, "key": f"{of} {holding.serials.first}"}


def _said(visit: Visit, name: str) -> str:
    return visit.form.get(f"f.{name}") or visit.query.get(name, "")
