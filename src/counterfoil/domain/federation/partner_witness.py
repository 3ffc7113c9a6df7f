"""A partner as witness: it signs checkpoints of this log with the key of its own, under the name of its own log."""

from counterfoil.domain.federation.link import Partner
from counterfoil.domain.ledger.note import Algorithm, NoteKey


def cosigning_keys(partner: Partner) -> tuple[NoteKey, ...]:
    """The keys of a partner in the form in which witnesses sign. Source: C2SP tlog-cosignature; ADR-0033."""
    return tuple(NoteKey(partner.origin, key, Algorithm.COSIGNATURE) for key, _ in partner.keys())
