"""A pack's law: its rules and values, and what of them is in force on a day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from counterfoil.domain.policy.basis import Basis, Confidence, Span, Text
from counterfoil.domain.policy.clause import Clause, Rule, Value, ValueRow, resolved
from counterfoil.domain.policy.facts import Fact


@dataclass(frozen=True, slots=True)
class Source:
    """A text that rules stand on. `original` says whether the official text itself was read."""

    id: str
    title: Text
    dated: date | None = None
    url: str = ""
    archived: str = ""
    original: bool = False
    status: str = "in_force"


@dataclass(frozen=True, slots=True)
class Law:
    """The law of one pack. `jurisdiction` is empty for rulebooks, mechanisms and programmes."""

    pack: str
    version: str
    kind: str
    jurisdiction: str
    title: Text
    sources: Mapping[str, Source] = field(default_factory=dict)
    values: Mapping[str, Value] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def in_force(self, kind: str, on: date) -> Iterator[Clause]:
        """The rules of one kind on a day, in the order of the pack, with the values of that day filled in."""
        for rule in self.rules.values():
            clause = rule.on(on) if rule.kind == kind else None
            if clause is not None:
                yield resolved(clause, self.values, on)

    def value(self, name: str, on: date) -> ValueRow | None:
        """A value on a day with its basis; None where the pack does not know it."""
        return self.values[name].on(on) if name in self.values else None

    def silence(self, on: date) -> Basis:
        """What a refusal stands on when it follows from the absence of a rule."""
        nothing = Text("no rule of this pack provides for it", "本套件無相關規則")
        return Basis(self.pack, self.version, "-", nothing, Span(on), "-", "-", Confidence.FOUND)
