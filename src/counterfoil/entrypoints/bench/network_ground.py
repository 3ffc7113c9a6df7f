"""Two registries on this machine, each in a process of its own, with units to move from one to the other."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Final

from counterfoil.application.command import Command, NdcPeriod, Units
from counterfoil.application.commands.abroad import PARTS_MAX, TRANSFER, ProposeTransfer, TransferState
from counterfoil.application.commands.authorize import Authorize
from counterfoil.application.commands.issue import Issue
from counterfoil.application.commands.monitor import SubmitMonitoring, Verify
from counterfoil.application.commands.record_agreement import RecordAgreement
from counterfoil.application.commands.register import RegisterActivity, RegisterCooperativeApproach
from counterfoil.application.commands.transfer import Transfer
from counterfoil.domain.authorizations.agreement import AgreementKind
from counterfoil.domain.kernel.ids import ActivityId, AuthorizationId, CooperativeApproachId, Party, TransferId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.mrv.verification import VintageQuantity
from counterfoil.domain.units.identifier import itmo_class
from counterfoil.domain.units.purpose import Purpose
from counterfoil.domain.units.unit_type import MitigationType
from counterfoil.entrypoints.network.console import Console, console
from counterfoil.entrypoints.network.ending import end
from counterfoil.entrypoints.network.launching import up_as_planned
from counterfoil.entrypoints.network.plan import Planned
from counterfoil.entrypoints.network.stage import NetworkStage

SOURCE: Final = "THA"
TARGET: Final = "CHE"
PART: Final = 100
"""Units of a part. Between two parts one unit stays behind, so that every part is a block of its own in both books."""
_APPROACH: Final = CooperativeApproachId("CA0002")
_ACTIVITY: Final = ActivityId("THA-BENCH-1")
_AUTHORIZATION: Final = AuthorizationId("THA-LOA-BENCH")
_VINTAGE: Final = 2024
_UNITS: Final = 1_000_000_000
_HELD: Final = "tha:bench"
_OTHER: Final = "tha:other"
_TAKEN: Final = "che:bench"
_SECONDS: Final = 3_600
_STANDING: Final = "SELECT value FROM record WHERE kind = ? AND key = ?"


class Pair:
    """The source and the target, and which units have not been moved yet."""

    def __init__(self, stage: NetworkStage, source: Console) -> None:
        self.stage = stage
        self.source = source
        ledger = stage.network.folder(TARGET).ledger
        self._target = sqlite3.connect(f"{ledger.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        self._class = itmo_class(approach=_APPROACH, registry=f"{SOURCE}01", party=SOURCE, vintage=_VINTAGE)
        self._next = 1
        self._number = 0

    def close(self) -> None:
        self._target.close()

    def transfers(self, count: int, *, parts: int = 1) -> list[ProposeTransfer]:
        """The next first transfers, of so many blocks each."""
        return [self._transfer(parts) for _ in range(count)]

    def _transfer(self, parts: int) -> ProposeTransfer:
        assert parts <= PARTS_MAX
        self._number += 1
        name = TransferId(f"bench-{self._number}")
        return ProposeTransfer(
            id=f"{name}:propose",
            transfer=name,
            partner=Party(TARGET),
            parts=tuple(self._part() for _ in range(parts)),
            source=_HELD,
            target=_TAKEN,
        )

    def acquired(self, transfer: str) -> bool:
        """Whether the target has acquired it, and so the source let it go before: both books are then final.

        Asked often while transfers run, so it costs one look into one table, and no more of the processors.
        """
        row = self._target.execute(_STANDING, (TRANSFER, transfer)).fetchone()
        return row is not None and TransferState(json.loads(row[0])["state"]) is TransferState.FINAL

    def moves(self, count: int) -> list[Transfer]:
        """The next transfers inside the source's own book, of one block each."""
        return [Transfer(units=self._part(), source=_HELD, target=_OTHER) for _ in range(count)]

    def _part(self) -> Units:
        first, self._next = self._next, self._next + PART + 1
        return Units(self._class, first, first + PART - 1)


@contextmanager
def pair(path: Path) -> Iterator[Pair]:
    """The two registries for as long as the block runs."""
    period = (NdcPeriod(2021, 2030, 2032),)
    plan = [
        Planned(SOURCE, f"{SOURCE}01", "Bench", period, accounts=(_HELD, _OTHER)),
        Planned(TARGET, f"{TARGET}01", "Bench", period, accounts=(_TAKEN,)),
    ]
    found = up_as_planned(path, plan, seconds=_SECONDS, packs=())
    assert not isinstance(found, Refusal), found
    network = found.network
    try:
        consoles = [console(network, party) for party in (SOURCE, TARGET)]
        source, target = (each for each in consoles if not isinstance(each, Refusal))
        _do(target, [_agreement()])
        _do(source, _beginning())
        with closing(Pair(NetworkStage(network), source)) as two:
            yield two
    finally:
        end(network, network.parties)


def _do(registry: Console, commands: Sequence[Command]) -> None:
    answers = registry.do(commands)
    assert all(answer["status"] == "accepted" for answer in answers), answers


def _agreement() -> Command:
    return RecordAgreement(
        agreement="bench",
        kind=AgreementKind.IMPLEMENTATION_AGREEMENT,
        title="Bench",
        parties=(Party(SOURCE), Party(TARGET)),
        in_force_from=date(2021, 1, 1),
        permits_transfer=True,
        provision="bench",
    )


def _beginning() -> list[Command]:
    quantities = (VintageQuantity(_VINTAGE, _UNITS),)
    return [
        RegisterCooperativeApproach(approach=_APPROACH, title="Bench", participants=(Party(SOURCE), Party(TARGET))),
        _agreement(),
        RegisterActivity(
            activity=_ACTIVITY,
            title="Bench",
            mitigation_type=MitigationType.REDUCTION,
            sector="Energy",
            activity_type="Solar",
            cooperative_approach=_APPROACH,
            standard="bench",
            methodology="bench",
        ),
        Authorize(
            authorization=_AUTHORIZATION,
            cooperative_approach=_APPROACH,
            purposes=(Purpose.NDC,),
            vintages=(_VINTAGE,),
            underlying_references=("bench",),
            sectors=("Energy",),
            gases=("CO2",),
            adjustment_commitment="bench",
            activities=(_ACTIVITY,),
            authorized_parties=(Party(TARGET),),
            last_use_on=date(2035, 12, 31),
        ),
        SubmitMonitoring(
            monitoring="bench-M",
            activity=_ACTIVITY,
            first_day=date(_VINTAGE, 1, 1),
            last_day=date(_VINTAGE, 12, 31),
            monitored=quantities,
            evidence=("0" * 64,),
        ),
        Verify(verification="bench-V", monitoring="bench-M", verifier="bench", verified=quantities, statement="bench"),
        Issue(
            activity=_ACTIVITY,
            verification="bench-V",
            vintage=_VINTAGE,
            quantity=_UNITS,
            account=_HELD,
            authorization=_AUTHORIZATION,
        ),
    ]
