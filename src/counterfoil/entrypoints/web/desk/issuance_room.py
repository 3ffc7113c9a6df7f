"""What stands beside an issuance: what was verified, issued and asked for by vintage, and the letter's limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from counterfoil.application.commands.authorize import FIRST_TRANSFERRED_QUANTITY
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.activities.life import LIFE
from counterfoil.domain.authorizations.authorization import AUTHORIZATION_RECORD, Authorization
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.mrv.issuance_request import ISSUANCE_REQUEST, OPEN_REQUESTS
from counterfoil.domain.mrv.verification import VERIFICATION


@dataclass(frozen=True, slots=True)
class Vintage:
    """One year of a verification, in units."""

    vintage: int
    verified: int
    issued: int
    asked: int

    @property
    def left(self) -> int:
        return max(0, self.verified - self.issued)

    @property
    def unasked(self) -> int:
        """What is left beside what others that wait ask for."""
        return max(0, self.left - self.asked)


@dataclass(frozen=True, slots=True)
class LetterRoom:
    """A letter's own limits; `left` is None where it names no quantity."""

    authorization: Authorization
    first_transferred: int
    limit: int | None

    @property
    def left(self) -> int | None:
        return None if self.limit is None else self.limit - self.first_transferred

    def names(self, vintage: int | None) -> bool:
        """Whether it covers a vintage, as far as it names any."""
        return vintage is None or not self.authorization.vintages or vintage in self.authorization.vintages


def vintages_of(sight: Sight, verification: str, *, without: str = "") -> tuple[Vintage, ...]:
    """By year; `without` names a request that is not counted among those that wait."""
    value = sight.record(VERIFICATION, verification)
    if value is None:
        return ()
    names = [each for each in sight.record(OPEN_REQUESTS, verification) or () if each != without]
    asked: dict[int, int] = {}
    for name in names:
        one = sight.record(ISSUANCE_REQUEST, name) or {"vintage": 0, "quantity": 0}
        asked[one["vintage"]] = asked.get(one["vintage"], 0) + one["quantity"]
    issued = {each["vintage"]: each["quantity"] for each in value.get("issued") or ()}
    return tuple(
        Vintage(year, each["quantity"], issued.get(year, 0), asked.get(year, 0))
        for each in value["verified"]
        for year in (each["vintage"],)
    )


def letter_room(sight: Sight, authorization: str) -> LetterRoom | None:
    """The letter of a name, with what is used of it."""
    value = sight.record(AUTHORIZATION_RECORD, authorization) if authorization else None
    if value is None:
        return None
    one = from_json(Authorization, value)
    limit = one.confirmed_quantity or 0 if one.estimated else one.authorized_quantity
    return LetterRoom(one, sight.record(FIRST_TRANSFERRED_QUANTITY, authorization) or 0, limit)


def own_letter(sight: Sight, activity: str) -> str:
    """The letter that an activity goes by, where its life names one."""
    life: Mapping[str, Any] = sight.record(LIFE, activity) or {}
    return str(life.get("letter") or "")
