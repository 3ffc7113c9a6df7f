"""A registry reduced to what decides: its books, the table of commands, and a day that stands still."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources
from string import Formatter
from typing import Any

from counterfoil.application.command import Command, Context, NdcPeriod, Registry, Units
from counterfoil.application.commands.table import COMMANDS
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Entry, JournalEntry
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.laws import NO_LAWS, Laws

TODAY = date(2026, 3, 31)
PERIODS = (NdcPeriod(2021, 2030, 2032),)


def registry(party: str, **changes: Any) -> Registry:
    facts: dict[str, Any] = {"ndc_periods": PERIODS, **changes}
    return Registry(f"{party}01", Party(party), f"Registry of {party}", f"registry.example/{party}", "", **facts)


@dataclass
class Desk:
    """One registry's desk. `do` decides, applies and commits; `ask` only decides."""

    registry: Registry
    today: date = TODAY
    books: Books = field(default_factory=Books)
    journal: list[JournalEntry] = field(default_factory=list)
    laws: Laws = NO_LAWS
    law: Law | None = None
    kept: Callable[[str], bool] = lambda _: True

    def ask(self, command: Command, *, on: date | None = None) -> Entry | Refusal:
        context = Context(self.registry, on or self.today, self.today, self._entry_at, self.laws, self.law, self.kept)
        return COMMANDS[type(command)](command, self.books, context)

    def do(self, command: Command, *, on: date | None = None) -> Entry:
        entry = self.ask(command, on=on)
        assert isinstance(entry, Entry), entry
        return self.record(entry)

    def record(self, entry: Entry) -> Entry:
        seq = len(self.journal)
        follows = self.books.apply(seq, entry)
        self.books.commit()
        self.journal.append(JournalEntry(seq, f"c{seq}", "", "", "test", entry, follows))
        return entry

    @property
    def last(self) -> int:
        """The number of the latest entry."""
        return len(self.journal) - 1

    def _entry_at(self, seq: int) -> JournalEntry | None:
        return self.journal[seq] if 0 <= seq < len(self.journal) else None

    def held(self, unit_class: str, first: int = 1, last: int = 10_000) -> list[tuple[str, str]]:
        """Where units are: (serials, account), in order."""
        return [(str(held.serials), held.account) for held in self.books.holdings(unit_class, first, last)]

    def facts(self, unit_class: str, serial: int) -> dict[str, Any]:
        return dict(self.books.holdings(unit_class, serial, serial)[0].facts)

    def adjustments(self) -> dict[str, int]:
        """The adjustment book in tCO2e: accounts that are not at zero."""
        return {
            key.account: amount
            for key, amount in self.books.all_balances().items()
            if key.book == "adjustments" and key.commodity == "tCO2e" and amount
        }


@dataclass(frozen=True)
class Case:
    """A refusal: in which case, by which fault, and the command after whatever must have happened before it."""

    why: str
    fault: StrEnum
    act: Callable[[Desk], Command]
    on: date | None = None


def after(*before: Command, then: Command) -> Callable[[Desk], Command]:
    """The command `then`, once the others are done."""

    def act(desk: Desk) -> Command:
        for command in before:
            desk.do(command)
        return then

    return act


def check_refused(case: Case, desk: Desk) -> Refusal:
    """The command is refused by this fault, with every fact that the fault's texts show, and changes nothing."""
    command = case.act(desk)
    outcome = desk.ask(command, on=case.on)
    assert isinstance(outcome, Refusal), f"{case.why}: accepted as {outcome.act}"
    assert outcome.code == case.fault, f"{case.why}: refused as {outcome.code} {dict(outcome.facts)}"
    wanted = placeholders(outcome.code)
    assert wanted <= set(outcome.facts), f"{outcome.code} lacks {sorted(wanted - set(outcome.facts))}"
    assert desk.books.blocks.changes() == ([], [])
    assert not list(desk.books.records.changes())
    return outcome


def titles(case: Case) -> str:
    return case.why


def units(unit_class: str, first: int, last: int) -> Units:
    return Units(unit_class, first, last)


@cache
def _catalogue() -> dict[str, Any]:
    return tomllib.loads((resources.files("counterfoil") / "catalogue" / "faults.toml").read_text("utf-8"))


def placeholders(code: str) -> set[str]:
    """The facts that the texts of a code show, in any language."""
    texts = [text for part in ("message", "fix") for text in _catalogue()[code][part].values()]
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
