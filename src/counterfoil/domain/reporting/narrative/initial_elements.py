"""The elements of the initial report and of its updates, in the order of the outline.

Chapter I is common to all reports: each regular information attests it again.

Source: 2/CMA.3 annex paras. 4, 18-19; 18/CMA.1 annex para. 64; 6/CMA.4 annex V; 4/CMA.6 annex I; rulebook 4.2.
"""

from typing import Final

from counterfoil.domain.reporting.narrative.element import Answer, Condition, Element, Fact, Need

_D2: Final = "2/CMA.3 annex para. "
_MPG: Final = "; 18/CMA.1 annex para. "
_TEXT: Final = (Answer.TEXT,)

PARTICIPATION: Final = tuple(
    Element(
        f"I.{letter}",
        f"I.{letter}",
        f"2/CMA.3 annex paras. 4({paragraph}), 18(a)",
        Need.MANDATORY,
        (Answer.ATTESTATION,),
        evidenced=True,
    )
    for letter, paragraph in zip("ABCDEF", "abcdef", strict=True)
)
"""The six participation responsibilities: each attested, with a text or a document as its evidence."""


def _ndc(letter: str, paragraph: str, *, asks: tuple[Answer, ...] = (), fact: Fact | None = Fact.NDC) -> Element:
    """Chapter II is not asked where a biennial report has described the NDC; the Party then says so."""
    return Element(
        f"II.{letter}",
        f"II.{letter}",
        f"{_D2}18(b){_MPG}64({paragraph})",
        Need.IF_APPLICABLE,
        asks,
        fact=fact,
        fact_suffices=fact is not None,
    )


_NDC: Final = (
    _ndc("A", "a"),
    _ndc("B", "b"),
    _ndc("C", "c"),
    _ndc("D", "d"),
    _ndc("E", "e"),
    _ndc("F", "f", asks=_TEXT, fact=None),
    _ndc("G", "g", asks=_TEXT, fact=None),
)

_METHOD: Final = (
    Element("III.A", "III.A", f"{_D2}18(c)", Need.MANDATORY, _TEXT, fact=Fact.METRICS, fact_suffices=True),
    Element("III.B.1", "III.B.1", "2/CMA.3 annex paras. 7, 18(c)", Need.MANDATORY, _TEXT, fact=Fact.METHOD),
    Element(
        "III.B.2",
        "III.B.2",
        "2/CMA.3 annex paras. 7, 18(c); 4/CMA.6 annex I",
        Need.IF_APPLICABLE,
        _TEXT,
        when=Condition.PATH,
    ),
    Element("III.C", "III.C", f"{_D2}18(d)", Need.MANDATORY, (Answer.NUMBERS, Answer.YEARS, Answer.TEXT), any_of=True),
    Element("III.D", "III.D", f"{_D2}18(e)", Need.IF_APPLICABLE, _TEXT, when=Condition.NON_GHG),
    Element("III.E", "III.E", f"{_D2}18(f)", Need.IF_APPLICABLE, _TEXT, when=Condition.MEASURES),
)


def _per(
    number: str,
    paragraph: str,
    *asks: Answer,
    need: Need = Need.MANDATORY,
    fact: Fact | None = None,
    suffices: bool = False,
    when: Condition | None = None,
    compulsory: bool = False,
    point: bool = False,
) -> Element:
    """An element of chapter IV, asked of every cooperative approach."""
    return Element(
        f"IV.{number}",
        f"IV.{number}",
        f"4/CMA.6 annex I; {_D2}{paragraph}" if point else f"{_D2}{paragraph}",
        need,
        asks or _TEXT,
        per_approach=True,
        fact=fact,
        fact_suffices=suffices,
        when=when,
        compulsory=compulsory,
    )


_APPLICABLE: Final = Need.IF_APPLICABLE
_REVERSIBLE: Final = Condition.REVERSIBLE

OF_APPROACHES: Final = (
    _per("A", "18(g)", Answer.DOCUMENT, fact=Fact.LETTERS, suffices=True),
    _per("B", "18(g)"),
    _per("C", "18(g)", Answer.PERIOD),
    _per("D", "18(g)", Answer.YEARS, fact=Fact.EXPECTED, suffices=True),
    _per("E", "18(g)", fact=Fact.PARTICIPANTS, suffices=True),
    _per("F", "18(g)", fact=Fact.ENTITIES),
    _per("G.1", "18(h)(i)"),
    _per("G.1.a", "18(h)(i)", point=True),
    _per("G.1.b", "18(h)(i)", point=True),
    _per("G.1.c", "18(h)(i)", point=True),
    _per("G.1.d", "18(h)(i)", point=True),
    _per("G.2", "18(h)(ii)"),
    _per("G.2.a", "18(h)(ii)", point=True),
    _per("G.2.b", "18(h)(ii)", point=True),
    _per("G.2.c", "18(h)(ii)", point=True),
    _per("G.2.d", "18(h)(ii)", point=True),
    _per("G.3", "18(h)(iii)", need=_APPLICABLE, when=_REVERSIBLE),
    _per("G.3.a", "18(h)(iii)", need=_APPLICABLE, when=_REVERSIBLE, point=True),
    _per("G.3.b", "18(h)(iii)", need=_APPLICABLE, when=_REVERSIBLE, point=True),
    _per("H.1", "18(i)(i)"),
    _per("H.2", "18(i)(ii)"),
    _per("H.3", "18(i)(iii)"),
    _per("H.4", "18(i)(iv)"),
    _per("H.5", "18(i)(v), 37", Answer.MONEY, compulsory=True),
    _per("H.6", "18(i)(vi), 39", Answer.NUMBERS, compulsory=True),
)
"""What is asked of each cooperative approach; an updated initial report consists of these alone (para. 19)."""

INITIAL: Final = (*PARTICIPATION, *_NDC, *_METHOD, *OF_APPROACHES)
