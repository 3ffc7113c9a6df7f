"""What is proven, and how to check it oneself: the last checkpoint, keys, witnesses, and a proof in the browser.

The page gives the visitor's browser bytes and a script that computes; it never answers whether something is true.
Source: ADR-0005, ADR-0018; C2SP tlog-checkpoint, tlog-tiles, signed-note; RFC 6962 section 2.1.
"""

from itertools import islice
from typing import Any, Final

from counterfoil.adapters.signing.ed25519 import verify
from counterfoil.application.key_history import key_texts, read_key_history
from counterfoil.application.queries.show import ShowFault
from counterfoil.application.queries.sight import Sight
from counterfoil.application.witnessing import standing
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.checkpoint import read_checkpoint
from counterfoil.domain.ledger.key_history import read_key
from counterfoil.domain.ledger.note import read_note
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.visit import Visit

CHECKPOINTS_SHOWN: Final = 10
ENTRY_DIGITS_MAX: Final = 15
"""As far as a browser counts exactly."""


def rows() -> tuple[PageRow, ...]:
    return (PageRow("/transparency", reading(_page)),)


def _page(sight: Sight, visit: Visit) -> Reply | Refusal:
    if sight.record("registry", "self") is None:
        return Shown("portal/transparency.html", {"founded": False, "entry": None})
    asked = visit.query.get("entry", "").strip()
    entry = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= ENTRY_DIGITS_MAX else None
    row = None if entry is None else sight.reading.row(entry)
    if asked and row is None:
        return Refusal(ShowFault.NOT_FOUND, {"what": "entry", "key": asked[:40]})
    now = standing(sight.reading, sight.codec, verify=verify)
    own = read_key(sight.registry.public_key) or b""
    keys = read_key_history(sight.reading, sight.codec, otherwise=own)
    facts = {
        "founded": True,
        "entry": entry,
        "act": None if row is None else sight.codec.decode(row.leaf)["act"],
        "on": None if row is None else sight.codec.decode(row.leaf)["on"],
        "origin": sight.registry.origin,
        "standing": now,
        "last": _told(now.last.note),
        "published": None if now.published is None else _told(now.note),
        "keys": list(key_texts(keys, origin=sight.registry.origin)),
        "since": [term.after for term in keys.terms],
        "recent": list(_recent(sight, now.last.number)),
        "witnesses": [] if now.policy is None else [str(key) for key in now.policy.witnesses],
        "quorum": None if now.policy is None else now.policy.quorum,
    }
    return Shown("portal/transparency.html", facts)


def _told(note: str) -> dict[str, Any]:
    """A checkpoint in its parts."""
    read = read_note(note)
    found = None if read is None else read_checkpoint(read.text)
    if found is None:
        return {"note": note, "size": 0, "root": "", "recorded_at": "", "signatures": 0}
    signatures = 0 if read is None else len(read.signatures)
    return {
        "note": note,
        "size": found.size,
        "number": found.number,
        "root": found.root.hex(),
        "recorded_at": found.recorded_at,
        "signatures": signatures,
    }


def _recent(sight: Sight, last: int) -> Any:
    """The last checkpoints, the newest first."""
    for number in islice(range(last, 0, -1), CHECKPOINTS_SHOWN):
        row = sight.reading.checkpoint(number)
        if row is not None:
            yield {"number": number, **_told(row.note)}
