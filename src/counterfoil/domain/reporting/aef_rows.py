"""The rows of the agreed electronic format as typed values: what a Party says, whatever the workbook looks like.

Fields are the technical names of the format in snake case, in the order of the format. `None` and the empty tuple mean
"does not apply" or "not given"; which of the two a workbook shows (`NA` or an empty cell) is the format's business.
Fields that only the CARP fills have no place here: they are never written and never believed.

Source: 4/CMA.6 annex II; 6/CMA.4 annex I para. 5.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRow:
    """One row of table 2: one version of one authorization.

    `authorized_quantity` is a maximum in the row's metric, `None` when the authorization states none.
    `purposes` is one of the seven strings of the format, such as `NDC and IMP`.
    An empty `authorized_party_ids` means any Party.
    """

    authorization_id: str
    date_of_authorization: date
    cooperative_approach_id: str
    authorization_version: int
    authorized_quantity: int | None = None
    metric: str
    gwp_values: str | None = None
    non_ghg_metric: str | None = None
    sectors: tuple[str, ...]
    activity_types: tuple[str, ...] = ()
    purposes: str
    authorized_party_ids: tuple[str, ...] = ()
    authorized_entity_ids: tuple[str, ...] = ()
    oimp_authorized: str | None = None
    authorized_timeframe: str | None = None
    authorization_terms: str | None = None
    first_transfer_definition: str | None = None
    additional_explanatory_information: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRow:
    """One row of table 3: one act on one block of identifiers, both ends included.

    `action_time` is UTC, and `None` when only the day is reported. `quantity_co2` is t CO2 eq, a fraction only where a
    non-GHG amount was converted; `quantity_non_ghg` counts the metric's own unit.
    """

    action_date: date
    action_type: str
    action_subtype: str | None = None
    cooperative_approach_id: str
    authorization_id: str
    first_transferring_party_id: str
    party_itmo_registry_id: str
    first_id: str
    last_id: str
    underlying_unit_registry_id: str | None = None
    underlying_unit_first_unit_id: str | None = None
    underlying_unit_last_unit_id: str | None = None
    metric: str
    gwp_values: str | None = None
    non_ghg_metric: str | None = None
    quantity_co2: int | Fraction
    quantity_non_ghg: int | Fraction | None = None
    mitigation_type: str
    vintage: int
    transferring_party_id: str | None = None
    acquiring_party_id: str | None = None
    purpose_itmo_used_for_oimp: str | None = None
    using_cancelling_party_id: str | None = None
    using_cancelling_entity_id: str | None = None
    year_itmo_used_towards_ndc: int | None = None
    additional_explanatory_information: str | None = None
    action_time: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingRow:
    """One row of table 4: one block held at 31 December 24:00 UTC of the reported year."""

    cooperative_approach_id: str
    authorization_id: str
    first_transferring_party_id: str
    party_itmo_registry_id: str
    first_id: str
    last_id: str
    underlying_unit_registry_id: str | None = None
    underlying_unit_first_unit_id: str | None = None
    underlying_unit_last_unit_id: str | None = None
    metric: str
    gwp_values: str | None = None
    non_ghg_metric: str | None = None
    quantity_co2: int | Fraction
    quantity_non_ghg: int | Fraction | None = None
    mitigation_type: str
    vintage: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityRow:
    """One row of table 5: one entity authorized for one cooperative approach.

    Day, country and approach may be missing in a workbook that the older public checker accepts.
    """

    date_of_authorization: date | None
    authorized_entity_name: str
    authorized_entity_country_of_incorporation: str | None
    authorized_entity_id: str
    cooperative_approach_id: str | None
    authorized_entity_conditions: str | None = None
    authorized_entity_change_conditions: str | None = None
    additional_explanatory_information: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One version of one Party's annual information for one reported year: table 1 and the rows of tables 2 to 5.

    `note` is shown on the index and above every table; it is not part of the format. A year without rows is a report.
    `actions` may lie on a disk: they can be counted, and walked as often as anybody likes.
    """

    party: str
    version: str
    reported_year: int
    submitted_on: date
    ndc_first_year: int
    ndc_last_year: int
    authorizations: tuple[AuthorizationRow, ...] = ()
    actions: Sequence[ActionRow] = ()
    holdings: tuple[HoldingRow, ...] = ()
    entities: tuple[EntityRow, ...] = ()
    note: str | None = None
