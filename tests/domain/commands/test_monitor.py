"""Monitoring reports and their verification."""

from collections.abc import Callable
from datetime import date

import pytest

from counterfoil.application.command import Command
from counterfoil.domain.activities.activity import ActivityFault
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.mrv.verification import MonitoringFault, VerificationFault
from tests.domain.commands.desk import TODAY, Case, Desk, after, check_refused, titles
from tests.domain.commands.scene import BUSES, STOVES, host, report, statement

LATER = {"first_day": date(2025, 1, 1), "last_day": date(2025, 12, 31)}


REPORT = report("M-2", STOVES, (2023, 10), (2024, 20))


def verifying(*verified: tuple[int, int]) -> Callable[[Desk], Command]:
    return after(REPORT, then=statement("V-2", "M-2", *verified))


REFUSALS = (
    Case("the activity is unknown", ActivityFault.UNKNOWN, lambda _: report("M-9", ActivityId("NONE"), (2023, 1))),
    Case(
        "the report was submitted",
        MonitoringFault.ALREADY_SUBMITTED,
        lambda _: report("M-1", BUSES, (2025, 1), **LATER),
    ),
    Case(
        "the period runs backwards",
        MonitoringFault.PERIOD_BACKWARDS,
        lambda _: report("M-9", STOVES, (2023, 1), first_day=date(2024, 1, 2), last_day=date(2024, 1, 1)),
    ),
    Case(
        "the period ends tomorrow",
        MonitoringFault.PERIOD_NOT_OVER,
        lambda _: report("M-9", BUSES, (2026, 1), first_day=date(2026, 1, 1), last_day=date(2026, 4, 1)),
    ),
    Case(
        "nothing shows the readings",
        MonitoringFault.EVIDENCE_MISSING,
        lambda _: report("M-9", STOVES, (2023, 1), evidence=()),
    ),
    Case(
        "a document is named by something else than its digest",
        MonitoringFault.EVIDENCE_UNREADABLE,
        lambda _: report("M-9", STOVES, (2023, 1), evidence=("readings.csv",)),
    ),
    Case(
        "one day is shared with an earlier report",
        MonitoringFault.PERIOD_OVERLAPS,
        lambda _: report("M-9", BUSES, (2024, 1), first_day=date(2024, 12, 31), last_day=date(2025, 1, 31)),
    ),
    Case("nothing was monitored", VerificationFault.QUANTITY_NOT_POSITIVE, lambda _: report("M-9", STOVES)),
    Case("a zero was monitored", VerificationFault.QUANTITY_NOT_POSITIVE, lambda _: report("M-9", STOVES, (2023, 0))),
    Case(
        "the vintage is outside the period",
        VerificationFault.VINTAGE_OUTSIDE_PERIOD,
        lambda _: report("M-9", STOVES, (2025, 1)),
    ),
    Case(
        "a vintage is named twice",
        VerificationFault.VINTAGE_TWICE,
        lambda _: report("M-9", STOVES, (2023, 1), (2023, 2)),
    ),
    Case("nothing was monitored to verify", MonitoringFault.UNKNOWN, lambda _: statement("V-9", "M-9", (2023, 1))),
    Case(
        "the report was verified",
        VerificationFault.ALREADY_GIVEN,
        lambda _: statement("V-9", "M-1", (2023, 1)),
    ),
    Case(
        "the verification's identifier is taken",
        VerificationFault.ALREADY_GIVEN,
        after(REPORT, then=statement("V-1", "M-2", (2023, 1))),
    ),
    Case("more is verified than was monitored", VerificationFault.EXCEEDS_MONITORED, verifying((2023, 11))),
    Case("a vintage is verified that has no report", VerificationFault.VINTAGE_OUTSIDE_PERIOD, verifying((2022, 1))),
    Case("less than nothing is verified", VerificationFault.QUANTITY_NOT_POSITIVE, verifying((2023, -1))),
    Case(
        "the period runs backwards and lacks evidence, and the period comes first",
        MonitoringFault.PERIOD_BACKWARDS,
        lambda _: report("M-9", STOVES, first_day=date(2024, 1, 2), last_day=date(2024, 1, 1), evidence=()),
    ),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_monitoring_or_verification_is_refused_when(case: Case) -> None:
    check_refused(case, host())


def test_a_report_is_taken_on_the_last_day_of_its_period_and_beside_reports_that_only_touch() -> None:
    desk = host()
    desk.do(report("M-2", BUSES, (2025, 5), **LATER))
    desk.do(report("M-3", BUSES, (2026, 5), first_day=date(2026, 1, 1), last_day=TODAY))
    assert desk.books.record("monitoring_of", BUSES) == ["M-1", "M-2", "M-3"]


def test_a_verification_may_give_exactly_what_was_monitored_and_less() -> None:
    desk = host()
    desk.do(REPORT)
    desk.do(statement("V-2", "M-2", (2023, 10), (2024, 19)))
    assert desk.books.record("verification", "V-2")["issued"] == []
