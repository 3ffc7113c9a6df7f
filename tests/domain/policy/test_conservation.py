"""No rule creates or destroys a unit: for all shares and quantities the parts sum to the whole."""

from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.basis import Basis, Confidence, Span, Text
from counterfoil.domain.policy.clause import Clause, Rule
from counterfoil.domain.policy.figure import Figure, Quantity, quantity
from counterfoil.domain.policy.kinds.benefit_share import BenefitShareRule
from counterfoil.domain.policy.kinds.conversion import ConversionRule, Effect
from counterfoil.domain.policy.kinds.levy import Aim, LevyRule, Of, SharingRule
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.permits import permits
from counterfoil.domain.policy.ruling import Outcome, verdict
from counterfoil.domain.policy.soundness import SoundnessFault, flaws

DAY = date(2025, 1, 1)
SAID = Text("a rule", "規則")
shares = st.fractions(0, 1, max_denominator=1000)
quantities = st.integers(1, 10**9)


def figure(amount: Fraction, unit: str = "share") -> Figure:
    return Figure(Quantity(amount, unit))


def law(*contents: tuple[str, object]) -> Law:
    """A law of a mechanism with these rules, without a reader between."""
    rules = {}
    for number, (kind, content) in enumerate(contents):
        name = f"r{number}"
        basis = Basis("m", "1.0.0", name, SAID, Span(date(2024, 1, 1)), "s", "art. 1", Confidence.SEED)
        acts = frozenset({Act.ISSUE}) if kind == "levy" else frozenset()
        rules[name] = Rule(name, kind, SAID, (Clause(kind, basis, content, acts),))
    return Law("m", "1.0.0", "mechanism", "", SAID, {}, {}, rules, {})


@given(
    levies=st.lists(st.tuples(shares, st.sampled_from(Of)), max_size=4),
    parts=st.lists(shares, max_size=3),
    t=quantities,
)
@settings(max_examples=300, deadline=None)
def test_an_issuance_is_divided_without_a_tonne_lost_or_invented(
    levies: list[tuple[Fraction, Of]], parts: list[Fraction], t: int
) -> None:
    contents: list[tuple[str, object]] = [
        ("levy", LevyRule(Aim.LEVY, figure(share), of=of, order=order)) for order, (share, of) in enumerate(levies)
    ]
    contents.append(("sharing", SharingRule("rest", {f"p{n}": figure(part) for n, part in enumerate(parts)})))
    whole = law(*contents)
    rulings = permits(whole, Asked(Act.ISSUE, {"quantity_t": t}), DAY)
    if verdict(rulings) is Outcome.ALLOWED:
        amounts = [amount.quantity for ruling in rulings for amount in ruling.amounts if amount.part]
        assert sum(amounts) == t
        assert min(amounts) >= 0
    gross = sum((share for share, of in levies if of is Of.GROSS), Fraction(0))
    made = {flaw.fault for flaw in flaws(whole)}
    assert (SoundnessFault.UNITS_CREATED in made) == (gross > 1 or sum(parts, Fraction(0)) > 1)


@given(parts=st.lists(shares, min_size=1, max_size=4), cents=quantities)
@settings(max_examples=200, deadline=None)
def test_proceeds_are_divided_without_a_cent_lost(parts: list[Fraction], cents: int) -> None:
    whole = law(*(("benefit_share", BenefitShareRule("b", figure(part))) for part in parts))
    rulings = permits(whole, Asked(Act.DISTRIBUTE, {"proceeds": cents, "currency": "USD"}), DAY)
    amounts = [amount.quantity for ruling in rulings for amount in ruling.amounts if amount.part]
    assert verdict(rulings) is Outcome.ALLOWED
    assert sum(amounts) == cents


@given(ratio=st.fractions(Fraction(1, 50), 50, max_denominator=50), t=quantities)
@settings(max_examples=200, deadline=None)
def test_a_conversion_there_and_back_gives_what_was_given(ratio: Fraction, t: int) -> None:
    rule = ConversionRule(("A",), "B", Effect.SAME_LEDGER, figure(ratio, "ratio"), both_ways=True)
    whole = law(("conversion", rule))
    there = permits(whole, Asked(Act.CONVERT, {"from_type": "A", "to_type": "B", "quantity_t": t}), DAY)
    if verdict(there) is Outcome.ALLOWED:
        issued = there[0].amounts[1].quantity
        back = permits(whole, Asked(Act.CONVERT, {"from_type": "B", "to_type": "A", "quantity_t": issued}), DAY)
        assert back[0].amounts[1].quantity == t
    assert bool(list(flaws(whole))) == (ratio != 1), (
        "a ratio other than one between units of one tonne is refused at load"
    )


@given(
    amount=st.fractions(-(10**9), 10**9, max_denominator=10**6),
    unit=st.sampled_from(["t", "MW", "SGD", "SGD/t", "share"]),
)
def test_a_number_that_ends_is_written_and_read_back_the_same(amount: Fraction, unit: str) -> None:
    exact = Fraction(int(amount * 1000), 1000)
    assert quantity(str(Quantity(exact, unit))) == Quantity(exact, unit)
