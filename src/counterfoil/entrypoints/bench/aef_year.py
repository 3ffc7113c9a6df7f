"""A year of annual reports made for measuring: Parties in pairs, of which one first transfers and the other acquires.

The Parties, units and identifiers are invented; codes that begin with X are given to nobody.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from counterfoil.domain.reporting.aef_rows import ActionRow, AuthorizationRow, HoldingRow, Submission

YEAR: Final = 2024
SUBMITTED_ON: Final = date(YEAR + 1, 3, 31)
UNITS: Final = 1_000
"""Units in each block."""
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PARTIES_MAX: Final = len(_LETTERS) ** 2


def party(number: int) -> str:
    """The code of one of the Parties, counted from 0."""
    first, second = divmod(number, len(_LETTERS))
    return f"X{_LETTERS[first]}{_LETTERS[second]}"


def submission(number: int, actions: Iterator[ActionRow] | tuple[ActionRow, ...], rows: int) -> Submission:
    """The report of one Party; the first of each pair authorizes, the second holds what it acquired."""
    host = number % 2 == 0
    return Submission(
        party=party(number),
        version="1.0",
        reported_year=YEAR,
        submitted_on=SUBMITTED_ON,
        ndc_first_year=2021,
        ndc_last_year=2030,
        authorizations=(_authorization(number),) if host else (),
        actions=tuple(actions),
        holdings=() if host else tuple(_holding(number, at) for at in range(rows)),
    )


def action_rows(number: int, rows: int) -> Iterator[ActionRow]:
    """The actions of one Party, made one at a time."""
    host = number % 2 == 0
    kind: dict[str, Any] = (
        {
            "action_type": "First transfer",
            "action_subtype": "First transfer to another Party",
            "acquiring_party_id": party(number + 1),
        }
        if host
        else {"action_type": "Acquisition", "transferring_party_id": party(number - 1)}
    )
    for at in range(rows):
        day = date(YEAR, 1, 1) + timedelta(days=at % 360 + (0 if host else 1))
        yield ActionRow(action_date=day, **kind, **_units(number, at))


def _units(number: int, at: int) -> dict[str, Any]:
    host = party(number - number % 2)
    approach = f"CA{9_000 + number // 2}"
    stem = f"{approach}-{host}01-{host}"
    first = at * UNITS + 1
    return {
        "cooperative_approach_id": approach,
        "authorization_id": f"{host}-1",
        "first_transferring_party_id": host,
        "party_itmo_registry_id": f"{party(number)}01",
        "first_id": f"{stem}-{first}-{YEAR - 1}",
        "last_id": f"{stem}-{first + UNITS - 1}-{YEAR - 1}",
        "metric": "GHG",
        "gwp_values": "AR5",
        "quantity_co2": UNITS,
        "mitigation_type": "Emission reductions",
        "vintage": YEAR - 1,
    }


def _holding(number: int, at: int) -> HoldingRow:
    return HoldingRow(**_units(number, at))


def _authorization(number: int) -> AuthorizationRow:
    return AuthorizationRow(
        authorization_id=f"{party(number)}-1",
        date_of_authorization=date(2023, 5, 1),
        cooperative_approach_id=f"CA{9_000 + number // 2}",
        authorization_version=1,
        metric="GHG",
        gwp_values="AR5",
        sectors=("Transportation",),
        activity_types=("Transport",),
        purposes="NDC",
        authorized_party_ids=(party(number + 1),),
        authorized_timeframe="2021 - 2030",
    )
