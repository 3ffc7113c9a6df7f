"""Where rows are handed in: this process as the registry's writer, or a server that already is.

Read next: `entrypoints/cdm/totals.py`.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol, TypeAlias

from counterfoil.adapters.lock import LockFault
from counterfoil.adapters.signing.ed25519 import KeysFault
from counterfoil.adapters.storage_fault import StorageFault
from counterfoil.application.command import Command
from counterfoil.application.commands.found import Found
from counterfoil.application.ports import Outage, OutageFault
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, Writable, create_key, open_for_writing
from counterfoil.entrypoints.gate import owners_guard
from counterfoil.entrypoints.wire import command_json

WHAT: Final = "import cdm"
BY: Final = "local:import"
ORIGIN: Final = "xcd/cdm-archive"

Answer: TypeAlias = Refusal | Outage | None
"""None for an accepted row."""


class Desk(Protocol):
    """Takes commands and answers them in order, after they are durable. Used in `with`."""

    def submit(self, commands: Sequence[Command]) -> Sequence[Answer]: ...
    def __enter__(self) -> "Desk": ...
    def __exit__(self, *_: object) -> None: ...


class _Here:
    """This process writes."""

    def __init__(self, writable: Writable) -> None:
        self._writable = writable
        self._guard = owners_guard(writable.folder.path)

    def submit(self, commands: Sequence[Command]) -> Sequence[Answer]:
        outcomes = self._writable.driver.do([Submission(command, BY, self._guard) for command in commands])
        return [None if isinstance(outcome, Receipt) else outcome for outcome in outcomes]

    def __enter__(self) -> "_Here":
        return self

    def __exit__(self, *_: object) -> None:
        self._writable.close()


class _There:
    """A server writes; commands go to it through its local socket."""

    def __init__(self, address: str) -> None:
        self._address = address

    def submit(self, commands: Sequence[Command]) -> Sequence[Answer]:
        from counterfoil.entrypoints.http.local import send

        return [_answer(answer) for answer in send(self._address, [command_json(command) for command in commands])]

    def __enter__(self) -> "_There":
        return self

    def __exit__(self, *_: object) -> None:
        pass


def _answer(answer: Mapping[str, Any]) -> Answer:
    match answer["status"]:
        case "accepted":
            return None
        case "refused":
            return Refusal(answer["code"], answer["facts"])
        case _:
            return Outage(answer["code"], answer["facts"], retry=answer["retry"] == "later")


def desk(folder: Folder, *, found: bool) -> Desk | Refusal:
    """The desk of a registry.

    Args:
        folder: Where the registry lives.
        found: Whether to found one where there is none.

    Raises:
        Outage: there is no registry, or it cannot be used.
    """
    if not folder.founded and not found:
        raise Outage(OutageFault.NOT_FOUNDED, {"folder": str(folder.path)})
    if found and not folder.founded:
        _make_key(folder)
    writable = _opened(folder, found=found)
    if isinstance(writable, Refusal):
        address = writable.facts.get("address") if writable.code == LockFault.LOCKED else None
        return _There(str(address)) if address else writable
    try:
        if not writable.registry.registry:
            _found(writable)
    except BaseException:
        writable.close()
        raise
    return _Here(writable)


def _opened(folder: Folder, *, found: bool) -> Writable | Refusal:
    if found and not folder.founded:
        return open_for_writing(folder, WHAT, create=True)
    try:
        return open_for_writing(folder, WHAT)
    except Outage as outage:
        if not found or outage.code != StorageFault.NOT_OURS:
            raise
        # A founding that was killed leaves a file without tables. Another program's file has some, and stays refused.
        try:
            return open_for_writing(folder, WHAT, create=True)
        except Outage:
            raise outage from None


def _make_key(folder: Folder) -> None:
    """A key for a new registry; one that a killed run left behind is used."""
    try:
        create_key(folder, name=ORIGIN)
    except Outage as outage:
        if outage.code != KeysFault.EXISTS:
            raise


def _found(writable: Writable) -> None:
    """Found the archive that the CDM registry's record is kept in.

    It is no Party's: XCD is one of the codes that ISO 3166 leaves to users, so it can never become a country's.
    """
    signer = writable.world.signer
    public_key = base64.b64encode(signer.public_key).decode()
    writable.folder.public_key.write_text(f"{public_key}\n")
    founding = Found(
        registry="XCD01",
        party=Party("XCD"),
        name="Record of the CDM registry",
        origin=signer.name,
        public_key=public_key,
        is_party=False,
        purpose="archive",
    )
    outcome = writable.driver.do([Submission(founding, BY)])[0]
    if isinstance(outcome, Outage):
        raise outcome
    assert isinstance(outcome, Receipt), outcome
