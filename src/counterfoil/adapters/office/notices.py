"""The outbox in the office's file."""

from collections.abc import Sequence
from typing import Any, Final

from counterfoil.adapters.office.file import OfficeFile, Values
from counterfoil.application.notices.ports import (
    Channel,
    Delivery,
    DeliveryState,
    MailWish,
    Notice,
    Preference,
)

_SELECT: Final = (
    "SELECT d.number, d.channel, d.target, d.state, d.tries, d.next_ms, d.digest, d.detail, d.read_ms, "
    "n.number, n.key, n.sort, n.subject, n.at_ms, n.facts FROM delivery d JOIN notice n ON n.number = d.notice"
)


class SqliteOutbox:
    """Every change stands inside the office's `change()`."""

    __slots__ = ("_file",)

    def __init__(self, file: OfficeFile) -> None:
        self._file = file

    def position(self, log: str) -> int | None:
        found = self._file.rows("SELECT position FROM log_position WHERE log = ?", (log,))
        return found[0][0] if found else None

    def move(self, log: str, position: int) -> None:
        self._file.run("INSERT OR REPLACE INTO log_position (log, position) VALUES (?, ?)", (log, position))

    def add(self, notice: Notice) -> int | None:
        one = notice
        sql = "INSERT INTO notice (key, sort, subject, at_ms, facts) VALUES (?, ?, ?, ?, ?)"
        if not self._file.inserted(sql, (one.key, one.sort, one.subject, one.at_ms, one.facts)):
            return None
        number: int = self._file.rows("SELECT number FROM notice WHERE key = ?", (one.key,))[0][0]
        return number

    def queue(self, notice: int, channel: Channel, target: str, *, next_ms: int, digest: bool = False) -> None:
        # What is in the application has arrived with this row.
        state = DeliveryState.DONE if channel is Channel.INBOX else DeliveryState.WAITING
        self._file.run(
            "INSERT INTO delivery (notice, channel, target, subject, state, tries, next_ms, digest, detail) "
            "SELECT number, ?, ?, subject, ?, 0, ?, ?, '' FROM notice WHERE number = ?",
            (channel.value, target, state.value, next_ms, int(digest), notice),
        )

    def due(self, now_ms: int, *, limit: int) -> Sequence[Delivery]:
        earlier = (
            "SELECT 1 FROM delivery e WHERE e.state = 'waiting' AND e.channel = d.channel AND e.target = d.target "
            "AND e.subject = d.subject AND e.next_ms > :now AND e.number < d.number"
        )
        where = f"d.state = 'waiting' AND d.next_ms <= :now AND (d.digest = 1 OR NOT EXISTS ({earlier}))"
        return self._found(f"WHERE {where} ORDER BY d.number LIMIT :limit", {"now": now_ms, "limit": limit})

    def digest(self, person: str, now_ms: int, *, limit: int) -> Sequence[Delivery]:
        where = "d.state = 'waiting' AND d.digest = 1 AND d.channel = 'mail' AND d.target = ? AND d.next_ms <= ?"
        return self._found(f"WHERE {where} ORDER BY d.number LIMIT ?", (person, now_ms, limit))

    def settle(self, number: int, state: DeliveryState, *, tries: int, next_ms: int, detail: str) -> None:
        sql = "UPDATE delivery SET state = ?, tries = ?, next_ms = ?, detail = ? WHERE number = ?"
        self._file.run(sql, (state.value, tries, next_ms, detail, number))

    def get(self, number: int) -> Delivery | None:
        return next(iter(self._found("WHERE d.number = ?", (number,))), None)

    def listed(self, state: DeliveryState, *, after: int, limit: int) -> Sequence[Delivery]:
        where = "WHERE d.state = ? AND d.channel <> 'inbox' AND d.number > ? ORDER BY d.number LIMIT ?"
        return self._found(where, (state.value, after, limit))

    def inbox(self, person: str, *, before: int, unread: bool, limit: int) -> Sequence[Delivery]:
        only = " AND d.read_ms IS NULL" if unread else ""
        where = f"WHERE d.channel = 'inbox' AND d.target = ? AND d.number < ?{only} ORDER BY d.number DESC LIMIT ?"
        return self._found(where, (person, before, limit))

    def read(self, number: int, at_ms: int) -> None:
        self._file.run("UPDATE delivery SET read_ms = ? WHERE number = ? AND read_ms IS NULL", (at_ms, number))

    def preference(self, person: str) -> Preference | None:
        found = self._file.rows("SELECT mail, language FROM preference WHERE person = ?", (person,))
        return Preference(MailWish(found[0][0]), found[0][1]) if found else None

    def prefer(self, person: str, preference: Preference) -> None:
        sql = "INSERT OR REPLACE INTO preference (person, mail, language) VALUES (?, ?, ?)"
        self._file.run(sql, (person, preference.mail.value, preference.language))

    def members(self, organisation: str, *, on: str) -> Sequence[str]:
        rows = self._file.rows(
            "SELECT DISTINCT m.person FROM membership m JOIN person p ON p.person = m.person "
            "WHERE m.organisation = :body AND p.state = 'active' AND m.first_day <= :on "
            "AND (m.last_day IS NULL OR m.last_day >= :on) ORDER BY m.person",
            {"body": organisation, "on": on},
        )
        return [row[0] for row in rows]

    def proposer(self, proposal: str) -> tuple[str, str] | None:
        found = self._file.rows("SELECT person, organisation FROM proposal WHERE id = ?", (proposal,))
        return (found[0][0], found[0][1]) if found else None

    def _found(self, where: str, values: Values) -> list[Delivery]:
        return [_delivery(row) for row in self._file.rows(f"{_SELECT} {where}", values)]


def _delivery(row: tuple[Any, ...]) -> Delivery:
    number, channel, target, state, tries, next_ms, digest, detail, read_ms, *notice = row
    return Delivery(
        number,
        Notice(*notice),
        Channel(channel),
        target,
        DeliveryState(state),
        tries,
        next_ms,
        bool(digest),
        detail,
        read_ms,
    )
