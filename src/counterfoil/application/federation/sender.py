"""Whose message it is, asked before anything is done with it: only to tell who pays for looking at the rest."""

from typing import Any

from counterfoil.application.writer import Writer
from counterfoil.domain.federation.jws import read_compact, signing_input
from counterfoil.domain.federation.link import PARTNER, Partner
from counterfoil.domain.federation.message import Envelope
from counterfoil.domain.federation.signing_key import signing_key
from counterfoil.domain.kernel.record import from_json


def proven_sender(signed: bytes, writer: Writer, *, now_ms: int) -> str:
    """The Party of the partner who signed a compact message; empty where none did.

    May be called from any thread: it looks up one record.
    """
    envelope = read_compact(signed)
    if not isinstance(envelope, Envelope):
        return ""
    try:
        content: Any = writer.world.codec.decode(envelope.content)
        party = str(content["sender"])
        here = content["recipient"] == writer.registry.party
    except (KeyError, TypeError, ValueError):
        return ""
    if not here:
        # Whoever got a letter that was for somebody else could show it here, and let its sender pay.
        return ""
    record = writer.books.record(PARTNER, party)
    key = None if record is None else signing_key(from_json(Partner, record), envelope.key, now_ms=now_ms)
    if not isinstance(key, bytes):
        return ""
    message = signing_input(envelope.content, key=envelope.key)
    return party if writer.world.verify(public_key=key, message=message, signature=envelope.signature) else ""
