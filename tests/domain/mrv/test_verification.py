"""What may be issued of a verification."""

from dataclasses import replace
from datetime import date

import pytest

from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.mrv.verification import (
    Monitoring,
    Verification,
    VerificationFault,
    VintageQuantity,
    issuable,
    quantity_of,
    verification_accepted,
)

REPORT = Monitoring(
    "M-1", ActivityId("BUSES"), date(2023, 1, 1), date(2024, 12, 31), (VintageQuantity(2023, 100),), ("ab",)
)
GIVEN = Verification(
    "V-1",
    "M-1",
    ActivityId("BUSES"),
    "TUV",
    (VintageQuantity(2023, 90), VintageQuantity(2024, 10)),
    "cd",
    issued=(VintageQuantity(2023, 60),),
)


@pytest.mark.parametrize(
    ("vintage", "quantity", "fault"),
    [
        (2023, 30, None),
        (2023, 31, VerificationFault.QUANTITY_EXCEEDED),
        (2024, 10, None),
        (2024, 11, VerificationFault.QUANTITY_EXCEEDED),
        (2022, 1, VerificationFault.VINTAGE_NOT_VERIFIED),
    ],
)
def test_issuance_never_exceeds_what_is_left_of_its_own_vintage(
    vintage: int, quantity: int, fault: VerificationFault | None
) -> None:
    refusal = issuable(GIVEN, vintage=vintage, quantity=quantity)
    assert (None if refusal is None else refusal.code) == fault


def test_a_verification_of_another_activity_is_refused() -> None:
    refusal = verification_accepted(replace(GIVEN, activity=ActivityId("STOVES")), REPORT)
    assert refusal is not None
    assert refusal.code == VerificationFault.ACTIVITY_DIFFERS


def test_a_quantity_is_of_its_vintage_only() -> None:
    assert [quantity_of(GIVEN.verified, year) for year in (2022, 2023, 2024)] == [0, 90, 10]
