"""A share of a whole number of units, with the rounding direction named by the caller."""

from fractions import Fraction


def share_up(quantity: int, share: Fraction) -> int:
    """The share of `quantity`, rounded up to a whole unit: for what is taken (levies, cancellations, buffers).

    >>> share_up(11_000, Fraction(2, 100))
    220
    >>> share_up(1, Fraction(2, 100))
    1
    """
    return -((-quantity * share.numerator) // share.denominator)


def share_down(quantity: int, share: Fraction) -> int:
    """The share of `quantity`, rounded down to a whole unit: for what is given (issuance).

    >>> share_down(1, Fraction(98, 100))
    0
    """
    return (quantity * share.numerator) // share.denominator
