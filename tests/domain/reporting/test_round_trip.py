"""Whatever a Party can say in the format, laying it out and reading it again gives the same."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.domain.reporting.aef_parse import read_submission
from counterfoil.domain.reporting.aef_rows import ActionRow, AuthorizationRow, EntityRow, HoldingRow, Submission
from tests.domain.reporting.submissions import FORM, laid_out

texts = (
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)
    .map(str.strip)
    .filter(lambda text: text and text != "NA")
)
parties = st.text("ABCXYZ", min_size=2, max_size=2).map(lambda rest: f"X{rest}")
years = st.integers(2021, 2099)
days = st.dates(date(2021, 1, 1), date(2099, 12, 31))
amounts = st.one_of(st.integers(0, 2**63 - 1), st.fractions(0, 10**6, max_denominator=8))


def words(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from(FORM.lists[name].values)


def maybe(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.one_of(st.none(), strategy)


def several(strategy: st.SearchStrategy[str], least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(strategy, min_size=least, max_size=3).map(tuple)


HELD = {
    "cooperative_approach_id": st.from_regex(r"CA[0-9]{4}", fullmatch=True),
    "authorization_id": st.from_regex(r"(?!NA\Z)[A-Z][A-Z0-9 .-]{0,8}[A-Z0-9]", fullmatch=True),
    "first_transferring_party_id": parties,
    "party_itmo_registry_id": st.sampled_from(["XAA01", "UN01"]),
    "first_id": texts,
    "last_id": texts,
    "underlying_unit_registry_id": maybe(words("underlying_registries")),
    "underlying_unit_first_unit_id": maybe(texts),
    "underlying_unit_last_unit_id": maybe(texts),
    "metric": words("metric"),
    "gwp_values": maybe(texts),
    "non_ghg_metric": maybe(texts),
    "quantity_co2": amounts,
    "quantity_non_ghg": maybe(amounts),
    "mitigation_type": words("mitigation_types"),
    "vintage": years,
}
actions = st.builds(
    ActionRow,
    **HELD,
    action_date=days,
    action_type=words("action_types"),
    action_subtype=maybe(words("action_subtypes")),
    transferring_party_id=maybe(parties),
    acquiring_party_id=maybe(parties),
    purpose_itmo_used_for_oimp=maybe(words("purposes")),
    using_cancelling_party_id=maybe(parties),
    using_cancelling_entity_id=maybe(texts),
    year_itmo_used_towards_ndc=maybe(years),
    additional_explanatory_information=maybe(texts),
    action_time=st.none(),
)
authorizations = st.builds(
    AuthorizationRow,
    authorization_id=HELD["authorization_id"],
    date_of_authorization=days,
    cooperative_approach_id=HELD["cooperative_approach_id"],
    authorization_version=st.integers(1, 99),
    authorized_quantity=maybe(st.integers(0, 2**63 - 1)),
    metric=words("metric"),
    sectors=several(words("sectors"), 1),
    activity_types=several(words("activity_types")),
    purposes=words("purposes"),
    authorized_party_ids=several(parties),
    authorized_entity_ids=several(texts.filter(lambda text: "," not in text)),
    oimp_authorized=maybe(texts),
    authorized_timeframe=maybe(st.sampled_from(["2021 - 2030", "Use: from 01/2022 to 31/12/2030"])),
    first_transfer_definition=maybe(words("first_transfer_definitions")),
)
entities = st.builds(
    EntityRow,
    date_of_authorization=maybe(days),
    authorized_entity_name=texts,
    authorized_entity_country_of_incorporation=maybe(parties),
    authorized_entity_id=texts,
    cooperative_approach_id=maybe(HELD["cooperative_approach_id"]),
    authorized_entity_conditions=maybe(texts),
)
submissions = st.builds(
    Submission,
    party=parties,
    version=st.from_regex(r"[1-9][0-9]?\.[0-9]{1,2}", fullmatch=True),
    reported_year=years,
    submitted_on=days,
    ndc_first_year=years,
    ndc_last_year=years,
    authorizations=st.lists(authorizations, max_size=2).map(tuple),
    actions=st.lists(actions, max_size=3).map(tuple),
    holdings=st.lists(st.builds(HoldingRow, **HELD), max_size=2).map(tuple),
    entities=st.lists(entities, max_size=2).map(tuple),
    note=maybe(texts),
)


@settings(max_examples=60)
@given(one=submissions)
def test_a_submission_is_read_as_it_was_laid_out(one: Submission) -> None:
    read = read_submission(laid_out(one), FORM, "x.xlsx")
    assert read.seen == ()
    assert read.filed is not None
    assert read.filed.submission == one
