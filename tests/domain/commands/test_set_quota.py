"""Quotas of export: set within their parent, drawn on by letters, and given back."""

from datetime import date
from typing import Any

import pytest

from counterfoil.application.command import stored
from counterfoil.application.commands.change_authorization import ChangeAuthorization, RevokeAuthorization
from counterfoil.application.commands.set_quota import SetQuota
from counterfoil.domain.authorizations.quota import QUOTA, Quota, QuotaFault
from counterfoil.domain.ledger.entry import Act
from counterfoil.domain.units.metric import Metric, MetricKind
from tests.domain.commands.desk import Case, Desk, after, check_refused, titles
from tests.domain.commands.scene import LOA, host, issue, letter, proposal, settle


def quota(**changes: Any) -> SetQuota:
    content: dict[str, Any] = {"quota": "2026/nation", "level": "nation", "year": 2026, "quantity_t": 1_000}
    return SetQuota(**{**content, **changes})


def child(**changes: Any) -> SetQuota:
    content = {"quota": "2026/firm", "level": "enterprise", "holder": "firm", "parent": "2026/nation"}
    return quota(**{**content, "quantity_t": 400, **changes})


def drawing(**changes: Any) -> Any:
    return letter(**{"quota": "2026/firm", "authorized_quantity": 300, **changes})


def change(**changes: Any) -> ChangeAuthorization:
    return ChangeAuthorization(**{"authorization": LOA, "statement": "s", "reason": "agreed", **changes})


def known(desk: Desk, name: str) -> Quota:
    found = stored(desk.books, QUOTA, name, Quota)
    assert found is not None
    return found


REFUSALS = (
    Case("its name has a space", QuotaFault.ID_UNREADABLE, lambda _: quota(quota="a b")),
    Case("it has no level", QuotaFault.CONTENT_UNREADABLE, lambda _: quota(level="")),
    Case("it is below zero", QuotaFault.CONTENT_UNREADABLE, lambda _: quota(quantity_t=-1)),
    Case("its year is before the Agreement", QuotaFault.CONTENT_UNREADABLE, lambda _: quota(year=0)),
    Case("its document is no digest", QuotaFault.CONTENT_UNREADABLE, lambda _: quota(document="letter.pdf")),
    Case("its parent is unknown", QuotaFault.UNKNOWN, lambda _: child()),
    Case("its parent is of another year", QuotaFault.UNKNOWN, after(quota(), then=child(year=2027))),
    Case("it was of another level", QuotaFault.CONTENT_DIFFERS, after(quota(), then=quota(level="sector"))),
    Case("it is above its parent", QuotaFault.ABOVE_PARENT, after(quota(), then=child(quantity_t=1_001))),
    Case(
        "a sister has taken the rest",
        QuotaFault.ABOVE_PARENT,
        after(quota(), child(), then=child(quota="2026/other", quantity_t=601)),
    ),
    Case(
        "it falls below what its children have",
        QuotaFault.BELOW_USE,
        after(quota(), child(), then=quota(quantity_t=399)),
    ),
    Case("a letter names a quota that is unknown", QuotaFault.UNKNOWN, lambda _: drawing()),
    Case(
        "a letter states no quantity",
        QuotaFault.QUANTITY_MISSING,
        after(quota(), child(), then=drawing(authorized_quantity=None)),
    ),
    Case(
        "a letter counts another metric than tonnes",
        QuotaFault.QUANTITY_MISSING,
        after(quota(), child(), then=drawing(metric=Metric(MetricKind.NON_GHG, "MWh", conversion="0.5"))),
    ),
    Case("a letter asks for more", QuotaFault.EXCEEDED, after(quota(), child(), then=drawing(authorized_quantity=401))),
    Case(
        "letters together ask for more",
        QuotaFault.EXCEEDED,
        after(quota(), child(), drawing(), then=drawing(authorization="LOA-2", authorized_quantity=101)),
    ),
    Case(
        "a changed letter asks for more",
        QuotaFault.EXCEEDED,
        after(quota(), child(), drawing(), then=change(authorized_quantity=401)),
    ),
    Case(
        "a letter comes after the last day",
        QuotaFault.LAPSED,
        after(quota(), child(last_day=date(2026, 3, 30)), then=drawing()),
    ),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_quota_is_not_set_or_drawn_on_when(case: Case) -> None:
    check_refused(case, host())


def quoted(*, last: int = 400) -> Desk:
    desk = host()
    for command in (quota(), child(quantity_t=last), drawing()):
        desk.do(command)
    return desk


def test_a_letter_takes_of_its_quota_and_the_quota_of_its_parent() -> None:
    desk = quoted()
    assert (known(desk, "2026/firm").left_t, known(desk, "2026/nation").left_t) == (100, 600)


def test_the_whole_of_a_quota_may_be_drawn_on_its_last_day() -> None:
    desk = host()
    desk.do(quota())
    assert desk.do(child(last_day=date(2026, 3, 31))).act is Act.QUOTA_SET
    desk.do(drawing(authorized_quantity=400))
    assert known(desk, "2026/firm").left_t == 0


def test_a_letter_that_is_changed_takes_more_or_less() -> None:
    desk = quoted()
    desk.do(change(authorized_quantity=400))
    assert known(desk, "2026/firm").left_t == 0
    desk.do(change(authorized_quantity=250), on=date(2026, 4, 2))
    assert known(desk, "2026/firm").left_t == 150


def test_after_the_last_day_of_a_quota_what_was_taken_may_be_kept_or_lessened_and_not_grow() -> None:
    desk = host()
    for command in (quota(), child(last_day=date(2026, 3, 31)), drawing()):
        desk.do(command)
    desk.do(change(vintages=(2023,)), on=date(2026, 4, 2))
    desk.do(change(authorized_quantity=250), on=date(2026, 4, 3))
    assert known(desk, "2026/firm").drawn_t == 250
    more = Case("it asks for more", QuotaFault.LAPSED, lambda _: change(authorized_quantity=251), on=date(2026, 4, 4))
    check_refused(more, desk)


def test_a_letter_that_is_revoked_keeps_what_was_first_transferred_and_gives_the_rest_back() -> None:
    desk = quoted()
    desk.do(issue())
    desk.do(proposal())
    desk.do(settle("T-1"))
    desk.do(RevokeAuthorization(authorization=LOA, statement="s", reason="r"))
    assert known(desk, "2026/firm").drawn_t == 40


def test_a_quota_that_is_set_anew_takes_the_difference_from_its_parent() -> None:
    desk = quoted()
    desk.do(child(quantity_t=1_000))
    assert known(desk, "2026/nation").left_t == 0
    desk.do(child(quantity_t=300))
    assert known(desk, "2026/nation").left_t == 700
