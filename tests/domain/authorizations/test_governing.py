"""Which of several versions governs, told from their days, terms and numbers alone."""

from dataclasses import replace
from datetime import date

import pytest

from counterfoil.domain.authorizations.authorization import Authorization, AuthorizationState
from counterfoil.domain.authorizations.change import with_quantity
from counterfoil.domain.authorizations.governing import forestalled, governing
from counterfoil.domain.kernel.ids import AuthorizationId, CooperativeApproachId, Party
from counterfoil.domain.units.purpose import Purpose

FIRST = Authorization(
    id=AuthorizationId("LOA-1"),
    version=1,
    host=Party("THA"),
    cooperative_approach=CooperativeApproachId("CA9001"),
    authorized_on=date(2024, 1, 1),
    purposes=(Purpose.NDC,),
    vintages=(2023,),
    tracking_registry="THA01",
    underlying_references=("Decree 1",),
)
SECOND = replace(FIRST, version=2, effective_on=date(2024, 3, 1))
THIRD = replace(FIRST, version=3, effective_on=date(2024, 5, 1))
REVOKED = replace(FIRST, version=3, effective_on=date(2024, 2, 1), state=AuthorizationState.REVOKED)
ALL = (FIRST, SECOND, THIRD)


def governs(versions: tuple[Authorization, ...], on: date, transferred: date | None = None) -> int:
    known = {version.version: version for version in versions}
    earlier = [number for number in known if number != max(known)]
    return governing(known[max(known)], known.get, earlier, on=on, first_transferred_on=transferred).version


@pytest.mark.parametrize(
    ("on", "version"),
    [(date(2023, 12, 31), 1), (date(2024, 2, 29), 1), (date(2024, 3, 1), 2), (date(2024, 4, 30), 2),
     (date(2024, 5, 1), 3)],
)  # fmt: skip
def test_a_version_governs_from_its_day(on: date, version: int) -> None:
    assert governs(ALL, on) == version


@pytest.mark.parametrize(
    ("transferred", "version"),
    [(date(2024, 2, 29), 1), (date(2024, 3, 1), 2), (date(2024, 4, 30), 2), (date(2024, 5, 1), 3)],
)
def test_first_transferred_units_stay_under_the_version_of_their_day(transferred: date, version: int) -> None:
    assert governs(ALL, date(2026, 1, 1), transferred) == version


@pytest.mark.parametrize(("sparing", "version"), [(False, 3), (True, 1)])
def test_terms_let_later_versions_reach_back_until_one_spares_them(sparing: bool, version: int) -> None:
    allowing = [replace(each, terms_allow_change_after_first_transfer=True) for each in ALL]
    allowing[1] = replace(allowing[1], only_untransferred=sparing)
    assert governs(tuple(allowing), date(2026, 1, 1), date(2024, 2, 1)) == version


def test_terms_added_by_a_version_that_does_not_reach_units_open_nothing_for_the_next() -> None:
    adding = (FIRST, *(replace(each, terms_allow_change_after_first_transfer=True) for each in (SECOND, THIRD)))
    assert governs(adding, date(2026, 1, 1), date(2024, 2, 1)) == 1


def test_where_only_later_versions_were_shown_the_earliest_of_them_governs() -> None:
    assert governs((SECOND, THIRD), date(2026, 1, 1), date(2024, 1, 15)) == 2


def test_a_version_that_a_revocation_forestalled_never_governs() -> None:
    assert governs((FIRST, SECOND, REVOKED), date(2026, 1, 1)) == 3
    assert governs((FIRST, SECOND, REVOKED), date(2024, 1, 15)) == 1
    assert forestalled((FIRST, SECOND, REVOKED)) == {("LOA-1", 2)}
    assert forestalled(ALL) == frozenset()


def test_of_two_versions_of_one_day_both_took_effect_and_the_later_one_governs() -> None:
    same_day = replace(THIRD, effective_on=SECOND.effective_on)
    assert governs((FIRST, SECOND, same_day), date(2024, 3, 1)) == 3
    assert forestalled((FIRST, SECOND, same_day)) == frozenset()


@pytest.mark.parametrize(
    ("quantity", "confirmed"), [(1_000, 60), (60, 60), (59, 59), (None, 60)], ids=["more", "as much", "less", "open"]
)
def test_another_quantity_confirms_nothing_and_leaves_no_more_confirmed_than_it_is(
    quantity: int | None, confirmed: int
) -> None:
    estimated = replace(FIRST, estimated=True, authorized_quantity=100, confirmed_quantity=60)
    changed = with_quantity(estimated, quantity)
    assert (changed.authorized_quantity, changed.confirmed_quantity) == (quantity, confirmed)
