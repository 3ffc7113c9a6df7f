"""What the law asks for an act, as the lines of an invoice. Source: ADR-0024."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.applying import applying
from counterfoil.domain.policy.asked import asked_from
from counterfoil.domain.policy.kinds.fee import FEE
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Ruling
from counterfoil.domain.settlement.invoice import FeeLine


def fee_lines(
    law: Law, act: str, facts: Mapping[str, Any], *, currency: str, on: date
) -> tuple[FeeLine, ...] | Refusal:
    """One line for each fee in a currency, in minor units; a fee that cannot be told refuses the invoice.

    A fee that is not settled yet is what an invoice is for, so it refuses nothing here.
    """
    asked = asked_from(act, facts, law.facts)
    if isinstance(asked, Refusal):
        return asked
    clauses, questions = applying(law, FEE.name, asked, on)
    rulings = [*questions, *FEE.decide(clauses, asked, law, on)]
    silent = next((each for each in rulings if each.refusal is not None and not each.amounts), None)
    if silent is not None and silent.refusal is not None:
        return silent.refusal
    return tuple(line for ruling in rulings for line in _of(ruling, currency))


def _of(ruling: Ruling, currency: str) -> tuple[FeeLine, ...]:
    basis = ruling.basis[0]
    return tuple(
        FeeLine(basis.name, basis.pack, basis.provision, amount.quantity, amount.recipient)
        for amount in ruling.amounts
        if amount.unit == f"{currency} minor"
    )
