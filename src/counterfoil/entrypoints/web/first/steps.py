"""The first steps of a new registry: each is done or not by what books and folder show, so nothing is forgotten.

No step is ticked by hand, and none is remembered anywhere: whoever comes back sees where the registry is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Final

from counterfoil.application.adopted import PACK
from counterfoil.application.command import SELF
from counterfoil.application.commands.open_account import ACCOUNT_RECORD
from counterfoil.application.office import trail
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.ndc import NDC_RECORD
from counterfoil.domain.activities.activity import ACTIVITY, ENTITY
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.role import ADMINISTRATOR
from counterfoil.entrypoints.keeping.errand import place_of
from counterfoil.entrypoints.web.office.backups import backups_in
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.visit import Visit

Look = Callable[[Sight, Visit], bool]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `web.first.do.<name>` says what, `.why` why; `to` leads to where it is done."""

    name: str
    to: tuple[str, ...]
    is_done: Look


def rows() -> tuple[PageRow, ...]:
    return (PageRow("/desk/first", reading(_shown)),)


def _any(kind: str) -> Look:
    return lambda sight, _visit: any(True for _ in islice(sight.records(kind, after="", limit=1), 1))


def _administrators(visit: Visit) -> int:
    office = visit.ground.door.at_hand.office()
    if office is None:
        return 0
    return len(office.store.memberships.holders(ADMINISTRATOR, on=trail.day_of(visit.now_ms)))


def _officer(_: Sight, visit: Visit) -> bool:
    """Somebody who may act: an administrator looks after people and law, and moves nothing."""
    office = visit.ground.door.at_hand.office()
    return office is not None and bool(office.store.memberships.holders("operator", on=trail.day_of(visit.now_ms)))


def _backed_up(_: Sight, visit: Visit) -> bool:
    return bool(backups_in(place_of(visit.ground.room.folder)))


ACTS: Final = ("desk", "acts")
STEPS: Final = (
    Step("found", ("entries", "0"), lambda _sight, _visit: True),
    Step("administrator", ("desk", "me"), lambda _sight, visit: _administrators(visit) > 0),
    Step("officer", ("desk", "admin", "people"), _officer),
    Step("second", ("desk", "admin", "people"), lambda _sight, visit: _administrators(visit) > 1),
    Step("pack", ("desk", "admin", "packs"), lambda sight, _visit: sight.record(PACK, SELF) is not None),
    Step("backup", ("desk", "admin", "backups"), _backed_up),
    Step(
        "address", ("desk", "admin", "health"), lambda _sight, visit: bool(visit.ground.door.at_hand.settings.address)
    ),
    Step("ndc", (*ACTS, "RecordNdc"), _any(NDC_RECORD)),
    Step("entity", (*ACTS, "RegisterEntity"), _any(ENTITY)),
    Step("account", (*ACTS, "OpenAccount"), _any(ACCOUNT_RECORD)),
    Step("activity", (*ACTS, "RegisterActivity"), _any(ACTIVITY)),
    Step("opening", ("desk", "admin", "opening"), _any("opening_book")),
)
OPTIONAL: Final = frozenset({"opening"})


def _shown(sight: Sight, visit: Visit) -> Reply | Refusal:
    found = [(step, step.is_done(sight, visit)) for step in STEPS]
    wanted = [(step, done) for step, done in found if step.name not in OPTIONAL]
    facts = {
        "items": found,
        "optional": OPTIONAL,
        "done": sum(done for _, done in wanted),
        "of": len(wanted),
        "following": next((step.name for step, done in wanted if not done), ""),
    }
    return Shown("first/steps.html", facts, kept=False)
