"""The menus: what a visitor may go to. A page that somebody may not use is not offered to them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from counterfoil.entrypoints.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a menu: the segments of its path, and the key of its text."""

    path: str
    key: str
    unless: str = ""
    """A page that leads there too: who may open that one finds it there."""

    @property
    def segments(self) -> tuple[str, ...]:
        return tuple(self.path.strip("/").split("/"))


PUBLIC: Final = (
    Item("/activities", "web.menu.activities"),
    Item("/units", "web.menu.units"),
    Item("/authorizations", "web.menu.authorizations"),
    Item("/transfers", "web.menu.transfers"),
    Item("/balance", "web.menu.balance"),
    Item("/reports", "web.menu.reports"),
    Item("/transparency", "web.menu.transparency"),
)
DESK: Final = (
    Item("/desk/tasks", "web.menu.tasks"),
    Item("/desk/activities", "web.menu.desk_activities"),
    Item("/desk/verification", "web.menu.desk_verification", unless="/desk/activities"),
    Item("/desk/authorizations", "web.menu.desk_authorizations"),
    Item("/desk/units", "web.menu.desk_units"),
    Item("/desk/accounts", "web.menu.desk_accounts"),
    Item("/desk/reports", "web.menu.desk_reports"),
    Item("/desk/partners", "web.menu.desk_partners"),
    Item("/desk/acts", "web.menu.desk_acts"),
    Item("/desk/admin", "web.menu.desk_admin"),
    Item("/desk/me", "web.menu.me"),
)


def public_menu(visit: "Visit") -> tuple[Item, ...]:
    del visit
    return PUBLIC


def desk_menu(visit: "Visit") -> tuple[Item, ...]:
    """What somebody who is signed in may open."""
    if visit.bearer is None and visit.caller is None:
        return ()
    return tuple(
        item for item in DESK if visit.may(f"GET {item.path}") and not (item.unless and visit.may(f"GET {item.unless}"))
    )
