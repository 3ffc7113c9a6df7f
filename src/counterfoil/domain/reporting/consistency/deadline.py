"""The last day to record a first transfer for other international mitigation purposes."""

from datetime import date
from typing import Final

BTR_INTERVAL: Final = 2
"""Biennial transparency reports fall due at the end of every even year. Source: 18/CMA.1 main para. 3."""


def oimp_deadline(period_end: int) -> date:
    """31 December of the year before the report on the end of the NDC period is due.

    A report covers inventories up to two years before its year, and reports fall due in even years.

    Source: 4/CMA.6 para. 14; rulebook 1.5.

    >>> oimp_deadline(2030), oimp_deadline(2035)
    (datetime.date(2031, 12, 31), datetime.date(2037, 12, 31))
    """
    final_report = period_end + 2
    final_report += final_report % BTR_INTERVAL
    return date(min(final_report - 1, date.max.year), 12, 31)
