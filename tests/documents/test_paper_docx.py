"""Printed Word files, read by another library: headings, tables, fields, languages, and what no text may do."""

import io
import re
import zipfile
from typing import Any
from xml.etree import ElementTree

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as some

from counterfoil.adapters.documents.docx import printed
from counterfoil.application.paper import Column, Paper, Paragraph, Section, Table
from tests.documents.papers import HOSTILE, TEXTS, paper, saying


def opened(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def text_of(content: bytes) -> str:
    return "\n".join(node.text or "" for node in opened(content).element.iter(qn("w:t")))


@pytest.mark.parametrize("language", TEXTS)
def test_another_reader_finds_headings_texts_and_facts(language: str) -> None:
    document = opened(printed(paper(language)))
    title, chapter, sentence = TEXTS[language]
    looks = [(each.style.name, each.text) for each in document.paragraphs]
    assert ("Title", title) in looks and ("Heading 1", f"I\t{chapter}") in looks
    assert ("Heading 2", f"I.A\t{chapter} A") in looks
    assert ("Body Text", sentence) in looks and ("List Bullet", chapter) in looks
    assert document.tables[0].cell(0, 1).text == "CHE"
    assert document.core_properties.title == title
    assert document.core_properties.language == language
    assert document.core_properties.created.date().isoformat() == "2026-11-22"


def test_a_table_repeats_its_head_keeps_its_rows_whole_and_marks_its_totals() -> None:
    table = opened(printed(paper())).tables[2]
    head, _, total = (row._tr for row in table.rows)
    assert head.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None
    assert all(row._tr.find(qn("w:trPr")).find(qn("w:cantSplit")) is not None for row in table.rows)
    assert [cell.text for cell in table.rows[2].cells] == ["B", "not available"]
    assert all(node.find(qn("w:b")) is not None for node in total.iter(qn("w:rPr")))


def test_pages_are_numbered_by_fields_and_a_wide_table_lies_on_its_side() -> None:
    content = printed(paper(mark="DRAFT", chapters=3))
    sections = opened(content).sections
    assert [each.page_width > each.page_height for each in sections] == [False, False, True, False]
    for number in (1, 2, 3):
        foot, head = part(content, f"word/footer{number}.xml"), part(content, f"word/header{number}.xml")
        assert re.findall(r"<w:instrText[^>]*> (\w+) ", foot) == ["PAGE", "NUMPAGES"]
        assert "DRAFT" in head and "PowerPlusWaterMarkObject" in head
    assert all(each.footer.paragraphs[0].text for each in sections)


@pytest.mark.parametrize(("language", "latin"), [("en", "en"), ("zh-Hant", "en-GB")])
def test_chinese_has_a_font_and_a_language_of_its_own(language: str, latin: str) -> None:
    content = printed(paper(language))
    styles = part(content, "word/styles.xml")
    assert f'<w:lang w:val="{latin}" w:eastAsia="zh-TW"' in styles
    assert 'w:eastAsia="Microsoft JhengHei"' in styles
    assert '<w:altName w:val="Noto Sans TC"/>' in part(content, "word/fontTable.xml")


@pytest.mark.parametrize("language", TEXTS)
def test_the_same_paper_gives_the_same_bytes_without_a_clock(language: str) -> None:
    content = printed(paper(language))
    assert content == printed(paper(language))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_every_part_is_well_formed_and_every_name_leads_somewhere() -> None:
    with zipfile.ZipFile(io.BytesIO(printed(saying(*HOSTILE)))) as archive:
        names = archive.namelist()
        for name in names:
            ElementTree.fromstring(archive.read(name))
        types, relations = (
            archive.read("[Content_Types].xml").decode(),
            archive.read("word/_rels/document.xml.rels").decode(),
        )
        document = archive.read("word/document.xml").decode()
    assert {f"/{name}" for name in names if name.startswith("word/") and "_rels" not in name} == {
        target for target in re.findall(r'PartName="([^"]+)"', types) if target.startswith("/word/")
    }
    assert {f"word/{target}" for target in re.findall(r'Target="([^"]+)"', relations)} <= set(names)
    assert set(re.findall(r'r:id="([^"]+)"', document)) <= set(re.findall(r'Id="([^"]+)"', relations))
    assert set(re.findall(r'w:anchor="([^"]+)"', document)) <= set(re.findall(r'w:name="(_Toc[^"]+)"', document))


def test_every_style_that_is_used_exists() -> None:
    content = printed(paper(chapters=3))
    used = {
        style
        for name in ("word/document.xml", "word/header1.xml", "word/footer1.xml")
        for style in re.findall(r'<w:pStyle w:val="([^"]+)"', part(content, name))
    }
    assert used <= set(re.findall(r'w:styleId="([^"]+)"', part(content, "word/styles.xml")))


def test_markup_in_a_text_is_printed_as_it_is() -> None:
    found = text_of(printed(saying(*HOSTILE)))
    for text in HOSTILE:
        assert found.count(text) >= 4, text


@pytest.mark.parametrize("character", ["\u202e", "\x07", "\ud800", "\ufffe"])
def test_a_character_that_would_mislead_or_break_the_file_is_shown_by_its_number(character: str) -> None:
    book = Paper("T", "en", sections=(Section("S", (Paragraph(f"a{character}b"),)),))
    assert f"a‹U+{ord(character):04X}›b" in text_of(printed(book))


@settings(max_examples=25)
@given(some.lists(some.text(max_size=40), min_size=1, max_size=8))
def test_no_text_can_break_the_file(texts: list[str]) -> None:
    opened(printed(saying(*texts)))


def test_a_long_table_is_cut_with_a_notice() -> None:
    rows = tuple((str(n),) for n in range(50_000))
    content = printed(Paper("T", "en", sections=(Section("S", (Table("c", (Column("n"),), rows),)),)))
    assert "of 50000 rows. The spreadsheet of this document holds all of them." in text_of(content)
    assert len(opened(content).tables[0]._tbl.tr_lst) < 2_000
