"""Four eyes: how many persons the law asks for, and who counts as one."""

from datetime import date

import pytest

from counterfoil.domain.people.four_eyes import Demand, demanded, enough, second_person, signed_by
from counterfoil.domain.people.standing import Standing
from counterfoil.domain.policy.basis import Basis, Confidence, Span, Text
from counterfoil.domain.policy.clause import Clause, Rule
from counterfoil.domain.policy.kinds.four_eyes import FourEyesRule, GuardedAct
from counterfoil.domain.policy.law import Law

DAY = date(2026, 3, 1)


def law(pack: str, *rules: tuple[date, FourEyesRule]) -> Law:
    clauses = {}
    for number, (first, content) in enumerate(rules):
        name = f"r{number}"
        basis = Basis(pack, "1", name, Text("x", "x"), Span(first), "s", "art. 1", Confidence.FOUND, None)
        clauses[name] = Rule(name, "four_eyes", Text("x", "x"), (Clause("four_eyes", basis, content),))
    return Law(pack, "1", "rulebook", "", Text("x", "x"), rules=clauses)


def person(name: str) -> Standing:
    return Standing(name, "", "operator", frozenset({"operator"}))


PRACTICE = law("practice", (date(2015, 1, 1), FourEyesRule((GuardedAct.ISSUE, GuardedAct.HOLD))))
TWO = law("xaa", (date(2026, 1, 1), FourEyesRule((GuardedAct.ISSUE,), 3)))


@pytest.mark.parametrize(
    ("case", "laws", "act", "on", "persons"),
    [
        ("practice holds where no pack speaks", [PRACTICE], GuardedAct.ISSUE, DAY, 2),
        ("an act that is not listed needs nobody else", [PRACTICE], GuardedAct.TRANSFER, DAY, None),
        ("a pack with a rule takes the place of practice", [TWO, PRACTICE], GuardedAct.ISSUE, DAY, 3),
        ("and of all of it", [TWO, PRACTICE], GuardedAct.HOLD, DAY, None),
        ("before its first day practice holds", [TWO, PRACTICE], GuardedAct.ISSUE, date(2025, 12, 31), 2),
        ("no law at all asks nothing", [], GuardedAct.ISSUE, DAY, None),
    ],
)
def test_the_law_asks_for_so_many_persons_when(
    case: str, laws: list[Law], act: GuardedAct, on: date, persons: int | None
) -> None:
    found = demanded(laws, act, on)
    assert (None if found is None else found.persons) == persons


def test_of_two_rules_for_one_act_the_stricter_one_holds() -> None:
    both = law("xaa", (DAY, FourEyesRule((GuardedAct.USE,))), (DAY, FourEyesRule((GuardedAct.USE,), 3)))
    found = demanded([both], GuardedAct.USE, DAY)
    assert found is not None and found.persons == 3


@pytest.mark.parametrize(
    ("case", "behind", "refused"),
    [
        ("two different persons", ["P-A", "P-B"], False),
        ("one person twice", ["P-A", "P-A"], True),
        ("one person and a machine", ["P-A", ""], True),
        ("two machines", ["", ""], True),
        ("nobody", [], True),
    ],
)
def test_two_persons_are_two_different_pseudonyms_when(case: str, behind: list[str], refused: bool) -> None:
    demand = demanded([PRACTICE], GuardedAct.ISSUE, DAY)
    assert isinstance(demand, Demand)
    refusal = enough(demand, [person(name) for name in behind], action="Issue")
    assert (refusal is not None) is refused
    if refusal is not None:
        assert refusal.code == "approval.second_person_needed"
        assert refusal.facts["provision"] == "art. 1"


def test_who_stands_behind_an_act_already_and_what_is_no_person_cannot_join() -> None:
    assert second_person(["P-A"], person("P-B")) is None
    assert getattr(second_person(["P-A", "P-B"], person("P-B")), "code", "") == "approval.same_person"
    assert getattr(second_person(["P-A"], person("")), "code", "") == "approval.person_needed"


def deputy(name: str, giver: str) -> Standing:
    return Standing(name, "", "operator", frozenset({"operator"}), giver)


@pytest.mark.parametrize(
    ("case", "behind", "refused"),
    [
        ("a giver and the deputy", [person("P-A"), deputy("P-B", "P-A")], True),
        ("two deputies of one giver", [deputy("P-B", "P-A"), deputy("P-C", "P-A")], True),
        ("one deputy of two givers", [deputy("P-B", "P-A"), deputy("P-B", "P-C")], True),
        ("two deputies of two givers", [deputy("P-B", "P-A"), deputy("P-D", "P-C")], False),
    ],
)
def test_a_deputy_is_no_second_pair_of_eyes_of_the_giver(case: str, behind: list[Standing], refused: bool) -> None:
    demand = demanded([PRACTICE], GuardedAct.ISSUE, DAY)
    assert (enough(demand, behind, action="Issue") is not None) is refused
    seen = {name for each in behind[:1] for name in (each.person, each.giver)}
    assert (second_person(seen, behind[1]) is not None) is refused


def test_the_journal_names_the_initiator_first() -> None:
    assert signed_by(["P-A", "P-B", "P-C"]) == "person:P-A+person:P-B+person:P-C"
