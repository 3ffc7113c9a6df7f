"""The last day to record a first transfer for other international mitigation purposes."""

from datetime import date

from counterfoil.domain.accounting.deadlines import BTR_INTERVAL
from counterfoil.domain.accounting.first_transfer import oimp_deadline


def deadline_of_period(period_end: int) -> date:
    """31 December of the year before the report on the end of the NDC period is due.

    A report covers inventories up to two years before its year, and reports fall due in even years.

    Source: 4/CMA.6 para. 14; rulebook 1.5.

    >>> deadline_of_period(2030), deadline_of_period(2035)
    (datetime.date(2031, 12, 31), datetime.date(2037, 12, 31))
    """
    final_report = period_end + BTR_INTERVAL
    final_report += final_report % BTR_INTERVAL
    return oimp_deadline(final_btr_year=min(final_report, date.max.year))
