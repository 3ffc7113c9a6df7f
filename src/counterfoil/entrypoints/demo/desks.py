"""What a served demonstration leaves for each desk to do: work that waits, simulated and marked so, days before today.

All is of one developer with two activities, a verification body, a company, and one partner Party; none of them exists.
Each date counts back from today, so that deadlines and terms are those of a registry at work.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from counterfoil.application.command import Command, Units
from counterfoil.application.commands.abroad import ProposeTransfer
from counterfoil.application.commands.adopt_pack import AdoptPack
from counterfoil.application.commands.authorize import Authorize
from counterfoil.application.commands.file_liability import FileLiability
from counterfoil.application.commands.issue import Issue
from counterfoil.application.commands.link import ChangeLink
from counterfoil.application.commands.monitor import SubmitMonitoring, Verify
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.propose_activity import ProposeActivity
from counterfoil.application.commands.record_agreement import RecordAgreement
from counterfoil.application.commands.register import RegisterActivity, RegisterCooperativeApproach, RegisterEntity
from counterfoil.application.commands.review_report import RecordReviewFinding
from counterfoil.application.commands.transfer import Transfer
from counterfoil.domain.authorizations.agreement import AgreementKind
from counterfoil.domain.kernel.ids import ActivityId, AuthorizationId, CooperativeApproachId, Party, TransferId
from counterfoil.domain.mrv.verification import VintageQuantity
from counterfoil.domain.policy.stages import Stage as LifeStage
from counterfoil.domain.reporting.filing import ReportKind, filing_key
from counterfoil.domain.reporting.review import IssueType, ReviewArea
from counterfoil.domain.units.purpose import Purpose
from counterfoil.domain.units.unit_type import MitigationType
from counterfoil.entrypoints.demo.acts import Scene
from counterfoil.entrypoints.demo.filings import VERSION
from counterfoil.entrypoints.demo.listed_units import Buyer, ListedUnits
from counterfoil.entrypoints.demo.script import Script
from counterfoil.entrypoints.demo.stage import Stage
from counterfoil.entrypoints.laws_at_hand import LawsAtHand

DEVELOPER: Final = "DEMO-DEVELOPER"
VERIFIER: Final = "DEMO-VERIFIER"
COMPANY: Final = "DEMO-COMPANY"
NAMES: Final = {
    DEVELOPER: "Activity developer (demonstration) · 活動開發者（示範）",
    VERIFIER: "Verification body (demonstration) · 查驗機構（示範）",
    COMPANY: "Company (demonstration) · 公司（示範）",
}
ROOFS: Final = "DEMO-ROOFS"
BIOGAS: Final = "DEMO-BIOGAS"
LETTER: Final = "DEMO-LOA-1"
_SUPPOSED: Final = ("the whole act",)
_ISSUED_T: Final = 8_500
_ABROAD_T: Final = (3_000, 500)
"""Units of each proposal to the partner."""
_COMPANY_T: Final = 2_000
_ACQUIRER: Final = "Acquiring entity (demonstration) · 取得實體（示範）"


def partner_of(script: Script, party: str) -> str:
    """With whom a Party has dealings: who acquires from it in the play, else the first other one."""
    known = [each.fact.acquirer for each in script.transfers if each.fact.host == party]
    return next(each for each in (*known, *script.parties) if each != party)


def first_half(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 6, 30)


def second_half(year: int) -> tuple[date, date]:
    return date(year, 7, 1), date(year, 12, 31)


class Desks:
    """The scenes of one Party's desks."""

    def __init__(self, stage: Stage, script: Script, party: str, today: date) -> None:
        self._stage = stage
        self._script = script
        self._party = party
        self._partner = partner_of(script, party)
        self._holder = script.parties[self._partner]["holder"]
        self._last_use_on = script.last_use_on
        self._charges = script.charges
        self._today = today
        self._year = today.year - 1
        self._reports = self._year in script.reported_years() and script.reported_on(self._year) < today

    @property
    def partner(self) -> str:
        """The Party with which it has dealings."""
        return self._partner

    @property
    def developer_account(self) -> str:
        return f"{self._party.lower()}:demo-developer"

    @property
    def company_account(self) -> str:
        return f"{self._party.lower()}:demo-company"

    @property
    def answers(self) -> Mapping[str, Any]:
        """What the law that the Party adopts asks of later acts, and only people know."""
        found: Mapping[str, Any] = self._charges.get(self._party, {}).get("answers", {})
        return found

    def scenes(self) -> list[Scene]:
        """In their order; what waits comes last."""
        acts: list[tuple[int, str, Callable[[], None]]] = [
            (90, "bodies and accounts", self._bodies),
            (85, "an activity at work", self._activity),
            (80, "its letter", self._letter),
            (60, "its first report", partial(self._monitored, "M1", first_half(self._year), 12_000)),
            (50, "verified", self._verified),
            (45, "issued", self._issued),
            (40, "units for a company", self._sold),
            (6, "a report that waits for a verifier", partial(self._monitored, "M2", second_half(self._year), 9_500)),
            (5, "an activity that asks for its approval", self._asks),
            (4, "a finding that waits for an answer", self._found),
            (3, "a charge that waits for units", self._owed),
            (2, "the partner asks for consent by a person", self._by_hand),
            (1, "transfers that wait for the partner", self._proposed),
            *self._listed(),
        ]
        return [
            Scene(self._today - timedelta(days=days), 20 + order, f"{self._party}: {title}", play)
            for order, (days, title, play) in enumerate(acts)
        ]

    def _do(self, *commands: Command) -> None:
        self._stage.do(self._party, *commands)

    def _bodies(self) -> None:
        self._do(
            *(
                RegisterEntity(entity=entity, name=name, country=self._party, assumed=_SUPPOSED)
                for entity, name in NAMES.items()
            ),
            RegisterEntity(entity=self._holder, name=_ACQUIRER, country=self._partner, assumed=_SUPPOSED),
            OpenAccount(account=self.developer_account, holder=DEVELOPER, assumed=_SUPPOSED),
            OpenAccount(account=self.company_account, holder=COMPANY, assumed=_SUPPOSED),
        )

    def _activity(self) -> None:
        participants = (Party(self._party), Party(self._partner))
        agreement = RecordAgreement(
            agreement=f"DEMO-{self._party}-{self._partner}",
            kind=AgreementKind.IMPLEMENTATION_AGREEMENT,
            title=f"{self._party}-{self._partner} (Demonstration · 示範)",
            parties=participants,
            in_force_from=date(2021, 1, 1),
            permits_transfer=True,
            provision="assumed · 假定",
            approaches=(),
            assumed=_SUPPOSED,
        )
        self._stage.do(self._partner, agreement)
        approach = RegisterCooperativeApproach(
            approach=_APPROACH,
            title=f"{self._party}-{self._partner} (Demonstration · 示範)",
            participants=participants,
            assumed=_SUPPOSED,
        )
        self._do(approach, agreement, RegisterActivity(**_described(ROOFS, "Solar roofs", "Solar")))

    def _letter(self) -> None:
        self._do(self.letter(LETTER, (ROOFS,)))

    def letter(self, name: str, activities: tuple[str, ...]) -> Authorize:
        """A letter for activities of the developer, as a template of such letters reads."""
        return Authorize(
            authorization=AuthorizationId(name),
            cooperative_approach=_APPROACH,
            purposes=(Purpose.NDC,),
            vintages=(self._year, self._year + 1),
            last_use_on=self._last_use_on,
            underlying_references=("agreed between the Parties",),
            sectors=(_SECTOR,),
            gases=("CO2",),
            adjustment_commitment=f"{self._party} applies corresponding adjustments to what is first transferred.",
            activity_types=("Solar",),
            activities=tuple(ActivityId(each) for each in activities),
            authorized_parties=(Party(self._partner),),
            authorized_entities=(DEVELOPER, self._holder),
            authorized_quantity=50_000,
            change_circumstances="Changes only before first transfer, by agreement of the Parties.",
            change_process="Written notice, published before it takes effect.",
            initial_report_justification="The initial report is being prepared.",
            assumed=_SUPPOSED,
        )

    def _monitored(self, name: str, period: tuple[date, date], quantity_t: int) -> None:
        first_day, last_day = period
        readings = f"# Demonstration: assumed readings · 示範：假定之讀數\n{first_day},{last_day},{quantity_t}\n"
        self._do(
            SubmitMonitoring(
                monitoring=f"{ROOFS}-{name}",
                activity=ActivityId(ROOFS),
                first_day=first_day,
                last_day=last_day,
                monitored=(VintageQuantity(self._year, quantity_t),),
                evidence=(self._stage.evidence(self._party, readings.encode()),),
                assumed=_SUPPOSED,
            )
        )

    def _verified(self) -> None:
        self._do(
            Verify(
                verification=VERIFICATION,
                monitoring=f"{ROOFS}-M1",
                verifier=VERIFIER,
                verified=(VintageQuantity(self._year, 12_000),),
                statement="Demonstration: supposed to have found the quantities monitored.",
                assumed=_SUPPOSED,
            )
        )

    def issue(self, quantity_t: int) -> Issue:
        """Units of the verified report, into the developer's account."""
        return Issue(
            activity=ActivityId(ROOFS),
            verification=VERIFICATION,
            vintage=self._year,
            quantity=quantity_t,
            account=self.developer_account,
            authorization=AuthorizationId(LETTER),
            assumed=_SUPPOSED,
        )

    def _issued(self) -> None:
        self._do(self.issue(_ISSUED_T))

    def _held(self) -> Units:
        """The block that the developer holds."""
        sight = self._stage.sight(self._party)
        try:
            found = next(each for each in sight.all_holdings() if each.account == self.developer_account)
        finally:
            sight.reading.close()
        return Units(found.unit_class, found.serials.first, found.serials.last)

    def _sold(self) -> None:
        held = self._held()
        units = Units(held.unit_class, held.first, held.first + _COMPANY_T - 1)
        account = self.company_account
        self._do(Transfer(units=units, source=self.developer_account, target=account, assumed=_SUPPOSED))

    def _asks(self) -> None:
        proposed = ProposeActivity(stage=LifeStage.APPROVAL, **_described(BIOGAS, "Biogas from rice mills", "Solar"))
        self._do(proposed)

    def _found(self) -> None:
        """Only where the report of the last year was filed before today."""
        if not self._reports:
            return
        self._do(
            RecordReviewFinding(
                finding="DEMO-FINDING-1",
                report=filing_key(ReportKind.AEF, self._party, year=self._year, approaches=()),
                version=VERSION,
                team="DEMO-TEAM",
                area=ReviewArea.QUANTIFICATION,
                provision="6/CMA.4 annex II",
                issue=IssueType.QUANTIFIED,
                text="Demonstration: the review team asks how the vintages of the first table were split.",
                recommendation="Demonstration: say where the split is recorded.",
                assumed=_SUPPOSED,
            )
        )

    def _listed(self) -> list[tuple[int, str, Callable[[], None]]]:
        """Units that the charge's list names, where the Party has such a charge."""
        supply = self._charges.get(self._party, {}).get("supply")
        if supply is None:
            return []
        buyer = Buyer(self._party, COMPANY, NAMES[COMPANY], self.company_account)
        return ListedUnits(self._stage, self._script, supply, buyer, self._year - 1).acts()

    def _owed(self) -> None:
        """Only where the law of the Party has such a charge in force."""
        charge = self._charges.get(self._party)
        if charge is None:
            return
        law = LawsAtHand().law(charge["pack"])
        assert law is not None, charge
        self._do(
            AdoptPack(pack=law.pack, version=law.version, assumed=_SUPPOSED),
            *(self._liability(charge, year) for year in (self._year - 1, self._year)),
        )

    def _liability(self, charge: Mapping[str, Any], year: int) -> FileLiability:
        return FileLiability(
            liability=f"DEMO-{year}",
            entity=COMPANY,
            account=self.company_account,
            scheme=charge["scheme"],
            year=year,
            emissions_t=charge["emissions_t"],
            base_t=charge["base_t"],
            assumed=_SUPPOSED,
        )

    def _by_hand(self) -> None:
        """Until now the play went on by itself; from here on a person of the partner decides."""
        reason = "Demonstration: a person decides · 示範：由人員決定"
        change = ChangeLink(party=Party(self._party), reason=reason, by_hand=True, assumed=_SUPPOSED)
        self._stage.do(self._partner, change)

    def _proposed(self) -> None:
        """The proposals are entered and not sent: they go when both registries are served."""
        for number, quantity_t in enumerate(_ABROAD_T, start=1):
            held = self._held()
            self._do(
                ProposeTransfer(
                    transfer=TransferId(f"{self._party}-demo-{number}"),
                    partner=Party(self._partner),
                    parts=(Units(held.unit_class, held.first, held.first + quantity_t - 1),),
                    source=self.developer_account,
                    target=self._holder,
                    entity=self._holder,
                    assumed=_SUPPOSED,
                )
            )


VERIFICATION: Final = f"{ROOFS}-M1-V"
_APPROACH: Final = CooperativeApproachId("CA9901")
_SECTOR: Final = "Energy generation"


def _described(name: str, title: str, activity_type: str) -> dict[str, Any]:
    """What both activities say of themselves."""
    return {
        "activity": ActivityId(name),
        "title": f"{title} (Demonstration · 示範)",
        "mitigation_type": MitigationType.REDUCTION,
        "sector": _SECTOR,
        "activity_type": activity_type,
        "cooperative_approach": _APPROACH,
        "standard": "agreed between the Parties",
        "methodology": "grid-connected solar power",
        "participants": (DEVELOPER,),
        "assumed": _SUPPOSED,
    }
