"""What signing in needs, in the office's file: credentials, sessions, invitations, half-done steps, and counts."""

from typing import Any, Final

from counterfoil.adapters.office.file import OfficeFile
from counterfoil.application.office.ports import Attempts, Credential, Factor, Invitation, Session, Step

_CREDENTIAL: Final = "number, person, factor, label, key, secret, counter, made_ms, used_ms"
_SESSION: Final = "digest, handle, person, organisation, device, method, made_ms, seen_ms, ends_ms, giver"
_INVITATION: Final = "digest, person, made_ms, ends_ms, totp, used_ms"
_STEP: Final = "digest, purpose, person, facts, ends_ms, tries"


class SqliteCredentials:
    __slots__ = ("_file",)

    def __init__(self, file: OfficeFile) -> None:
        self._file = file

    def add(self, credential: Credential) -> bool:
        """Its number is given by the file."""
        sql = (
            "INSERT INTO credential (person, factor, label, key, secret, counter, made_ms, used_ms) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        )
        one = credential
        row = (one.person, one.factor.value, one.label, one.key, one.secret, one.counter, one.made_ms, one.used_ms)
        return self._file.inserted(sql, row)

    def of(self, person: str, factor: Factor | None = None) -> list[Credential]:
        only = "" if factor is None else " AND factor = :factor"
        sql = f"SELECT {_CREDENTIAL} FROM credential WHERE person = :person{only} ORDER BY number"  # noqa: S608
        values = {"person": person, "factor": None if factor is None else factor.value}
        return [_credential(row) for row in self._file.rows(sql, values)]

    def by_key(self, factor: Factor, key: str) -> Credential | None:
        sql = f"SELECT {_CREDENTIAL} FROM credential WHERE factor = ? AND key = ? AND key <> ''"  # noqa: S608
        return next((_credential(row) for row in self._file.rows(sql, (factor.value, key))), None)

    def set_secret(self, number: int, secret: str) -> None:
        self._file.run("UPDATE credential SET secret = ? WHERE number = ?", (secret, number))

    def used(self, number: int, counter: int, *, before: int, at_ms: int) -> bool:
        sql = "UPDATE credential SET counter = ?, used_ms = ? WHERE number = ? AND counter = ?"
        return self._file.run(sql, (counter, at_ms, number, before)) == 1

    def remove(self, number: int) -> bool:
        return self._file.run("DELETE FROM credential WHERE number = ?", (number,)) == 1


class SqliteSessions:
    __slots__ = ("_file",)

    def __init__(self, file: OfficeFile) -> None:
        self._file = file

    def add(self, session: Session) -> None:
        one = session
        row = (one.digest, one.handle, one.person, one.organisation, one.device, one.method)
        sql = f"INSERT INTO session ({_SESSION}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
        self._file.run(sql, (*row, one.made_ms, one.seen_ms, one.ends_ms, one.giver))

    def get(self, digest: bytes) -> Session | None:
        sql = f"SELECT {_SESSION} FROM session WHERE digest = ?"  # noqa: S608
        return next((Session(*row) for row in self._file.rows(sql, (digest,))), None)

    def of(self, person: str) -> list[Session]:
        sql = f"SELECT {_SESSION} FROM session WHERE person = ? ORDER BY made_ms, handle"  # noqa: S608
        return [Session(*row) for row in self._file.rows(sql, (person,))]

    def seen(self, digest: bytes, at_ms: int) -> None:
        self._file.run("UPDATE session SET seen_ms = ? WHERE digest = ? AND seen_ms < ?", (at_ms, digest, at_ms))

    def acts_for(self, digest: bytes, organisation: str, giver: str) -> None:
        sql = "UPDATE session SET organisation = ?, giver = ? WHERE digest = ?"
        self._file.run(sql, (organisation, giver, digest))

    def end(self, digest: bytes) -> None:
        self._file.run("DELETE FROM session WHERE digest = ?", (digest,))

    def end_all(self, person: str) -> int:
        return self._file.run("DELETE FROM session WHERE person = ?", (person,))

    def forget(self, before_ms: int) -> None:
        self._file.run("DELETE FROM session WHERE ends_ms < ?", (before_ms,))


class SqliteInvitations:
    __slots__ = ("_file",)

    def __init__(self, file: OfficeFile) -> None:
        self._file = file

    def add(self, invitation: Invitation) -> None:
        one = invitation
        row = (one.digest, one.person, one.made_ms, one.ends_ms, one.totp, one.used_ms)
        self._file.run(f"INSERT INTO invitation ({_INVITATION}) VALUES (?, ?, ?, ?, ?, ?)", row)  # noqa: S608

    def get(self, digest: bytes) -> Invitation | None:
        sql = f"SELECT {_INVITATION} FROM invitation WHERE digest = ?"  # noqa: S608
        return next((Invitation(*row) for row in self._file.rows(sql, (digest,))), None)

    def use(self, digest: bytes, at_ms: int) -> bool:
        sql = "UPDATE invitation SET used_ms = ?, totp = '' WHERE digest = ? AND used_ms IS NULL"
        return self._file.run(sql, (at_ms, digest)) == 1

    def withdraw(self, person: str) -> None:
        self._file.run("DELETE FROM invitation WHERE person = ? AND used_ms IS NULL", (person,))


class SqliteSteps:
    __slots__ = ("_file",)

    def __init__(self, file: OfficeFile) -> None:
        self._file = file

    def add(self, step: Step) -> None:
        row = (step.digest, step.purpose, step.person, step.facts, step.ends_ms, step.tries)
        self._file.run(f"INSERT INTO step ({_STEP}) VALUES (?, ?, ?, ?, ?, ?)", row)  # noqa: S608

    def tried(self, digest: bytes) -> Step | None:
        found = self._file.rows(f"SELECT {_STEP} FROM step WHERE digest = ?", (digest,))  # noqa: S608
        self._file.run("UPDATE step SET tries = tries + 1 WHERE digest = ?", (digest,))
        return Step(*found[0]) if found else None

    def take(self, digest: bytes) -> bool:
        return self._file.run("DELETE FROM step WHERE digest = ?", (digest,)) == 1

    def crop(self, strangers_max: int) -> None:
        if self._file.rows("SELECT count(*) FROM step")[0][0] > strangers_max:
            kept = "SELECT digest FROM step WHERE person = '' ORDER BY ends_ms DESC LIMIT ?"
            sql = f"DELETE FROM step WHERE person = '' AND digest NOT IN ({kept})"  # noqa: S608
            self._file.run(sql, (strangers_max // 2,))

    def forget(self, person: str | None, before_ms: int) -> None:
        self._file.run("DELETE FROM step WHERE ends_ms < ? OR person = ?", (before_ms, person))


class SqliteThrottle:
    __slots__ = ("_file",)

    def __init__(self, file: OfficeFile) -> None:
        self._file = file

    def get(self, key: bytes) -> Attempts:
        found = self._file.rows("SELECT failures, last_ms FROM throttle WHERE key = ?", (key,))
        return Attempts(*found[0]) if found else Attempts(0, 0)

    def put(self, key: bytes, attempts: Attempts) -> None:
        sql = "INSERT OR REPLACE INTO throttle (key, failures, last_ms) VALUES (?, ?, ?)"
        self._file.run(sql, (key, attempts.failures, attempts.last_ms))

    def forget(self, key: bytes) -> None:
        self._file.run("DELETE FROM throttle WHERE key = ?", (key,))

    def forget_before(self, before_ms: int) -> None:
        self._file.run("DELETE FROM throttle WHERE last_ms < ?", (before_ms,))


def _credential(row: tuple[Any, ...]) -> Credential:
    number, person, factor, *rest = row
    return Credential(number, person, Factor(factor), *rest)
