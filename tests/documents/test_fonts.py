"""The fonts of documents: complete, where the printer looks, and with the letters that documents are written in."""

from counterfoil.adapters.documents import pdf
from counterfoil.adapters.documents.font_cover import covered
from tools.assets.kept import FONTS


def test_the_fonts_are_where_the_printer_looks_with_their_licences() -> None:
    assert pdf.FONTS == FONTS.place
    assert {name for names in pdf.FILES.values() for name in names} <= FONTS.files.keys()
    for name in FONTS.files:
        assert (FONTS.place / name).stat().st_size > 4_000
        if name.endswith(".txt"):
            assert "SIL Open Font License, Version 1.1" in (FONTS.place / name).read_text("utf-8")


def test_both_weights_of_a_font_show_the_letters_that_documents_are_written_in() -> None:
    for name in ("Regular", "Bold"):
        chinese = covered(pdf.FONTS / f"NotoSansTC-{name}.ttf")
        assert {ord(letter) for letter in "瑞士依巴黎協定提交之初始報告，。（）「」A1"} <= chinese
        assert {ord(letter) for letter in "Zürich Đặng Łódź Өргөө №"} <= covered(pdf.FONTS / f"NotoSans-{name}.ttf")
        assert 0xE000 not in chinese and 0xFFFF not in chinese
