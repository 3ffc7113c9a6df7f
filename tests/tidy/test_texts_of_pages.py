"""No page asks for a text that is missing: every key in a template or in the pages' code is in both languages."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.tidy.test_two_languages import LANGUAGES, texts
from tests.tidy.tree import SOURCE, no_findings, place

PAGES = SOURCE / "entrypoints" / "web"
AREAS = "web|field|word|value|act|record|help|due"
KEY = re.compile(rf"""(['"])((?:{AREAS})\.[A-Za-z0-9_.-]*)(?:\1|(?=\{{))""")
"""A key as it is written, or what stands before the part that is only known on the page."""


PROSE = re.compile(r'"""(?s:.*?)"""')
"""What is said about code may name keys that are examples."""


def keys_of(text: str) -> Iterator[str]:
    """Keys, and beginnings of keys with a dot at their end."""
    return (found[2] for found in KEY.finditer(PROSE.sub("", text)))


def gaps(where: str, text: str, known: frozenset[str]) -> list[str]:
    """Keys that no catalogue has, also as the beginning of others."""
    return [
        f"{where}: no text {key!r}. Add it to both .po files."
        for key in sorted(set(keys_of(text)))
        if key not in known and not any(each.startswith(f"{key.removesuffix('.')}.") for each in known)
    ]


def sources() -> list[Path]:
    return [path for path in sorted(PAGES.rglob("*")) if path.suffix in (".html", ".py")]


def test_every_text_that_a_page_asks_for_is_there_in_both_languages() -> None:
    found: list[str] = []
    files = sources()
    assert len(files) > 150, "the pages have moved"
    for language in LANGUAGES:
        known = frozenset(texts(language))
        found += [f"{language}: {gap}" for path in files for gap in gaps(place(path), path.read_text("utf-8"), known)]
    no_findings(found)


def test_a_missing_text_is_found_and_a_beginning_counts_for_what_it_begins() -> None:
    known = frozenset({"web.home.title", "web.link.live"})
    page = "{{ t('web.home.title') ~ t('web.link.' ~ state) ~ t('web.gone.title') ~ t.known(\"word.X.\" ~ x) }}"
    assert [each.split("'")[1] for each in gaps("page", page, known)] == ["web.gone.title", "word.X."]
    assert gaps("code", 'texts(f"web.link.{state}")', known) == []
    assert len(gaps("code", 'texts(f"web.none.{state}")', known)) == 1
