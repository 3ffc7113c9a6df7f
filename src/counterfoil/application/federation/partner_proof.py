"""Proofs of a partner's entries: under its key in force, or under the one before, which signed what it signed."""

import base64
from collections.abc import Mapping
from typing import Any

from counterfoil.application.ports import Codec, JournalRow, Verifier
from counterfoil.application.proving import proven
from counterfoil.domain.federation.link import Partner


def proven_by(partner: Partner, proof: Mapping[str, Any], *, verify: Verifier, codec: Codec) -> JournalRow | None:
    """The entry that a proof shows to stand in the partner's log, or None when it does not show it.

    What an earlier key signed while it was the log's stays proven: a change of keys leaves no transfer in the air.
    """
    for key in filter(None, (partner.public_key, partner.earlier_key)):
        row = proven(proof, public_key=base64.b64decode(key), origin=partner.origin, verify=verify, codec=codec)
        if row is not None:
            return row
    return None


def remembering(verify: Verifier) -> Verifier:
    """A verifier for some messages that come together: entries of one batch stand under one checkpoint."""
    known: dict[tuple[bytes, bytes, bytes], bool] = {}

    def remembered(*, public_key: bytes, message: bytes, signature: bytes) -> bool:
        asked = (public_key, message, signature)
        if asked not in known:
            known[asked] = verify(public_key=public_key, message=message, signature=signature)
        return known[asked]

    return remembered
