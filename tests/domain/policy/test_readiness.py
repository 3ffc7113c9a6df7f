"""What a country has, pilots or lacks: which evidence decides, and what silence means."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.pack import Pack
from counterfoil.domain.policy.readiness import Ground, Line, Means, Said, Shown, State, counted, readiness
from tests.packs.exampleland import HEAD, law_of, read, rule, write

DAY, LATER = date(2025, 1, 1), date(2026, 1, 1)
GUESS = HEAD.replace("seed", "placeholder")
LONG_AGO = HEAD.replace("2024", "2000")
GENERAL = HEAD.replace("seed", "general")
LETTERS = 'group = "system"\nnext = ["do Authorize"]\nlaw.role = ["may=authorize"]\nrecords.authorization = []\n'
METHOD = 'group = "law"\nnext = ["do ChooseMethod"]\nlaw.method = ["method!=not_chosen"]\ndecisive = ["method"]\n'
TRIAL = (
    'group = "system"\nnext = ["do Verify"]\nrecords.monitoring = ["evidence!="]\nrecords.verification = []\n'
    'records_show = "pilots"\n'
)
AUTHORITY = rule("authority", "role", 'authority = "A"\nmay = ["authorize", "report"]')
CHOSEN = rule("method", "method", 'method = "averaging"')
APART, SHADOW = 'apart = ["non_party"]\n', 'shadow = ["non_party"]\n'
EMPTY = Ground({})


def criteria(folder: Path, content: str) -> Law:
    return law_of(folder / "criteria", rule("asked", "criterion", content, LONG_AGO))


def line(folder: Path, content: str, *rules: str, ground: Ground | None = None, on: date = DAY) -> Line:
    law = law_of(folder / "law", *rules)
    (found,) = readiness(criteria(folder, content), law, ground, on)
    return found


def shown(kind: str, value: Any = None, *, key: str = "k", entry: int = 7, on: date = DAY) -> Shown:
    return Shown(kind, key, value or {}, entry, on)


def said(state: State, *, on: date = DAY, entry: int = 9, about: str = "asked") -> Said:
    return Said(about, state, shown("arrangement", entry=entry, on=on), "5" * 64)


def books(*found: Shown, **more: Any) -> Ground:
    return Ground({each.kind: tuple(other for other in found if other.kind == each.kind) for each in found}, **more)


def test_a_rule_in_force_shows_it_and_a_rule_of_another_act_does_not(tmp_path: Path) -> None:
    assert line(tmp_path, LETTERS, AUTHORITY).state is State.HAS
    other = rule("authority", "role", 'authority = "A"\nmay = ["issue"]')
    assert line(tmp_path, LETTERS, other).state is State.CANNOT_BE_DETERMINED
    assert line(tmp_path, LETTERS, AUTHORITY, on=date(2023, 12, 31)).state is State.CANNOT_BE_DETERMINED


def test_a_placeholder_shows_nothing_and_general_knowledge_is_marked(tmp_path: Path) -> None:
    guess = rule("method", "method", 'method = "averaging"', GUESS)
    assert line(tmp_path, METHOD, guess).state is State.CANNOT_BE_DETERMINED
    general = line(tmp_path, METHOD, rule("method", "method", 'method = "averaging"', GENERAL))
    assert (general.state, general.doubtful) == (State.HAS, True)
    founded = line(tmp_path, METHOD, rule("method", "method", 'method = "averaging"'))
    assert (founded.state, founded.doubtful) == (State.HAS, False)


def test_a_decisive_kind_that_speaks_otherwise_says_that_it_is_missing(tmp_path: Path) -> None:
    assert line(tmp_path, METHOD, rule("method", "method", 'method = "not_chosen"')).state is State.LACKS
    assert line(tmp_path, METHOD).state is State.CANNOT_BE_DETERMINED


def test_silence_of_the_pack_is_no_lack_but_an_empty_book_is(tmp_path: Path) -> None:
    assert line(tmp_path, LETTERS).state is State.CANNOT_BE_DETERMINED
    assert line(tmp_path, LETTERS, ground=EMPTY).state is State.LACKS
    assert line(tmp_path, METHOD, ground=EMPTY).state is State.CANNOT_BE_DETERMINED


def test_every_kind_of_record_is_needed_and_each_must_meet_its_condition(tmp_path: Path) -> None:
    report, proof = shown("monitoring", {"evidence": ["5" * 64]}), shown("verification", entry=8)
    found = line(tmp_path, TRIAL, ground=books(report, proof))
    assert (found.state, [each.shown.entry for each in found.evidence if each.shown]) == (State.PILOTS, [7, 8])
    assert line(tmp_path, TRIAL, ground=books(report)).state is State.LACKS
    bare = shown("monitoring", {"evidence": []})
    assert line(tmp_path, TRIAL, ground=books(bare, proof)).state is State.LACKS


def test_the_authority_goes_before_the_books_the_books_before_the_pack(tmp_path: Path) -> None:
    named = rule("gaps", "arrangement", 'lacks = ["asked"]')
    pack = line(tmp_path, LETTERS, AUTHORITY, named)
    assert (pack.state, pack.evidence[0].means) == (State.LACKS, Means.ARRANGEMENT)
    recorded = line(tmp_path, LETTERS, named, ground=books(shown("authorization")))
    assert (recorded.state, recorded.evidence[0].means) == (State.HAS, Means.RECORD)
    stated = books(shown("authorization"), statements=(said(State.PILOTS),))
    told = line(tmp_path, LETTERS, named, ground=stated)
    assert (told.state, told.evidence[0].means, told.evidence[0].document) == (
        State.PILOTS,
        Means.STATEMENT,
        "5" * 64,
    )


def test_the_latest_statement_holds_and_one_on_another_line_does_not_count(tmp_path: Path) -> None:
    twice = books(statements=(said(State.HAS, on=LATER), said(State.PILOTS, entry=10)))
    assert line(tmp_path, LETTERS, ground=twice).state is State.HAS
    other = books(statements=(said(State.HAS, about="other"),))
    assert line(tmp_path, LETTERS, ground=other).state is State.LACKS


@pytest.mark.parametrize(("state", "expected"), [(State.HAS, State.HAS), (State.LACKS, State.LACKS)])
def test_an_attestation_counts_by_its_letter(tmp_path: Path, state: State, expected: State) -> None:
    content = 'group = "participation"\nnext = []\nattested = "b"\n'
    assert line(tmp_path, content, ground=books(attestations=(said(state, about="b"),))).state is expected
    assert line(tmp_path, content, ground=books(attestations=(said(State.HAS, about="c"),))).state is State.LACKS


def test_who_is_no_party_is_not_asked_or_keeps_a_shadow_that_does_not_count(tmp_path: Path) -> None:
    outside = read(write(tmp_path / "outside", rule("status", "party", 'status = "non_party"') + CHOSEN))
    assert isinstance(outside, Pack)
    (apart,) = readiness(criteria(tmp_path / "a", METHOD + APART), outside.law, None, DAY)
    assert (apart.state, apart.evidence) == (State.NOT_APPLICABLE, ())
    (shadow,) = readiness(criteria(tmp_path / "b", METHOD + SHADOW), outside.law, None, DAY)
    assert (shadow.state, shadow.shadow, len(shadow.evidence)) == (State.LACKS, True, 1)
    inside = line(tmp_path, METHOD + SHADOW + APART, CHOSEN)
    assert (inside.state, inside.shadow) == (State.HAS, False)


def test_a_group_counts_what_is_there_and_not_what_is_piloted(tmp_path: Path) -> None:
    law = law_of(tmp_path / "law", rule("gaps", "arrangement", 'lacks = ["asked", "nowhere"]'))
    book = criteria(tmp_path, LETTERS)
    for state, has in ((State.HAS, 1), (State.PILOTS, 0)):
        lines = readiness(book, law, books(statements=(said(state),)), DAY)
        (count,) = counted(law, lines, DAY)
        assert (count.rule.name, count.has, count.of) == ("gaps", has, 2)


def test_without_a_pack_only_the_books_speak(tmp_path: Path) -> None:
    (found,) = readiness(criteria(tmp_path, LETTERS), None, books(shown("authorization")), DAY)
    assert found.state is State.HAS
