"""The part of the portal that lays the books open: authorizations, transfers, balance, reports, data, proof."""

from counterfoil.entrypoints.web.page import PageRow
from counterfoil.entrypoints.web.portal import (
    authorizations,
    balance,
    corrections,
    data,
    feed,
    letters,
    reference,
    reports,
    transfers,
    transparency,
)


def rows() -> tuple[PageRow, ...]:
    """The pages in the order in which their paths are tried."""
    areas = (authorizations, transfers, balance, reports, data, transparency, corrections, feed, reference, letters)
    return tuple(row for area in areas for row in area.rows())
