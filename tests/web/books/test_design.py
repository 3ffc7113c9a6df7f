"""The page of parts shows every part, with invented things only."""

import re

import pytest

from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.web.typeset import environment
from tests.http.desk import asking
from tests.web.register.seen import seen

pytestmark = pytest.mark.anyio
INSIDE_OTHERS = {"csrf", "field", "described", "fault_note"}


def source(name: str) -> str:
    loader = environment().loader
    assert loader is not None
    return loader.get_source(environment(), name)[0]


def test_every_general_part_stands_on_the_page_of_parts() -> None:
    shown = set(re.findall(r"ui\.(\w+)\(", source("portal/design.html")))
    parts = set(re.findall(r"{% macro (\w+)\(", source("parts/ui.html")))
    assert parts - INSIDE_OTHERS <= shown


async def test_the_page_of_parts_is_whole_in_both_languages_and_reads_nothing_of_the_books(book: Folder) -> None:
    async with asking(book) as client:
        for language in ("en", "zh-Hant"):
            page = await seen(client, f"/design?lang={language}")
            assert not re.search(r"\b(web|field|value|act)\.[a-z_]+", page.text)
            assert "THA-LOA-1" not in page.text and "CA0001-XAA01-XAA-71-2025" in page.text
