"""`links.db`: the letter book of a registry's links, in one SQLite file beside the ledger, whatever engine that has.

What came is durable before the partner gets its answer. Letters that led to an act are never deleted: the file's own
guards refuse it. Of those that changed nothing, each partner has room for so many.
Source: ADR-0035; ADR-0037.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from counterfoil.adapters.peers.links_steps import steps
from counterfoil.adapters.private_file import PrivateFile
from counterfoil.application.federation.letter_book import NONE, Count, Delivery, Direction, Letter, Queue

FILE: Final = "links.db"
APPLICATION_ID: Final = 0x43544C4B
"""`CTLK` in the file's header."""
COUNTS_MAX: Final = 256
"""Counts of one partner. Codes that its server makes up beyond that are counted together."""
OTHER: Final = "other"
IDLE_MAX: Final = 1_000
IDLE_BYTES_MAX: Final = 32 * 1024 * 1024
"""Letters of one partner that changed nothing, and their bytes: beyond either the oldest of them go."""
_JOURNAL: Final = "journal"
_KEEP: Final = (
    "INSERT INTO letter (digest, direction, partner, kind, transfer, at_ms, signed) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
_IDLE: Final = (
    "INSERT OR IGNORE INTO idle (number, partner, bytes) "
    "SELECT number, partner, length(signed) FROM letter WHERE digest = ? AND direction = ?"
)
_NOT_IDLE: Final = "DELETE FROM idle WHERE number = (SELECT number FROM letter WHERE digest = ? AND direction = ?)"
_LETTER: Final = "SELECT digest, direction, partner, kind, transfer, at_ms, signed FROM letter"
_DELIVERY: Final = "SELECT partner, transfer, tries, next_ms, expires_ms, fault, dead FROM delivery"


class LinksFile:
    """The open letter book. May be used from any thread, and beside another process."""

    def __init__(self, path: Path) -> None:
        """Open the file; it is laid out when it is new.

        Raises:
            Outage: it is not ours, of a newer format, or cannot be used.
        """
        self._file = PrivateFile(path, application=APPLICATION_ID, steps=steps())
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="counterfoil-letters")

    def change(self, *, synced: bool = True) -> AbstractContextManager[None]:
        return self._file.change(synced=synced)

    def close(self) -> None:
        self._beside.shutdown()
        self._file.close()

    def keep(self, letters: Iterable[Letter]) -> None:
        rows = [_row(one) for one in letters]
        self._file.run_each(_KEEP, rows)
        if self._file.rows("SELECT 1 FROM idle LIMIT 1"):
            self._file.run_each(_NOT_IDLE, [row[:2] for row in rows])

    def keep_beside(self, letters: Sequence[Letter]) -> Future[frozenset[str]]:
        return self._beside.submit(self._kept, letters)

    def _kept(self, letters: Sequence[Letter]) -> frozenset[str]:
        with self.change():
            return frozenset(one.digest for one in letters if self._file.run(_KEEP, _row(one)))

    def keep_idle(self, letters: Iterable[Letter], *, fresh: frozenset[str] = NONE) -> None:
        partners: dict[str, None] = {}
        for one in letters:
            if self._file.run(_KEEP, _row(one)) or (one.direction is Direction.IN and one.digest in fresh):
                self._file.run(_IDLE, _row(one)[:2])
                partners[one.partner] = None
        for partner in partners:
            self._bound(partner)

    def _bound(self, partner: str) -> None:
        """Let go what one partner has beyond its room, the oldest first."""
        rows = self._file.rows("SELECT number, bytes FROM idle WHERE partner = ? ORDER BY number DESC", (partner,))
        gone = [
            (number,)
            for place, ((number, _), total) in enumerate(zip(rows, accumulate(row[1] for row in rows), strict=True))
            if place >= IDLE_MAX or total > IDLE_BYTES_MAX
        ]
        if gone:
            self._file.run_each("DELETE FROM letter WHERE number = ?", gone)
            self._file.run_each("DELETE FROM idle WHERE number = ?", gone)

    def came(self, digest: str) -> bool:
        asked = (bytes.fromhex(digest), Direction.IN.value)
        return bool(self._file.rows("SELECT 1 FROM letter WHERE digest = ? AND direction = ?", asked))

    def letters(self, transfer: str, *, limit: int) -> Sequence[Letter]:
        rows = self._file.rows(f"{_LETTER} WHERE transfer = ? ORDER BY at_ms, number LIMIT ?", (transfer, limit))
        return [_letter(row) for row in rows]

    def owe(self, deliveries: Iterable[Delivery]) -> None:
        self._file.run_each(
            "INSERT OR REPLACE INTO delivery (partner, transfer, tries, next_ms, expires_ms, fault, dead) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(*one[:6], int(one.dead)) for one in deliveries],
        )

    def settle(self, owed: Iterable[tuple[str, str]]) -> None:
        self._file.run_each("DELETE FROM delivery WHERE partner = ? AND transfer = ?", list(owed))

    def revive(self, owed: Iterable[tuple[str, str]], *, now_ms: int) -> int:
        sql = (
            "UPDATE delivery SET tries = 0, next_ms = ?, fault = '', dead = 0 "
            "WHERE partner = ? AND transfer = ? AND dead = 1"
        )
        return sum(self._file.run(sql, (now_ms, partner, transfer)) for partner, transfer in owed)

    def due(self, partner: str, *, now_ms: int, limit: int) -> Sequence[Delivery]:
        where = "WHERE partner = ? AND dead = 0 AND next_ms <= ? ORDER BY next_ms, transfer LIMIT ?"
        return self._deliveries(where, (partner, now_ms, limit))

    def expired(self, *, now_ms: int, limit: int) -> Sequence[Delivery]:
        return self._deliveries("WHERE expires_ms > 0 AND expires_ms <= ? ORDER BY expires_ms LIMIT ?", (now_ms, limit))

    def dead(self, *, after: tuple[str, str], limit: int) -> Sequence[Delivery]:
        where = "WHERE dead = 1 AND (partner, transfer) > (?, ?) ORDER BY partner, transfer LIMIT ?"
        return self._deliveries(where, (*after, limit))

    def queues(self) -> Sequence[Queue]:
        rows = self._file.rows(
            "SELECT partner, sum(1 - dead), sum(dead), min(CASE dead WHEN 0 THEN next_ms END) "
            "FROM delivery GROUP BY partner ORDER BY partner"
        )
        return [Queue(*row) for row in rows]

    def position(self) -> int | None:
        rows = self._file.rows("SELECT position FROM position WHERE log = ?", (_JOURNAL,))
        return rows[0][0] if rows else None

    def move(self, position: int) -> None:
        self._file.run("INSERT OR REPLACE INTO position (log, position) VALUES (?, ?)", (_JOURNAL, position))

    def count(self, counts: Iterable[Count]) -> None:
        self._file.run_each(
            "INSERT INTO count (partner, direction, kind, code, number) SELECT ?1, ?2, ?3, CASE WHEN EXISTS "
            "(SELECT 1 FROM count WHERE partner = ?1 AND direction = ?2 AND kind = ?3 AND code = ?4) "
            "OR (SELECT count(*) FROM count WHERE partner = ?1) < ?6 THEN ?4 ELSE ?7 END, ?5 "
            "WHERE true ON CONFLICT DO UPDATE SET number = number + excluded.number",
            [(one.partner, one.direction.value, one.kind, one.code, one.number, COUNTS_MAX, OTHER) for one in counts],
        )

    def counts(self) -> Sequence[Count]:
        rows = self._file.rows("SELECT partner, direction, kind, code, number FROM count ORDER BY 1, 2, 3, 4")
        return [Count(partner, Direction(way), kind, code, number) for partner, way, kind, code, number in rows]

    def _deliveries(self, where: str, values: Sequence[Any]) -> list[Delivery]:
        rows = self._file.rows(f"{_DELIVERY} {where}", values)
        return [Delivery(*row)._replace(dead=bool(row[6])) for row in rows]


def _row(one: Letter) -> tuple[Any, ...]:
    digest = bytes.fromhex(one.digest)
    return digest, one.direction.value, one.partner, one.kind, one.transfer, one.at_ms, one.signed


def _letter(row: tuple[Any, ...]) -> Letter:
    digest, direction, *rest = row
    return Letter(digest.hex(), Direction(direction), *rest)
