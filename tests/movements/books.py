"""Two or more registries in one process, joined by a queue, with short ways to say what moves between them."""

from dataclasses import replace
from datetime import date
from typing import Any

from counterfoil.adapters.peers.in_process import InProcessNetwork
from counterfoil.application.command import Units
from counterfoil.application.commands.abroad import ProposeTransfer
from counterfoil.application.commands.link import LinkPartner
from counterfoil.application.draft import Outcome
from counterfoil.application.federation.federation import Federation
from counterfoil.application.queries.aef_submission import aef_submission
from counterfoil.application.queries.balance import awaiting_by_units, balance_of
from counterfoil.application.queries.notices import notices
from counterfoil.domain.federation.notice import NoticeState
from counterfoil.domain.kernel.ids import Party, TransferId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_rows import Submission
from counterfoil.domain.reporting.finding import Severity
from tests.application.office import Office
from tests.domain.reporting.submissions import checked

CLASS = "CA9001-XAA01-XAA-#-2023"


class Linked:
    """Registries that are all linked to one another."""

    def __init__(self, offices: dict[str, Office]) -> None:
        self.network = InProcessNetwork()
        self.offices = offices
        self.links = {party: self._joined(office) for party, office in offices.items()}
        for party in offices:
            for other in offices:
                if other != party:
                    self.link(party, other)

    def _joined(self, office: Office) -> Federation:
        def do(submissions: Any) -> list[Outcome]:
            return office.writer.step(list(submissions))

        link = Federation(office.world, office.writer, do, self.network)
        self.network.join(office.party, link.receive)
        return link

    def link(self, party: str, other: str) -> None:
        known = self.offices[other]
        self.offices[party].do(
            LinkPartner(
                party=known.party,
                registry=known.writer.registry.registry,
                origin=known.signer.name,
                public_key=known.public_key,
            )
        )

    def tell(self, party: str) -> list[object]:
        """Send every notice that a book owes, and deliver; what became of each message."""
        for notice in self.notices(party, NoticeState.OWED):
            self.links[party].resend(notice)
        return self.network.deliver()

    def notices(self, party: str, state: NoticeState) -> list[str]:
        return [
            each["id"]
            for each in notices(self.offices[party].sight(), on=date(2025, 1, 15))["told"]
            if each["state"] == state
        ]

    def sound(self) -> None:
        """Every book verifies, and what it awaits is the same by its units and by its adjustments."""
        for office in self.offices.values():
            assert office.audit().findings == ()
            by_units = {name: size for name, size in awaiting_by_units(office.sight()).items() if size}
            balances = office.writer.books.all_balances()
            booked = {
                key.commodity: -amount for key, amount in balances.items() if key.account == "awaiting-use" and amount
            }
            assert by_units == booked


class Books(Linked):
    """A host XAA with an activity and 1,000 issued units, and other Parties."""

    def __init__(self, *others: str, demonstration: bool = False, **letter: Any) -> None:
        parties = ("XAA", *(others or ("XBB",)))
        super().__init__({party: Office(party, demonstration=demonstration) for party in parties})
        self.host, self.buyer = self.offices["XAA"], self.offices[parties[1]]
        authorized = tuple(Party(party) for party in parties[1:])
        terms = {"authorized_parties": authorized, **letter}
        self.host.activity(partner=self.buyer.party, others=parties[2:], **terms)
        self.host.issued()
        for party in parties[2:]:
            self.host.do(replace(self.host.agreement(party), agreement=f"IA-{party}"))
        for party in parties[1:]:
            self.offices[party].open_holder()
            self.offices[party].do(self.offices[party].agreement("XAA"))

    def propose(
        self,
        first: int = 1,
        last: int = 400,
        transfer: str = "t-1",
        *,
        by: str = "XAA",
        to: str = "XBB",
        **more: Any,
    ) -> Outcome:
        content: dict[str, Any] = {
            "id": f"{transfer}:propose",
            "transfer": TransferId(transfer),
            "partner": Party(to),
            "parts": (Units(CLASS, first, last),),
            "source": self.offices[by].holder,
            "target": self.offices[to].holder,
            **more,
        }
        return self.links[by].propose(ProposeTransfer(**content), by="tester")

    def send(self, first: int = 1, last: int = 400, transfer: str = "t-1", **more: Any) -> list[object]:
        """A whole transfer; what became of each message."""
        self.propose(first, last, transfer, **more)
        return self.network.deliver()

    def held(self, party: str) -> int:
        office = self.offices[party]
        holdings = office.writer.books.all_holdings()
        return sum(each.serials.size for each in holdings if each.account == office.holder)

    def where(self, party: str, first: int, last: int, key: str = CLASS) -> list[str]:
        return [each.account for each in self.offices[party].writer.books.holdings(key, first, last)]

    def net(self, party: str) -> dict[str, int]:
        """The adjustments of a Party by year, in its own book."""
        balance = balance_of(self.offices[party].sight(), party)
        assert not isinstance(balance, Refusal)
        years = balance["commodities"].get("tCO2e", {"years": {}})["years"]
        return {year: entry["net"] for year, entry in years.items()}

    def reports(self, *, year: int = 2025) -> dict[str, Submission]:
        """What each Party would file for the year."""
        filed: dict[str, Submission] = {}
        for party, office in self.offices.items():
            if not office.writer.registry.is_party:
                continue
            on = date(year + 1, 3, 31)
            found = aef_submission(office.sight(), party=party, year=year, version="1.0", submitted_on=on)
            assert not isinstance(found, Refusal), found
            filed[party] = found
        return filed

    def inconsistencies(self, *, year: int = 2025) -> list[tuple[str, str]]:
        """What the checks of the agreed format find against the reports of all Parties together.

        The letter of the tests lets units be used for longer than they count (C21), which is not the matter here.
        """
        report = checked(*self.reports(year=year).values())
        found = (one for one in report.findings if one.severity is Severity.INCONSISTENT and one.check != "C21")
        return [(one.check, report.message(one)) for one in found]
