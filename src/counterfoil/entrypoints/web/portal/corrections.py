"""What was taken back, and what is not told: corrected entries, revoked authorizations, undisclosed quantities.

Nothing leaves the journal. A correction stands beside what it corrects, and a field that is confidential has its hash.
"""

from collections.abc import Mapping
from typing import Any, Final

from counterfoil.application.commands.correct import CORRECTED
from counterfoil.application.queries.earlier import EarlierReading
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.authorizations.authorization import AUTHORIZATION_RECORD
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.web.listing import Column, Kind, Listing, Rows
from counterfoil.entrypoints.web.moment import moment_asked
from counterfoil.entrypoints.web.page import PageRow
from counterfoil.entrypoints.web.portal.sifting import sifted
from counterfoil.entrypoints.web.portal.transfers import AGREED, AGREED_SHOWN
from counterfoil.entrypoints.web.visit import Visit

REVOKED_SHOWN: Final = 100


def rows() -> tuple[PageRow, ...]:
    return (*SEALED.rows(), *LISTING.rows())


def _correction(sight: Sight, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The wrong entry's act, and the entry that took it back."""
    wrong = sight.entry(int(row["key"]))
    record = sight.reading.record(CORRECTED, row["key"])
    act = "" if wrong is None else wrong.entry.act.value
    return {**row, "act": act, "by_entry": None if record is None else record.seq}


def _above(sight: Sight, visit: Visit) -> Mapping[str, Any]:
    if visit.query.get("after"):
        return {"revoked": (), "undisclosed": (), "first": False}
    revoked_ones = sifted(AUTHORIZATION_RECORD)
    wanted = {"state": "revoked"}
    # A fold belongs to the moment that it was made for.
    earlier = sight.reading.size if isinstance(sight.reading, EarlierReading) else 0
    found = visit.ground.folds.ask(
        sight, ("revoked", earlier), lambda: revoked_ones(sight, visit, wanted, "", REVOKED_SHOWN)
    )
    agreed = [{"key": key, **value} for key, value in sight.records(AGREED, limit=AGREED_SHOWN)]
    undisclosed = [each for each in agreed if each.get("quantity") is None]
    revoked = () if isinstance(found, Refusal) else found.items
    return {"revoked": revoked, "undisclosed": undisclosed, "first": True}


LISTING: Final = Listing(
    "/corrections",
    "web.corrections",
    (
        Column("entry", lambda row: row["key"], Kind.CODE, lambda row: ("entries", row["key"])),
        Column("act", lambda row: row["act"], Kind.TAG, words="act"),
        Column("on", lambda row: row.get("on"), Kind.DAY),
        Column("authority", lambda row: row.get("authority")),
        Column("reason", lambda row: row.get("reason")),
        Column("corrected_by", lambda row: row["by_entry"], Kind.CODE, lambda row: ("entries", row["by_entry"])),
    ),
    sifted(CORRECTED, more=_correction),
    template="portal/corrections.html",
    facts=_above,
    as_of=True,
)


def _sealed(sight: Sight, visit: Visit, _values: Mapping[str, str], after: str, limit: int) -> Rows | Refusal:
    if after and not (after.isascii() and after.isdecimal() and len(after) < 19):
        return Refusal(HttpFault.PARAMETER_UNREADABLE, {"parameter": "after", "value": after[:60]})
    found = visit.ground.mentioned.page(
        sight, '"sealed":{', after=int(after) if after else -1, limit=limit, room=visit.ground.room
    )
    moment = moment_asked(sight, visit)
    if isinstance(moment, Refusal):
        return moment
    leaves = [sight.codec.decode(row.leaf) for row in found.rows if moment.before(row.seq)]
    items = [
        {"entry": leaf["seq"], "act": leaf["act"], "on": leaf["on"], "fields": sorted(leaf["sealed"])}
        for leaf in leaves
        if leaf.get("sealed")
    ]
    ended = found.following is None or not moment.before(found.following)
    return Rows(items, None if ended else str(found.following))


SEALED: Final = Listing(
    "/corrections/sealed",
    "web.sealed",
    (
        Column("entry", lambda row: row["entry"], Kind.CODE, lambda row: ("entries", row["entry"])),
        Column("act", lambda row: row["act"], Kind.TAG, words="act"),
        Column("on", lambda row: row["on"], Kind.DAY),
        Column("sealed", lambda row: row["fields"]),
    ),
    _sealed,
    as_of=True,
    own_moment=True,
)
