"""English and Traditional Chinese are equal: neither lacks a key, a text or a placeholder."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.tidy.test_fault_catalogue import placeholders, text_findings
from tests.tidy.tree import ROOT, SOURCE, files, no_findings, place

LOCALE = SOURCE / "locale"
LANGUAGES = ("en", "zh_Hant")
GLOSSARY = ROOT / "glossary.toml"
BASES = frozenset("T t P U H J".split())
PERCENT = re.compile(r"%\((\w+)\)")


def texts(language: str) -> dict[str, str]:
    """Key -> text. A fuzzy entry counts as not translated."""
    with (LOCALE / language / "LC_MESSAGES" / "counterfoil.po").open("rb") as file:
        found = read_po(file, locale=language, abort_invalid=True)
    return {str(entry.id): "" if entry.fuzzy else str(entry.string) for entry in found if entry.id}


def marks(text: str) -> set[str]:
    return placeholders(text) | set(PERCENT.findall(text))


def locale_findings(english: Mapping[str, str], chinese: Mapping[str, str]) -> list[str]:
    findings = [
        f"{key}: only in one language. Add it to the other .po file." for key in sorted(set(english) ^ set(chinese))
    ]
    for key in sorted(set(english) & set(chinese)):
        if not english[key].strip() or not chinese[key].strip():
            findings.append(f"{key}: empty or marked fuzzy. Translate it.")
        elif marks(english[key]) != marks(chinese[key]):
            findings.append(
                f"{key}: placeholders differ: {sorted(marks(english[key]))} and {sorted(marks(chinese[key]))}."
            )
    return findings


def one_sided(where: str, value: object) -> Iterator[str]:
    """Tables with `en` but not `zh-Hant`, or the reverse, at any depth of a TOML file."""
    match value:
        case dict():
            if ("en" in value) != ("zh-Hant" in value):
                yield f"{where}: has one language only. Add the other."
            elif isinstance(value.get("en"), str) and isinstance(value.get("zh-Hant"), str):
                if placeholders(value["en"]) != placeholders(value["zh-Hant"]):
                    yield f"{where}: the languages have different placeholders."
            for key, inner in value.items():
                yield from one_sided(f"{where}.{key}", inner)
        case list():
            for number, inner in enumerate(value, 1):
                yield from one_sided(f"{where}[{number}]", inner)


def term_findings(key: str, term: object) -> list[str]:
    if not isinstance(term, dict):
        return [f"{key}: no table. Write [{key}] with en, zh-Hant, also, basis, definition and source."]
    findings = text_findings(f"{key}.definition", term.get("definition"))
    if not re.fullmatch(r"[a-z][a-z0-9_]*", key):
        findings.append(f"{key}: a key is an identifier in snake_case, as it would stand in code.")
    for part in ("en", "zh-Hant", "source"):
        if not isinstance(term.get(part), str) or not str(term[part]).strip():
            findings.append(f"{key}.{part}: empty. Fill it in.")
    basis = term.get("basis")
    if not isinstance(basis, list) or not basis or not set(basis) <= BASES:
        findings.append(f"{key}.basis: {basis!r}. List letters of {sorted(BASES)}; the head of the file explains them.")
    elif ("J" in basis) != bool(term.get("provisional", False)):
        findings.append(f"{key}.provisional: true exactly where the basis holds J, our own judgement.")
    if not isinstance(term.get("also"), list):
        findings.append(f"{key}.also: a list of other words, empty when there are none.")
    return findings


def repeated(terms: Mapping[str, Mapping[str, object]]) -> list[str]:
    findings = []
    for part in ("en", "zh-Hant"):
        counted = Counter(str(term.get(part)).casefold() for term in terms.values())
        findings += [
            f"glossary: {word!r} stands for {count} terms. One word, one meaning."
            for word, count in counted.items()
            if count > 1
        ]
    chosen = {str(term.get("zh-Hant")): key for key, term in terms.items()}
    for key, term in terms.items():
        also = term.get("also")
        findings += [
            f"{key}.also: {word!r} is the chosen word of {chosen[word]}. A searcher would land on the wrong page."
            for word in (also if isinstance(also, list) else [])
            if chosen.get(word, key) != key
        ]
        if isinstance(also, list) and term.get("zh-Hant") in also:
            findings.append(f"{key}.also: repeats the chosen word.")
    return findings


def toml_files() -> list[Path]:
    return [path for path in files() if path.suffix == ".toml"]


def test_both_gettext_catalogues_have_the_same_keys_and_placeholders() -> None:
    no_findings(locale_findings(*(texts(language) for language in LANGUAGES)))


def test_no_table_in_a_toml_file_speaks_one_language_only() -> None:
    no_findings(
        [found for path in toml_files() for found in one_sided(place(path), tomllib.loads(path.read_text("utf-8")))]
    )


def test_every_term_of_the_glossary_is_complete_and_no_word_has_two_meanings() -> None:
    terms = tomllib.loads(GLOSSARY.read_text("utf-8"))
    assert len(terms) >= 60, "the glossary lost terms"
    no_findings([found for key, term in terms.items() for found in term_findings(key, term)] + repeated(terms))


TERM = {
    "en": "vintage",
    "zh-Hant": "減量年份",
    "also": ["年份"],
    "basis": ["H"],
    "definition": {"en": "Calendar year in which the mitigation happened.", "zh-Hant": "減緩實際發生之曆年。"},
    "source": "6/CMA.4, paragraph 5",
}


@pytest.mark.parametrize(
    "change",
    [
        {"zh-Hant": ""},
        {"source": " "},
        {"basis": []},
        {"basis": ["X"]},
        {"basis": ["J"]},
        {"provisional": True},
        {"also": "年份"},
        {"definition": {"en": "Calendar year."}},
    ],
)
def test_a_bad_term_is_found(change: dict[str, object]) -> None:
    assert not term_findings("vintage", TERM)
    assert term_findings("vintage", TERM | change)


def test_a_word_with_two_meanings_is_found() -> None:
    other = TERM | {"en": "year", "zh-Hant": "年度", "also": []}
    assert not repeated({"vintage": TERM, "year": other})
    assert repeated({"vintage": TERM, "year": other | {"zh-Hant": "減量年份"}})
    assert repeated({"vintage": TERM, "year": other | {"also": ["減量年份"]}})
    assert repeated({"vintage": TERM | {"also": ["減量年份"]}})
    assert term_findings("Vintage Year", TERM)


def test_a_bad_pair_of_gettext_catalogues_is_found() -> None:
    assert not locale_findings({"a": "{n} units"}, {"a": "{n} 單位"})
    assert locale_findings({"a": "units"}, {})
    assert locale_findings({"a": "units"}, {"a": ""})
    assert locale_findings({"a": "{n} units"}, {"a": "單位"})
    assert locale_findings({"a": "%(n)s units"}, {"a": "單位"})


def test_a_table_in_one_language_is_found_at_any_depth() -> None:
    assert not list(one_sided("x", {"label": {"en": "A {n}", "zh-Hant": "甲 {n}"}}))
    assert list(one_sided("x", {"values": [{"label": {"en": "A"}}]}))
    assert list(one_sided("x", {"label": {"en": "A {n}", "zh-Hant": "甲"}}))
