"""The lists of notices: what this book has told its partners and still owes them, and what they have told it.

Read before: `domain/federation/notice.py`. Source: 4/CMA.6 para. 13; ADR-0032.
"""

from collections.abc import Mapping
from itertools import islice
from typing import Any, Final

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.federation.link import PARTNER
from counterfoil.domain.federation.notice import NOTICE, TAKEN_NOTICE, NoticeKind, NoticeState
from counterfoil.domain.units.identifier import identifier
from counterfoil.entrypoints.web.listing import Column, Filter, Kind, Listing
from counterfoil.entrypoints.web.page import PageRow
from counterfoil.entrypoints.web.portal.sifting import sifted
from counterfoil.entrypoints.web.portal.transfers import country
from counterfoil.entrypoints.web.visit import Visit

PARTNERS_MAX: Final = 300
UNITS_SHOWN: Final = 3


def rows() -> tuple[PageRow, ...]:
    return (*SENT.rows(), *RECEIVED.rows())


def about(row: Mapping[str, Any]) -> str:
    """What a notice is about: its transfer, decision or activity, or its first units."""
    content: Mapping[str, Any] = row.get("content") or {}
    named = next(
        (content[name] for name in ("transfer", "decision", "activity", "authorization") if name in content), ""
    )
    units = [_units(each) for each in islice(content.get("units", ()), UNITS_SHOWN)]
    return str(named) or " · ".join(units)


def text(row: Mapping[str, Any]) -> str:
    """The words of a person in a notice, where it has any."""
    content: Mapping[str, Any] = row.get("content") or {}
    return str(next((content[name] for name in ("reason", "answer", "reference", "purpose") if content.get(name)), ""))


def _units(units: Any) -> str:
    of, first, last = (
        units[:3] if isinstance(units, list) else (units[name] for name in ("unit_class", "first", "last"))
    )
    return f"{identifier(of, first)} – {last}"


def _partners(sight: Sight, visit: Visit) -> list[tuple[str, str]]:
    return [(code, country(code, visit.language)) for code, _ in islice(sight.records(PARTNER), PARTNERS_MAX)]


def _kinds(sight: Sight, visit: Visit) -> list[tuple[str, str]]:
    del sight
    return [(kind.value, visit.texts(f"cli.partner-notices.kind.{kind.value}")) for kind in NoticeKind]


def _states(sight: Sight, visit: Visit) -> list[tuple[str, str]]:
    del sight
    return [(state.value, visit.texts(f"cli.partner-notices.state.{state.value}")) for state in NoticeState]


_COMMON: Final = (
    Column("notice", lambda row: row["key"], Kind.CODE),
    Column("partner", lambda row: row["partner"], Kind.COUNTRY, lambda row: ("desk", "partners", row["partner"])),
    Column("kind", lambda row: row["kind"], Kind.TAG, words="cli.partner-notices.kind"),
    Column("about", about, Kind.CODE),
    Column("text", text),
    Column("told_on", lambda row: row["told_on"], Kind.DAY),
)
SENT: Final = Listing(
    "/desk/partners/notices/sent",
    "web.notices_sent",
    (
        *_COMMON,
        Column("state", lambda row: row["state"], Kind.TAG, words="cli.partner-notices.state"),
        Column("answered_on", lambda row: row["answered_on"], Kind.DAY),
        Column("code", lambda row: row["code"], Kind.CODE),
    ),
    sifted(NOTICE),
    (Filter("partner", _partners), Filter("kind", _kinds), Filter("state", _states)),
)
RECEIVED: Final = Listing(
    "/desk/partners/notices/received",
    "web.notices_received",
    (
        *_COMMON,
        Column("state", lambda _: NoticeState.TAKEN.value, Kind.TAG, words="cli.partner-notices.state"),
    ),
    sifted(TAKEN_NOTICE),
    (Filter("partner", _partners), Filter("kind", _kinds)),
)
