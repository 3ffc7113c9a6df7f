"""The acts of one transfer, from the activity to the first transfer, each on its day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from counterfoil.application.command import Units
from counterfoil.application.commands.abroad import ProposeTransfer
from counterfoil.application.commands.acquire import RecordAgreedTransfer
from counterfoil.application.commands.authorize import Authorize
from counterfoil.application.commands.issue import Issue, UnderlyingStart
from counterfoil.application.commands.monitor import SubmitMonitoring, Verify
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.record_agreement import RecordAgreement
from counterfoil.application.commands.register import RegisterActivity, RegisterCooperativeApproach, RegisterEntity
from counterfoil.domain.authorizations.agreement import AgreementKind
from counterfoil.domain.kernel.ids import ActivityId, AuthorizationId, CooperativeApproachId, Party, TransferId
from counterfoil.domain.mrv.verification import VintageQuantity
from counterfoil.domain.units.purpose import Purpose
from counterfoil.domain.units.unit_type import MitigationType
from counterfoil.entrypoints.demo.script import Fact, PlannedTransfer, Script
from counterfoil.entrypoints.demo.stage import Stage


@dataclass(frozen=True, slots=True)
class Scene:
    """Something that happens on a day."""

    on: date
    order: int
    title: str
    play: Callable[[], None]


def opening(stage: Stage, script: Script, first_day: date) -> list[Scene]:
    """The registries meet, and every Party opens its account."""

    def play() -> None:
        stage.link_partners()
        for party, known in script.parties.items():
            account = OpenAccount(
                account=known["holder"], holder=known["holder"], assumed=(f"account = {known['holder']}",)
            )
            stage.do(party, account)

    return [Scene(first_day, 0, "registries founded and linked", play)]


def scenes_of(stage: Stage, script: Script, transfer: PlannedTransfer, *, known: set[str]) -> list[Scene]:
    """All scenes of one quantified transfer. The activity is registered and authorized only the first time."""
    host, on, name = transfer.fact.host, transfer.on, transfer.activity
    activity = script.activities[name]
    scenes: list[Scene] = []
    if name not in known:
        known.add(name)
        first = next(each for each in script.transfers if each.activity == name)
        scenes += [
            Scene(
                script.before(on, "registered"),
                1,
                f"{host}: activity {name} registered",
                lambda: _register(stage, first, name, activity),
            ),
            Scene(
                script.before(on, "authorized"),
                2,
                f"{host}: {activity['authorization']} given",
                lambda: _authorize(stage, script, first, name),
            ),
        ]
    issued: list[Units] = []
    scenes += [
        Scene(
            script.before(on, "monitored"),
            3,
            f"{host}: monitoring of {name}",
            lambda: _monitor(stage, transfer, name, script.before(on, "monitored")),
        ),
        Scene(script.before(on, "verified"), 4, f"{host}: {name} verified", lambda: _verify(stage, transfer, name)),
        Scene(
            script.before(on, "issued"),
            5,
            f"{host}: {transfer.fact.quantity_t} t issued",
            lambda: issued.extend(_issue(stage, script, transfer, name, activity)),
        ),
        Scene(
            on,
            6,
            f"{host} → {transfer.fact.acquirer}: {transfer.fact.quantity_t} t first transferred",
            lambda: _first_transfer(stage, script, transfer, activity, issued),
        ),
    ]
    return scenes


def _report_key(transfer: PlannedTransfer, name: str) -> str:
    return f"{name}-M{transfer.fact.number}"


def _register(stage: Stage, transfer: PlannedTransfer, name: str, activity: Mapping[str, Any]) -> None:
    host, acquirer = transfer.fact.host, transfer.fact.acquirer
    approach = CooperativeApproachId(activity["approach"])
    participants = (Party(host), Party(acquirer))
    agreement = RecordAgreement(
        agreement=f"{host}-{acquirer}",
        kind=AgreementKind.IMPLEMENTATION_AGREEMENT,
        title=f"{host}-{acquirer} (Demonstration · 示範)",
        parties=participants,
        in_force_from=date(2021, 1, 1),
        permits_transfer=True,
        provision="assumed · 假定",
        approaches=(),
        assumed=("agreement in force", "its provision on transfers"),
    )
    stage.do(acquirer, agreement)
    stage.do(
        host,
        RegisterCooperativeApproach(
            approach=approach,
            title=f"{host}-{acquirer} (Demonstration · 示範)",
            participants=participants,
            assumed=(f"cooperative approach = {approach}",),
        ),
        agreement,
        RegisterActivity(
            activity=ActivityId(name),
            title=activity["title"],
            mitigation_type=MitigationType(activity["mitigation_type"]),
            sector=activity["sector"],
            activity_type=activity["activity_type"],
            cooperative_approach=approach,
            standard=activity["standard"],
            methodology=activity["methodology"],
            underlying_registry=activity.get("underlying", {}).get("registry"),
            assumed=(
                f"sector = {activity['sector']}",
                f"activity type = {activity['activity_type']}",
                f"methodology = {activity['methodology']}",
                f"standard = {activity['standard']}",
            ),
        ),
    )


def _authorize(stage: Stage, script: Script, transfer: PlannedTransfer, name: str) -> None:
    activity = script.activities[name]
    host, entity = transfer.fact.host, activity["entity"]
    stage.do(
        host,
        RegisterEntity(
            entity=entity["id"],
            name=entity["name"],
            country=entity["country"],
            assumed=(f"identification number = {entity['id']}", f"name = {entity['name']}"),
        ),
        Authorize(
            authorization=AuthorizationId(activity["authorization"]),
            cooperative_approach=CooperativeApproachId(activity["approach"]),
            purposes=(Purpose.NDC,),
            vintages=tuple(activity["vintages"]),
            last_use_on=script.last_use_on,
            underlying_references=(activity["standard"], activity["methodology"]),
            sectors=(activity["sector"],),
            gases=("CO2",),
            adjustment_commitment=f"{host} applies corresponding adjustments to what is first transferred.",
            activity_types=(activity["activity_type"],),
            activities=(ActivityId(name),),
            authorized_parties=(Party(transfer.fact.acquirer),),
            authorized_entities=(entity["id"],),
            authorized_quantity=activity["authorized_quantity"],
            change_circumstances="Changes only before first transfer, by agreement of the Parties.",
            change_process="Written notice, published before it takes effect.",
            initial_report_justification="The initial report is filed on the same day.",
            assumed=(
                f"letter of authorization = {activity['authorization']}",
                f"authorized quantity = {activity['authorized_quantity']}",
                f"vintages = {', '.join(map(str, activity['vintages']))}",
                f"last day of use = {script.last_use_on}",
                "terms of change",
                "gases = CO2",
                "commitment to adjust",
            ),
        ),
    )


def _monitor(stage: Stage, transfer: PlannedTransfer, name: str, on: date) -> None:
    vintages = [vintage for vintage, _ in transfer.vintages]
    digest = stage.evidence(transfer.fact.host, _readings(transfer))
    stage.do(
        transfer.fact.host,
        SubmitMonitoring(
            monitoring=_report_key(transfer, name),
            activity=ActivityId(name),
            first_day=date(min(vintages), 1, 1),
            last_day=min(date(max(vintages), 12, 31), on),
            monitored=tuple(VintageQuantity(vintage, quantity) for vintage, quantity in transfer.vintages),
            evidence=(digest,),
            assumed=(*transfer.assumed, "monitoring period = the whole calendar years of the vintages", "readings"),
        ),
    )


def _readings(transfer: PlannedTransfer) -> bytes:
    """Twelve supposed monthly readings a year that add up to the quantity of each vintage."""
    lines = ["# Demonstration: assumed readings · 示範：假定之讀數", "month,device,mitigation_t"]
    for vintage, quantity in transfer.vintages:
        for month in range(1, 13):
            share = quantity * month // 12 - quantity * (month - 1) // 12
            lines.append(f"{vintage}-{month:02d},assumed-meter-1,{share}")
    return ("\n".join(lines) + "\n").encode()


def _verify(stage: Stage, transfer: PlannedTransfer, name: str) -> None:
    key = _report_key(transfer, name)
    stage.do(
        transfer.fact.host,
        Verify(
            verification=f"{key}-V",
            monitoring=key,
            verifier="assumed verification body",
            verified=tuple(VintageQuantity(vintage, quantity) for vintage, quantity in transfer.vintages),
            statement="Demonstration: supposed to have found the quantities monitored.",
            assumed=("verifier", "statement"),
        ),
    )


def _issue(
    stage: Stage, script: Script, transfer: PlannedTransfer, name: str, activity: Mapping[str, Any]
) -> list[Units]:
    issued: list[Units] = []
    under = activity.get("underlying")
    for vintage, quantity in transfer.vintages:
        start = None
        if under is not None:
            prefix = f"{under['prefix']}{vintage}-"
            start = UnderlyingStart(under["registry"], prefix, int(under["first"]))
        receipt = stage.do(
            transfer.fact.host,
            Issue(
                activity=name,
                verification=f"{_report_key(transfer, name)}-V",
                vintage=vintage,
                quantity=quantity,
                account=script.parties[transfer.fact.host]["holder"],
                authorization=activity["authorization"],
                underlying=start,
                assumed=(f"vintage = {vintage}", "serial numbers"),
            ),
        )[0]
        unit_class, first, last = receipt.moves[0][:3]
        issued.append(Units(unit_class, first, last))
    return issued


def _first_transfer(
    stage: Stage, script: Script, transfer: PlannedTransfer, activity: Mapping[str, Any], issued: list[Units]
) -> None:
    fact = transfer.fact
    stage.transfer(
        fact.host,
        ProposeTransfer(
            id=f"demo-{fact.number}:propose",
            transfer=TransferId(f"demo-{fact.number}"),
            partner=Party(fact.acquirer),
            parts=tuple(issued),
            source=script.parties[fact.host]["holder"],
            target=script.parties[fact.acquirer]["holder"],
            entity=activity["entity"]["id"],
            assumed=(*transfer.assumed, "serial numbers"),
        ),
    )


def agreed_scene(stage: Stage, fact: Fact) -> Scene:
    """A transfer whose quantity was not disclosed: both books note it, nobody invents a number."""
    day = date.fromisoformat(fact.date)

    def play() -> None:
        for party, partner, direction in ((fact.host, fact.acquirer, "out"), (fact.acquirer, fact.host, "in")):
            agreed = RecordAgreedTransfer(
                transfer=TransferId(f"demo-{fact.number}"),
                partner=Party(partner),
                direction=direction,
                subject=fact.activity,
                source=fact.source,
            )
            stage.do(party, agreed)

    return Scene(day, 6, f"{fact.host} → {fact.acquirer}: agreed, quantity not disclosed", play)
