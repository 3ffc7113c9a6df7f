"""Where two of our packs name each other by an agreement, they tell the same days and forms, or note why not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import combinations

import pytest

from counterfoil.domain.policy.basis import Span
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.law import Law
from counterfoil.packs.shelf import open_shelf


@cache
def laws() -> dict[str, Law]:
    """Our jurisdictions' laws by their codes."""
    return {pack.law.jurisdiction: pack.law for pack in open_shelf().packs.values() if pack.law.jurisdiction}


def edges(law: Law, partner: str) -> list[Clause]:
    """Every version of every agreement of a law with a partner."""
    versions = (clause for rule in law.rules.values() if rule.kind == "agreement" for clause in rule.versions)
    return [clause for clause in versions if partner in clause.content.partners]


def on(clauses: list[Clause], day: date) -> list[Clause]:
    return [clause for clause in clauses if day in clause.basis.span]


def turns(clauses: list[Clause]) -> list[date]:
    """The days on which something begins, and the days after something has ended."""
    spans: list[Span] = [clause.basis.span for clause in clauses]
    ends = {span.last + timedelta(days=1) for span in spans if span.last is not None}
    return sorted({span.first for span in spans} | ends)


def differences(one: Law, other: Law) -> Iterator[str]:
    """The days from which the two tell different forms, and no version in force on that day has a note."""
    ours, theirs = edges(one, other.jurisdiction), edges(other, one.jurisdiction)
    if not ours or not theirs:
        return
    for day in turns([*ours, *theirs]):
        here, there = on(ours, day), on(theirs, day)
        forms = [{clause.content.form.value for clause in side} for side in (here, there)]
        if forms[0] != forms[1] and not any(clause.basis.note for clause in (*here, *there)):
            told = " and ".join(", ".join(sorted(side)) or "nothing" for side in forms)
            yield f"{one.jurisdiction} and {other.jurisdiction} from {day.isoformat()}: {told}"


PAIRS = sorted(
    (one, other)
    for one, other in combinations(sorted(laws()), 2)
    if edges(laws()[one], other) and edges(laws()[other], one)
)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_both_sides_of_an_agreement_tell_the_same_days_and_forms_or_note_the_difference(one: str, other: str) -> None:
    assert list(differences(laws()[one], laws()[other])) == []


def test_most_agreements_between_our_packs_are_told_by_both() -> None:
    assert len(PAIRS) >= 20


def test_a_difference_without_a_note_is_found() -> None:
    """Ghana's side told with Thailand's day: the months between are a difference that nobody notes."""
    ghana, thailand = laws()["GHA"], edges(laws()["SGP"], "THA")[0]
    assert thailand.basis.note is None
    shifted = replace(thailand, content=replace(thailand.content, partners=("GHA",)))
    rule = replace(laws()["SGP"].rules["thailand"], versions=(shifted,))
    late = replace(laws()["SGP"], rules={"thailand": rule})
    quiet = replace(edges(ghana, "SGP")[0], basis=replace(edges(ghana, "SGP")[0].basis, note=None))
    early = replace(ghana, rules={"singapore": replace(ghana.rules["singapore"], versions=(quiet,))})
    assert list(differences(late, early)) == ["SGP and GHA from 2024-05-27: nothing and IA"]
