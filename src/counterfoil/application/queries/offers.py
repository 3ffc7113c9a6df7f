"""Offers inside the registry: which are open, which have lapsed, and how the others ended. Prices stay sealed."""

from datetime import date
from typing import Any

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.settlement.offer import OFFER, OfferState

LAPSED = "lapsed"


def offers(sight: Sight, *, on: date, state: str = "") -> list[dict[str, Any]]:
    """Every offer in the order of its name; one that nobody accepted in time shows as lapsed."""
    found = []
    for _, value in sorted(sight.records(OFFER)):
        open_still = value["state"] == OfferState.OPEN
        shown = LAPSED if open_still and on.isoformat() > value["until"] else value["state"]
        if state in ("", shown):
            found.append({**value, "state": shown, "quantity": value["last"] - value["first"] + 1})
    return found
