"""What each kind of rule answers, by tables; every fault of the rules is produced by one of them or by a pack."""

import importlib
import pkgutil
from datetime import date
from enum import StrEnum
from pathlib import Path

import pytest

import counterfoil.domain.policy.kinds
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.pack import Case, first_refusal
from counterfoil.domain.policy.permits import permits
from counterfoil.domain.policy.ruling import Outcome, PolicyFault, verdict
from counterfoil.packs.shelf import open_shelf
from tests.packs.exampleland import HEAD, PARTY, asked, law_of, read, rule, write

DAY = date(2025, 1, 1)
TIER = rule("tiers", "tier", 'acts = ["first_transfer"]\norder = ["state", "federal"]')
CAPS = rule("gate", "export_gate", 'gate = "share_cap"\ncaps = { priority = "90 %", other = "rest_cap" }')
OPEN_VALUE = '[value.rest_cap]\nunit = "%"\nlabel = { en = "Cap", zh-Hant = "上限" }\n'
QUOTA = rule("quota", "export_quota", 'levels = { nation = "surplus" }')
STEPS = rule(
    "steps",
    "cycle",
    'cycle = "p"\nsteps = ["one", "two"]\n'
    'labels = { one = { en = "One", zh-Hant = "一" }, two = { en = "Two", zh-Hant = "二" } }',
)
CONVERT = rule("c", "conversion", 'from_types = ["A"]\nto_type = "K"\neffect = "cancel_and_issue"\nratio = "1000:1"')
KILO = rule("k", "unit_type", 'code = "K"\nsize = "1 kg"')
BOTH = CONVERT + "both_ways = true\n" + KILO
RECOGNISED = rule(
    "r",
    "recognition",
    'of = "JPN"\nunit_types = ["J"]\naccepted = "as_issued"\nstate = "in_force"\n'
    'uses = ["offset"]\nneeds = ["authorized"]',
)
BENEFIT = rule(
    "community",
    "benefit_share",
    'beneficiary = "community"\nshare = "25 %"\nevidence = ["agreed"]\npay_within = "30 days"',
)
AGREED = '[fact.agreed]\ntype = "yes_no"\nlabel = { en = "Agreement", zh-Hant = "協議" }\n'
LEVY = rule("levy", "levy", 'aim = "levy"\nshare = "30 %"\nbase = "proceeds"')
DEPOSIT = rule("deposit", "levy", 'aim = "reversal_deposit"\nshare = "50 %"')
SECRET = rule("reading", "publication", 'otherwise = "national"\npublic = ["name"]\npartner = ["price"]')
SCHEME = rule(
    "tax",
    "compliance_use",
    'scheme = "S"\nstate = "in_force"\nbase = "emissions"\nunit_types = ["A"]\ncap = "5 %"',
)
NOT_A_PARTY = rule("status", "party", 'status = "non_party"')
RIGHT = {"done": "one", "cycle": "p"}
MOVED = {"partner": "CHE", "purpose": "OP", "quantity_t": 10}
CANCELLED = {"first_transferred": False, "cancellation_proof": True}

FLOOR = rule("floor", "price_floor", 'least = "30 SGD/t"\nacts = ["trade"]')

FEE = rule("fee", "fee", 'payer = "all"\nrecipient = "us"\namount = "3 USD"\nbefore_act = true\nacts = ["trade"]')
REFUSALS = [
    ("a fee is due before", FEE, "trade", {"fee_paid.fee": 299}, "policy.fee.unpaid"),
    ("the price is below the floor", FLOOR, "trade", {"price": 2_999, "currency": "SGD"}, "policy.price_floor.below"),
    (
        "the floor is in another currency",
        FLOOR,
        "trade",
        {"price": 2_999, "currency": "USD"},
        "policy.price_floor.other_currency",
    ),
    ("no Party authorizes", NOT_A_PARTY, "authorize", {}, "policy.party.not_a_party"),
    ("no Party uses towards an NDC", NOT_A_PARTY, "use", {"purpose": "NDC"}, "policy.party.not_a_party"),
    (
        "only the state approved",
        TIER,
        "first_transfer",
        {**MOVED, "approvals": "state"},
        "policy.tier.approval_missing",
    ),
    (
        "the federation approved less",
        TIER,
        "first_transfer",
        {**MOVED, "approvals": "state, federal", "approved_t.state": 10, "approved_t.federal": 9},
        "policy.tier.quantity_not_approved",
    ),
    (
        "more than the cap of its class",
        CAPS + OPEN_VALUE,
        "authorize",
        {"project_class": "priority", "verified_t": 11, "exported_t": 0, "quantity_t": 10},
        "policy.export.cap_exceeded",
    ),
    (
        "a class whose cap nobody knows",
        CAPS + OPEN_VALUE,
        "authorize",
        {"project_class": "other", "verified_t": 11, "exported_t": 0, "quantity_t": 1},
        "policy.value_unknown",
    ),
    (
        "a class that the law does not name",
        CAPS + OPEN_VALUE,
        "authorize",
        {"project_class": "third", "verified_t": 11, "exported_t": 0, "quantity_t": 1},
        "policy.export.class_unknown",
    ),
    (
        "more than the surplus",
        rule("gate", "export_gate", 'gate = "surplus_only"'),
        "authorize",
        {"achieved_t": 11, "target_t": 10, "quantity_t": 2},
        "policy.export.above_surplus",
    ),
    (
        "a decision that was not made",
        rule("gate", "export_gate", 'gate = "decision"\ndecision = "additional"'),
        "authorize",
        {"additional": False},
        "policy.export.not_decided",
    ),
    ("a closed gate", rule("gate", "export_gate", 'gate = "closed"'), "authorize", {}, "policy.export.closed"),
    ("a quota for no level", QUOTA, "set_quota", {"level": "village", "quota_t": 1}, "policy.quota.level_unknown"),
    ("a step that does not exist", STEPS, "advance", {**RIGHT, "step": "three"}, "policy.cycle.step_unknown"),
    ("a step twice", STEPS, "advance", {**RIGHT, "step": "one"}, "policy.cycle.step_done"),
    (
        "a conversion without proof",
        BOTH,
        "convert",
        {"from_type": "A", "to_type": "K", "quantity_t": 1, **CANCELLED, "cancellation_proof": False},
        "policy.conversion.no_cancellation_proof",
    ),
    (
        "a conversion back that is not whole",
        BOTH,
        "convert",
        {"from_type": "K", "to_type": "A", "quantity_t": 1001, **CANCELLED},
        "policy.conversion.not_whole",
    ),
    (
        "a use that is not recognised",
        RECOGNISED,
        "use",
        {"purpose": "OP", "origin": "JPN", "unit_type": "J", "use": "sale", "authorized": True},
        "policy.recognition.none",
    ),
    (
        "recognition whose condition is not met",
        RECOGNISED,
        "use",
        {"purpose": "OP", "origin": "JPN", "unit_type": "J", "use": "offset", "authorized": False},
        "policy.recognition.condition_unmet",
    ),
    (
        "no evidence for the community",
        BENEFIT + AGREED,
        "register",
        {"agreed": False},
        "policy.benefit.evidence_missing",
    ),
    (
        "a community share that comes late",
        BENEFIT + AGREED,
        "distribute",
        {"agreed": True, "proceeds": 100, "currency": "USD", "received_on": "2024-12-01", "paid_on": "2025-01-01"},
        "policy.benefit.too_late",
    ),
    ("a deposit that leaves nothing", DEPOSIT, "issue", {"quantity_t": 1}, "policy.levy.leaves_nothing"),
    (
        "a field for the nation only",
        SECRET,
        "publish",
        {"field": "tax", "reader": "partner"},
        "policy.publication.not_for_reader",
    ),
    ("a scheme that is none", SCHEME, "surrender", {"scheme": "T"}, "policy.compliance.scheme_unknown"),
    ("a unit type that is none", KILO, "first_transfer", {**MOVED, "unit_type": "Z"}, "policy.unit_type.unknown"),
    (
        "a use that the type is not open for",
        rule("k", "unit_type", 'code = "K"\nsize = "1 kg"\nuses = ["home"]'),
        "use",
        {"purpose": "OP", "unit_type": "K", "use": "abroad"},
        "policy.unit_type.use_not_open",
    ),
]


@pytest.mark.parametrize(
    ("law", "act", "facts", "code"), [row[1:] for row in REFUSALS], ids=[row[0] for row in REFUSALS]
)
def test_an_act_is_refused_because_of(tmp_path: Path, law: str, act: str, facts: dict[str, object], code: str) -> None:
    whole = law if 'kind = "party"' in law else PARTY + law
    found = getattr(read(write(tmp_path, whole)), "law", None)
    assert found is not None
    rulings = permits(found, asked(act, found, **facts), DAY)
    refusal = first_refusal(rulings)
    assert refusal is not None and refusal.refusal is not None
    assert (str(refusal.refusal.code), verdict(rulings)) == (code, Outcome.REFUSED)
    assert refusal.basis[0].provision, "a refusal says on which provision it stands"


def faults() -> set[str]:
    kinds = counterfoil.domain.policy.kinds
    modules = [
        importlib.import_module(f"{kinds.__name__}.{found.name}") for found in pkgutil.iter_modules(kinds.__path__)
    ]
    named = {str(code) for code in PolicyFault}
    for module in modules:
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, StrEnum) and thing.__name__.endswith("Fault"):
                named |= {str(code) for code in thing}
    return named


def produced(case: Case, law: object) -> str:
    refusal = first_refusal(permits(law, case.asked, case.on))  # type: ignore[arg-type]
    return str(refusal.refusal.code) if refusal is not None and refusal.refusal is not None else ""


def test_every_fault_of_the_rules_is_shown_here_or_by_a_sentence_of_a_pack() -> None:
    shelf = open_shelf(with_cases=True)
    shown = {produced(case, pack.law) for pack in shelf.packs.values() for case in pack.cases}
    shown |= {row[4] for row in REFUSALS} | {"policy.fact_missing"}
    assert sorted(faults() - shown) == []


def test_a_rule_that_lacks_a_fact_asks_for_it_and_never_assumes(tmp_path: Path) -> None:
    law = law_of(tmp_path, rule("gate", "export_gate", 'gate = "surplus_only"'))
    rulings = permits(law, asked("authorize"), DAY)
    assert verdict(rulings) is Outcome.ASKS
    assert {name for ruling in rulings for name in ruling.missing} == {"achieved_t", "target_t", "quantity_t"}


def test_the_day_of_the_act_selects_the_version_and_old_answers_stay(tmp_path: Path) -> None:
    old = HEAD.replace("2024-01-01", "2024-01-01\nto = 2024-12-31")
    new = HEAD.replace("2024-01-01", "2025-01-01")
    law = law_of(
        tmp_path, rule("gate", "export_gate", 'gate = "closed"', old) + f'[[rule.gate.dated]]\n{new}gate = "open"\n'
    )
    answers = [verdict(permits(law, asked("authorize"), on)) for on in (date(2024, 12, 31), date(2025, 1, 1))]
    assert answers == [Outcome.REFUSED, Outcome.ALLOWED]
    assert verdict(permits(law, asked("authorize"), date(2023, 12, 31))) is Outcome.ALLOWED, "before any rule"


def test_a_memorandum_never_permits_a_transfer_and_a_treaty_does(tmp_path: Path) -> None:
    permitting = {"IA", "TREATY", "JCM"}
    for form in (*permitting, "MOU", "MRA", "CONTRIB", "INTENT", "TALKS", "COOPERATION"):
        outcome = Outcome.ALLOWED if form in permitting else Outcome.REFUSED
        law = law_of(tmp_path, rule("p", "agreement", f'partners = ["CHE"]\nform = "{form}"'))
        facts = {"partner": "CHE", "purpose": "NDC", "quantity_t": 1}
        assert verdict(permits(law, asked("first_transfer", **facts), DAY)) is outcome, form


def test_proceeds_are_divided_as_the_text_says(tmp_path: Path) -> None:
    """A levy of 30 %, a quarter of the rest for the community, the remainder for the proponent."""
    law = law_of(tmp_path, LEVY, BENEFIT, AGREED)
    facts = {"agreed": True, "proceeds": 100_000_000, "currency": "USD", "received_on": "2025-01-01"}
    rulings = permits(law, asked("distribute", law, **facts), DAY)
    amounts = {amount.name: amount.quantity for ruling in rulings for amount in ruling.amounts}
    assert amounts == {"levy": 30_000_000, "community": 17_500_000, "proponent": 52_500_000}
    assert ("due", "2025-01-31") in [note for ruling in rulings for note in ruling.notes]


def test_a_value_levy_without_a_value_is_told_and_does_not_stop_the_act(tmp_path: Path) -> None:
    law = law_of(
        tmp_path, rule("adaptation", "levy", 'aim = "adaptation"\nshare = "5 %"\nbase = "value"\npayer = "buyer"')
    )
    facts = {"partner": "CHE", "purpose": "OP", "quantity_t": 1}
    open_amount = permits(law, asked("first_transfer", **facts), DAY)
    assert verdict(open_amount) is Outcome.ALLOWED
    known = permits(law, asked("first_transfer", **facts, value=101, currency="USD"), DAY)
    assert [(a.quantity, a.unit) for ruling in known for a in ruling.amounts] == [(6, "USD minor")]


def test_a_placeholder_stands_in_the_basis_of_every_answer_that_it_decides(tmp_path: Path) -> None:
    head = HEAD.replace('"seed"', '"placeholder"')
    value = '[value.rate]\nunit = "%"\nlabel = { en = "Rate", zh-Hant = "率" }\n'
    value += f'[[value.rate.dated]]\n{head}value = "10"\n'
    law = law_of(tmp_path, rule("l", "levy", 'aim = "levy"\nshare = "rate"'), value)
    rulings = permits(law, asked("issue", quantity_t=11), DAY)
    assert [basis.name for ruling in rulings for basis in ruling.doubtful] == ["value.rate"]


TERRITORY = rule("status", "party", 'status = "within_party"\nof = "CHN"')


@pytest.mark.parametrize("act", ["authorize", "first_transfer", "report"])
def test_a_territory_leaves_to_its_party_what_only_a_party_may_do(tmp_path: Path, act: str) -> None:
    pack = read(write(tmp_path, TERRITORY))
    refusal = first_refusal(permits(pack.law, asked(act, pack.law, partner="SGP", purpose="NDC"), DAY))  # type: ignore[union-attr]
    assert refusal is not None and refusal.refusal is not None
    assert (refusal.refusal.code, refusal.refusal.facts["party"]) == ("policy.party.within_party", "CHN")


FEE = rule("charge", "charge", 'scheme = "S"\ndeduct = "25,000 t"\nfactor = "20 %"\nrate = "300 TWD/t"')


def amounts_of(law: Law, act: str, **facts: object) -> dict[str, int]:
    rulings = permits(law, asked(act, law, **facts), DAY)
    assert verdict(rulings) is Outcome.ALLOWED, rulings
    return {amount.name: amount.quantity for ruling in rulings for amount in ruling.amounts}


@pytest.mark.parametrize(
    ("emissions", "chargeable", "charge"),
    [(24_999, 0, 0), (25_000, 0, 0), (25_004, 0, 0), (25_005, 1, 30_000), (100_000, 15_000, 450_000_000)],
)
def test_a_charge_takes_off_the_free_tonnes_weighs_the_rest_and_rounds_down_once(
    tmp_path: Path, emissions: int, chargeable: int, charge: int
) -> None:
    law = law_of(tmp_path, FEE, SCHEME)
    found = amounts_of(law, "cover", scheme="S", emissions_t=emissions)
    assert found == {"chargeable": chargeable, "charge": charge}


def test_the_limit_and_the_charge_of_units_follow_from_the_emissions(tmp_path: Path) -> None:
    """Of 15,000 chargeable tonnes 5 % are 750 units; each takes one tonne of NT$300."""
    law = law_of(tmp_path, FEE, SCHEME)
    found = amounts_of(
        law, "surrender", scheme="S", unit_type="A", quantity_t=751, surrendered_t=0, emissions_t=100_000
    )
    assert (found["cap"], found["accepted"], found["not_accepted"]) == (750, 750, 1)
    assert (found["charge_before"], found["charge_after"]) == (450_000_000, 450_000_000 - 750 * 30_000)


@pytest.mark.parametrize(("counts", "accepted", "deducted"), [("units", 100, 120), ("deducted", 83, 99)])
def test_a_limit_counts_units_or_the_tonnes_that_they_deduct(
    tmp_path: Path, counts: str, accepted: int, deducted: int
) -> None:
    """A limit of 100 t at 1.2 t for each unit: 100 units, or the 83 units that deduct 99.6 t."""
    content = SCHEME.replace('cap = "5 %"', f'cap = "5 %"\nfactor = "6:5"\ncap_counts = "{counts}"')
    found = amounts_of(
        law_of(tmp_path, content), "surrender",
        scheme="S", unit_type="A", quantity_t=200, surrendered_t=0, base_t=2_000,
    )  # fmt: skip
    assert (found["cap"], found["accepted"], found["deducted"]) == (accepted, accepted, deducted)
