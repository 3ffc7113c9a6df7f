"""Two desks that know each other: THA with an activity, a letter and verified units to issue; CHE as a buyer."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from counterfoil.application.command import Context, stored
from counterfoil.application.commands.abroad import TRANSFER, ProposeTransfer, SettleTransfer, TransferRecord
from counterfoil.application.commands.acquire import AcceptTransfer, Acquire
from counterfoil.application.commands.authorize import Authorize
from counterfoil.application.commands.foreign import FOREIGN_APPROACH, letters_behind
from counterfoil.application.commands.issue import Issue
from counterfoil.application.commands.link import LinkPartner
from counterfoil.application.commands.monitor import SubmitMonitoring, Verify
from counterfoil.application.commands.offered import OfferedPart
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.record_agreement import RecordAgreement
from counterfoil.application.commands.register import (
    RegisterActivity,
    RegisterCooperativeApproach,
    RegisterEntity,
)
from counterfoil.domain.accounting.first_transfer import Trigger
from counterfoil.domain.activities.activity import APPROACH
from counterfoil.domain.authorizations.agreement import AgreementKind
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import ActivityId, AuthorizationId, CooperativeApproachId, Party, TransferId
from counterfoil.domain.kernel.record import to_json
from counterfoil.domain.ledger.entry import Entry
from counterfoil.domain.mrv.verification import VintageQuantity
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from counterfoil.domain.units.unit_type import MitigationType
from tests.domain.commands.desk import Desk, registry, units

V2023 = "CA9001-THA01-THA-#-2023"
V2024 = "CA9001-THA01-THA-#-2024"
HOME = "THA01-TVER-#-2023"
DEV, SHOP = "tha:dev", "tha:shop"
BUYER = "che:buyer"
CA9001, CA9002 = CooperativeApproachId("CA9001"), CooperativeApproachId("CA9002")
BUSES, STOVES, PARK = ActivityId("BUSES"), ActivityId("STOVES"), ActivityId("PARK")
LOA = AuthorizationId("LOA-1")


def letter(**changes: Any) -> Authorize:
    """An authorization for NDC use by CHE and JPN, vintages 2023 and 2024, changeable by its own terms."""
    content: dict[str, Any] = {
        "authorization": LOA,
        "cooperative_approach": CA9001,
        "purposes": (Purpose.NDC,),
        "vintages": (2023, 2024),
        "last_use_on": date(2032, 12, 31),
        "underlying_references": ("Decree 1",),
        "sectors": ("Transport",),
        "gases": ("CO2",),
        "adjustment_commitment": "The Party applies corresponding adjustments for what is first transferred.",
        "authorized_parties": (Party("CHE"), Party("JPN")),
        "change_circumstances": "by agreement of the Parties",
        "change_process": "exchange of notes",
    }
    return Authorize(**{**content, **changes})


def oimp_letter(definition: FirstTransferDefinition, *purposes: Purpose, **changes: Any) -> Authorize:
    """An authorization for other purposes as well, with the host's definition of the first transfer."""
    return letter(
        purposes=purposes or (Purpose.IMP,),
        first_transfer_definition=definition,
        oimp_detail="aviation",
        **changes,
    )


def issue(**changes: Any) -> Issue:
    """One hundred units of vintage 2023 to the developer, under the letter."""
    content: dict[str, Any] = {
        "activity": BUSES,
        "verification": "V-1",
        "vintage": 2023,
        "quantity": 100,
        "account": DEV,
        "authorization": LOA,
    }
    return Issue(**{**content, **changes})


def activity(name: str, **changes: Any) -> RegisterActivity:
    content: dict[str, Any] = {
        "activity": name,
        "title": name.capitalize(),
        "mitigation_type": MitigationType.REDUCTION,
        "sector": "Transport",
        "activity_type": "Electric vehicles",
        "cooperative_approach": CA9001,
    }
    return RegisterActivity(**{**content, **changes})


def report(monitoring: str, of: ActivityId, *monitored: tuple[int, int], **changes: Any) -> SubmitMonitoring:
    content: dict[str, Any] = {
        "monitoring": monitoring,
        "activity": of,
        "first_day": date(2023, 1, 1),
        "last_day": date(2024, 12, 31),
        "monitored": quantities(*monitored),
        "evidence": ("ab" * 32,),
    }
    return SubmitMonitoring(**{**content, **changes})


def statement(verification: str, monitoring: str, *verified: tuple[int, int]) -> Verify:
    return Verify(
        verification=verification,
        monitoring=monitoring,
        verifier="TUV",
        verified=quantities(*verified),
        statement="cd" * 32,
    )


def quantities(*pairs: tuple[int, int]) -> tuple[VintageQuantity, ...]:
    return tuple(VintageQuantity(vintage, quantity) for vintage, quantity in pairs)


def partner(party: str) -> LinkPartner:
    return LinkPartner(
        party=Party(party), registry=f"{party}01", origin=f"registry.example/{party}", public_key=f"{'A' * 43}="
    )


def agreement(*parties: str, **changes: Any) -> RecordAgreement:
    """An implementation agreement in force that permits transfers."""
    content: dict[str, Any] = {
        "agreement": f"IA-{'-'.join(parties)}",
        "kind": AgreementKind.IMPLEMENTATION_AGREEMENT,
        "title": "Implementation agreement",
        "parties": tuple(Party(party) for party in parties),
        "in_force_from": date(2021, 1, 1),
        "permits_transfer": True,
        "provision": "article 7",
    }
    return RecordAgreement(**{**content, **changes})


def host(**changes: Any) -> Desk:
    """The desk of THA: an approach, two activities, verified quantities, two accounts, two partners; no letter yet."""
    desk = Desk(registry("THA", **changes))
    parties = (Party("THA"), Party("CHE"), Party("JPN"))
    for approach in (CA9001, CA9002):
        desk.do(RegisterCooperativeApproach(approach=approach, title="Buses", participants=parties))
    desk.do(RegisterEntity(entity="KLIK", name="Foundation", country="CHE"))
    for account in (DEV, SHOP):
        desk.do(OpenAccount(account=account, holder=account))
    for other in ("CHE", "JPN"):
        desk.do(partner(other))
        desk.do(agreement("THA", other))
    desk.do(activity(BUSES))
    desk.do(activity(STOVES, cooperative_approach=CA9002))
    desk.do(report("M-1", BUSES, (2023, 600), (2024, 500)))
    desk.do(statement("V-1", "M-1", (2023, 600), (2024, 400)))
    return desk


def authorized_host(**changes: Any) -> Desk:
    """The desk of THA after the letter."""
    desk = host()
    desk.do(letter(**changes))
    return desk


def issuing_host(**changes: Any) -> Desk:
    """The desk of THA with one hundred authorized units, 1 to 100 of vintage 2023, with the developer."""
    desk = authorized_host(**changes)
    desk.do(issue())
    return desk


def buyer(party: str = "CHE", **changes: Any) -> Desk:
    """The desk of a buyer with one account and its partners."""
    desk = Desk(registry(party, **changes))
    desk.do(OpenAccount(account=f"{party.lower()}:buyer", holder="KLIK"))
    for other in ("THA", "CHE", "JPN"):
        if other != party:
            desk.do(partner(other))
            desk.do(agreement(party, other))
    return desk


def proposal(
    transfer: str = "T-1", to: str = "CHE", first: int = 1, last: int = 40, *, of: str = V2023, **changes: Any
) -> ProposeTransfer:
    content: dict[str, Any] = {
        "transfer": TransferId(transfer),
        "partner": Party(to),
        "parts": (units(of, first, last),),
        "source": DEV,
        "target": f"{to.lower()}:buyer",
    }
    return ProposeTransfer(**{**content, **changes})


def offer(source: Desk, transfer: str, **changes: Any) -> AcceptTransfer:
    """What the other side is asked to accept: the units of a proposal with their facts and the records behind them."""
    proposed = stored(source.books, TRANSFER, transfer, TransferRecord)
    assert proposed is not None
    offered = [
        held for part in proposed.parts for held in source.books.holdings(part.unit_class, part.first, part.last)
    ]
    pieces = [OfferedPart(held.unit_class, held.serials.first, held.serials.last, dict(held.facts)) for held in offered]
    context = Context(source.registry, proposed.proposed_on, proposed.proposed_on)
    letters = [each for held in offered for each in letters_behind(source.books, context, held)]
    shown = {f"{each.host}:{each.reference}": to_json(each) for each in letters}
    content: dict[str, Any] = {
        "transfer": proposed.id,
        "partner": source.registry.party,
        "parts": tuple(pieces),
        "target": proposed.target,
        "authorizations": tuple(shown.values()),
        "approaches": records(source, APPROACH, FOREIGN_APPROACH),
        "proposal": "ef" * 32,
        "entity": proposed.entity,
    }
    return AcceptTransfer(**{**content, **changes})


def records(desk: Desk, *kinds: str) -> tuple[Mapping[str, JSON], ...]:
    found = [value for (kind, _), value in desk.books.records.items() if kind in kinds]
    return tuple(value for value in found if isinstance(value, Mapping))


def receipt(source: Desk, transfer: str) -> Acquire:
    """What the other side acquires against: the day and trigger of the final entry, if it was a first transfer."""
    final = stored(source.books, TRANSFER, transfer, TransferRecord)
    assert final is not None
    assert final.final_on is not None
    first = final.trigger is not None
    return Acquire(
        transfer=final.id,
        receipt="01" * 32,
        provenance="",
        first_transferred_on=final.final_on if first else None,
        trigger=Trigger(final.trigger) if final.trigger is not None else None,
    )


def settle(transfer: str) -> SettleTransfer:
    return SettleTransfer(transfer=TransferId(transfer), acceptance="23" * 32)


def deliver(source: Desk, target: Desk, proposed: ProposeTransfer, *, on: date | None = None) -> Entry:
    """The whole exchange: proposed, accepted, final, acquired. Returns the final entry of the source."""
    source.do(proposed, on=on)
    target.do(offer(source, proposed.transfer), on=on)
    final = source.do(settle(proposed.transfer), on=on)
    target.do(receipt(source, proposed.transfer), on=on)
    return final


def sold() -> tuple[Desk, Desk]:
    """THA after it first transferred 1 to 40 to CHE, and CHE which acquired them."""
    source, target = issuing_host(), buyer()
    deliver(source, target, proposal())
    return source, target


def without_periods(desk: Desk) -> Desk:
    return replace(desk, registry=replace(desk.registry, ndc_periods=()))
