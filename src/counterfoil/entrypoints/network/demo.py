"""The demonstration with every registry in a process of its own: the same scenes, and transfers over HTTP.

The clock is the machine's, so acts are entered today with the day of their scene, and scenes after today are left out.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.application.command import Command, NdcPeriod
from counterfoil.application.commands.abroad import ProposeTransfer
from counterfoil.application.ports import Outage
from counterfoil.application.queries.sight import Sight
from counterfoil.application.receipt import Receipt
from counterfoil.domain.kernel.instant import utc_text
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.demo.script import Script
from counterfoil.entrypoints.demo.stage import PlayFailed, Stage
from counterfoil.entrypoints.network.console import console
from counterfoil.entrypoints.network.ending import end
from counterfoil.entrypoints.network.kept import Kept, Network
from counterfoil.entrypoints.network.launching import up_as_planned
from counterfoil.entrypoints.network.plan import DEMONSTRATION, Planned
from counterfoil.entrypoints.network.script import Ending
from counterfoil.entrypoints.network.stage import NetworkStage

SECONDS: Final = 1_800
"""The registries end by themselves after so long, whatever becomes of the play."""


class NetworkedDemo(Stage):
    """All registries of the demonstration, each in a process of its own below the folder `out`."""

    def __init__(self, out: Path, script: Script) -> None:
        self.out = out
        self.until = date.fromisoformat(utc_text(SystemClock().now_ms())[:10])
        self._day = date.min
        world = script.world
        period = NdcPeriod(int(world["ndc_first"]), int(world["ndc_last"]), int(world["final_btr_year"]))
        plan = [
            Planned(party, known["registry"], f"{known['name']} {DEMONSTRATION}", (period,))
            for party, known in script.parties.items()
        ]
        # The folder has the demonstration's mark already: it is made a network's before one is looked for.
        Network(out, tuple(Kept(each.party) for each in plan)).write()
        found = up_as_planned(out, plan, seconds=SECONDS, packs=())
        if isinstance(found, Refusal):
            raise PlayFailed(found)
        self._network = found.network
        self._stage = NetworkStage(found.network)

    def link_partners(self) -> None:
        """They were linked when the network came up."""

    def on(self, day: date) -> None:
        self._day = day

    def do(self, party: str, *commands: Command) -> list[Receipt]:
        own = console(self._network, party)
        if isinstance(own, Refusal):
            raise PlayFailed(own)
        dated = [command if command.on else replace(command, on=self._day) for command in commands]
        return [_accepted(answer) for answer in own.do(dated)]

    def transfer(self, host: str, command: ProposeTransfer) -> None:
        """Propose, and wait until both books are final and the source has the target's receipt."""
        self.do(host, command)
        ending, code = self._stage.ended(host, command.partner, command.transfer)
        if ending is not Ending.FINAL:
            raise PlayFailed(Refusal(code or ending.value, {"transfer": command.transfer}))
        self._stage.confirmed(host, command.transfer)

    def evidence(self, party: str, data: bytes) -> str:
        return self._stage.kept(party, data)

    def sight(self, party: str) -> Sight:
        return self._stage.sight(party)

    def close(self) -> None:
        end(self._network, self._network.parties)


def _accepted(answer: Any) -> Receipt:
    if answer["status"] == "accepted":
        return msgspec.convert({name: answer[name] for name in Receipt.__slots__}, Receipt)
    fault = Outage if answer["status"] == "failed" else Refusal
    raise PlayFailed(fault(answer["code"], answer.get("facts", {})))
