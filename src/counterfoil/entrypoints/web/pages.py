"""Every page, in one table: the portal that is open to all, the desks, and the registry's office."""

from counterfoil.entrypoints.web.desk import (
    account_desk,
    activity_desk,
    letter_desk,
    own_work,
    partner_desk,
    quota_desk,
    report_desk,
    unit_desk,
)
from counterfoil.entrypoints.web.first import pages as first
from counterfoil.entrypoints.web.office import pages as office
from counterfoil.entrypoints.web.page import PageRow
from counterfoil.entrypoints.web.portal import design, disclosure, register


def page_rows() -> tuple[PageRow, ...]:
    """The pages in the order in which their paths are tried."""
    desks = (*own_work.rows(), *letter_desk.rows(), *unit_desk.rows(), *report_desk.rows())
    more = (*activity_desk.rows(), *partner_desk.rows(), *account_desk.rows(), *quota_desk.rows())
    return (*register.rows(), *disclosure.rows(), *design.rows(), *office.rows(), *first.rows(), *desks, *more)
