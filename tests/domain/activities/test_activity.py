"""Activities and approaches as records."""

from counterfoil.domain.activities.activity import Activity, CooperativeApproach
from counterfoil.domain.kernel.ids import ActivityId, CooperativeApproachId, Party
from counterfoil.domain.kernel.record import from_json, to_json
from counterfoil.domain.units.metric import Metric, MetricKind
from counterfoil.domain.units.purpose import FirstTransferDefinition
from counterfoil.domain.units.unit_type import MitigationType, Reversibility


def test_an_activity_is_read_back_as_it_was_registered() -> None:
    activity = Activity(
        id=ActivityId("PARK"),
        title="A park",
        host=Party("THA"),
        mitigation_type=MitigationType.REMOVAL,
        sector="AFOLU",
        activity_type="Forests",
        metric=Metric(MetricKind.NON_GHG, "ha"),
        cooperative_approach=CooperativeApproachId("CA9001"),
        reversibility=Reversibility.REVERSIBLE,
        participants=("KLIK",),
    )
    assert from_json(Activity, to_json(activity)) == activity


def test_an_approach_is_read_back_with_its_one_definition() -> None:
    approach = CooperativeApproach(
        CooperativeApproachId("CA9001"),
        "Buses",
        (Party("THA"), Party("CHE")),
        FirstTransferDefinition.ISSUANCE,
        first_transfer_on_any_cross_party_move=True,
    )
    assert from_json(CooperativeApproach, to_json(approach)) == approach
