"""Add a section: its folder and key, the founding of its registry, and its place in the installation's file.

Every step can be done again, so that an addition that was cut off is brought to its end by the same command.
"""

import base64
import contextlib
import fcntl
import os
import pwd
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from counterfoil.adapters.durable import made_folder
from counterfoil.adapters.signing.ed25519 import FileSigner
from counterfoil.adapters.storage_fault import of_system
from counterfoil.application.command import Command, Context, Registry
from counterfoil.application.commands.found import Found, found
from counterfoil.application.ports import Outage
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.entrypoints.bootstrap import Folder, create_key, open_for_reading, open_for_writing
from counterfoil.entrypoints.http.caller import LOCAL
from counterfoil.entrypoints.tenancy.charge import as_user
from counterfoil.entrypoints.tenancy.fault import InstallationFault
from counterfoil.entrypoints.tenancy.installation import FILE, Installation, Section

_LOCK: Final = ".changing"


@contextlib.contextmanager
def changing(directory: Path) -> Iterator[None]:
    """One change of an installation's file at a time, also between processes, and beside its supervisor."""
    try:
        file = os.open(directory / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise of_system(error, directory) from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def new_installation(directory: Path, name: str, *, administrator: str = "") -> Installation | Refusal:
    """An installation without sections yet, whose folder only its owner can enter."""
    if (directory / FILE).exists():
        return Refusal(InstallationFault.EXISTS, {"folder": str(directory)})
    made_folder(directory)
    made_folder(directory / "sections")
    # Accounts of sections have to get through to their own folders.
    for each in (directory, directory / "sections"):
        each.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return Installation(directory.absolute(), name, administrator)


def foreseen(founding: Found) -> Refusal | None:
    """Why a founding would be refused, asked before anything is written."""
    nobody = Registry(registry="", party=founding.party, name="", origin="", public_key="")
    decided = found(founding, Books(), Context(nobody, date.min, date.min))
    return decided if isinstance(decided, Refusal) else None


def keyed(section: Section, founding: Found) -> Found:
    """The founding with the key of the section's folder, which is made where there is none yet."""
    folder = Folder(section.folder)
    made_folder(folder.path)
    folder.path.chmod(0o700)
    # A key without a ledger is what an interrupted addition leaves: it is used, never replaced.
    signer = FileSigner.open(folder.key) if folder.key.exists() else create_key(folder, name=founding.origin)
    public_key = base64.b64encode(signer.public_key).decode()
    return replace(founding, origin=signer.name, public_key=public_key)


def founded(section: Section, founding: Found, *further: Command) -> Refusal | Outage | None:
    """Found the registry in the section's folder, with further acts such as the adoption of its pack.

    One that is there already must be the Party's. The further acts have ids, so that none of them is done twice.
    """
    folder = Folder(section.folder)
    acts: tuple[Command, ...] = (founding, *further)
    if folder.founded:
        with open_for_reading(folder) as readable:
            own = readable.registry.party
        if own != section.party:
            facts = {"folder": str(folder.path), "own": own, "party": section.party}
            return Refusal(InstallationFault.OTHER_PARTY, facts)
        acts = further
    opened = open_for_writing(folder, "installation add", create=not folder.founded)
    if isinstance(opened, Refusal):
        return opened
    with opened as writable:
        for act in acts:
            (outcome,) = writable.driver.do([Submission(act, LOCAL)])
            if not isinstance(outcome, Receipt):
                return outcome
    return None


def given(section: Section) -> None:
    """Give the section's folder, and all in it, to the account that its process runs as."""
    account: pwd.struct_passwd | None = as_user(section.user)
    if account is None:
        return
    for path in (section.folder, *section.folder.rglob("*")):
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
