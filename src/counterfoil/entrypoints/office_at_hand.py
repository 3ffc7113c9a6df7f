"""The office of a registry's folder, wired together. It is opened when somebody first needs it.

A registry without people has no `office.db`, and a server does not make one: `admin invite` does.
"""

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.application.office.ports import Office, Passwords
from counterfoil.application.ports import Clock
from counterfoil.entrypoints.office_settings import OfficeSettings, read_settings
from counterfoil.entrypoints.permission_table import organisation_kinds

if TYPE_CHECKING:
    from counterfoil.adapters.office.grievance_letters import SqliteGrievanceLetters
    from counterfoil.adapters.office.proposals import SqliteProposals
    from counterfoil.adapters.office.store import SqliteOffice

FILE: Final = "office.db"


class OfficeAtHand:
    """One folder's office. Close it at the end."""

    def __init__(self, directory: Path, *, clock: Clock | None = None, passwords: Passwords | None = None) -> None:
        """`passwords` is for tests, which hash at less cost."""
        self._directory = directory
        self._clock = clock or SystemClock()
        self._passwords = passwords
        self._guard = threading.Lock()
        self._office: Office | None = None
        self._store: SqliteOffice | None = None
        self._settings: OfficeSettings | None = None
        self._staffed = False

    @property
    def settings(self) -> OfficeSettings:
        """As the folder says; read once.

        Raises:
            Outage: `office.settings_unreadable`.
        """
        if self._settings is None:
            self._settings = read_settings(self._directory)
        return self._settings

    def require_settings(self) -> None:
        """Stop a start whose settings cannot be used, with the outage `office.settings_unreadable`."""
        self._settings = self.settings

    def office(self, *, create: bool = False) -> Office | None:
        """The office, or None where nobody was ever invited. With `create`, its file is laid out.

        Raises:
            Outage: the file, or the settings, cannot be used.
        """
        if self._office is None and (create or (self._directory / FILE).exists()):
            with self._guard:
                if self._office is None:
                    self._office = self._opened()
        return self._office

    def staffed(self) -> bool:
        """Whether anybody has ever enrolled: from then on, nobody acts alone where the law asks for two persons."""
        if not self._staffed:
            office = self.office()
            self._staffed = office is not None and office.store.people.staffed()
        return self._staffed

    def proposals(self) -> "SqliteProposals":
        """The acts that wait for a second person. The office must be open."""
        from counterfoil.adapters.office.proposals import SqliteProposals

        assert self._store is not None, "the office is open"
        return SqliteProposals(self._store.file)

    def grievance_letters(self) -> "SqliteGrievanceLetters":
        """Letters of people without an account. The office must be open."""
        from counterfoil.adapters.office.grievance_letters import SqliteGrievanceLetters

        assert self._store is not None, "the office is open"
        return SqliteGrievanceLetters(self._store.file)

    def close(self) -> None:
        with self._guard:
            if self._store is not None:
                self._store.close()
            self._office = self._store = None

    def _opened(self) -> Office:
        from counterfoil.adapters.office.codes import TotpCodes
        from counterfoil.adapters.office.dice import SystemDice
        from counterfoil.adapters.office.openid import OpenidProvider
        from counterfoil.adapters.office.passwords import Argon2Passwords
        from counterfoil.adapters.office.store import SqliteOffice
        from counterfoil.adapters.office.webauthn_passkeys import WebauthnPasskeys

        settings = self.settings
        self._store = SqliteOffice(self._directory / FILE)
        return Office(
            store=self._store,
            clock=self._clock,
            dice=SystemDice(),
            passwords=self._passwords or Argon2Passwords(),
            codes=TotpCodes(),
            kinds=organisation_kinds(),
            issuer=settings.name,
            passkeys=WebauthnPasskeys(settings.address, name=settings.name) if settings.address else None,
            provider=None if settings.provider is None else OpenidProvider(settings.provider),
        )
