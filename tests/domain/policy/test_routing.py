"""An activity is placed in pathways by the rulebook and the law of its country, with reasons."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.day_law import day_law
from counterfoil.domain.policy.facts import FACTS, FactType
from counterfoil.domain.policy.kinds.pathway import PATHWAY_FACT
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.pack import Pack
from counterfoil.domain.policy.permits import permits
from counterfoil.domain.policy.routing import BOOK, Placement, Routing, Standing, answers_from, choices, route
from counterfoil.domain.policy.ruling import Outcome
from counterfoil.packs.shelf import open_pack, open_shelf
from tests.packs.exampleland import PARTY, law_of, read, rule, write

DAY = date(2026, 1, 1)
GOOD = {"consent": "yes", "measurable": "yes", "additional": "yes", "reversible": "no", "non_market_part": "no"}
HOME = {**GOOD, "transfer": "none", "paid_for": "units"}
SOLD = {**GOOD, "transfer": "all", "paid_for": "units", "beyond_ndc": "yes", "host_statements": "yes"}
BOUGHT = {**SOLD, "participation_met": "yes", "buyer_found": "yes", "purpose": "NDC", "partner": "CHE"}
THAI = {"activity_type": "waste", "beyond_action_plan": "yes"}
PARTED = {**BOUGHT, **THAI, "transfer": "part", "parts_apart": "yes", "several_parties": "yes"}
TONNES = {"quantity_t": "400", "rest_t": "600", "whole_t": "1000"}
RESULTS = {"rest": "results", "reference_level": "yes", **TONNES}


@cache
def pack(name: str) -> Pack:
    found = open_pack(name, with_cases=True)
    assert isinstance(found, Pack), found
    return found


def book() -> Law:
    return pack(BOOK).law


def placed(law: Law | str, answers: Mapping[str, Any], on: date = DAY) -> Routing:
    law = pack(law).law if isinstance(law, str) else law
    read_answers = answers_from(book(), law, answers, on)
    assert not isinstance(read_answers, Refusal), read_answers
    return route(book(), law, read_answers, on)


def one(routing: Routing, code: str) -> Placement:
    return next(each for each in routing.placements if each.code == code)


def closed_by(placement: Placement) -> set[str]:
    assert placement.standing is Standing.CLOSED
    return {str(each.refusal.code) for each in placement.rulings if each.refusal and each.outcome is Outcome.REFUSED}


@pytest.mark.parametrize(
    ("code", "country", "answers"),
    [
        ("article_6_2", "tha", {**BOUGHT, **THAI}),
        ("article_6_4", "tha", {**SOLD, **THAI, "supervised": "yes"}),
        ("article_6_4_contribution", "tha", {**HOME, "host_statements": "yes", "supervised": "yes"}),
        ("article_6_8", "idn", {"transfer": "none", "paid_for": "support", "consent": "yes", "several_parties": "yes"}),
        ("results_payment", "idn", {**GOOD, "transfer": "none", "paid_for": "results", "reference_level": "yes"}),
        ("domestic_scheme", "tha", {**HOME, "charged_at_home": "yes", "host_statements": "no"}),
        ("voluntary", "che", {**HOME, "host_statements": "no"}),
        ("mix_6_2_results", "tha", {**PARTED, **RESULTS, "supervised": "no"}),
        ("mix_6_2_6_8", "tha", {**PARTED, "rest": "support", "non_market_part": "yes", "supervised": "no"}),
        ("mix_6_2_domestic", "tha", {**PARTED, "rest": "home", **TONNES}),
        ("mix_6_4_results", "tha", {**PARTED, **RESULTS, "supervised": "yes"}),
        ("mix_6_4_6_8", "tha", {**PARTED, "rest": "support", "non_market_part": "yes", "supervised": "yes"}),
    ],
)
def test_every_pathway_can_be_reached_and_stands_first(code: str, country: str, answers: dict[str, str]) -> None:
    first = placed(country, answers).placements[0]
    assert (first.code, first.standing) == (code, Standing.OPEN)


def test_every_pathway_of_the_rulebook_is_reached_above() -> None:
    marks = [mark for mark in test_every_pathway_can_be_reached_and_stands_first.pytestmark if mark.args]
    reached = {row[0] for row in marks[0].args[1]}
    assert reached == {clause.content.code for clause in book().in_force("pathway", DAY)}


def test_every_rule_that_closes_a_pathway_is_shown_by_a_sentence() -> None:
    refusing = {case.rule for case in pack(BOOK).cases if case.expect is Outcome.REFUSED}
    asking = {case.rule for case in pack(BOOK).cases if case.expect is Outcome.ASKS}
    for clause in book().in_force("suitability", DAY):
        if clause.content.known:
            assert clause.name in asking, clause.name
        elif not clause.content.weight:
            assert clause.name in refusing, clause.name
            assert clause.content.otherwise is not None, f"{clause.name} does not say what would change it"


@pytest.mark.parametrize(
    ("case", "country", "answers", "code", "fault"),
    [
        ("no Party authorizes", "twn", SOLD, "article_6_2", "policy.party.not_a_party"),
        ("nor does it host the mechanism", "twn", HOME, "article_6_4_contribution", "policy.party.not_a_party"),
        ("nor does it take part in a non-market approach", "twn", GOOD, "article_6_8", "policy.party.not_a_party"),
        ("a territory leaves it to its Party", "hkg", SOLD, "article_6_2", "policy.party.within_party"),
        (
            "a type that is not on the positive list",
            "tha",
            {**BOUGHT, "activity_type": "rooftop_solar"},
            "article_6_2",
            "policy.export.not_on_list",
        ),
        (
            "a part of such a type in a mix",
            "tha",
            {**PARTED, "activity_type": "rooftop_solar"},
            "mix_6_2_results",
            "policy.export.not_on_list",
        ),
        (
            "a minister who does not authorize",
            "idn",
            {**BOUGHT, "minister_authorizes": "no"},
            "article_6_4",
            "policy.export.not_decided",
        ),
        (
            "talks that permit nothing",
            "tha",
            {**BOUGHT, "partner": "TWN"},
            "article_6_2",
            "policy.agreement.does_not_permit",
        ),
        ("no agreement at all", "tha", {**BOUGHT, "partner": "FRA"}, "article_6_2", "policy.agreement.none"),
        (
            "results that were paid for",
            "gha",
            {**BOUGHT, "results_paid": "yes"},
            "article_6_2",
            "policy.requirement.unmet",
        ),
        ("a country without units of its own", "che", HOME, "domestic_scheme", "policy.pathway.not_provided"),
        (
            "tonnes that are in both parts",
            "tha",
            {**PARTED, **RESULTS, "rest_t": "601"},
            "mix_6_2_results",
            "policy.pathway.more_than_whole",
        ),
    ],
)
def test_the_law_of_the_country_closes_a_pathway_because_of(
    case: str, country: str, answers: dict[str, str], code: str, fault: str
) -> None:
    assert fault in closed_by(one(placed(country, answers), code)), case


def test_a_quota_that_is_used_up_and_a_closed_gate_close_what_leaves_the_country(tmp_path: Path) -> None:
    quota = law_of(tmp_path / "quota", rule("quota", "export_quota", 'levels = { nation = "surplus" }'))
    full = {**SOLD, "quota_t": 10, "quota_used_t": 10, "quantity_t": 1}
    assert closed_by(one(placed(quota, full), "article_6_4")) == {"policy.quota.exceeded"}
    assert one(placed(quota, {**full, "quota_used_t": 9}), "article_6_4").standing is Standing.OPEN
    gate = law_of(tmp_path / "gate", rule("gate", "export_gate", 'gate = "closed"'))
    assert closed_by(one(placed(gate, SOLD), "article_6_4")) == {"policy.export.closed"}
    assert one(placed(gate, {**HOME, "host_statements": "yes"}), "article_6_4_contribution").standing is Standing.OPEN


def test_a_tonne_paid_for_as_a_result_closes_the_transfer_but_not_the_other_part_of_a_mix() -> None:
    paid = {**BOUGHT, "purpose": "IMP", "results_paid": "yes"}
    assert closed_by(one(placed("zmb", paid), "article_6_2")) == {"policy.requirement.unmet"}
    mixed = {**paid, **RESULTS, "transfer": "part", "parts_apart": "yes"}
    assert one(placed("zmb", mixed), "mix_6_2_results").standing is Standing.OPEN


def test_the_day_selects_the_law_of_the_country() -> None:
    solar = {**BOUGHT, "activity_type": "rooftop_solar", "beyond_action_plan": "yes"}
    assert one(placed("tha", solar, date(2025, 8, 25)), "article_6_2").standing is Standing.OPEN
    assert one(placed("tha", solar, date(2025, 8, 26)), "article_6_2").standing is Standing.CLOSED
    assert placed("tha", solar, date(2021, 11, 12)).placements == ()


def test_a_part_that_is_not_for_sale_goes_to_article_6_8() -> None:
    forest = {**BOUGHT, **THAI, "non_market_part": "yes"}
    assert closed_by(one(placed("tha", forest), "article_6_2")) == {"policy.pathway.unsuited"}
    asked = placed("tha", {"transfer": "none", "non_market_part": "yes", "paid_for": "support"})
    assert asked.placements[0].code == "article_6_8"
    mixed = placed("tha", {**PARTED, "rest": "support", "non_market_part": "yes"})
    assert {each.code for each in mixed.placements if each.standing is Standing.OPEN} == {"mix_6_2_6_8", "mix_6_4_6_8"}


def test_without_consent_nothing_is_open_in_any_country() -> None:
    for name, each in open_shelf().packs.items():
        if each.law.jurisdiction:
            standings = {place.standing for place in placed(name, {"consent": "no"}).placements}
            assert standings == {Standing.CLOSED}, name


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({"speed": "fast"}, "policy.fact_unknown"),
        ({"consent": "perhaps"}, "policy.fact_unreadable"),
        ({"consent": {"given": True}}, "policy.fact_unreadable"),
        ({"whole_t": "1.5"}, "policy.fact_unreadable"),
        ({"whole_t": "-1"}, "policy.fact_unreadable"),
        ({"price": -1}, "policy.fact_unreadable"),
        ({"transfer": "most"}, "policy.pathway.choice_unknown"),
        ({"purpose": "ndc"}, "policy.pathway.choice_unknown"),
        ({f"q{number}": "yes" for number in range(201)}, "policy.pathway.too_many_answers"),
    ],
)
def test_an_answer_that_is_none_is_refused(answers: dict[str, Any], fault: str) -> None:
    found = answers_from(book(), pack("tha").law, answers, DAY)
    assert isinstance(found, Refusal)
    assert found.code == fault


def test_a_law_of_one_day_answers_as_the_law_itself_on_every_day() -> None:
    law = pack("tha").law
    pinned = day_law(law, date(2025, 8, 26))
    for day in (date(2025, 8, 25), date(2025, 8, 26)):
        asked = Asked(Act.AUTHORIZE, {"activity_type": "rooftop_solar"})
        assert permits(pinned, asked, day) == permits(law, asked, day)
    assert [each.name for each in pinned.in_force("export_gate", date(2025, 8, 26))] == ["export_gate"]
    assert list(pinned.in_force("export_gate", date(2025, 8, 25))) == []


def test_no_country_gives_a_question_of_the_rulebook_another_meaning() -> None:
    for name, each in open_shelf().packs.items():
        if name != BOOK:
            assert not set(each.law.facts) & set(book().facts), name


NAMES = sorted({*book().facts} - {PATHWAY_FACT} | {"additional", "reversible", "purpose", "quantity_t", "results_paid"})
WORDS = choices(book(), DAY)


def values(name: str) -> st.SearchStrategy[Any]:
    fact = book().facts.get(name) or FACTS[name]
    if name in WORDS:
        return st.sampled_from(WORDS[name])
    return st.booleans() if fact.type is FactType.YES_NO else st.integers(0, 3)


ANSWERS = st.fixed_dictionaries({}, optional={name: values(name) for name in NAMES})
COUNTRIES = st.sampled_from(["tha", "twn", "idn", "gha", "che", "vnm", "hkg"])
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUIET
@given(country=COUNTRIES, answers=ANSWERS, data=st.data())
def test_a_further_answer_never_opens_what_is_closed(
    country: str, answers: dict[str, Any], data: st.DataObject
) -> None:
    left = [name for name in NAMES if name not in answers]
    if not left:
        return
    name = data.draw(st.sampled_from(left))
    before = {each.code: each.standing for each in placed(country, answers).placements}
    after = placed(country, {**answers, name: data.draw(values(name))})
    for place in after.placements:
        if before[place.code] is Standing.CLOSED:
            assert place.standing is Standing.CLOSED, (name, place.code)


@QUIET
@given(country=COUNTRIES, answers=ANSWERS, data=st.data())
def test_what_is_not_asked_changes_no_standing(country: str, answers: dict[str, Any], data: st.DataObject) -> None:
    routing = placed(country, answers)
    asked = {each.fact.name for each in routing.questions if not each.order_only}
    idle = [name for name in NAMES if name not in answers and name not in asked]
    if not idle:
        return
    name = data.draw(st.sampled_from(idle))
    after = placed(country, {**answers, name: data.draw(values(name))})
    assert {each.code: each.standing for each in after.placements} == {
        each.code: each.standing for each in routing.placements
    }, name


@QUIET
@given(country=COUNTRIES, answers=ANSWERS)
def test_a_pathway_waits_exactly_while_a_question_is_left_and_every_closing_has_a_reason(
    country: str, answers: dict[str, Any]
) -> None:
    routing = placed(country, answers)
    waiting = {code for each in routing.questions if not each.order_only for code in each.pathways}
    assert waiting == {each.code for each in routing.placements if each.standing is Standing.NEEDS}
    ranks = [list(Standing).index(each.standing) for each in routing.placements]
    assert ranks == sorted(ranks)
    for each in routing.placements:
        refusing = [ruling for ruling in each.rulings if ruling.outcome is Outcome.REFUSED]
        assert bool(refusing) == (each.standing is Standing.CLOSED)
        assert all(ruling.basis[0].provision for ruling in refusing)


@QUIET
@given(country=COUNTRIES, answers=ANSWERS)
def test_a_mix_is_open_only_if_its_tonnes_fit_and_it_warns_of_tonnes_in_both_parts(
    country: str, answers: dict[str, Any]
) -> None:
    for each in placed(country, answers).placements:
        content = each.pathway.content
        assert not content.parts or content.warns is not None
        if content.whole and each.standing is Standing.OPEN:
            assert sum(answers[fact] for fact in content.tonnes) <= answers[content.whole]


@pytest.mark.parametrize(
    ("case", "content"),
    [
        ("an act that nobody knows", 'asks = { fly = ["party"] }'),
        ("a kind that nobody knows", 'asks = { authorize = ["speed"] }'),
        ("a needed kind that nobody knows", 'provides = ["speed"]'),
        ("a part that is no pathway", 'parts.other = { additional = "yes" }'),
        ("a part with a fact that nobody declared", 'parts.one = { speed = "9" }'),
        ("a part with an answer of another type", 'parts.one = { additional = "maybe" }'),
    ],
)
def test_a_rulebook_is_refused_for(tmp_path: Path, case: str, content: str) -> None:
    pathways = rule("one", "pathway", 'code = "one"') + rule("two", "pathway", f'code = "two"\n{content}')
    problems = read(write(tmp_path, PARTY + pathways))
    assert not isinstance(problems, Pack), case
    assert {str(each.code) for each in problems} == {"pack.word_unknown"}
