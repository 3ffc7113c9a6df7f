"""Notices to and from partners: what this book owes and since when, what was refused, and what it was told.

A use or cancellation abroad of which the host was not told stays here until it is. Source: 4/CMA.6 para. 13.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any, Final

from counterfoil.application.commands.joint_issuance import JOINT_ISSUANCE
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.federation.joint_issuance import JOINT_ISSUED_THERE, JOINT_TERMS
from counterfoil.domain.federation.notice import NOTICE, TAKEN_NOTICE, NoticeState

LISTED_MAX: Final = 10_000


def notices(sight: Sight, *, on: date, standing: bool = False) -> dict[str, list[dict[str, Any]]]:
    """At most `LISTED_MAX` of each; with `standing` only own ones that no partner has taken, each with its age in days.

    `due` are this book's own shares of joint issuances that the partner has told.

    A use or cancellation abroad that its host does not know of is the oldest `owed` or `refused` one of the kind
    `ended`.
    """
    told = (value for _, value in sight.records(NOTICE) if not standing or value["state"] != NoticeState.TAKEN)
    taken = () if standing else (value for _, value in sight.records(TAKEN_NOTICE))
    return {"told": list(_shown(told, on)), "taken": list(_shown(taken, on)), "due": list(_due(sight, on))}


def _due(sight: Sight, on: date) -> Iterator[dict[str, Any]]:
    """Joint decisions under which the partner's book has issued and this one has not: its own issuance was refused."""
    for decision, value in islice(sight.records(JOINT_ISSUED_THERE), LISTED_MAX):
        own = sight.record(JOINT_TERMS, decision)
        if sight.record(JOINT_ISSUANCE, decision) is None and not own["terms"]["originating"]:
            days = (on - date.fromisoformat(value["on"])).days
            yield {"decision": decision, "partner": value["partner"], "on": value["on"], "days": days}


def _shown(values: Iterable[Any], on: date) -> Iterator[dict[str, Any]]:
    for value in islice(values, LISTED_MAX):
        assert isinstance(value, Mapping)
        ended = value["answered_on"] if value["state"] == NoticeState.TAKEN else None
        days = ((date.fromisoformat(ended) if ended else on) - date.fromisoformat(value["told_on"])).days
        yield {**value, "days": days}
