"""No link of any page leads nowhere: a visitor and the people of its desks walk through a served demonstration."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from tests.browser.serving import Server, serving
from tests.web.chinese import english_words
from tests.web.crawling import OF_PROGRAMS, Links, Visitor, Walk, kind
from tests.worlds import served_world

DESKS = ("tasks", "me", "acts", "views")
SLOW = re.compile(r"format=(pdf|docx|xlsx)|reports/aef/|/desk/reports/check/|\.pdf$|\.parquet|/static/")
"""Documents that take seconds to make: other tests make them."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return served_world(tmp_path_factory, "THA")


@pytest.fixture(scope="module")
def demo(world: Path) -> Iterator[Server]:
    with serving("--demo", "--out", str(world)) as server:
        yield server


@pytest.fixture(scope="module")
def titles(world: Path) -> frozenset[str]:
    """What the activities of the public list are called: nobody translates that."""
    with open_for_reading(Folder(world / "THA" / "THA")) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)
        found = [value["title"] for key, value in sight.records("activity") if key.startswith("CDM-")]
    return frozenset(" ".join(title.split()) for title in found)


def of_a_walk(path: str) -> bool:
    """Not the same page in another language or at an older moment: those have the same links."""
    return not SLOW.search(path) and not re.search(r"[?&](lang|as_of)=", path) and not path.startswith("/desk")


def no_english(walk: Walk, titles: frozenset[str]) -> None:
    """No word of English is left on the Chinese pages of a walk; `chinese.py` says what counts as one."""
    gaps = {path: words for path, page in walk.read.items() if (words := english_words(page, titles))}
    assert gaps == {}


def test_every_link_of_the_public_pages_is_answered(demo: Server) -> None:
    walk = Visitor(demo.address).walk("/", "/readiness", "/claims", wanted=of_a_walk)
    assert walk.lost == []
    assert len(walk.pages) > 50 and walk.asked > 80


def test_every_link_of_the_public_pages_is_answered_in_chinese(demo: Server, titles: frozenset[str]) -> None:
    walk = Visitor(demo.address, "zh-TW").walk("/", "/readiness", "/claims", wanted=of_a_walk)
    assert walk.lost == []
    assert len(walk.pages) > 50
    no_english(walk, titles)


@pytest.mark.parametrize(
    "who, language, starts",
    [
        ("administrator_1", "zh-TW", ("admin", "first")),
        ("authority_1", "zh-TW", ()),
        ("developer", "en", ()),
        ("company", "zh-TW", ()),
        ("verifier", "en", ()),
        ("compiler", "zh-TW", ()),
        ("reviewer", "en", ()),
        ("partner", "zh-TW", ()),
    ],
)
def test_every_link_of_a_desk_is_answered(
    demo: Server, titles: frozenset[str], who: str, language: str, starts: tuple[str, ...]
) -> None:
    visitor = Visitor(demo.address, language, who)
    first = [f"/desk/{each}" for each in (*DESKS, *starts)]
    walk = visitor.walk(
        *first, wanted=lambda path: path.startswith("/desk") and "lang=" not in path and not SLOW.search(path)
    )
    assert walk.lost == []
    assert len(walk.pages) >= 8
    if language != "en":
        no_english(walk, titles)


def test_a_language_of_the_address_stays_in_links_of_pages_and_out_of_links_of_programs(demo: Server) -> None:
    visitor = Visitor(demo.address, "en")
    for path in ("/balance", "/reports", "/data", "/entries/10", "/activities"):
        links = Links(visitor.ask(f"{path}?lang=zh-Hant").page).found
        of_programs = [link for link in links if OF_PROGRAMS in f"/{link}"]
        assert not [link for link in of_programs if re.search(r"[?&]lang=", link)], path
        assert [link for link in links if link.endswith("?lang=zh-Hant")], path
        assert path == "/activities" or of_programs, path


def test_pages_of_one_kind_count_once_and_parameters_make_another() -> None:
    assert kind("/entries/10") == kind("/entries/523") != kind("/entries")
    assert kind("/units?state=held") == kind("/units?state=used") != kind("/units")
    assert kind("/api/v1/entries/10") != kind("/entries/10")
    assert kind("/data/activities") != kind("/data/entries")
