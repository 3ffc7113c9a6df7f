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
    voluntary,
)


def rows() -> tuple[PageRow, ...]:
    """The pages in the order in which their paths are tried."""
    books = (authorizations, transfers, balance, reports, data, transparency, corrections)
    return tuple(row for area in (*books, feed, voluntary, reference, letters) for row in area.rows())
