"""The registry's key for signing a package: also beside a running server, which only reads the same files."""

from counterfoil.adapters.signing.key_folder import FolderSigner, signer_of
from counterfoil.application.key_history import read_key_history
from counterfoil.application.ports import Signer
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.ledger.key_history import KEY
from counterfoil.entrypoints.bootstrap import Folder


def package_signer(folder: Folder, sight: Sight) -> Signer:
    """The key that the journal names now.

    Raises:
        Outage: no file of the folder holds it.
    """
    rotated = next(sight.reading.records(KEY, limit=1), None) is not None
    current = read_key_history(sight.reading, sight.codec, otherwise=b"").current if rotated else None
    signer: FolderSigner = signer_of(folder.key.parent, current)
    return signer
