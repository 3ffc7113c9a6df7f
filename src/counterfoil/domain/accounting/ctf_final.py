"""Lines 16 to 20 of CTF table 4: whether the NDC was achieved, in the report on the end of its period only.

Source: 18/CMA.1 annex para. 70; 2/CMA.3 annex para. 23(l); rulebook 3.6.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from counterfoil.domain.accounting.ctf_lines import BY_NUMBER, Row
from counterfoil.domain.accounting.emissions_balance import Method
from counterfoil.domain.accounting.figure import Figure, Unavailable, total
from counterfoil.domain.accounting.ndc import Ndc, Target, TargetForm
from counterfoil.domain.accounting.period_account import PeriodAccount
from counterfoil.domain.accounting.target import Comparison, budget, ceiling
from counterfoil.domain.kernel.period import YearSpan

ASSESSMENT: Final = (16, 17, 18, 19, 20)


def final_rows(ndc: Ndc | None, compared: Mapping[str, Comparison] | None) -> Iterator[Row]:
    """The five lines for every target, or once with the reason why they are empty.

    An NDC of measures without a quantity has no target to compare: the lines do not apply to it.

    Args:
        compared: Comparisons by the target's name; None before the report on the end of the period.
    """
    if ndc is None or not compared:
        ended = Unavailable.FINAL_REPORT_ONLY if compared is None else Unavailable.NOT_APPLICABLE
        reason = Unavailable.NDC_NOT_RECORDED if ndc is None else ended
        for number in ASSESSMENT:
            yield Row(BY_NUMBER[number], single=reason)
        return
    for target in ndc.targets:
        yield from _assessed(target, compared[target.name])


def _assessed(target: Target, found: Comparison) -> Iterator[Row]:
    unit, name = target.measure, target.name
    base = Unavailable.TARGET_LEVEL_MISSING if target.base_level is None else Fraction(target.base_level)
    yield Row(BY_NUMBER[16], unit, about=name, statement=target.statement, target=target.value, target_year=target.year)
    yield Row(BY_NUMBER[17], unit, about=name, single=base, target_year=target.base_year)
    yield Row(BY_NUMBER[18], unit, about=name, single=found.reached)
    yield Row(BY_NUMBER[19], unit, about=name, single=found.margin)
    yield Row(BY_NUMBER[20], unit, about=name, statement=found.outcome.value)


def tonnes_compared(
    target: Target, account: PeriodAccount | None, balances: Mapping[int, Figure], *, period: YearSpan
) -> Comparison:
    """A target in tonnes against the balances: of one year, or of all years together against the budget.

    A budget named by the target decides; without one, a multi-year account's own path is the budget.

    Source: 2/CMA.3 annex para. 7; rulebook 3.6.
    """
    years = [balances.get(year, Unavailable.INVENTORY_MISSING) for year in period.years()]
    if target.form is TargetForm.BUDGET:
        named = target.value
        if not isinstance(named, Unavailable) or account is None or account.method is not Method.MULTI_YEAR:
            return ceiling(named, total(years))
        path: list[Figure] = [account.level(year) for year in period.years()]
        return budget(path, years)
    return ceiling(target.value, balances.get(target.year, Unavailable.INVENTORY_MISSING))
