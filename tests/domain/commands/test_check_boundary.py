"""A checked boundary opens a case where it overlaps, and the case blocks just the overlapping part of an issuance."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counterfoil.application.command import stored
from counterfoil.application.commands.check_boundary import CheckBoundary, DecideOverlap, cases_of
from counterfoil.application.commands.register import RegisterActivity
from counterfoil.domain.activities.activity import ActivityFault, ActivityKind, CreditingPeriod
from counterfoil.domain.activities.boundary import BOUNDARY_CHECK, BoundaryCheck, Extent
from counterfoil.domain.activities.overlap import (
    CASES_MAX,
    OVERLAP,
    REASON_MAX,
    AreaOverlap,
    CaseState,
    OverlapCase,
    OverlapFault,
)
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.unit_type import UnitType
from tests.domain.commands.desk import Case, Desk, after, check_refused, titles
from tests.domain.commands.scene import DEV, STOVES, activity, host, issue, report, statement

FILE, ONE, OTHER = "a1" * 32, "b2" * 32, "c3" * 32
FIELD, WOOD, ROOF = ActivityId("FIELD"), ActivityId("WOOD"), ActivityId("ROOF")
EXTENT = Extent(1_210_000_000, 240_000_000, 1_220_000_000, 250_000_000)
HECTARE = 10_000
YEARS = (CreditingPeriod(date(2023, 1, 1), date(2024, 12, 31)),)


def placed(name: ActivityId, **changes: Any) -> RegisterActivity:
    content: dict[str, Any] = {"boundary": FILE, "sector": "Forestry", "methodology": "AR-1"}
    return activity(name, **{**content, **changes})


def check(of: ActivityId = FIELD, after_: int = 0, *shared: AreaOverlap, **changes: Any) -> CheckBoundary:
    content: dict[str, Any] = {
        "activity": of,
        "boundary": FILE,
        "canonical": ONE if of == FIELD else OTHER,
        "area_m2": 100 * HECTARE,
        "extents": (EXTENT,),
        "measure": "equal-area-wgs84/1",
        "after": after_,
        "overlaps": shared,
    }
    return CheckBoundary(**{**content, **changes})


def shares(hectares: int, other: ActivityId = FIELD, boundary: str = ONE) -> AreaOverlap:
    return AreaOverlap(other, boundary, hectares * HECTARE)


def decision(case: str = "O-2-1", **changes: Any) -> DecideOverlap:
    content: dict[str, Any] = {"case": case, "upheld": False, "authority": "Forest agency", "reason": "Trees and soil."}
    return DecideOverlap(**{**content, **changes})


def desk(**second: Any) -> Desk:
    """Two activities with boundaries and one without."""
    desk = host()
    desk.do(placed(FIELD))
    desk.do(placed(WOOD, **second))
    return desk


FIRST = check()
SECOND = check(WOOD, 1, shares(25))
MANY = tuple(shares(1, ActivityId(f"X-{number}")) for number in range(CASES_MAX + 1))
BOOK = "x" * (REASON_MAX + 1)
BOXES = (EXTENT, EXTENT, EXTENT)
ABROAD = (replace(EXTENT, east=1_900_000_000),)

REFUSALS = (
    Case("the activity is unknown", ActivityFault.UNKNOWN, lambda _: check(ROOF)),
    Case("it names no boundary", OverlapFault.BOUNDARY_MISSING, lambda _: check(STOVES)),
    Case("it names another", OverlapFault.BOUNDARY_DIFFERS, lambda _: check(boundary=OTHER)),
    Case("the spelling is no digest", OverlapFault.MEASURE_UNREADABLE, lambda _: check(canonical="b2")),
    Case("there is no area", OverlapFault.MEASURE_UNREADABLE, lambda _: check(area_m2=0)),
    Case("it is larger than the earth", OverlapFault.MEASURE_UNREADABLE, lambda _: check(area_m2=10**15)),
    Case("it has no box", OverlapFault.MEASURE_UNREADABLE, lambda _: check(extents=())),
    Case("it has three boxes", OverlapFault.MEASURE_UNREADABLE, lambda _: check(extents=BOXES)),
    Case("its box lies off the globe", OverlapFault.MEASURE_UNREADABLE, lambda _: check(extents=ABROAD)),
    Case("nobody knows how it was measured", OverlapFault.MEASURE_UNREADABLE, lambda _: check(measure="")),
    Case("another was checked in between", OverlapFault.STALE, after(FIRST, then=check(WOOD))),
    Case("it was made after one that is not", OverlapFault.STALE, lambda _: check(after_=1)),
    Case("it meets too many", OverlapFault.TOO_MANY, after(FIRST, then=check(WOOD, 1, *MANY))),
    Case("the other was not checked", OverlapFault.OTHER_NOT_CHECKED, lambda _: check(FIELD, 0, shares(1, WOOD))),
    Case(
        "the other has another boundary",
        OverlapFault.OTHER_NOT_CHECKED,
        after(FIRST, then=check(WOOD, 1, shares(1, boundary=FILE))),
    ),
    Case("it meets itself", OverlapFault.NAMED_TWICE, after(FIRST, then=check(WOOD, 1, shares(1, WOOD)))),
    Case("it meets one twice", OverlapFault.NAMED_TWICE, after(FIRST, then=check(WOOD, 1, shares(1), shares(1)))),
    Case("it shares more than there is", OverlapFault.TOO_LARGE, after(FIRST, then=check(WOOD, 1, shares(101)))),
    Case("it shares nothing", OverlapFault.TOO_LARGE, after(FIRST, then=check(WOOD, 1, shares(0)))),
    Case("there is no case to decide", OverlapFault.UNKNOWN, lambda _: decision()),
    Case("it was decided", OverlapFault.DECIDED, after(FIRST, SECOND, decision(), then=decision(upheld=True))),
    Case("nobody decided", OverlapFault.REASON_UNCLEAR, after(FIRST, SECOND, then=decision(authority=" "))),
    Case("there is no reason", OverlapFault.REASON_UNCLEAR, after(FIRST, SECOND, then=decision(reason=""))),
    Case("it is a book", OverlapFault.REASON_UNCLEAR, after(FIRST, SECOND, then=decision(reason=BOOK))),
    Case("its document is no digest", OverlapFault.REASON_UNCLEAR, after(FIRST, SECOND, then=decision(document="x"))),
)  # fmt: skip


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_check_or_its_decision_is_refused_when(case: Case) -> None:
    check_refused(case, desk())


def wood(checked: bool = True, **second: Any) -> Desk:
    """A wood with 1,000 verified units of 2023, a quarter of whose area lies in an earlier field."""
    ready = desk(**second)
    ready.do(report("M-W", WOOD, (2023, 1_000), (2024, 1_000)))
    ready.do(statement("V-W", "M-W", (2023, 1_000), (2024, 1_000)))
    if checked:
        ready.do(FIRST)
        ready.do(SECOND)
    return ready


def wood_units(quantity: int, **changes: Any) -> Any:
    content: dict[str, Any] = {
        "activity": WOOD,
        "verification": "V-W",
        "vintage": 2023,
        "quantity": quantity,
        "account": DEV,
        "authorization": None,
        "unit_type": UnitType.DOMESTIC,
        "scheme": "HOME",
    }
    return issue(**{**content, **changes})


ISSUANCES = (
    Case("its boundary was not checked", OverlapFault.NOT_CHECKED, lambda _: wood_units(1)),
    Case("it reaches into the overlap", OverlapFault.PART_BLOCKED, after(FIRST, SECOND, then=wood_units(751))),
    Case(
        "it does with what was issued before",
        OverlapFault.PART_BLOCKED,
        after(FIRST, SECOND, wood_units(700), then=wood_units(51)),
    ),
    Case(
        "the overlap was upheld",
        OverlapFault.PART_BLOCKED,
        after(FIRST, SECOND, decision(upheld=True), then=wood_units(751)),
    ),
)


@pytest.mark.parametrize("case", ISSUANCES, ids=titles)
def test_an_issuance_is_refused_when(case: Case) -> None:
    check_refused(case, wood(checked=False))


def test_all_but_the_overlapping_part_may_be_issued() -> None:
    ready = wood()
    (case,) = cases_of(ready.books, WOOD)
    assert (case.id, case.other, case.share_ppm, case.blocks) == ("O-2-1", FIELD, 250_000, True)
    ready.do(wood_units(700))
    ready.do(wood_units(50))
    assert isinstance(ready.ask(wood_units(1)), Refusal)


def test_a_cleared_case_blocks_nothing_any_more() -> None:
    ready = wood()
    ready.do(decision())
    ready.do(wood_units(1_000))


def test_the_activity_that_was_checked_first_is_not_held_back() -> None:
    ready = wood()
    assert cases_of(ready.books, FIELD) == []


@pytest.mark.parametrize(
    ("why", "second"),
    [
        ("another sector and methodology", {"sector": "Energy", "methodology": "PV-1"}),
        ("no methodology in another sector", {"sector": "Energy", "methodology": ""}),
    ],
)
def test_no_case_is_opened_against(why: str, second: dict[str, Any]) -> None:
    ready = wood(**second)
    assert cases_of(ready.books, WOOD) == [], why
    ready.do(wood_units(1_000))


def test_a_component_lies_within_its_programme() -> None:
    ready = host()
    ready.do(placed(FIELD, kind=ActivityKind.PROGRAMME))
    ready.do(placed(WOOD, kind=ActivityKind.COMPONENT, parent=FIELD))
    ready.do(FIRST)
    ready.do(SECOND)
    assert cases_of(ready.books, WOOD) == []


def test_a_sliver_opens_no_case() -> None:
    ready = desk()
    ready.do(FIRST)
    ready.do(check(WOOD, 1, AreaOverlap(FIELD, ONE, 1_000)))
    assert cases_of(ready.books, WOOD) == []


def test_years_that_only_one_of_both_credits_are_free() -> None:
    ready = host()
    ready.do(placed(FIELD, crediting_periods=(CreditingPeriod(date(2024, 7, 1), date(2030, 6, 30)),)))
    ready.do(placed(WOOD, crediting_periods=YEARS))
    ready.do(report("M-W", WOOD, (2023, 1_000), (2024, 1_000)))
    ready.do(statement("V-W", "M-W", (2023, 1_000), (2024, 1_000)))
    ready.do(FIRST)
    ready.do(SECOND)
    ready.do(wood_units(1_000))
    refused = ready.ask(wood_units(1_000, vintage=2024))
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.facts["left"]) == (OverlapFault.PART_BLOCKED, 750)


def test_a_case_between_the_same_two_areas_stands_as_decided_when_the_check_is_made_again() -> None:
    ready = wood()
    ready.do(decision())
    ready.do(check(WOOD, 2, shares(25)))
    (case,) = cases_of(ready.books, WOOD)
    assert (case.id, case.state) == ("O-2-1", CaseState.CLEARED)
    newest = stored(ready.books, BOUNDARY_CHECK, WOOD, BoundaryCheck)
    assert newest is not None and newest.number == 3


def test_a_boundary_that_moved_out_of_the_overlap_ends_the_case() -> None:
    ready = wood()
    ready.do(check(WOOD, 2, canonical="d4" * 32))
    assert cases_of(ready.books, WOOD) == []
    gone = stored(ready.books, OVERLAP, "O-2-1", OverlapCase)
    assert gone is not None and gone.state is CaseState.SUPERSEDED
    ready.do(wood_units(1_000))


def test_a_boundary_that_moved_further_in_opens_a_new_case() -> None:
    ready = wood()
    ready.do(decision())
    ready.do(check(WOOD, 2, shares(50), canonical="d4" * 32))
    (case,) = cases_of(ready.books, WOOD)
    assert (case.id, case.state, case.share_ppm) == ("O-3-1", CaseState.OPEN, 500_000)
