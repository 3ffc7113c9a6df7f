"""Every page, in one table: the portal that is open to all, the desks, and the registry's office."""

from counterfoil.entrypoints.web.page import PageRow
from counterfoil.entrypoints.web.portal import design, home


def page_rows() -> tuple[PageRow, ...]:
    """The pages in the order in which their paths are tried."""
    return (*home.rows(), *design.rows())
