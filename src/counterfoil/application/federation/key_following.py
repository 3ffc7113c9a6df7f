"""Following a partner to its next key: its discovery document names it, and the key that is known here vouches for it.

Nothing of the document is believed but the chain of handovers, each signed by the key before (ADR-0018).
"""

import base64
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from counterfoil.application.commands.link import FollowKey
from counterfoil.application.ports import Codec, Verifier
from counterfoil.domain.federation.link import LinkFault, Partner
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.handover import followed, read_handover


def next_key(
    partner: Partner, document: Mapping[str, Any], *, verify: Verifier, codec: Codec
) -> FollowKey | Refusal | None:
    """The act that follows a partner to the key that its document names last; None where that key is known.

    Refuses with `link.key_succession` a key for which the known one does not vouch.

    Source: ADR-0018; ADR-0032.
    """
    refusal = Refusal(LinkFault.KEY_SUCCESSION, {"partner": partner.party, "key": partner.public_key})
    try:
        handovers = [read_handover(each) for each in document.get("handovers", ())]
        keys = [str(key) for key in document["log_keys"]]
        history = followed(keys, handovers, origin=partner.origin, verify=verify, decode=codec.decode)
    except (KeyError, TypeError, ValueError, AttributeError):
        return refusal
    if isinstance(history, Refusal):
        return refusal
    known, current = base64.b64decode(partner.public_key), history.current
    if current == known:
        return None
    if known not in history.public_keys[:-1]:
        return refusal
    proof = sha256(codec.encode([each.json() for each in handovers])).hexdigest()
    text = base64.b64encode(current).decode()
    return FollowKey(id=f"follow-key:{partner.party}:{proof[:16]}", party=partner.party, public_key=text, proof=proof)
