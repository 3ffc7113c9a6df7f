"""The public key that the operator trusts: the one in `registry.pub`, which somebody may have put there by mistake."""

from pathlib import Path

from counterfoil.adapters.signing.ed25519 import KeysFault
from counterfoil.application.command import REGISTRY, SELF
from counterfoil.application.key_history import read_key_history
from counterfoil.application.ports import Codec, Outage, Reading
from counterfoil.domain.ledger.key_history import key_text, read_key


def trusted_key(path: Path) -> bytes:
    """The key in the file.

    Raises:
        Outage: the file is absent, or holds no key.
    """
    try:
        text = path.read_text()
    except FileNotFoundError as error:
        raise Outage(KeysFault.ABSENT, {"path": str(path)}) from error
    key = read_key(text.strip())
    if key is None:
        raise Outage(KeysFault.UNREADABLE, {"path": str(path)})
    return key


def journal_key(path: Path, reading: Reading, codec: Codec) -> bytes:
    """The key in the file, when it is one that the registry's journal or records name.

    Raises:
        Outage: `keys.foreign` when it is none of them, or what `trusted_key` says.
    """
    key = trusted_key(path)
    founding, row = reading.row(0), reading.record(REGISTRY, SELF)
    values = [] if row is None else [codec.decode(row.value)]
    if founding is not None:
        values += [value for kind, _, value in codec.decode(founding.leaf)["records"] if kind == REGISTRY]
    history = read_key_history(reading, codec, otherwise=b"")
    named = {value.get("public_key") for value in values} | {key_text(each) for each in history.public_keys}
    if key_text(key) not in named:
        raise Outage(KeysFault.FOREIGN, {"path": str(path)})
    return key


def require_own_key(path: Path, reading: Reading, codec: Codec) -> None:
    """Where signatures fail, perhaps nothing is broken and the key is another registry's: then `keys.foreign`."""
    try:
        journal_key(path, reading, codec)
    except Outage as outage:
        if outage.code == KeysFault.FOREIGN:
            raise
    except (KeyError, TypeError, ValueError, AttributeError):
        return  # the records cannot be read either: the finding says what is broken
