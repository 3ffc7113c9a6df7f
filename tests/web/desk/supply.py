"""A registry where an activity is at work, with its developer, its verifier and two administrators, once a file."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import pytest

from counterfoil.adapters.evidence.files import FileEvidence
from counterfoil.application.commands.monitor import SubmitMonitoring, Verify
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.register import RegisterActivity
from counterfoil.application.office.people import add_organisation
from counterfoil.domain.activities.activity import CreditingPeriod
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.mrv.verification import VintageQuantity
from counterfoil.domain.units.unit_type import MitigationType
from counterfoil.entrypoints.bootstrap import Writable, open_for_writing
from counterfoil.entrypoints.office_at_hand import OfficeAtHand
from tests.http.desk import act, founded
from tests.office.stage import Member, member, staged
from tests.web.acts.stage import Desk

DEVELOPER, BODY, ACCOUNT = "developer", "VVB-1", "tha:developer"
READINGS = b"vintage,quantity\n2022,1000\n2023,500\n"


@dataclass
class Supply:
    """`ROOFS` has one report that is verified (`M1-V`), and one that waits (`M2`); `WINDS` belongs to others."""

    desk: Desk
    developer: Member
    verifier: Member


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supply]:
    folder = founded(tmp_path_factory.mktemp("supply") / "registry", blocks=1)
    digest = FileEvidence(folder.evidence).put(READINGS)
    opened = open_for_writing(folder, "test")
    assert isinstance(opened, Writable)
    with opened as writable:
        act(
            writable,
            OpenAccount(account=ACCOUNT, holder=DEVELOPER),
            _activity("ROOFS", DEVELOPER),
            _activity("WINDS", "others"),
            _monitoring("M1", 2021, ((2021, 900),), digest),
            _monitoring("M2", 2022, ((2022, 1_000), (2023, 500)), digest),
            Verify(
                verification="M1-V",
                monitoring="M1",
                verifier=BODY,
                verified=(VintageQuantity(2021, 880),),
                statement="Found <b>880</b>",
            ),
        )
    stage = staged(folder.path)
    anna, bela = (member(stage, f"{name}@example.org", "operator") for name in ("anna", "bela"))
    for body, kind in ((DEVELOPER, "developer"), (BODY, "verifier")):
        add_organisation(stage.office, organisation=body, kind=kind, name=body, actor="local")
    developer = member(stage, "dev@example.org", "developer", DEVELOPER)
    verifier = member(stage, "vera@example.org", "verifier", BODY)
    yield Supply(Desk(folder, stage, anna, bela, anna), developer, verifier)
    stage.at_hand.close()


@pytest.fixture
def supply(laid_out: Supply) -> Iterator[Supply]:
    """The same books and people for each test of a file, in an office that is open: a site closes its office."""
    desk = laid_out.desk
    at_hand = OfficeAtHand(desk.folder.path, clock=desk.stage.clock, passwords=desk.stage.passwords)
    office = at_hand.office()
    assert office is not None
    stage = replace(desk.stage, office=office, at_hand=at_hand)
    yield replace(laid_out, desk=replace(desk, stage=stage))
    at_hand.close()


def _activity(name: str, participant: str) -> RegisterActivity:
    return RegisterActivity(
        activity=ActivityId(name),
        title=f"{name} <i>on</i> sheds",
        mitigation_type=MitigationType.REDUCTION,
        sector="1",
        activity_type="Solar",
        participants=(participant,),
        crediting_periods=(CreditingPeriod(date(2021, 1, 1), date(2025, 12, 31)),),
    )


def _monitoring(name: str, year: int, monitored: tuple[tuple[int, int], ...], digest: str) -> SubmitMonitoring:
    return SubmitMonitoring(
        monitoring=name,
        activity=ActivityId("ROOFS"),
        first_day=date(year, 1, 1),
        last_day=date(monitored[-1][0], 12, 31),
        monitored=tuple(VintageQuantity(*each) for each in monitored),
        evidence=(digest,),
    )
