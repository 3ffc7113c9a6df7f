"""The mechanism registry beside the books of a host and of those who buy, linked in one process."""

from dataclasses import replace
from datetime import date
from typing import Any

from counterfoil.adapters.storage.memory.store import MemoryStore
from counterfoil.application.command import Units
from counterfoil.application.commands.adopt_pack import AdoptPack
from counterfoil.application.commands.authorize import Authorize
from counterfoil.application.commands.close_case import CloseCase, ways_of
from counterfoil.application.commands.issue import Issue
from counterfoil.application.commands.monitor import SubmitMonitoring, Verify
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.open_case import CASE, CaseRecord
from counterfoil.application.commands.register import RegisterActivity, RegisterCooperativeApproach
from counterfoil.application.commands.state_authorization import StateAuthorization
from counterfoil.application.draft import Outcome
from counterfoil.application.receipt import Receipt
from counterfoil.application.reconciling.reconciler import Reconciler
from counterfoil.application.writer import Writer
from counterfoil.domain.federation.mechanism import MECHANISM
from counterfoil.domain.kernel.ids import ActivityId, AuthorizationId, CooperativeApproachId, Party
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.mrv.verification import VintageQuantity
from counterfoil.domain.units.purpose import Purpose
from counterfoil.domain.units.unit_type import MitigationType
from counterfoil.entrypoints.laws_at_hand import LawsAtHand
from tests.application.office import Office
from tests.movements.books import Books
from tests.simulation.frail_store import FrailStore

CA0001 = CooperativeApproachId("CA0001")
STOVES = ActivityId("XA-STOVES")
LETTER = AuthorizationId("XA-A64-1")
CLASS = "CA0001-UN01-XAA-#-2023"
AT_MECHANISM = "xun:developer"
AT_FUND = "xun:adaptation-fund"
LAW = "cma-6-4"
STEPS = ("prior_consideration", "consultation", "host_approval", "validation", "registration", "monitoring")
ANSWERS: dict[str, Any] = {
    "cdm_origin": False,
    "sop_exempt": False,
    "reversible": False,
    "done": [*STEPS, "verification"],
}
"""What people of the mechanism know and its book does not yet."""


class Mechanism(Books):
    """XUN keeps the mechanism registry, XAA hosts, XBB and XCC may buy.

    Of 1,000 verified units 930 are the developer's; the other 70 are the two shares that its law takes.
    """

    def __init__(self, *buyers: str, today: date = date(2025, 11, 10), **letter: Any) -> None:
        un = Office("XUN", today=today, is_party=False, laws=LawsAtHand([]), registry="UN01", purpose=MECHANISM)
        others = {party: Office(party, today=today) for party in ("XAA", *(buyers or ("XBB", "XCC")))}
        super(Books, self).__init__({"XUN": un, **others})
        self.host, self.un = others["XAA"], un
        self.buyer = others[(buyers or ("XBB",))[0]]
        law = LawsAtHand([]).law(LAW)
        assert law is not None
        self.un.do(
            AdoptPack(pack=LAW, version=law.version),
            OpenAccount(account=AT_MECHANISM, holder="A developer", party=Party("XAA")),
            OpenAccount(account=AT_FUND, holder="Adaptation Fund"),
        )
        for office in others.values():
            office.open_holder()
        self.registered(**letter)

    def registered(self, activity: ActivityId = STOVES, **letter: Any) -> None:
        """The host registers the activity and authorizes its units; nothing is stated to the mechanism yet."""
        parties = tuple(Party(party) for party in self.offices if party != "XUN")
        content: dict[str, Any] = {
            "purposes": (Purpose.NDC,),
            "vintages": (2021, 2022, 2023, 2024),
            "authorized_parties": tuple(party for party in parties if party != self.host.party),
            "authorized_quantity": 5_000,
            "last_use_on": date(2030, 12, 31),
            **letter,
        }
        self.host.do(
            RegisterCooperativeApproach(approach=CA0001, title="Article 6.4 mechanism", participants=parties),
            RegisterActivity(
                activity=activity,
                title="Stoves",
                mitigation_type=MitigationType.REDUCTION,
                sector="Building and construction",
                activity_type="Energy Efficiency households",
                cooperative_approach=CA0001,
            ),
            Authorize(
                authorization=LETTER,
                cooperative_approach=CA0001,
                underlying_references=("A6.4-AMM-001",),
                sectors=("Building and construction",),
                gases=("CO2",),
                adjustment_commitment="corresponding adjustments are applied",
                activity_types=("Energy Efficiency households",),
                activities=(activity,),
                change_circumstances="by agreement",
                change_process="published notice",
                **content,
            ),
        )

    def stated(self, letter: AuthorizationId | None = LETTER, **more: Any) -> list[object]:
        """The host states the activity to the mechanism, and the statement arrives."""
        self.host.do(StateAuthorization(activity=STOVES, partner=Party("XUN"), authorization=letter, **more))
        return self.tell("XAA")

    def verified(
        self, quantity: int = 1_000, vintage: int = 2023, key: str = "M1", activity: ActivityId = STOVES
    ) -> None:
        amounts = (VintageQuantity(vintage, quantity),)
        digest = self.un.world.evidence.put(f"readings of {key}".encode())
        self.un.do(
            SubmitMonitoring(
                monitoring=key,
                activity=activity,
                first_day=date(vintage, 1, 1),
                last_day=date(vintage, 12, 31),
                monitored=amounts,
                evidence=(digest,),
            ),
            Verify(
                verification=f"{key}-V", monitoring=key, verifier="body", verified=amounts, statement="as monitored"
            ),
        )

    def issue(
        self,
        quantity: int = 1_000,
        *,
        vintage: int = 2023,
        key: str = "M1",
        letter: AuthorizationId | None = LETTER,
        activity: ActivityId = STOVES,
        account: str = AT_MECHANISM,
    ) -> Outcome:
        return self.un.ask(
            Issue(
                activity=activity,
                verification=f"{key}-V",
                vintage=vintage,
                quantity=quantity,
                account=account,
                authorization=letter,
                answers=ANSWERS,
            )
        )[0]

    def issued(self, quantity: int = 1_000, *, letter: AuthorizationId | None = LETTER) -> Receipt:
        """From the host's statement to the units, and what they owe the host is told."""
        self.stated(letter)
        self.verified(quantity)
        outcome = self.issue(quantity, letter=letter)
        assert isinstance(outcome, Receipt), outcome
        self.tell("XUN")
        return outcome

    def forward(self, first: int, last: int, transfer: str = "f-1", *, to: str = "XBB", **more: Any) -> Outcome:
        """Propose it, and let everything arrive; what is refused at once is returned."""
        content: dict[str, Any] = {
            "parts": (Units(CLASS, first, last),),
            "source": AT_MECHANISM,
            **more,
        }
        outcome = self.propose(first, last, transfer, by="XUN", to=to, **content)
        self.network.deliver()
        return outcome

    def backup(self, party: str) -> MemoryStore:
        return FrailStore.copied(self.offices[party].store, lambda: None)

    def restored(self, party: str, backup: MemoryStore) -> None:
        """A registry comes back from its backup, and knows nothing of what it did since."""
        office = self.offices[party]
        office.store, office.world = backup, replace(office.world, store=backup)
        office.writer = Writer(office.world)
        self.links[party] = self._joined(office)

    def reconciler(self, party: str) -> Reconciler:
        office = self.offices[party]
        return Reconciler(
            office.world,
            lambda: office.writer.registry,
            lambda submissions: office.writer.step(list(submissions)),
            lambda work: work(office.store),
            again=lambda *_: [],
            take=lambda _: None,
        )

    def mended(self, party: str, other: str) -> list[Outcome]:
        """A registry compares its book with another's, and closes by hand every case that it has to mend."""
        office = self.offices[party]
        self.reconciler(party).run(Party(other), self.reconciler(other).answer)
        cases = [
            from_json(CaseRecord, value) for (kind, _), value in office.writer.books.records.items() if kind == CASE
        ]
        return office.ask(
            *(
                CloseCase(case=case.id, way=ways_of(case)[0], authority="registrar", reason="compared")
                for case in cases
                if ways_of(case)
            )
        )

    def first(self, quantity: int = 1) -> int:
        """The first serial that the developer has."""
        held = sorted(
            each.first
            for each in self.un.writer.books.all_holdings()
            if each.account == AT_MECHANISM and each.serials.size >= quantity
        )
        return held[0]


def code(outcome: object) -> str:
    assert isinstance(outcome, Refusal), outcome
    return str(outcome.code)
