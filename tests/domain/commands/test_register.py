"""Registering entities, cooperative approaches, activities and partners."""

from dataclasses import replace

import pytest

from counterfoil.application.commands.link import PartnerFault
from counterfoil.application.commands.register import RegisterCooperativeApproach, RegisterEntity
from counterfoil.domain.activities.activity import ActivityFault, ApproachFault, EntityFault
from counterfoil.domain.kernel.ids import CooperativeApproachId, Party
from counterfoil.domain.units.unit_type import MitigationType, Reversibility
from tests.domain.commands.desk import Case, Desk, after, check_refused, registry, titles
from tests.domain.commands.scene import BUSES, PARK, activity, host, partner


def approach(identifier: str, *participants: str) -> RegisterCooperativeApproach:
    parties = tuple(Party(party) for party in participants)
    return RegisterCooperativeApproach(
        approach=CooperativeApproachId(identifier), title="A title", participants=parties
    )


REFUSALS = (
    Case(
        "an entity is registered again",
        EntityFault.ALREADY_REGISTERED,
        lambda _: RegisterEntity(entity="KLIK", name="Another", country="CHE"),
    ),
    Case("an approach has three digits", ApproachFault.ID_UNREADABLE, lambda _: approach("CA900", "THA", "CHE")),
    Case(
        "an approach has digits of another script",
        ApproachFault.ID_UNREADABLE,
        lambda _: approach("CA९००९", "THA", "CHE"),
    ),
    Case("an approach is there", ApproachFault.ALREADY_REGISTERED, lambda _: approach("CA9001", "THA", "CHE")),
    Case("an approach has one Party", ApproachFault.PARTICIPANTS_MISSING, lambda _: approach("CA9003", "THA")),
    Case("a Party is named twice", ApproachFault.PARTICIPANTS_MISSING, lambda _: approach("CA9003", "THA", "THA")),
    Case("an activity is there", ActivityFault.ALREADY_REGISTERED, lambda _: activity(BUSES)),
    Case(
        "an activity names an unknown approach",
        ActivityFault.APPROACH_UNKNOWN,
        lambda _: activity(PARK, cooperative_approach="CA9009"),
    ),
    Case(
        "an activity lies in a Party outside its approach",
        ActivityFault.HOST_NOT_IN_APPROACH,
        after(approach("CA9003", "CHE", "JPN"), then=activity(PARK, cooperative_approach="CA9003")),
    ),
    Case(
        "a removal does not say whether it can return",
        ActivityFault.REVERSIBILITY_MISSING,
        lambda _: activity(PARK, mitigation_type=MitigationType.REMOVAL),
    ),
    Case("a partner has two letters", PartnerFault.PARTY_UNREADABLE, lambda _: partner("CH")),
    Case("a partner would forge an account", PartnerFault.PARTY_UNREADABLE, lambda _: partner("CHE:x")),
    Case(
        "a partner's key is no key",
        PartnerFault.KEY_UNREADABLE,
        lambda _: replace(partner("CHE"), public_key="bmV3"),
    ),
    Case("a registry is its own partner", PartnerFault.IS_THIS_REGISTRY, lambda _: partner("THA")),
    Case(
        "a partner's registry has no digits",
        PartnerFault.REGISTRY_UNREADABLE,
        lambda _: replace(partner("CHE"), registry="CHE"),
    ),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_registration_is_refused_when(case: Case) -> None:
    check_refused(case, host())


def test_a_reversible_removal_is_registered_and_keeps_its_class() -> None:
    desk = host()
    desk.do(activity(PARK, mitigation_type=MitigationType.REMOVAL, reversibility=Reversibility.REVERSIBLE))
    assert desk.books.record("activity", PARK)["reversibility"] == "reversible"


def test_a_later_link_of_a_partner_replaces_its_key() -> None:
    desk = host()
    link = partner("CHE")
    other = f"{'B' * 42}A="
    desk.do(link)
    desk.do(replace(link, public_key=other))
    assert desk.books.record("partner", "CHE")["public_key"] == other


def test_in_the_mechanism_of_article_6_4_any_move_between_parties_is_a_first_transfer() -> None:
    desk = Desk(registry("THA"))
    for name in ("CA0001", "CA9001"):
        parties = (Party("THA"), Party("CHE"))
        desk.do(RegisterCooperativeApproach(approach=CooperativeApproachId(name), title="", participants=parties))
    found = [
        desk.books.record("approach", name)["first_transfer_on_any_cross_party_move"] for name in ("CA0001", "CA9001")
    ]
    assert found == [True, False]
