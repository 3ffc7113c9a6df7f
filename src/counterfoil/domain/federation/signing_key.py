"""Which key of a partner a message may be signed with."""

from counterfoil.domain.federation.jws import key_id
from counterfoil.domain.federation.link import Partner
from counterfoil.domain.federation.message import MessageFault
from counterfoil.domain.kernel.instant import utc_ms
from counterfoil.domain.kernel.refusal import Refusal


def signing_key(partner: Partner, named: str, *, now_ms: int) -> bytes | Refusal:
    """The key of a partner that a message names, where it may still sign.

    Args:
        named: The key's thumbprint, as it stands in the message.
        now_ms: UTC milliseconds.

    Source: ADR-0032 (overlap after a change of keys).
    """
    for key, until in partner.keys():
        if key_id(key) == named:
            ends = utc_ms(until) if until else None
            if until and (ends is None or now_ms > ends):
                return Refusal(MessageFault.KEY_EXPIRED, {"sender": partner.party, "key": named, "until": until})
            return key
    return Refusal(MessageFault.KEY_UNKNOWN, {"sender": partner.party, "key": named})
