"""Activities and periods of another registry's record come in once, in order, and issue nothing here."""

from datetime import date
from typing import Any

import pytest

from counterfoil.application.command import stored
from counterfoil.application.commands.import_activities import (
    TEXT_MAX,
    ImportActivity,
    ImportedFault,
    ImportPeriod,
)
from counterfoil.domain.activities.activity import ACTIVITY, Activity, ActivityFault, ActivityKind
from counterfoil.domain.activities.life import LIFE, Life
from counterfoil.domain.kernel.ids import ActivityId, NamingFault
from counterfoil.domain.mrv.imported_period import PeriodFault
from counterfoil.domain.mrv.verification import MonitoringFault, VerificationFault
from counterfoil.domain.policy.stages import Stage
from counterfoil.domain.units.unit_type import MitigationType
from tests.domain.commands.desk import Case, Desk, after, check_refused, titles
from tests.domain.commands.scene import DEV, host, issue, quantities, statement

DAM = ActivityId("KE-9948")


def project(**changes: Any) -> ImportActivity:
    content: dict[str, Any] = {
        "activity": DAM,
        "title": "A dam",
        "host": "KEN",
        "standard": "CDM",
        "methodology": "CDM - ACM0002",
        "sector": "Energy industries",
        "activity_type": "Hydro",
        "kind": ActivityKind.PROJECT,
        "mitigation_type": MitigationType.REDUCTION,
        "stage": Stage.REGISTERED,
        "status": "Registered",
        "provenance": "projects.csv:2",
    }
    return ImportActivity(**{**content, **changes})


def period(first: date = date(2019, 1, 1), last: date = date(2019, 12, 31), **changes: Any) -> ImportPeriod:
    content: dict[str, Any] = {
        "monitoring": f"{DAM}:{first}",
        "activity": DAM,
        "first_day": first,
        "last_day": last,
        "issued_t": 90,
        "provenance": "periods.csv:2",
    }
    return ImportPeriod(**{**content, **changes})


PERIOD = period(monitoring="P-1")
CASES = (
    Case("its name is none", NamingFault.KEY_UNFIT, lambda _: project(activity="")),
    Case("it is there", ActivityFault.ALREADY_REGISTERED, after(project(), then=project())),
    Case("its host is no code", ImportedFault.HOST_UNREADABLE, lambda _: project(host="Kenya")),
    Case("its title is a book", ImportedFault.TEXT_TOO_LONG, lambda _: project(title="x" * (TEXT_MAX + 1))),
    Case("the period has no name", NamingFault.KEY_UNFIT, after(project(), then=period(monitoring="\n"))),
    Case("its activity is unknown", ActivityFault.UNKNOWN, lambda _: PERIOD),
    Case("it was imported", MonitoringFault.ALREADY_SUBMITTED, after(project(), PERIOD, then=PERIOD)),
    Case(
        "it ends before it begins",
        MonitoringFault.PERIOD_BACKWARDS,
        after(project(), then=period(date(2019, 1, 2), date(2019, 1, 1))),
    ),
    Case(
        "it is not over",
        MonitoringFault.PERIOD_NOT_OVER,
        after(project(), then=period(date(2026, 1, 1), date(2026, 12, 31))),
    ),
    Case(
        "it is ten years and a day",
        PeriodFault.TOO_LONG,
        after(project(), then=period(date(2004, 2, 29), date(2014, 3, 1))),
    ),
    Case(
        "it begins on the last day of another",
        MonitoringFault.PERIOD_OVERLAPS,
        after(project(), PERIOD, then=period(date(2019, 12, 31), date(2020, 12, 31))),
    ),
    Case(
        "its period is verified",
        VerificationFault.VINTAGE_OUTSIDE_PERIOD,
        after(project(), PERIOD, then=statement("V-9", "P-1", (2025, 1))),
    ),
    Case(
        "its period is verified for a year of its own",
        VerificationFault.EXCEEDS_MONITORED,
        after(project(), PERIOD, then=statement("V-9", "P-1", (2019, 1))),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=titles)
def test_an_import_or_what_follows_it_is_refused_when(case: Case) -> None:
    check_refused(case, host())


def test_ten_years_to_the_day_are_not_too_long() -> None:
    desk = host()
    desk.do(project())
    desk.do(period(date(2004, 2, 29), date(2014, 2, 28)))


def test_an_imported_activity_says_whose_it_is_and_where_it_stands() -> None:
    desk = host()
    desk.do(project(stage=Stage.WITHDRAWN, mitigation_type=MitigationType.REMOVAL))
    found, life = stored(desk.books, ACTIVITY, DAM, Activity), stored(desk.books, LIFE, DAM, Life)
    assert found is not None and life is not None
    assert (found.host, found.reversibility.value, life.stage) == ("KEN", "reversible", Stage.WITHDRAWN)


def monitored_here(desk: Desk) -> Any:
    """A period that somebody submitted and verified here for the activity of another host."""
    from tests.domain.commands.scene import report

    desk.do(project())
    desk.do(report("M-9", DAM, (2023, 100)))
    desk.do(statement("V-9", "M-9", (2023, 100)))
    return issue(activity=DAM, verification="V-9", quantity=1, account=DEV, authorization=None)


ELSEWHERE = Case("another host issues its units", ImportedFault.ISSUES_ELSEWHERE, monitored_here)


def test_nothing_is_issued_from_the_activity_of_another_host() -> None:
    assert quantities((2023, 100))
    check_refused(ELSEWHERE, host())
