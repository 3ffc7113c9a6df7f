"""Printed PDF files, read by another library: text, tags, language, fonts, and what no text may do."""

import io
import re
import time
import unicodedata
from pathlib import Path

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from counterfoil.adapters.documents.abridgement import Bounds
from counterfoil.adapters.documents.pdf import FONTS, TEMPLATE, printed
from counterfoil.application.paper import Column, Fields, Paper, Paragraph, Section, Table
from counterfoil.application.ports import Outage
from tests.documents.papers import HOSTILE, TEXTS, paper, saying


def reader(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def text_of(content: bytes) -> str:
    """All text without white space: where a line ends is no matter here."""
    return re.sub(
        r"\s", "", unicodedata.normalize("NFKC", "".join(page.extract_text() for page in reader(content).pages))
    )


def packed(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def one(*texts: str) -> Paper:
    return Paper("T", "en", sections=(Section("S", tuple(map(Paragraph, texts))),))


@pytest.mark.parametrize("language", TEXTS)
def test_another_reader_finds_the_texts_the_title_and_the_language(language: str) -> None:
    content = printed(paper(language))
    found = text_of(content)
    assert all(packed(text) in found for text in TEXTS[language])
    book = reader(content)
    assert book.metadata is not None and book.metadata.title == TEXTS[language][0]
    assert str(book.trailer["/Root"]["/Lang"]).startswith(language[:2])


def test_a_pdf_is_tagged_and_says_that_it_is_for_archives_and_for_everyone() -> None:
    content = printed(paper())
    root = reader(content).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    told = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in told and "<pdfaid:conformance>A</pdfaid:conformance>" in told
    assert "<pdfuaid:part>1</pdfuaid:part>" in told


def test_a_pdf_holds_only_the_letters_that_it_shows() -> None:
    assert len(printed(paper("zh-Hant"))) < 400_000 < (FONTS / "NotoSansTC-Regular.ttf").stat().st_size


@pytest.mark.parametrize("language", TEXTS)
def test_the_same_paper_gives_the_same_bytes(language: str) -> None:
    assert printed(paper(language, mark="DRAFT")) == printed(paper(language, mark="DRAFT"))


def test_a_wide_table_lies_on_its_side_and_repeats_its_head() -> None:
    pages = reader(printed(paper(chapters=3))).pages
    flat = [page for page in pages if page.mediabox.width > page.mediabox.height]
    assert len(flat) > 1
    assert all("2021" in page.extract_text() and "2030" in page.extract_text() for page in flat)
    assert pages[0].mediabox.height > pages[0].mediabox.width


def test_every_page_shows_the_mark_its_number_and_how_many_there_are() -> None:
    pages = reader(printed(paper(mark="DRAFT", chapters=5))).pages
    for number, page in enumerate(pages, 1):
        text = page.extract_text()
        assert f"Page {number} of {len(pages)}" in text
        assert "DRAFT" in text


@pytest.mark.parametrize("language", TEXTS)
def test_markup_in_a_text_is_printed_as_it_is(language: str) -> None:
    found = text_of(printed(saying(*HOSTILE, language=language)))
    for text in HOSTILE:
        assert found.count(packed(text)) >= 4, text


def test_the_template_reads_nothing_and_runs_nothing() -> None:
    source = re.sub(r"//.*", "", (TEMPLATE / "paper.typ").read_text(encoding="utf-8"))
    assert not re.search(r"\b(?:import|include|eval|read|plugin|image|csv|yaml|toml|xml|cbor|bibliography)\b", source)
    assert re.findall(r"\bjson\(([^)]*)", source) == ["bytes(sys.inputs.paper"]


@pytest.mark.parametrize("character", ["\u202e", "\u200b", "\x07", "\ue000", "\U0001f600", "ก"])
def test_a_character_without_a_shape_is_shown_by_its_number(character: str) -> None:
    assert f"‹U+{ord(character):04X}›" in text_of(printed(one(f"a{character}b")))


def test_a_long_word_ends_at_the_margin_and_stays_one_word() -> None:
    word = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    table = Table("c", (Column("a"), Column("b")), ((word, word),))
    assert (
        text_of(printed(Paper("T", "en", sections=(Section("S", (table, Fields(((word, word),)))),)))).count(word) == 4
    )


@settings(max_examples=25)
@given(some.lists(some.text(max_size=40), min_size=1, max_size=8))
def test_no_text_can_stop_the_printer(texts: list[str]) -> None:
    assert printed(one(*texts)).startswith(b"%PDF")


@pytest.mark.parametrize(
    "text", ["lorem ipsum " * 420_000, "A" * 5_000_000, "a\n" * 2_500_000, "a" + "\u0301" * 1_000_000]
)
def test_a_text_of_five_million_characters_is_cut_with_a_notice(text: str) -> None:
    begun = time.process_time()
    found = text_of(printed(one(text)))
    assert "Shortened" in found and packed("The spreadsheet or the data file holds the rest.") in found
    assert time.process_time() - begun < 20


def test_a_table_of_fifty_thousand_rows_shows_its_beginning_and_where_the_rest_is() -> None:
    rows = tuple((str(n), "x") for n in range(50_000))
    book = Paper("T", "en", sections=(Section("S", (Table("c", (Column("n"), Column("x")), rows),)),))
    found = text_of(printed(book, bounds=Bounds(table_rows=100)))
    assert packed("This table shows 100 of 50000 rows.") in found


def test_without_fonts_it_says_so_rather_than_print_boxes(tmp_path: Path) -> None:
    with pytest.raises(Outage) as outage:
        printed(paper(), fonts=tmp_path)
    assert outage.value.code == "printing.fonts_missing"
    assert "NotoSansTC-Bold.ttf" in outage.value.facts["fonts"]


def test_a_report_of_twenty_pages_takes_less_than_two_seconds_of_the_processor() -> None:
    printed(paper())
    long = paper("zh-Hant", chapters=22)
    begun = time.process_time()
    content = printed(long)
    assert time.process_time() - begun < 2
    assert len(reader(content).pages) >= 20
