"""The registries of one scenario: each with its own ledger and key, joined by signed messages, under one pinned clock.

What stands in the fields of a step is looked up when it is played (`looked_up.py`). `do = "AskLaw"` asks a pack and
does nothing.
"""

import base64
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from counterfoil.adapters.chance import SystemChance
from counterfoil.adapters.clock.pinned import PinnedClock
from counterfoil.adapters.peers.in_process import InProcessNetwork
from counterfoil.application.command import Command
from counterfoil.application.commands.abroad import ProposeTransfer
from counterfoil.application.commands.adopt_pack import AdoptPack
from counterfoil.application.commands.found import Found
from counterfoil.application.commands.link import LinkPartner
from counterfoil.application.commands.notifying import NOTICES
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.draft import Outcome
from counterfoil.application.federation.federation import Federation
from counterfoil.application.ports import Outage
from counterfoil.application.queries.sight import Sight
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, Writable, create_key, open_for_writing
from counterfoil.entrypoints.laws_at_hand import LawsAtHand
from counterfoil.entrypoints.scenarios.ask_law import ASK_LAW, ask_law
from counterfoil.entrypoints.scenarios.looked_up import looked_up
from counterfoil.entrypoints.scenarios.reporting import (
    CHECK_REGULAR,
    FILE_AEF,
    PRINT_AEF,
    filing_of,
    printed_aef,
    regular_gaps,
)
from counterfoil.entrypoints.scenarios.script import Founding, Scenario, ScriptUnreadable, Step, scenario_files
from counterfoil.entrypoints.wire import command_of

BY: Final = "scenario"
OFFICE_HOUR: Final = 9
SUPPOSED: Final = "packs"
"""The folder beside the scenarios with supposed packs: law that is not in force, marked as such."""


class Stage:
    """All registries of a scenario."""

    def __init__(self, folder: Path, scenario: Scenario) -> None:
        first = min(step.on for step in scenario.steps)
        self.clock = PinnedClock(_ms(first))
        self.laws = LawsAtHand([str(scenario_files() / SUPPOSED)])
        self.network = InProcessNetwork()
        self.registries: dict[str, Writable] = {}
        self.links: dict[str, Federation] = {}
        self.prints: dict[str, bytes] = {}
        for founding in scenario.registries:
            self.registries[founding.party] = self._founded(folder / founding.party, founding)
        for party, registry in self.registries.items():
            link = Federation(registry.world, registry.driver.writer, registry.driver.do, self.network)
            self.links[party] = link
            self.network.join(party, link.receive)
        self._link_partners()
        for founding in scenario.registries:
            for account in founding.accounts:
                self._must(founding.party, OpenAccount(account=account, holder=account))

    def _founded(self, path: Path, founding: Founding) -> Writable:
        folder = Folder(path)
        origin = f"scenario.example/{founding.party.lower()}"
        signer = create_key(folder, name=origin)
        opened = open_for_writing(
            folder, "scenario", clock=self.clock, chance=SystemChance(), laws=self.laws, create=True
        )
        if isinstance(opened, Refusal):
            raise ScriptUnreadable(f"registry {founding.party}: {opened.code} {dict(opened.facts)}")
        fields = {
            "name": f"{founding.party} (Demonstration · 示範)",
            "demonstration": True,
            **founding.fields,
            "registry": founding.registry,
            "party": founding.party,
            "origin": origin,
            "public_key": base64.b64encode(signer.public_key).decode(),
        }
        self.registries[founding.party] = opened
        self._must(founding.party, msgspec.convert(fields, Found))
        if founding.pack:
            self._must(founding.party, self._adopting(founding.pack, opened))
        return opened

    @staticmethod
    def _adopting(pack: str, opened: Writable) -> AdoptPack:
        """The pack in the version that is loaded."""
        law = opened.world.laws.law(pack)
        if law is None:
            raise ScriptUnreadable(f"pack {pack} is not here")
        return AdoptPack(pack=pack, version=law.version)

    def _link_partners(self) -> None:
        for party in self.registries:
            for other, partner in self.registries.items():
                if other != party:
                    known = partner.registry
                    link = LinkPartner(
                        party=Party(other),
                        registry=known.registry,
                        origin=known.origin,
                        public_key=known.public_key,
                    )
                    self._must(party, link)

    def _must(self, party: str, command: Command) -> None:
        outcome = self._do(party, command)
        if not isinstance(outcome, Receipt):
            raise ScriptUnreadable(f"registry {party}: {outcome.code} {dict(outcome.facts)}")

    def _do(self, party: str, command: Command) -> Outcome:
        return self.registries[party].driver.do([Submission(command, BY)])[0]

    def play(self, step: Step) -> Outcome | None:
        """Play one step on its day. What a partner refuses is the outcome of a proposal to it.

        None is the answer of a law that was only asked, and allows it.
        """
        self.clock.move_to(max(_ms(step.on), self.clock.now_ms()))
        if step.do == ASK_LAW:
            return ask_law(self.laws, step.fields, step.on)
        if step.do in (PRINT_AEF, FILE_AEF, CHECK_REGULAR):
            return self._reported(step)
        fields = {name: looked_up(value, step, self) for name, value in step.fields.items()}
        command = command_of({"command": step.do, **fields})
        if isinstance(command, Refusal):
            raise ScriptUnreadable(f"step {step.number}: {command.code} {dict(command.facts)}")
        if not isinstance(command, ProposeTransfer):
            done = self._do(step.registry, command)
            self._told(step.registry, done)
            return done
        outcome = self.links[step.registry].propose(command, by=BY)
        answers = self.network.deliver()
        refused = next((answer for answer in answers if isinstance(answer, Refusal | Outage)), None)
        return outcome if refused is None else refused

    def _told(self, party: str, outcome: Outcome) -> None:
        """Tell the partners what an entry owes them to be told; what their books do then is no outcome of the step."""
        if not isinstance(outcome, Receipt):
            return
        world = self.registries[party].world
        reading = world.store.reading()
        try:
            row = reading.row(outcome.seq)
            details = {} if row is None else world.codec.decode(row.leaf).get("details", {})
        finally:
            reading.close()
        for notice in details.get(NOTICES, ()):
            self.links[party].resend(notice)
        self.network.deliver()

    def _reported(self, step: Step) -> Outcome | None:
        """Keep a print of the annual information under its name, file one that was kept, or check what is told."""
        sight = self.sight(step.registry)
        try:
            if step.do == PRINT_AEF:
                self.prints[str(step.fields["print"])] = printed_aef(sight, step)
                return None
            if step.do == CHECK_REGULAR:
                return regular_gaps(sight, step)
            command = filing_of(sight, step, self.prints)
        finally:
            sight.reading.close()
        return command if isinstance(command, Refusal) else self._do(step.registry, command)

    def kept(self, party: str, document: bytes) -> str:
        return self.registries[party].world.evidence.put(document)

    def sight(self, party: str) -> Sight:
        """A look at one registry's committed books; close its reading after use."""
        world = self.registries[party].world
        return Sight(world.store.reading(), world.codec, world.evidence)

    def size(self, party: str) -> int:
        """How many entries the registry's journal has."""
        sight = self.sight(party)
        try:
            head = sight.reading.last_checkpoint()
            return 0 if head is None else head.size
        finally:
            sight.reading.close()

    def close(self) -> None:
        for registry in self.registries.values():
            registry.close()


def _ms(day: date) -> int:
    moment = datetime(day.year, day.month, day.day, OFFICE_HOUR, tzinfo=UTC)
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
