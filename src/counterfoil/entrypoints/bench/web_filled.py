"""The registry whose pages are measured: blocks, activities, letters, first transfers, and an office with people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from random import Random  # noqa: TID251  seeded: every run measures the same register
from typing import Final

from counterfoil.application.command import Command
from counterfoil.application.commands.authorize import Authorize
from counterfoil.application.commands.register import RegisterActivity
from counterfoil.application.office import sessions
from counterfoil.application.office.invitations import Guest, grant, invite
from counterfoil.application.office.people import add_organisation
from counterfoil.application.office.ports import PersonState
from counterfoil.domain.kernel.ids import ActivityId, AuthorizationId, CooperativeApproachId, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.purpose import Purpose
from counterfoil.domain.units.unit_type import MitigationType
from counterfoil.entrypoints.bench.activities import SECTORS
from counterfoil.entrypoints.bench.ground import Ground
from counterfoil.entrypoints.bench.subject import begin, run, writer_on
from counterfoil.entrypoints.bench.workload import Workload
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.office_at_hand import OfficeAtHand

_BATCH: Final = 8_192
_WORDS: Final = ("solar", "roof", "forest", "rice", "field", "north", "river", "bus", "landfill", "stove", "peat")
_ROLES: Final = {"": ("administrator", "operator"), "BENCH-AUTHORITY": ("authority", "accountant")}


@dataclass(frozen=True, slots=True)
class Size:
    """Blocks and activities of the largest registry, its parts that are measured before it, and how often.

    `parts` are the shares of the sizes, as one over so much; the last one is the whole.
    """

    blocks: int
    activities: int
    parts: tuple[int, ...]
    repetitions: int
    requests: int

    def part(self, share: int) -> "Size":
        return replace(self, blocks=self.blocks // share, activities=self.activities // share)


FULL: Final = Size(blocks=1_000_000, activities=10_000, parts=(100, 10, 1), repetitions=5, requests=30)
QUICK: Final = Size(blocks=10_000, activities=100, parts=(10, 1), repetitions=3, requests=10)


@dataclass(frozen=True, slots=True)
class Filled:
    """The registry's folder, and the session of one person by the body for which they act."""

    folder: Folder
    sessions: Mapping[str, str]


def filled(place: Ground, size: Size) -> Filled:
    """A registry of that size; nothing has it open."""
    name = f"web{size.blocks}"
    load = Workload(blocks=size.blocks, accounts=max(10, size.blocks // 50))
    with writer_on(place, name, place.disk(0)) as (writer, _):
        begin(writer, load.beginning(), _BATCH)
        begin(writer, _register(size), _BATCH)
        run(writer, load.acts(max(100, size.blocks // 100)), _BATCH)
    folder = place.folder(name, place.disk(0))
    return Filled(folder, _people(folder))


def activity(number: int) -> str:
    return f"BENCH-{number:05d}"


def letter(number: int) -> str:
    return f"BENCH-LOA-{number:05d}"


def _register(size: Size) -> Iterator[Command]:
    """Activities, and a letter for every fifth of them."""
    chance = Random(7)  # noqa: S311  no secret
    for number in range(size.activities):
        yield RegisterActivity(
            activity=ActivityId(activity(number)),
            title=" ".join(chance.sample(_WORDS, 4)).capitalize(),
            mitigation_type=MitigationType.REDUCTION,
            sector=chance.choice(SECTORS),
            activity_type="Bench",
            methodology=f"M-{chance.randrange(40)}",
            cooperative_approach=CooperativeApproachId("CA0002"),
        )
        if number % 5 == 0:
            yield _authorized(number)


def _authorized(number: int) -> Authorize:
    return Authorize(
        authorization=AuthorizationId(letter(number)),
        cooperative_approach=CooperativeApproachId("CA0002"),
        purposes=(Purpose.NDC,),
        vintages=(2021, 2022),
        underlying_references=("bench",),
        sectors=SECTORS,
        gases=("CO2",),
        adjustment_commitment="bench",
        activities=(ActivityId(activity(number)),),
        authorized_parties=(Party("CHE"),),
        authorized_quantity=50_000,
        last_use_on=date(2035, 12, 31),
    )


def _people(folder: Folder) -> Mapping[str, str]:
    """One person for each body, signed in: the secret that their cookie carries."""
    at_hand = OfficeAtHand(folder.path)
    try:
        office = at_hand.office(create=True)
        assert office is not None
        found: dict[str, str] = {}
        for body, roles in _ROLES.items():
            if body:
                add_organisation(office, organisation=body, kind="authority", name="Bench", actor="bench")
            guests = [Guest("Bench", f"{body or 'operator'}@bench.example", role, body) for role in roles]
            invited = invite(office, guests[0], actor="bench")
            assert not isinstance(invited, Refusal), invited
            person = invited.person
            with office.store.change():
                for guest in guests[1:]:
                    grant(office, person.person, guest, actor="bench")
                now = office.clock.now_ms()
                office.store.people.put(replace(person, state=PersonState.ACTIVE, enrolled_ms=now))
                found[body] = sessions.begin(office, person.person, device="bench", method="bench").secret
        return found
    finally:
        at_hand.close()
