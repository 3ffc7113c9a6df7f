"""The feed of new decisions: the last entries of the journal as Atom, all of them or of one kind.

An item's id is the hash of its leaf, which is for ever; links are relative to the feed, wherever it is served.
Source: RFC 4287.
"""

from collections.abc import Iterator
from typing import Final

from markupsafe import Markup

from counterfoil.application.ports import JournalRow
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.entry import Act
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.web.page import PageRow, Reply, Sent, reading
from counterfoil.entrypoints.web.portal.entry_words import line_of
from counterfoil.entrypoints.web.visit import Visit

ITEMS_MAX: Final = 50
LOOKED_MAX: Final = 5_000
"""Entries that a feed of one kind looks back."""
_STEP: Final = 500
KINDS: Final = {
    "authorizations": ("Authoriz", "Quantity", "Acknowledge"),
    "transfers": ("Transfer", "FirstTransferred", "Acquired"),
    "units": ("Issued", "Imported", "Used", "Cancelled", "Retired", "Converted", "Reissued"),
    "activities": ("Activity", "Monitoring", "Verified", "Finding", "Grievance"),
    "reports": ("Report", "Aef", "Submission", "Review", "Consistency"),
    "corrections": ("Corrected", "AuthorizationRevoked", "Erased"),
}
"""How the names of the acts of a kind begin."""


def rows() -> tuple[PageRow, ...]:
    return (PageRow("/feed.atom", reading(_feed)),)


def acts_of(kind: str) -> frozenset[str]:
    """The acts of a kind, by their names."""
    return frozenset(act.value for act in Act if act.value.startswith(KINDS[kind]))


def _feed(sight: Sight, visit: Visit) -> Reply | Refusal:
    kind = visit.query.get("kind", "")
    if kind and kind not in KINDS:
        return Refusal(HttpFault.PARAMETER_UNREADABLE, {"parameter": "kind", "value": kind[:60]})
    founded = sight.record("registry", "self") is not None
    found = list(_newest(sight, acts_of(kind) if kind else None)) if founded else []
    entries = Markup("").join(_item(sight, visit, row) for row in found)
    updated = line_of(sight, found[0], visit).recorded_at if found else "1970-01-01T00:00:00Z"
    origin = sight.registry.origin if founded else "counterfoil"
    head = Markup(
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{}">\n'
        "<title>{}</title>\n<subtitle>{}</subtitle>\n<id>urn:counterfoil:{}:feed:{}</id>\n<updated>{}</updated>\n"
        '<link rel="self" href="{}"/>\n<link rel="alternate" type="text/html" href="{}"/>\n'
        "<author><name>{}</name></author>\n"
    ).format(
        visit.language,
        sight.registry.name if founded else "Counterfoil",
        visit.texts(f"web.feed.kind.{kind}" if kind else "web.feed.title"),
        origin,
        kind or "all",
        updated,
        f"feed.atom{visit.here(kind=kind)}",
        visit.url(),
        origin,
    )
    body = str(head + entries) + "</feed>\n"
    return Sent(body.encode("utf-8", "replace"), "application/atom+xml; charset=utf-8")


def _newest(sight: Sight, wanted: frozenset[str] | None) -> Iterator[JournalRow]:
    """The last entries of the wanted acts, the newest first, as far back as a feed looks."""
    last = sight.reading.last_checkpoint()
    end = 0 if last is None else last.size
    stop, told = max(0, end - LOOKED_MAX), 0
    while end > stop:
        start = max(stop, end - _STEP)
        for row in reversed(list(sight.reading.journal(start, end - 1))):
            if wanted is None or sight.codec.decode(row.leaf)["act"] in wanted:
                yield row
                told += 1
                if told == ITEMS_MAX:
                    return
        end = start


def _item(sight: Sight, visit: Visit, row: JournalRow) -> Markup:
    line = line_of(sight, row, visit)
    title = f"{line.act}: {line.subject}" if line.subject else line.act
    summary = visit.texts("web.feed.item", entry=row.seq, on=visit.wording.day(line.on))
    return Markup(
        "<entry>\n<title>{}</title>\n<id>urn:sha256:{}</id>\n<updated>{}</updated>\n"
        '<link rel="alternate" type="text/html" href="{}"/>\n<summary>{}</summary>\n</entry>\n'
    ).format(title, row.leaf_hash.hex(), line.recorded_at, visit.url("entries", row.seq), summary)
