"""A network as a stage: acts go to each registry's own process, and what came of them is read from its folder."""

import time
from collections.abc import Mapping
from typing import Any, Final

from counterfoil.adapters.evidence.files import FileEvidence
from counterfoil.application.commands.abroad import TRANSFER, TransferRecord
from counterfoil.application.commands.notifying import NOTICES
from counterfoil.application.ports import Outage
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.adjustment import year_of
from counterfoil.domain.federation.notice import NOTICE, TAKEN_NOTICE, NoticeState
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import open_for_reading
from counterfoil.entrypoints.laws_at_hand import LawsAtHand
from counterfoil.entrypoints.network.console import Console, console
from counterfoil.entrypoints.network.kept import Network
from counterfoil.entrypoints.network.script import Ending
from counterfoil.entrypoints.network.transfers import standing
from counterfoil.entrypoints.scenarios.looked_up import looked_up
from counterfoil.entrypoints.scenarios.script import Step

ENDED_SECONDS: Final = 60
"""How long a transfer is waited for; what is in flight after that is told as such."""
PAUSE_S: Final = 0.05


class NetworkStage:
    """The registries of a running network, as their one operator reaches them."""

    def __init__(self, network: Network, laws: LawsAtHand | None = None) -> None:
        self.network = network
        self.laws = laws or LawsAtHand()
        self._consoles: dict[str, Console] = {}

    def sight(self, party: str) -> Sight:
        """A look at one registry's committed books; close its reading after use."""
        readable = open_for_reading(self.network.folder(party))
        return Sight(readable.reading, readable.codec, readable.evidence)

    def kept(self, party: str, document: bytes) -> str:
        return FileEvidence(self.network.folder(party).evidence).put(document)

    def act(self, step: Step, *, identity: str = "", **more: Any) -> Mapping[str, Any]:
        """Play a step on its day, and give the registry's answer as JSON.

        Raises:
            Outage: the registry does not run, or does not answer.
            ScriptUnreadable: the step names units that are not there.
        """
        fields = {name: looked_up(value, step, self) for name, value in step.fields.items()}
        named = {"id": identity} if identity else {}
        command = {"command": step.do, **named, "on": step.on.isoformat(), **fields, **more}
        return self._console(step.registry).send([command])[0]

    def done(self, party: str, identities: list[str]) -> frozenset[str]:
        """Those command ids that stand in a registry's journal."""
        with open_for_reading(self.network.folder(party)) as readable:
            return frozenset(readable.reading.commands(identities))

    def transfer(self, party: str, transfer: str) -> TransferRecord | None:
        """A transfer as one registry's book has it."""
        with open_for_reading(self.network.folder(party)) as readable:
            row = readable.reading.record(TRANSFER, transfer)
            return None if row is None else from_json(TransferRecord, readable.codec.decode(row.value))

    def ending(self, source: str, target: str, transfer: str) -> tuple[Ending, str]:
        """How a transfer has ended in both books, with the code of a refusal; in flight while it has not."""
        own = self.transfer(source, transfer)
        if own is None:
            return Ending.IN_FLIGHT, ""
        state, _ = standing(own, self.transfer(target, transfer), seen=True)
        # A partner's refusal is kept as its code behind the Party's.
        code = own.reason.rpartition(": ")[2] if state == Ending.REFUSED.value else ""
        return Ending(state), code

    def ended(self, source: str, target: str, transfer: str, *, seconds: float = ENDED_SECONDS) -> tuple[Ending, str]:
        """The same once it has ended, or after so many seconds."""
        end_at = time.monotonic() + seconds
        while True:
            ending, code = self.ending(source, target, transfer)
            if ending is not Ending.IN_FLIGHT or time.monotonic() > end_at:
                return ending, code
            time.sleep(PAUSE_S)

    def confirmed(self, source: str, transfer: str, *, seconds: float = ENDED_SECONDS) -> bool:
        """Whether the source has entered the target's receipt of a final transfer, once it has or after so long."""
        end_at = time.monotonic() + seconds
        while True:
            own = self.transfer(source, transfer)
            if own is None or own.confirmed_on is not None or time.monotonic() > end_at:
                return own is not None and own.confirmed_on is not None
            time.sleep(PAUSE_S)

    def told(self, party: str, *, seconds: float = ENDED_SECONDS) -> bool:
        """Whether partners have answered all that a registry's book owes them to be told, once they have."""
        end_at = time.monotonic() + seconds
        while True:
            with open_for_reading(self.network.folder(party)) as readable:
                notices = [readable.codec.decode(row.value) for row in readable.reading.records(NOTICE)]
            owed = any(notice["state"] == NoticeState.OWED for notice in notices)
            if not owed or time.monotonic() > end_at:
                return not owed
            time.sleep(PAUSE_S)

    def added(self, host: str, source: str, transfer: str) -> int:
        """What a host's own book has added by the notices that a final entry of another book owes it."""
        with open_for_reading(self.network.folder(source)) as readable:
            seq = readable.reading.commands([f"{transfer}:settle"]).get(f"{transfer}:settle")
            row = None if seq is None else readable.reading.row(seq)
            names = [] if row is None else readable.codec.decode(row.leaf)["details"].get(NOTICES, [])
        with open_for_reading(self.network.folder(host)) as readable:
            found = (readable.reading.record(TAKEN_NOTICE, name) for name in names)
            rows = [readable.reading.row(each.seq) for each in found if each is not None]
            postings = [
                each for row in rows if row is not None for each in readable.codec.decode(row.leaf).get("posts", ())
            ]
        own = (amount for _, _, account, amount in postings if year_of(account, host) is not None)
        return sum(own)

    def _console(self, party: str) -> Console:
        if party not in self._consoles:
            found = console(self.network, party)
            if isinstance(found, Refusal):
                raise Outage(found.code, found.facts)
            self._consoles[party] = found
        return self._consoles[party]
