"""A proposal that somebody signs in another's name: what a registry must refuse, and what a network shows it refuse."""

import tempfile
from pathlib import Path
from typing import Final

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.adapters.peers.http_peer import HttpPeer, Way
from counterfoil.adapters.signing.ed25519 import FileSigner
from counterfoil.application.federation.exchange import LineAnswer
from counterfoil.domain.federation.jws import compact, key_id, signing_input
from counterfoil.domain.federation.message import Envelope, Message, MessageKind
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.instant import utc_text

_FORGER: Final = "network.example/forger"


def sent_forged(address: str, *, transfer: str, sender: str, recipient: str, public_key: bytes) -> LineAnswer:
    """Send a proposal that names the sender's key and is signed with another one, and give the recipient's answer.

    Args:
        public_key: The sender's own key (raw), whose name stands in the message.

    Raises:
        Outage: the recipient cannot be reached.
    """
    now = utc_text(SystemClock().now_ms())
    body: dict[str, JSON] = {
        "parts": [],
        "target": "",
        "authorizations": [],
        "approaches": [],
        "effective_on": now[:10],
        "proof": {},
    }
    message = Message(MessageKind.PROPOSAL, transfer, sender, recipient, now, body)
    name = key_id(public_key)
    with tempfile.TemporaryDirectory(prefix="counterfoil-forger-") as folder:
        forger = FileSigner.create(Path(folder) / "forger.key", _FORGER)
        signature = forger.sign(signing_input(message.content(), key=name))
    peer = HttpPeer(address, Way())
    try:
        return peer.post([compact(Envelope(message.content(), signature, name))])[0]
    finally:
        peer.close()
