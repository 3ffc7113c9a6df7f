"""Play a scenario over HTTP: its registries as a network of their own, which lasts as long as the play.

The clock is the machine's, so an act is entered today with the day of its step; an act after today is refused.
"""

from pathlib import Path
from typing import Any, Final

import msgspec

from counterfoil.application.command import NdcPeriod
from counterfoil.application.draft import Outcome
from counterfoil.application.receipt import Receipt
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.laws_at_hand import LawsAtHand
from counterfoil.entrypoints.network.ending import end
from counterfoil.entrypoints.network.kept import Network
from counterfoil.entrypoints.network.launching import up_as_planned
from counterfoil.entrypoints.network.plan import DEMONSTRATION, Planned
from counterfoil.entrypoints.network.script import PROPOSE, Ending
from counterfoil.entrypoints.network.stage import NetworkStage
from counterfoil.entrypoints.scenarios.ask_law import ASK_LAW, ask_law
from counterfoil.entrypoints.scenarios.play import Played, played_on
from counterfoil.entrypoints.scenarios.reporting import CHECK_REGULAR, FILE_AEF, PRINT_AEF
from counterfoil.entrypoints.scenarios.script import Founding, Scenario, ScriptUnreadable, Step, scenario_files
from counterfoil.entrypoints.scenarios.stage import SUPPOSED

SECONDS: Final = 300
"""A scenario's registries end by themselves after so long, whatever becomes of the play."""


TELLING: Final = frozenset({"AgreeJointIssuance", "Issue", "StateAuthorization", "Cancel", "RecordRecognition"})
"""Acts of which a partner may be told, and on whose answer later steps rest."""


class ScenarioStage(NetworkStage):
    """The registries of one scenario, each in a process of its own."""

    @property
    def registries(self) -> tuple[str, ...]:
        return self.network.parties

    def play(self, step: Step) -> Outcome | None:
        """Play one step. A proposal has ended in both books when this returns; the partner's refusal is its outcome.

        Raises:
            ScriptUnreadable: a step of reporting, which no message between registries is part of.
        """
        if step.do == ASK_LAW:
            return ask_law(self.laws, step.fields, step.on)
        if step.do in (PRINT_AEF, FILE_AEF, CHECK_REGULAR):
            raise ScriptUnreadable(f"step {step.number}: {step.do} is not played over HTTP")
        outcome = _outcome(self.act(step))
        if step.do in TELLING and isinstance(outcome, Receipt):
            self.told(step.registry)
        if step.do != PROPOSE or not isinstance(outcome, Receipt):
            return outcome
        partner, transfer = str(step.fields["partner"]), str(step.fields["transfer"])
        ending, code = self.ended(step.registry, partner, transfer)
        if ending is not Ending.FINAL:
            return Refusal(code or ending.value, {"transfer": transfer})
        # The target's receipt is the last act of a transfer. After it, what a later step leaves behind is its own.
        self.confirmed(step.registry, transfer)
        return outcome

    def size(self, party: str) -> int:
        """How many entries the registry's journal has."""
        sight = self.sight(party)
        try:
            head = sight.reading.last_checkpoint()
            return 0 if head is None else head.size
        finally:
            sight.reading.close()


def _outcome(answer: Any) -> Outcome:
    if answer["status"] == "accepted":
        return msgspec.convert({name: answer[name] for name in Receipt.__slots__}, Receipt)
    return Refusal(answer["code"], answer.get("facts", {}))


def play_over_http(path: Path, scenario: Scenario) -> Played | Refusal:
    """Play a scenario in registries of their own below a folder that does not exist yet or is empty.

    Raises:
        Outage: a registry cannot be started, or does not answer.
    """
    if scenario.missing:
        return Played(scenario)
    supposed = str(scenario_files() / SUPPOSED)
    plan = [_planned(founding) for founding in scenario.registries]
    found = up_as_planned(path, plan, seconds=SECONDS, packs=[supposed])
    if isinstance(found, Refusal):
        return found
    network: Network = found.network
    try:
        return played_on(ScenarioStage(network, LawsAtHand([supposed])), scenario)
    finally:
        end(network, network.parties)


def _planned(founding: Founding) -> Planned:
    fields = dict(founding.fields)
    periods = msgspec.convert(fields.pop("ndc_periods", ()), tuple[NdcPeriod, ...])
    return Planned(
        party=founding.party,
        registry=founding.registry,
        name=str(fields.pop("name", f"{founding.party} {DEMONSTRATION}")),
        ndc=periods,
        pack=founding.pack,
        is_party=bool(fields.pop("is_party", True)),
        accounts=founding.accounts,
    )
