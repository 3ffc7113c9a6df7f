"""Numbers as people read them: money with the digits of its currency, a year as a year."""

import pytest

from counterfoil.domain.policy.figure import money_text, quantity


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (1_500_015, "USD", "15,000.15 USD"),
        (5, "USD", "0.05 USD"),
        (1_200, "JPY", "1,200 JPY"),
        (-250, "SGD", "-2.50 SGD"),
        (0, "KRW", "0 KRW"),
    ],
)
def test_money_has_the_digits_of_its_currency(amount: int, currency: str, text: str) -> None:
    assert money_text(amount, currency) == text


@pytest.mark.parametrize(
    ("written", "shown"), [("2030 year", "2030 year"), ("2030 t", "2,030 t"), ("2.5 years", "2.5 years")]
)
def test_a_year_is_a_name_and_no_quantity(written: str, shown: str) -> None:
    assert str(quantity(written)) == shown
