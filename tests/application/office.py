"""An office for tests: one registry in memory under a pinned clock, with short ways to say what is done."""

import base64
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from nacl.signing import SigningKey

from counterfoil.adapters.chance import SeededChance
from counterfoil.adapters.clock.pinned import PinnedClock
from counterfoil.adapters.signing.ed25519 import FileSigner
from counterfoil.adapters.storage.memory.store import MemoryStore
from counterfoil.application.command import Command, NdcPeriod
from counterfoil.application.commands.authorize import Authorize
from counterfoil.application.commands.found import Found
from counterfoil.application.commands.issue import Issue
from counterfoil.application.commands.monitor import SubmitMonitoring, Verify
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.record_agreement import RecordAgreement
from counterfoil.application.commands.register import (
    RegisterActivity,
    RegisterCooperativeApproach,
    RegisterEntity,
)
from counterfoil.application.draft import Outcome
from counterfoil.application.queries.sight import Sight
from counterfoil.application.receipt import Receipt
from counterfoil.application.verification import Audit, audit
from counterfoil.application.writer import Submission, Writer
from counterfoil.domain.authorizations.agreement import AgreementKind
from counterfoil.domain.kernel.ids import ActivityId, AuthorizationId, CooperativeApproachId, Party
from counterfoil.domain.mrv.verification import VintageQuantity
from counterfoil.domain.policy.laws import NO_LAWS, Laws
from counterfoil.domain.units.metric import Metric
from counterfoil.domain.units.purpose import Purpose
from counterfoil.domain.units.unit_type import MitigationType
from counterfoil.entrypoints.bootstrap import memory_world

APPROACH = CooperativeApproachId("CA9001")
ACTIVITY = ActivityId("XA-BUSES")
TONNES = Metric()
LETTER = AuthorizationId("XA-LOA-1")


def ms(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, 9, tzinfo=UTC).timestamp()) * 1000


class Office:
    """A registry of an invented Party; `day` moves the clock, `do` expects receipts, `ask` takes any answer."""

    def __init__(
        self,
        party: str = "XAA",
        *,
        today: date = date(2025, 1, 15),
        demonstration: bool = False,
        is_party: bool = True,
        laws: Laws = NO_LAWS,
        registry: str = "",
        purpose: str = "national",
    ) -> None:
        self.party = Party(party)
        self.clock = PinnedClock(ms(today), step=0)
        self.store = MemoryStore()
        self.signer = FileSigner(f"example/{party.lower()}", SigningKey.generate())
        world = memory_world(self.signer, clock=self.clock, chance=SeededChance(party, ms=ms(today)), store=self.store)
        self.world = replace(world, laws=laws)
        self.writer = Writer(self.world)
        self.do(
            Found(
                registry=registry or f"{party}01",
                party=self.party,
                name=party,
                origin=self.signer.name,
                public_key=self.public_key,
                demonstration=demonstration,
                is_party=is_party,
                ndc_periods=(NdcPeriod(2021, 2030, 2032),) if purpose == "national" else (),
                purpose=purpose,
            )
        )

    @property
    def public_key(self) -> str:
        return base64.b64encode(self.signer.public_key).decode()

    @property
    def holder(self) -> str:
        return f"{self.party.lower()}:holder"

    def day(self, day: date) -> None:
        self.clock.move_to(ms(day))

    def ask(self, *commands: Command) -> list[Outcome]:
        return self.writer.step([Submission(command, "tester") for command in commands])

    def do(self, *commands: Command) -> list[Receipt]:
        outcomes = self.ask(*commands)
        refused = [outcome for outcome in outcomes if not isinstance(outcome, Receipt)]
        assert not refused, refused
        return [outcome for outcome in outcomes if isinstance(outcome, Receipt)]

    def sight(self) -> Sight:
        return Sight(self.store.reading(), self.world.codec, self.world.evidence)

    def audit(self) -> Audit:
        reading = self.store.reading()
        return audit(reading, self.world.codec, verify=self.world.verify, public_key=self.signer.public_key)

    def open_holder(self) -> None:
        self.do(OpenAccount(account=self.holder, holder="E-1"))

    def agreement(self, partner: str) -> RecordAgreement:
        """An agreement in force with a partner, which each of the two records in its own book."""
        return RecordAgreement(
            agreement="IA-1",
            kind=AgreementKind.IMPLEMENTATION_AGREEMENT,
            title="Implementation agreement",
            parties=(self.party, Party(partner)),
            in_force_from=date(2021, 1, 1),
            permits_transfer=True,
            provision="article 7",
        )

    def activity(
        self,
        *,
        partner: str = "XBB",
        quantity: int = 1_000,
        vintage: int = 2023,
        metric: Metric = TONNES,
        others: tuple[str, ...] = (),
        approach: CooperativeApproachId = APPROACH,
        **authorize: Any,
    ) -> None:
        """Everything up to a verified quantity and an authorization. `others` take part in the approach too."""
        parties = (self.party, Party(partner), *(Party(other) for other in others))
        content: dict[str, Any] = {
            "purposes": (Purpose.NDC,),
            "vintages": (2021, 2022, 2023, 2024),
            "metric": metric,
            "authorized_parties": (Party(partner),),
            "authorized_quantity": 10_000,
            "change_circumstances": "by agreement",
            "change_process": "published notice",
            **authorize,
        }
        self.open_holder()
        self.do(
            RegisterCooperativeApproach(approach=approach, title="XA-XB", participants=parties),
            self.agreement(partner),
            RegisterActivity(
                activity=ACTIVITY,
                title="Buses",
                mitigation_type=MitigationType.REDUCTION,
                sector="Transportation",
                activity_type="Transport",
                metric=metric,
                cooperative_approach=approach,
            ),
            RegisterEntity(entity="E-1", name="Buyer", country=partner),
            Authorize(
                authorization=LETTER,
                cooperative_approach=approach,
                last_use_on=date(2032, 12, 31),
                underlying_references=("a methodology",),
                sectors=("Transportation",),
                gases=("CO2",),
                adjustment_commitment="corresponding adjustments are applied",
                activity_types=("Transport",),
                authorized_entities=("E-1",),
                **content,
            ),
        )
        self.verified(quantity=quantity, vintage=vintage)

    def verified(self, *, quantity: int, vintage: int, key: str = "M1") -> None:
        digest = self.world.evidence.put(f"readings of {key}".encode())
        amounts = (VintageQuantity(vintage, quantity),)
        self.do(
            SubmitMonitoring(
                monitoring=key,
                activity=ACTIVITY,
                first_day=date(vintage, 1, 1),
                last_day=date(vintage, 12, 31),
                monitored=amounts,
                evidence=(digest,),
            ),
            Verify(
                verification=f"{key}-V", monitoring=key, verifier="body", verified=amounts, statement="as monitored"
            ),
        )

    def issued(
        self, *, quantity: int = 1_000, vintage: int = 2023, letter: str | None = LETTER, key: str = "M1"
    ) -> Receipt:
        return self.do(
            Issue(
                activity=ACTIVITY,
                verification=f"{key}-V",
                vintage=vintage,
                quantity=quantity,
                account=self.holder,
                authorization=letter,
            )
        )[0]
