"""The stage: eleven registries in eleven folders, each with its own ledger and keys, joined by messages alone."""

import base64
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from counterfoil.adapters.chance import SystemChance
from counterfoil.adapters.clock.pinned import PinnedClock
from counterfoil.adapters.peers.in_process import InProcessNetwork
from counterfoil.application.command import Command, NdcPeriod
from counterfoil.application.commands.abroad import ProposeTransfer
from counterfoil.application.commands.found import Found
from counterfoil.application.commands.link import LinkPartner
from counterfoil.application.draft import Outcome
from counterfoil.application.federation.federation import Federation
from counterfoil.application.ports import Outage
from counterfoil.application.queries.sight import Sight
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, Writable, create_key, open_for_writing
from counterfoil.entrypoints.demo.script import Script

BY: Final = "demonstration"
OFFICE_HOUR: Final = 9


class PlayFailed(Exception):
    """An act of the script was refused: the demonstration stops and says which."""

    def __init__(self, fault: Refusal | Outage) -> None:
        super().__init__(fault.code)
        self.fault = fault


class Stage:
    """All registries of the demonstration under one pinned clock."""

    until = date.max
    """Scenes after this day are left out."""

    def __init__(self, out: Path, script: Script) -> None:
        self.out = out
        self.clock = PinnedClock(_ms(date(2022, 1, 1)))
        self.network = InProcessNetwork()
        self.registries: dict[str, Writable] = {}
        self.links: dict[str, Federation] = {}
        self._chance = SystemChance()
        for party, known in script.parties.items():
            self.registries[party] = self._founded(out / party, party, known["registry"], known["name"], script)
        for party, registry in self.registries.items():
            link = Federation(registry.world, registry.driver.writer, registry.driver.do, self.network)
            self.links[party] = link
            self.network.join(party, link.receive)

    def _founded(self, path: Path, party: str, registry: str, name: str, script: Script) -> Writable:
        folder = Folder(path)
        origin = f"demo.example/{party.lower()}"
        signer = create_key(folder, name=origin)
        opened = open_for_writing(folder, "demo", clock=self.clock, chance=self._chance, create=True)
        if isinstance(opened, Refusal):
            raise PlayFailed(opened)
        world = script.world
        period = NdcPeriod(int(world["ndc_first"]), int(world["ndc_last"]), int(world["final_btr_year"]))
        founding = Found(
            registry=registry,
            party=Party(party),
            name=f"{name} (Demonstration · 示範)",
            origin=origin,
            public_key=base64.b64encode(signer.public_key).decode(),
            demonstration=True,
            ndc_periods=(period,),
            assumed=(f"registry = {registry}", f"NDC period = {period.first}-{period.last}"),
        )
        _accepted(opened.driver.do([Submission(founding, BY)]))
        return opened

    def link_partners(self) -> None:
        """Tell every registry the public keys of the others, as their authorities would exchange them."""
        for party, _registry in self.registries.items():
            others = [
                LinkPartner(
                    party=Party(other),
                    registry=partner.registry.registry,
                    origin=partner.registry.origin,
                    public_key=partner.registry.public_key,
                )
                for other, partner in self.registries.items()
                if other != party
            ]
            self.do(party, *others)

    def on(self, day: date) -> None:
        """Go to a day. The clock never runs backwards."""
        self.clock.move_to(max(_ms(day), self.clock.now_ms()))

    def do(self, party: str, *commands: Command) -> list[Receipt]:
        """Acts of one registry, one after the other; the first refusal ends the play."""
        return _accepted(self.registries[party].driver.do([Submission(command, BY) for command in commands]))

    def transfer(self, host: str, command: ProposeTransfer) -> None:
        """Propose, and let the messages go to and fro until both books are final."""
        _accepted([self.links[host].propose(command, by=BY)])
        for answer in self.network.deliver():
            if isinstance(answer, Refusal | Outage):
                raise PlayFailed(answer)

    def evidence(self, party: str, data: bytes) -> str:
        return self.registries[party].world.evidence.put(data)

    def sight(self, party: str) -> Sight:
        """A look at one registry's committed books; close its reading after use."""
        world = self.registries[party].world
        return Sight(world.store.reading(), world.codec, world.evidence)

    def close(self) -> None:
        for registry in self.registries.values():
            registry.close()


def _accepted(outcomes: Sequence[Outcome]) -> list[Receipt]:
    receipts: list[Receipt] = []
    for outcome in outcomes:
        if isinstance(outcome, Refusal | Outage):
            raise PlayFailed(outcome)
        receipts.append(outcome)
    return receipts


def _ms(day: date) -> int:
    moment = datetime(day.year, day.month, day.day, OFFICE_HOUR, tzinfo=UTC)
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
