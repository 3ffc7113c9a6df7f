"""First transfer: which event, on which day, in which year, by when."""

from datetime import date
from itertools import product

import pytest

from counterfoil.domain.accounting.first_transfer import (
    Event,
    FirstTransferFault,
    Trigger,
    in_time,
    oimp_deadline,
    trigger,
)
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.purpose import OIMP, FirstTransferDefinition, Purpose
from tests.domain.accounting.vectors import BY_AUTHORIZATION, BY_ISSUANCE, BY_USE, LIVES, Life

NDC_ONLY = frozenset({Purpose.NDC})
ALL_DEFINITIONS = (BY_AUTHORIZATION, BY_ISSUANCE, BY_USE)
OTHER = (frozenset({Purpose.IMP}), frozenset({Purpose.OP}), OIMP)
BOTH = tuple(NDC_ONLY | other for other in OTHER)

# The table of first transfers, row by row: purposes, definition, event, trigger.
ROWS = (
    *((NDC_ONLY, None, event, None) for event in (Event.AUTHORIZED, Event.ISSUED, Event.USED_OR_CANCELLED_FOR_OIMP)),
    (NDC_ONLY, None, Event.MOVED_ABROAD, Trigger.INTERNATIONAL_TRANSFER),
    *((p, BY_AUTHORIZATION, Event.AUTHORIZED, Trigger.AUTHORIZATION) for p in (*OTHER, *BOTH)),
    *((p, BY_AUTHORIZATION, Event.ISSUED, Trigger.AUTHORIZATION) for p in (*OTHER, *BOTH)),
    *((p, BY_ISSUANCE, Event.ISSUED, Trigger.ISSUANCE) for p in (*OTHER, *BOTH)),
    *((p, BY_ISSUANCE, Event.AUTHORIZED, Trigger.ISSUANCE) for p in (*OTHER, *BOTH)),
    *((p, BY_USE, event, None) for p in (*OTHER, *BOTH) for event in (Event.AUTHORIZED, Event.ISSUED)),
    *((p, BY_USE, Event.USED_OR_CANCELLED_FOR_OIMP, Trigger.USE_OR_CANCELLATION) for p in (*OTHER, *BOTH)),
    *((p, d, Event.MOVED_ABROAD, None) for p, d in product(OTHER, ALL_DEFINITIONS)),
    *((p, d, Event.MOVED_ABROAD, Trigger.INTERNATIONAL_TRANSFER) for p, d in product(BOTH, ALL_DEFINITIONS)),
    *((p, d, Event.CANCELLED_FOR_OMGE, Trigger.OMGE) for p, d in product((*OTHER, *BOTH), ALL_DEFINITIONS)),
    *((p, d, Event.GIVEN_TO_ADAPTATION_FUND, Trigger.ADAPTATION_FUND) for p, d in product(BOTH, ALL_DEFINITIONS)),
    (NDC_ONLY, None, Event.CANCELLED_FOR_OMGE, Trigger.OMGE),
    (NDC_ONLY, None, Event.GIVEN_TO_ADAPTATION_FUND, Trigger.ADAPTATION_FUND),
)


@pytest.mark.parametrize(("purposes", "definition", "event", "expected"), ROWS)
def test_an_event_pulls_the_trigger_of_its_row(
    purposes: frozenset[Purpose], definition: FirstTransferDefinition | None, event: Event, expected: Trigger | None
) -> None:
    assert trigger(event, purposes=purposes, definition=definition) is expected


@pytest.mark.parametrize("purposes", OTHER)
def test_where_the_approach_says_so_any_move_between_parties_is_a_first_transfer(
    purposes: frozenset[Purpose],
) -> None:
    pulled = trigger(Event.MOVED_ABROAD, purposes=purposes, definition=BY_USE, any_cross_party_move=True)
    assert pulled is Trigger.INTERNATIONAL_TRANSFER


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.why)
def test_walking_through_a_life_the_first_trigger_pulled_is_the_one_of_that_day(life: Life) -> None:
    events = [
        (max(life.authorized_on, life.issued_on), Event.ISSUED),
        (life.moved_abroad_on, Event.MOVED_ABROAD),
        (life.cancelled_on, Event.USED_OR_CANCELLED_FOR_OIMP),
        (life.omge_on, Event.CANCELLED_FOR_OMGE),
    ]
    pulled = [
        (day, found)
        for day, event in events
        if day is not None and (found := trigger(event, purposes=life.purposes, definition=life.definition)) is not None
    ]
    assert min(pulled) == (life.expected_on, life.trigger)
    assert life.expected_on.year != 2023  # the reporting year is never taken from the vintage


def test_a_unit_that_only_rests_is_never_first_transferred() -> None:
    for event in (Event.AUTHORIZED, Event.ISSUED):
        assert trigger(event, purposes=NDC_ONLY, definition=None) is None


def test_a_gift_to_the_adaptation_fund_is_a_first_transfer() -> None:
    given = trigger(Event.GIVEN_TO_ADAPTATION_FUND, purposes=NDC_ONLY, definition=None)
    assert given is Trigger.ADAPTATION_FUND


def test_the_deadline_is_the_last_day_of_the_year_before_the_final_report() -> None:
    assert oimp_deadline(final_btr_year=2032) == date(2031, 12, 31)


@pytest.mark.parametrize("found", Trigger)
def test_only_first_transfers_for_other_purposes_are_bound_by_the_deadline(found: Trigger) -> None:
    bound = found in (Trigger.AUTHORIZATION, Trigger.ISSUANCE, Trigger.USE_OR_CANCELLATION)
    assert in_time(found, on=date(2031, 12, 31), final_btr_year=2032) is None
    late = in_time(found, on=date(2032, 1, 1), final_btr_year=2032)
    assert isinstance(late, Refusal) is bound
    assert late is None or late.code == FirstTransferFault.AFTER_DEADLINE
