"""Units that a scheme's list names, for the company of a served demonstration: born abroad, authorized, and acquired.

Host, programme and methodology are those of an entry of the pack's list; the activity and its quantities are supposed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from counterfoil.application.command import Units
from counterfoil.application.commands.abroad import ProposeTransfer
from counterfoil.application.commands.authorize import Authorize
from counterfoil.application.commands.issue import Issue
from counterfoil.application.commands.monitor import SubmitMonitoring, Verify
from counterfoil.application.commands.record_agreement import RecordAgreement
from counterfoil.application.commands.register import RegisterActivity, RegisterCooperativeApproach, RegisterEntity
from counterfoil.domain.authorizations.agreement import AgreementKind
from counterfoil.domain.kernel.ids import ActivityId, AuthorizationId, CooperativeApproachId, Party, TransferId
from counterfoil.domain.mrv.verification import VintageQuantity
from counterfoil.domain.units.purpose import Purpose
from counterfoil.domain.units.unit_type import MitigationType
from counterfoil.entrypoints.demo.script import Script
from counterfoil.entrypoints.demo.stage import Stage

ACTIVITY: Final = "DEMO-STOVES"
LETTER: Final = "DEMO-LOA-STOVES"
_APPROACH: Final = CooperativeApproachId("CA9902")
_SUPPOSED: Final = ("the whole act",)


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who acquires: the Party, and a body of it with its account."""

    party: str
    entity: str
    name: str
    account: str


@dataclass(slots=True)
class ListedUnits:
    """The acts of both books. `supply` is the assumed table of the demonstration; `vintage` a year that is over."""

    stage: Stage
    script: Script
    supply: Mapping[str, Any]
    buyer: Buyer
    vintage: int
    _issued: list[Units] = field(default_factory=list)

    def acts(self) -> list[tuple[int, str, Callable[[], None]]]:
        """Days before today, what happens, and how."""
        return [
            (89, "an activity abroad that a list names", self._registered),
            (84, "its letter", self._authorized),
            (70, "its report", self._monitored),
            (55, "verified", self._verified),
            (48, "issued", self._issue),
            (39, "its units for the company", self._acquired),
        ]

    @property
    def _host(self) -> str:
        host: str = self.supply["host"]
        return host

    @property
    def _holder(self) -> str:
        return self.script.parties[self._host]["holder"]

    def _registered(self) -> None:
        participants = (Party(self._host), Party(self.buyer.party))
        agreement = RecordAgreement(
            agreement=f"DEMO-{self._host}-{self.buyer.party}",
            kind=AgreementKind.IMPLEMENTATION_AGREEMENT,
            title=f"{self._host}-{self.buyer.party} (Demonstration · 示範)",
            parties=participants,
            in_force_from=date(2021, 1, 1),
            permits_transfer=True,
            provision="assumed · 假定",
            approaches=(),
            assumed=_SUPPOSED,
        )
        approach = RegisterCooperativeApproach(
            approach=_APPROACH, title=agreement.title, participants=participants, assumed=_SUPPOSED
        )
        buyer = RegisterEntity(
            entity=self.buyer.entity, name=self.buyer.name, country=self.buyer.party, assumed=_SUPPOSED
        )
        self.stage.do(self.buyer.party, agreement)
        self.stage.do(self._host, approach, agreement, buyer, self._activity())

    def _activity(self) -> RegisterActivity:
        said = {name: self.supply[name] for name in ("sector", "activity_type", "standard", "methodology")}
        return RegisterActivity(
            activity=ActivityId(ACTIVITY),
            title=f"{self.supply['title']} (Demonstration · 示範)",
            mitigation_type=MitigationType.REDUCTION,
            cooperative_approach=_APPROACH,
            assumed=_SUPPOSED,
            **said,
        )

    def _authorized(self) -> None:
        supply = self.supply
        letter = Authorize(
            authorization=AuthorizationId(LETTER),
            cooperative_approach=_APPROACH,
            purposes=(Purpose.NDC,),
            vintages=(self.vintage,),
            last_use_on=self.script.last_use_on,
            underlying_references=(supply["standard"], supply["methodology"]),
            sectors=(supply["sector"],),
            gases=("CO2",),
            adjustment_commitment=f"{self._host} applies corresponding adjustments to what is first transferred.",
            activity_types=(supply["activity_type"],),
            activities=(ActivityId(ACTIVITY),),
            authorized_parties=(Party(self.buyer.party),),
            authorized_entities=(self.buyer.entity,),
            authorized_quantity=supply["quantity_t"],
            change_circumstances="Changes only before first transfer, by agreement of the Parties.",
            change_process="Written notice, published before it takes effect.",
            initial_report_justification="The initial report is being prepared.",
            assumed=_SUPPOSED,
        )
        self.stage.do(self._host, letter)

    def _monitored(self) -> None:
        readings = f"# Demonstration: assumed readings · 示範：假定之讀數\n{self.vintage},{self.supply['quantity_t']}\n"
        report = SubmitMonitoring(
            monitoring=f"{ACTIVITY}-M1",
            activity=ActivityId(ACTIVITY),
            first_day=date(self.vintage, 1, 1),
            last_day=date(self.vintage, 12, 31),
            monitored=self._quantity(),
            evidence=(self.stage.evidence(self._host, readings.encode()),),
            assumed=_SUPPOSED,
        )
        self.stage.do(self._host, report)

    def _verified(self) -> None:
        verified = Verify(
            verification=f"{ACTIVITY}-M1-V",
            monitoring=f"{ACTIVITY}-M1",
            verifier="assumed verification body",
            verified=self._quantity(),
            statement="Demonstration: supposed to have found the quantities monitored.",
            assumed=_SUPPOSED,
        )
        self.stage.do(self._host, verified)

    def _quantity(self) -> tuple[VintageQuantity, ...]:
        return (VintageQuantity(self.vintage, self.supply["quantity_t"]),)

    def _issue(self) -> None:
        issue = Issue(
            activity=ActivityId(ACTIVITY),
            verification=f"{ACTIVITY}-M1-V",
            vintage=self.vintage,
            quantity=self.supply["quantity_t"],
            account=self._holder,
            authorization=AuthorizationId(LETTER),
            assumed=_SUPPOSED,
        )
        (receipt,) = self.stage.do(self._host, issue)
        self._issued.append(Units(*receipt.moves[0][:3]))

    def _acquired(self) -> None:
        """One message after the other, until both books are final."""
        name = f"{self._host}-demo-stoves"
        proposal = ProposeTransfer(
            id=f"{name}:propose",
            transfer=TransferId(name),
            partner=Party(self.buyer.party),
            parts=tuple(self._issued),
            source=self._holder,
            target=self.buyer.account,
            entity=self.buyer.entity,
            assumed=_SUPPOSED,
        )
        self.stage.transfer(self._host, proposal)
