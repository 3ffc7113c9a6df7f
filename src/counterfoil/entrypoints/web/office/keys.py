"""The signing keys as the journal names them, and which of them lie here. A file of no use is told and hides nothing.

Keys never pass through a page: what is done with them is done by the command line, which is named here.
Source: ADR-0018.
"""

from collections.abc import Iterator
from typing import Any

from counterfoil.adapters.signing.key_folder import key_of, old_keys
from counterfoil.adapters.signing.trusted_key import journal_key
from counterfoil.application.command import REGISTRY, SELF
from counterfoil.application.key_history import read_key_history
from counterfoil.application.ports import Outage
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.ledger.key_history import read_key
from counterfoil.domain.ledger.note import NoteKey
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.visit import Visit

Faults = dict[str, Outage]


def rows() -> tuple[PageRow, ...]:
    return (PageRow("/desk/admin/keys", reading(_keys)),)


def _keys(sight: Sight, visit: Visit) -> Reply:
    folder, faults = Folder(visit.ground.room.folder), Faults()
    own = _own(sight, folder, faults)
    terms = [] if own is None else list(_terms(sight, folder, own, faults))
    facts = {"terms": terms, "old": len(old_keys(folder.key.parent)), "faults": list(faults.values())}
    return Shown("office/keys.html", facts, kept=False)


def _own(sight: Sight, folder: Folder, faults: Faults) -> bytes | None:
    """The key of the file that the operator trusts; where it is of no use, the one that the founding named."""
    try:
        return journal_key(folder.public_key, sight.reading, sight.codec)
    except Outage as outage:
        faults[outage.code] = outage
        return read_key(str((sight.record(REGISTRY, SELF) or {}).get("public_key", "")))


def _terms(sight: Sight, folder: Folder, own: bytes, faults: Faults) -> Iterator[dict[str, Any]]:
    """The keys in their order: from which entry on each signs, which one does now, and which lie here."""
    history, origin = read_key_history(sight.reading, sight.codec, otherwise=own), sight.registry.origin
    for number, term in enumerate(history.terms, 1):
        try:
            here = key_of(folder.key.parent, term.public_key, name=origin) is not None
        except Outage as outage:
            faults[outage.code], here = outage, False
        yield {
            "number": number,
            "key": str(NoteKey(origin, term.public_key)),
            "after": term.after,
            "current": term.public_key == history.current,
            "here": here,
        }
