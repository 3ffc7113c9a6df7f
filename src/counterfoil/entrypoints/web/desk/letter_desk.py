"""The desk of the authorizing officers: what waits for a letter, the letters with what is left, and one letter's acts.

Read next: `letter_drafting.py`. Source: 4/CMA.6 paras. 3-11.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from counterfoil.application.commands.authorize import FIRST_TRANSFERRED_QUANTITY
from counterfoil.application.queries.show import ShowFault
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.authorizations.authorization import AUTHORIZATION_RECORD, Authorization
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.stages import Stage
from counterfoil.entrypoints.http.queries import Page
from counterfoil.entrypoints.web.desk import letter_drafting, papers
from counterfoil.entrypoints.web.desk.ndc_room import adjustments, quota_rooms
from counterfoil.entrypoints.web.listing import Column, Kind, Listing
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.portal import authorizations as portal
from counterfoil.entrypoints.web.visit import Visit

ACTIVITIES_LOOKED: Final = 300
WAITING_SHOWN: Final = 8
ENDED: Final = frozenset({Stage.WITHDRAWN.value, Stage.CLOSED.value})


def rows() -> tuple[PageRow, ...]:
    return (
        *LISTING.rows(),
        *letter_drafting.rows(),
        *papers.letter_rows(),
        PageRow("/desk/authorizations/{key:path}", reading(_letter)),
    )


def _above(sight: Sight, visit: Visit) -> Mapping[str, Any]:
    """Beside the list, on its first page: activities without a letter, the years, and the quotas."""
    if visit.query.get("after") or sight.record("registry", "self") is None:
        return {"first_page": False}
    return {
        "first_page": True,
        "unlettered": _unlettered(sight, visit),
        "years": adjustments(sight, visit),
        "quotas": quota_rooms(sight),
        "may_draft": visit.may("Authorize"),
        "templates": letter_drafting.TEMPLATES,
    }


def _unlettered(sight: Sight, visit: Visit) -> list[dict[str, Any]]:
    """Activities of this Party that no letter ever named, those that ask for approval first; the look is bounded."""
    waiting = visit.ground.finding.counted(sight).stages.get(Stage.APPROVAL.value)
    found: dict[str, dict[str, Any]] = {}
    # What has come to the stage of approval waits for this desk; the others may.
    for state in (Stage.APPROVAL.value, "") if waiting else ("",):
        page = Page(filters={"host": sight.registry.party, "state": state}, limit=ACTIVITIES_LOOKED)
        listed = visit.ground.finding.listed(sight, "", page)["items"]
        named = _named(sight, visit, [each["key"] for each in listed])
        for each in listed:
            if each["key"] not in named and each["stage"] not in ENDED:
                found.setdefault(each["key"], {name: each[name] for name in ("key", "title", "stage")})
    return list(found.values())[:WAITING_SHOWN]


def _named(sight: Sight, visit: Visit, activities: Sequence[str]) -> set[str]:
    """Those of these activities that a letter names or did."""
    return visit.ground.standings.ask(sight, lambda all_: {each for each in activities if all_.letters(each)})


LISTING: Final = Listing(
    "/desk/authorizations",
    "web.desk_letters",
    (
        Column("id", lambda row: row["key"], Kind.CODE, lambda row: ("desk", "authorizations", row["key"])),
        *portal.LISTING.columns[1:],
    ),
    portal.LISTING.source,
    portal.LISTING.filters,
    template="desk/letters/desk.html",
    facts=_above,
    page_rows=25,
)


def _letter(sight: Sight, visit: Visit) -> Reply | Refusal:
    """One letter: what its own terms say about changes, what is used of it, and the acts that are open now."""
    key = visit.path["key"]
    value = sight.record(AUTHORIZATION_RECORD, key)
    if value is None:
        return Refusal(ShowFault.NOT_FOUND, {"what": AUTHORIZATION_RECORD, "key": key[:120]})
    one = from_json(Authorization, value)
    done = sight.record(FIRST_TRANSFERRED_QUANTITY, key) or 0
    limit = one.confirmed_quantity or 0 if one.estimated else one.authorized_quantity
    facts = {
        "authorization": one,
        "first_transferred": done,
        "limit": limit,
        "left": None if limit is None else limit - done,
        "acts": [name for name in _acts(one) if visit.may(name)],
        "bound": done > 0 and not one.terms_allow_change_after_first_transfer,
        "years": {
            year: each for year, each in adjustments(sight, visit).items() if not one.vintages or year in one.vintages
        },
        "quotas": quota_rooms(sight, years=frozenset(one.vintages)),
    }
    return Shown("desk/letters/one.html", facts, kept=False)


def _acts(one: Authorization) -> tuple[str, ...]:
    """The acts that can follow for this letter; a revoked one has none."""
    if one.state.value == "revoked":
        return ()
    complete = ("CompleteAuthorization",) if one.missing_components else ()
    confirm = ("ConfirmQuantity",) if one.estimated else ()
    reduce = ("ReduceAuthorization",) if one.authorized_quantity is not None else ()
    return (*complete, *confirm, "ChangeAuthorization", *reduce, "AuthorizeUnits", "RevokeAuthorization")
