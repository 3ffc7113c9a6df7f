"""The elements of the regular information and the narratives of CTF table 3, in the order of the outline.

Keys begin with `R.`, because the initial report counts with the same Roman numbers; chapter I is the initial report's.

Source: 2/CMA.3 annex paras. 21-22, 37-40; 6/CMA.4 annex VI; 18/CMA.1 annex paras. 75(f), 77(d)(iii)-(iv);
rulebook 4.3-4.4.
"""

from typing import Final

from counterfoil.domain.reporting.narrative.element import Answer, Condition, Element, Fact, Need
from counterfoil.domain.reporting.narrative.initial_elements import PARTICIPATION

PREFIX: Final = "R."
_D2: Final = "2/CMA.3 annex para. "
_MPG: Final = "18/CMA.1 annex para. "
_APPLICABLE: Final = Need.IF_APPLICABLE


def _asked(
    number: str,
    provision: str,
    *asks: Answer,
    need: Need = Need.MANDATORY,
    fact: Fact | None = None,
    suffices: bool = False,
    when: Condition | None = None,
    compulsory: bool = False,
) -> Element:
    return Element(
        f"{PREFIX}{number}",
        number,
        provision,
        need,
        asks or (Answer.TEXT,),
        per_approach=number.startswith(("VI.", "T3.")),
        fact=fact,
        fact_suffices=suffices,
        when=when,
        compulsory=compulsory,
    )


_OF_PARTY: Final = (
    _asked("II.A", f"{_D2}21(b)", need=_APPLICABLE),
    _asked("II.B", f"{_D2}21(b); {_MPG}64", need=_APPLICABLE),
    _asked("III", f"{_D2}21(c)", need=_APPLICABLE, fact=Fact.AUTHORIZATIONS, suffices=True),
    _asked("IV.A", f"{_D2}21(d)"),
    _asked("IV.B", f"{_D2}21(d)"),
    _asked("IV.C", f"{_D2}21(d)"),
    _asked("V", f"{_D2}21(e)", fact=Fact.USES),
)

OF_APPROACHES: Final = (
    _asked("VI.A", f"{_D2}22(a)"),
    _asked("VI.B.1", f"{_D2}22(b)(i)"),
    _asked("VI.B.2", f"{_D2}22(b)(ii)"),
    _asked("VI.B.3", f"{_D2}22(b)(iii)", need=_APPLICABLE, when=Condition.REVERSIBLE),
    _asked("VI.C", f"{_D2}22(c)", need=_APPLICABLE, when=Condition.GHG),
    _asked("VI.D.1", f"{_D2}22(d)(i)", need=_APPLICABLE, when=Condition.NON_GHG),
    _asked("VI.D.2", f"{_D2}22(d)(ii)", need=_APPLICABLE, when=Condition.NON_GHG),
    _asked("VI.D.3", f"{_D2}22(d)(iii)", need=_APPLICABLE, when=Condition.NON_GHG),
    _asked("VI.E", f"{_D2}22(e)", need=_APPLICABLE),
    _asked("VI.F", f"{_D2}22(f)"),
    _asked("VI.G", f"{_D2}22(g)"),
    _asked("VI.H", f"{_D2}22(h)"),
    _asked("VI.I", f"{_D2}22(i)"),
    _asked("VI.J", f"{_D2}22(j), 37-38", Answer.MONEY, fact=Fact.ADAPTATION, compulsory=True),
    _asked("VI.K", f"{_D2}22(k), 39-40", Answer.NUMBERS, fact=Fact.OMGE, compulsory=True),
)

TABLE_3: Final = (
    _asked("T3.A", f"{_MPG}75(f)"),
    _asked("T3.B", f"{_MPG}77(d)(iii)", need=_APPLICABLE),
    _asked("T3.C", f"{_MPG}77(d)(iv)"),
)
"""The narratives that CTF table 3 asks for of each cooperative approach."""

ANNEX: Final = (_asked("Annex", "6/CMA.4 annex VI", need=Need.VOLUNTARY),)

REGULAR: Final = (*PARTICIPATION, *_OF_PARTY, *OF_APPROACHES, *TABLE_3, *ANNEX)
