"""How every run begins: registries that know one another, with letters and verified quantities, and not one unit yet.

It is played once in a process, by the real writer, and each run gets a copy. Keys come from the Party's name: the same
seed gives the same bytes on every machine.
"""

import base64
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from typing import Final

from nacl.signing import SigningKey

from counterfoil.adapters.chance import SeededChance
from counterfoil.adapters.clock.pinned import PinnedClock
from counterfoil.adapters.signing.ed25519 import FileSigner
from counterfoil.adapters.storage.memory.store import MemoryStore
from counterfoil.application.command import Command, NdcPeriod
from counterfoil.application.commands.authorize import Authorize
from counterfoil.application.commands.found import Found
from counterfoil.application.commands.link import LinkPartner
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.register import RegisterActivity, RegisterCooperativeApproach
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission, Writer
from counterfoil.domain.kernel.ids import ActivityId, AuthorizationId, CooperativeApproachId, Party
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from counterfoil.domain.units.unit_type import MitigationType
from counterfoil.entrypoints.bootstrap import memory_world
from tests.domain.commands.scene import agreement, report, statement

PARTIES: Final = ("THA", "CHE", "JPN", "GHA", "NOR")
VINTAGES: Final = (2023, 2024)
VERIFIED: Final = 400
ANSWER_HOURS: Final = 6
"""So long an offer stands."""
DAWN_MS: Final = int(datetime(2025, 1, 15, 9, tzinfo=UTC).timestamp()) * 1000

# One way to be first transferred by moving abroad, and one by being authorized; the same for every host.
APPROACHES: Final = (
    ("CA9001", (Purpose.NDC,), None, False),
    ("CA9002", (Purpose.NDC, Purpose.OP), FirstTransferDefinition.AUTHORIZATION, True),
)


@dataclass(frozen=True, slots=True)
class Beginning:
    """A founded registry: who signs for it, and its store on the first morning."""

    party: str
    signer: FileSigner
    store: MemoryStore


def account_of(party: str, name: str = "a") -> str:
    return f"{party.lower()}:{name}"


def letter_of(host: str, number: int) -> str:
    return f"{host}-LOA-{number}"


def signer_of(party: str, *, generation: int = 0) -> FileSigner:
    """A registry's key, or one that has nothing to do with it where the generation is another."""
    return FileSigner(
        f"registry.example/{party.lower()}", SigningKey(sha256(f"{party} {generation}".encode()).digest())
    )


def key_text(signer: FileSigner) -> str:
    return base64.b64encode(signer.public_key).decode()


@cache
def beginning(party: str, count: int) -> Beginning:
    """One of the first `count` Parties, linked with the others, on the morning before the run."""
    store = MemoryStore()
    signer = signer_of(party)
    clock = PinnedClock(DAWN_MS, step=0)
    world = memory_world(signer, clock=clock, chance=SeededChance(party, ms=DAWN_MS), store=store)
    outcomes = Writer(world).step([Submission(command, "founder") for command in _script(party, PARTIES[:count])])
    refused = [outcome for outcome in outcomes if not isinstance(outcome, Receipt)]
    assert not refused, refused
    return Beginning(party, signer, store)


def _script(party: str, all_of_them: tuple[str, ...]) -> list[Command]:
    others = [other for other in all_of_them if other != party]
    return [
        Found(
            registry=f"{party}01",
            party=Party(party),
            name=party,
            origin=signer_of(party).name,
            public_key=key_text(signer_of(party)),
            ndc_periods=(NdcPeriod(2021, 2030, 2032),),
        ),
        *(OpenAccount(account=account_of(party, name), holder=party) for name in ("a", "b")),
        *(_link(other) for other in others),
        *(agreement(party, other) for other in others),
        *(command for number in range(len(APPROACHES)) for command in _activity(party, number)),
    ]


def _link(other: str) -> LinkPartner:
    signer = signer_of(other)
    return LinkPartner(
        party=Party(other),
        registry=f"{other}01",
        origin=signer.name,
        public_key=key_text(signer),
        answer_hours=ANSWER_HOURS,
    )


def _activity(party: str, number: int) -> list[Command]:
    """An approach, an activity in it, verified quantities and the letter that lets them go."""
    name, purposes, definition, any_move = APPROACHES[number]
    approach, activity = CooperativeApproachId(name), ActivityId(f"{party}-{number}")
    quantities = tuple((vintage, VERIFIED) for vintage in VINTAGES)
    return [
        RegisterCooperativeApproach(
            approach=approach,
            title="",
            participants=tuple(Party(each) for each in PARTIES),
            first_transfer_on_any_cross_party_move=any_move,
        ),
        RegisterActivity(
            activity=activity,
            title="",
            mitigation_type=MitigationType.REDUCTION,
            sector="Energy",
            activity_type="Solar",
            cooperative_approach=approach,
        ),
        report(f"M-{number}", activity, *quantities),
        statement(f"V-{number}", f"M-{number}", *quantities),
        Authorize(
            authorization=AuthorizationId(letter_of(party, number)),
            cooperative_approach=approach,
            purposes=purposes,
            vintages=VINTAGES,
            last_use_on=date(2032, 12, 31),
            underlying_references=("Decree",),
            sectors=("Energy",),
            gases=("CO2",),
            adjustment_commitment="corresponding adjustments are applied",
            any_party=True,
            first_transfer_definition=definition,
            oimp_detail="aviation" if definition else "",
            change_circumstances="by agreement",
            change_process="by letter",
            authorized_quantity=500,
        ),
    ]
