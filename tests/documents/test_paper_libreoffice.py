"""Printed files in another office program: opened, converted to PDF, and the pages read. Needs LibreOffice."""

import io
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pypdf
import pytest

from counterfoil.adapters.documents import docx, paper_xlsx
from tests.documents.papers import HOSTILE, TEXTS, paper, saying

SECONDS_MAX = 180


@pytest.fixture(scope="module")
def office(
    do_without: Callable[[str, str], NoReturn], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[bytes, str], str]:
    """Converts a file to PDF with a profile of its own; gives one text with a form feed between the pages."""
    program = shutil.which("soffice")
    parts = Path(program).resolve().parent if program else None
    if program is None or parts is None or not all((parts / f"lib{part}lo.so").exists() for part in ("sw", "sc")):
        do_without("libreoffice", "LibreOffice with Writer and Calc was not found")
    folder = tmp_path_factory.mktemp("office")

    def converted(content: bytes, ending: str) -> str:
        source = folder / f"paper.{ending}"
        source.write_bytes(content)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)]
        target = folder / "paper.pdf"
        target.unlink(missing_ok=True)
        done = subprocess.run(command, capture_output=True, check=True, text=True, timeout=SECONDS_MAX)
        assert target.is_file(), done.stderr
        pages = pypdf.PdfReader(io.BytesIO(target.read_bytes())).pages
        return "\f".join(re.sub(r"\s", "", unicodedata.normalize("NFKC", page.extract_text())) for page in pages)

    return converted


@pytest.mark.parametrize("language", TEXTS)
def test_a_word_file_opens_and_shows_its_pages(office: Callable[[bytes, str], str], language: str) -> None:
    pages = office(docx.printed(paper(language, mark="DRAFT", chapters=3)), "docx").split("\f")
    assert 5 <= len(pages) <= 12
    for number, page in enumerate(pages, 1):
        stated = {"en": f"Page{number}of{len(pages)}", "zh-Hant": f"第{number}頁,共{len(pages)}頁"}[language]
        assert stated in page.replace("，", ",")
        assert "DRAFT" in page
    whole = "".join(pages)
    assert all(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)) in whole for text in TEXTS[language])
    assert sum("2021" in page and "2030" in page for page in pages) >= 2


@pytest.mark.parametrize("language", TEXTS)
def test_a_workbook_opens_and_shows_its_sheets(office: Callable[[bytes, str], str], language: str) -> None:
    pages = office(paper_xlsx.printed(paper(language)), "xlsx").split("\f")
    whole = "".join(pages)
    assert 3 <= len(pages) <= 6
    assert re.sub(r"\s", "", TEXTS[language][0]) in whole
    assert "1,234,567" in whole and "49,382,680" in whole


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_a_hostile_text_is_shown_as_it_is(office: Callable[[bytes, str], str], ending: str) -> None:
    printer = {"docx": docx.printed, "xlsx": paper_xlsx.printed}[ending]
    whole = office(printer(saying(*HOSTILE)), ending)
    assert "=SUM(A1:A9)" in whole and "</w:t>" in whole
