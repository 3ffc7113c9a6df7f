"""The credential of a letter as a file, signed with the registry's key. It needs no library for documents."""

from pathlib import Path

from counterfoil.adapters.signing.ed25519 import KeysFault
from counterfoil.adapters.signing.key_folder import FolderSigner, signer_of
from counterfoil.application.key_history import read_key_history
from counterfoil.application.ports import Outage
from counterfoil.application.queries.letters import Letter
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.key_history import read_key
from counterfoil.domain.policy.kinds.presentation import Era
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.letters.claim import claim_of
from counterfoil.entrypoints.letters.credential import credential_bytes, secured, unsecured
from counterfoil.entrypoints.reports.words import LANGUAGES


def credential_of(letter: Letter, sight: Sight, *, folder: Path, base: str = "") -> bytes | Refusal:
    """The credential, with years of the common era; `keys.absent` where the folder has no key of the registry."""
    key = signing_key(sight, folder)
    if key is None:
        return Refusal(KeysFault.ABSENT, {"path": Folder(folder).key.name})
    claim = claim_of(letter, languages=LANGUAGES, era=Era.COMMON.value, base=base)
    plain = unsecured(letter, claim, key.public_key)
    return credential_bytes(secured(plain, public_key=key.public_key, sign=key.sign))


def signing_key(sight: Sight, folder: Path) -> FolderSigner | None:
    """The registry's key, which signs credentials; None in a copy of the registry that has none."""
    own = read_key(sight.registry.public_key) or b""
    current = read_key_history(sight.reading, sight.codec, otherwise=own).current
    try:
        return signer_of(Folder(folder).key.parent, current)
    except Outage as outage:
        if outage.code in {KeysFault.ABSENT, KeysFault.OTHER}:
            return None
        raise
