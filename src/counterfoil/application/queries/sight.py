"""One look at the books: what is committed at one moment, with the few look-ups that queries share.

A look reads tables, never the writer's memory, so it works beside a running server and from another process.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from counterfoil.application.command import REGISTRY, SELF, Registry
from counterfoil.application.damage import UNREADABLE, damaged, whole_registry
from counterfoil.application.ports import BlockRow, Codec, Evidence, Outage, OutageFault, Reading, RecordRow
from counterfoil.domain.ledger.books import Holding
from counterfoil.domain.ledger.entry import JournalEntry, from_leaf
from counterfoil.domain.ledger.lots import Facts


class Sight:
    """A reading with its terms, records and entries decoded on demand."""

    def __init__(self, reading: Reading, codec: Codec, evidence: Evidence) -> None:
        self.reading = reading
        self.codec = codec
        self.evidence = evidence

    @cached_property
    def registry(self) -> Registry:
        row = self.reading.record(REGISTRY, SELF)
        if row is None:
            raise Outage(OutageFault.NOT_FOUNDED, {"folder": ""})
        return whole_registry(row.value, self.codec)

    @cached_property
    def _terms(self) -> dict[str, list[str]]:
        terms: dict[str, list[str]] = {"class": [], "account": [], "lot": ["{}"]}
        for term in self.reading.terms():
            terms[term.kind].append(term.text)
        return terms

    @cached_property
    def _numbers(self) -> dict[tuple[str, str], int]:
        return {(kind, text): number for kind in ("class", "account") for number, text in enumerate(self._terms[kind])}

    @cached_property
    def _facts(self) -> dict[int, Facts]:
        """Facts by lot: many blocks share them, and what is read of them is kept."""
        return {}

    def number(self, kind: str, text: str) -> int | None:
        """The number of a class key or an account code, when the books have met it."""
        return self._numbers.get((kind, text))

    def class_key(self, number: int) -> str:
        """The key of a class by its number."""
        return self._terms["class"][number]

    def record(self, kind: str, key: str) -> Any:
        """A record's JSON, or None."""
        row = self.reading.record(kind, key)
        return None if row is None else self._decoded(row)

    def records(self, kind: str, *, after: str = "", limit: int | None = None) -> Iterator[tuple[str, Any]]:
        for row in self.reading.records(kind, after=after, limit=limit):
            yield row.key, self._decoded(row)

    def _decoded(self, row: RecordRow) -> Any:
        try:
            return self.codec.decode(row.value)
        except UNREADABLE as unreadable:
            raise damaged(f"record {row.kind} {row.key}") from unreadable

    def entry(self, seq: int) -> JournalEntry | None:
        row = self.reading.row(seq)
        return None if row is None else from_leaf(self.codec.decode(row.leaf))

    def entries(self) -> Iterator[JournalEntry]:
        """The whole journal, in order, streamed."""
        for row in self.reading.journal():
            yield from_leaf(self.codec.decode(row.leaf))

    def holding(self, row: BlockRow) -> Holding:
        """A block row with its texts."""
        facts = self._facts.get(row.lot)
        if facts is None:
            facts = self._facts[row.lot] = Facts(self.codec.decode(self._terms["lot"][row.lot]))
        return Holding(
            self._terms["class"][row.unit_class],
            row.first,
            row.last,
            self._terms["account"][row.account],
            facts,
            row.seq,
        )

    def holdings_between(self, unit_class: str, first: int, last: int) -> list[Holding]:
        """The blocks that have a serial between `first` and `last`, whole."""
        number = self.number("class", unit_class)
        if number is None:
            return []
        return [self.holding(row) for row in self.reading.blocks_between(number, first, last)]

    def all_holdings(self) -> Iterator[Holding]:
        for row in self.reading.blocks():
            yield self.holding(row)
