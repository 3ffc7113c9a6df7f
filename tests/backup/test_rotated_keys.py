"""A registry that changed its key: a backup of any moment is restored under the key that was in force then."""

import shutil
from pathlib import Path

from counterfoil.adapters.signing.ed25519 import FileSigner
from counterfoil.adapters.signing.key_folder import next_key, settle
from counterfoil.application.commands.rotate_key import ConfirmKey, RotateKey
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.key_history import key_text
from counterfoil.entrypoints.bootstrap import Folder, verify_folder
from counterfoil.entrypoints.keeping.backup import back_up
from counterfoil.entrypoints.keeping.restore import Restored, restore
from tests.backup.registries import done, everything, lived, step, writable


def named(folder: Folder) -> FileSigner:
    """A new key of the folder, after the entry that names it."""
    made = next_key(folder.key.parent, "tha/tha01")
    with writable(folder) as opened:
        done(opened, RotateKey(public_key=key_text(made.public_key), reason="a year is over"))
    return made


def test_after_a_rotation_the_new_key_is_asked_for_and_the_old_one_refused(tmp_path: Path) -> None:
    folder = lived(tmp_path / "registry")
    shutil.copy(folder.key, tmp_path / "old.key")
    made = named(folder)
    with writable(folder) as opened:
        done(opened, ConfirmKey(public_key=key_text(made.public_key)))
    settle(folder.key.parent, made.public_key, vouched=True)
    assert not isinstance(back_up(folder, tmp_path / "b.tar"), Refusal)
    refused = restore(tmp_path / "b.tar", Folder(tmp_path / "wrong"), key=tmp_path / "old.key")
    assert isinstance(refused, Refusal)
    assert refused.code == "restore.wrong_key"
    goes_on(folder, tmp_path / "b.tar", Folder(tmp_path / "again"), key=folder.key)


def test_a_backup_between_the_naming_of_a_key_and_its_first_signature_is_restored(tmp_path: Path) -> None:
    folder = lived(tmp_path / "registry")
    made = next_key(folder.key.parent, "tha/tha01")
    shutil.copy(folder.key.parent / "next.key", tmp_path / "new.key")
    named(folder)
    taken = back_up(folder, tmp_path / "b.tar")
    assert not isinstance(taken, Refusal)
    assert taken.manifest.next_key == key_text(made.public_key) != taken.manifest.public_key
    goes_on(folder, tmp_path / "b.tar", Folder(tmp_path / "again"), key=tmp_path / "new.key")


def goes_on(folder: Folder, backup: Path, again: Folder, *, key: Path) -> None:
    """The restored registry is the same, signs its next entry, and is sound when it has published the key for it."""
    restored = restore(backup, again, key=key)
    assert isinstance(restored, Restored), restored
    assert restored.rebuilt.differs == ()
    assert everything(again) == everything(folder)
    with writable(again) as opened:
        done(opened, step(6))
    with writable(again):
        pass
    assert not verify_folder(again).findings
