"""The pages of the register's things: home, find, activities, units, accounts, entries."""

from counterfoil.entrypoints.web.page import PageRow
from counterfoil.entrypoints.web.portal import (
    account_page,
    activity_list,
    activity_map,
    activity_page,
    entry_page,
    finder,
    home,
    unit_list,
    unit_page,
)


def rows() -> tuple[PageRow, ...]:
    """Fixed paths stand before those with a key."""
    return (
        *home.rows(),
        *finder.rows(),
        *activity_list.rows(),
        *activity_map.rows(),
        *activity_page.rows(),
        *unit_list.rows(),
        *unit_page.rows(),
        *account_page.rows(),
        *entry_page.rows(),
    )
