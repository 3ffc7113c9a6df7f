"""Prints a paper as PDF with Typst: PDF/A-2a and PDF/UA-1, tagged, with the fonts it needs inside.

The texts go to the compiler as data and are never markup. The compiler sees the template alone: no other file, no
package, no system font and no clock. So the same paper gives the same bytes on every machine.
"""

import json
import re
from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, Final, Literal

import typst

from counterfoil.adapters.documents.abridgement import Bounds, abridged
from counterfoil.adapters.documents.font_cover import covered, fit
from counterfoil.adapters.documents.page_flow import (
    Heading,
    Stretch,
    kept_whole,
    leads_on,
    narrow_length,
    stretches,
    widths,
)
from counterfoil.application.paper import Align, Bullets, Fields, Notice, Paper, Paragraph, Table
from counterfoil.application.ports import Outage

TEMPLATE: Final = Path(__file__).with_name("template")
FONTS: Final = Path(__file__).parents[2] / "static" / "fonts"
LATIN, CHINESE = "Noto Sans", "Noto Sans TC"
FILES: Final = {
    LATIN: ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
    CHINESE: ("NotoSansTC-Regular.ttf", "NotoSansTC-Bold.ttf"),
}
Standard = Literal["a-2a", "a-2b", "ua-1"]
STANDARDS: Final[tuple[Standard, ...]] = ("a-2a", "ua-1")
UNDATED: Final = date(1980, 1, 1)
"""PDF/A asks for a day; this one stands for none, as in the zip archives of the other printers."""
MARK_MAX: Final = 40
"""Letters of the mark that stand behind the text; the head of the page has them all."""
PIECE: Final = 8
"""Letters of a long word after which a line may end."""
WHOLE_ROW_MAX: Final = 600
"""Characters of a cell up to which its row is kept on one page."""
_LONG_WORD: Final = re.compile(r"[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]{23,}")
_REGIONS: Final = {"zh-Hant": ("zh", "TW"), "zh": ("zh", "TW")}
Shown = str | list[str]


class PrintingFault(StrEnum):
    """Why a document cannot be printed at all, whatever is in it."""

    FONTS_MISSING = "printing.fonts_missing"
    NOT_PRINTED = "printing.not_printed"


def printed(paper: Paper, *, fonts: Path = FONTS, bounds: Bounds | None = None) -> bytes:
    """The paper as a PDF file.

    A very long document is abridged, and says so. A character that no font here can show is printed by its number.

    Raises:
        Outage: `printing.fonts_missing` where the set-up left no fonts; `printing.not_printed` if the compiler fails.
    """
    return compiled(laid(paper, fonts=fonts, bounds=bounds), fonts=fonts)


def laid(paper: Paper, *, fonts: Path = FONTS, bounds: Bounds | None = None) -> dict[str, Any]:
    """What the template is told: plain data, with every text one that the fonts can show.

    Raises:
        Outage: `printing.fonts_missing`.
    """
    names = [CHINESE, LATIN] if paper.language.startswith("zh") else [LATIN, CHINESE]
    return _Laying(_fitting(fonts)).paper(abridged(paper, bounds), names)


def fitted(text: str, *, fonts: Path = FONTS) -> Shown:
    """A text beside the paper, as the fonts can show it, in pieces where a word is too long for a line."""
    return _Laying(_fitting(fonts)).text(text)


def compiled(
    data: dict[str, Any],
    *,
    fonts: Path = FONTS,
    template: str = "paper.typ",
    standards: Sequence[Standard] = STANDARDS,
) -> bytes:
    """A template with its data as a PDF file. Raises `Outage`, as `printed` does."""
    try:
        made = typst.compile(
            (TEMPLATE / template).read_bytes(),
            root=TEMPLATE,
            font_paths=_fonts(fonts),
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"paper": json.dumps(data, ensure_ascii=False)},
            pdf_standards=list(standards),
            package_path=TEMPLATE,
            package_cache_path=TEMPLATE,
            timestamp=0,
        )
    except typst.TypstError as error:
        raise Outage(PrintingFault.NOT_PRINTED, {"reason": str(error)[:500]}) from error
    if not isinstance(made, bytes):
        raise Outage(PrintingFault.NOT_PRINTED, {"reason": "the compiler gave no file"})
    return made


@cache
def _fonts(folder: Path) -> Any:
    _files(folder)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def _files(folder: Path) -> dict[str, tuple[Path, ...]]:
    files = {family: tuple(folder / name for name in names) for family, names in FILES.items()}
    missing = [path.name for paths in files.values() for path in paths if not path.is_file()]
    if missing:
        raise Outage(PrintingFault.FONTS_MISSING, {"fonts": missing})
    return files


@cache
def _fitting(folder: Path) -> Callable[[str], str]:
    """What every weight of a family can show, family by family."""
    covers = [frozenset.intersection(*map(covered, paths)) for paths in _files(folder).values()]
    return fit(covers)


class _Laying:
    """Turns a paper into what the template asks for: plain data, every text one that the fonts can show."""

    def __init__(self, fitting: Callable[[str], str]) -> None:
        self._fitting = fitting
        self._places = count(1)

    def paper(self, paper: Paper, fonts: list[str]) -> dict[str, Any]:
        lang, region = _REGIONS.get(paper.language, (paper.language.partition("-")[0], None))
        day = paper.day or UNDATED
        return {
            "title": self.text(paper.title),
            "subtitle": self.text(paper.subtitle),
            "lang": lang,
            "region": region,
            "fonts": fonts,
            "facts": [[self.text(label), self.text(value)] for label, value in paper.facts],
            "mark": self._fitting(paper.mark),
            "back_mark": self._fitting(paper.mark[:MARK_MAX]),
            "back_points": min(88, 860 // max(1, narrow_length(paper.mark[:MARK_MAX]))),
            "foot": self.text(paper.foot),
            "page": self._fitting(paper.titles.page),
            "table": self._fitting(paper.titles.table),
            "contents": paper.contents,
            "contents_title": self.text(paper.titles.contents),
            "day": [day.year, day.month, day.day],
            "stretches": [self._stretch(stretch) for stretch in stretches(paper)],
        }

    def _stretch(self, stretch: Stretch) -> dict[str, Any]:
        leading = leads_on(stretch.parts, sideways=stretch.sideways)
        parts = [
            self._part(part, sideways=stretch.sideways) | {"leads_on": leads}
            for part, leads in zip(stretch.parts, leading, strict=True)
        ]
        return {"sideways": stretch.sideways, "parts": parts}

    def _part(self, part: Heading | Paragraph | Bullets | Notice | Fields | Table, *, sideways: bool) -> dict[str, Any]:
        match part:
            case Heading(rank, number, title):
                return {"kind": "heading", "rank": rank, "number": self.text(number), "title": self.text(title)}
            case Paragraph(text):
                return {"kind": "paragraph", "lines": self._lines(text)}
            case Bullets(items):
                return {"kind": "bullets", "items": [self.text(item) for item in items]}
            case Notice(title, text):
                return {"kind": "notice", "title": self.text(title), "lines": self._lines(text)}
            case Fields(rows):
                told = [[self.text(label), self.text(value)] for label, value in rows]
                return {"kind": "fields", "rows": told, "kept": kept_whole(part, sideways=sideways)}
            case Table():
                return self._table(part, sideways=sideways)

    def _table(self, table: Table, *, sideways: bool) -> dict[str, Any]:
        laid = widths(table, sideways=sideways)
        return {
            "kind": "table",
            "place": next(self._places),
            "kept": kept_whole(table, sideways=sideways),
            "caption": self.text(table.caption),
            "source": self.text(table.source),
            "columns": [{"title": self.text(each.title), "end": each.align is Align.END} for each in table.columns],
            "shares": laid.shares,
            "permille": laid.permille,
            "rows": [[self.text(cell) for cell in row] for row in table.rows],
            "whole": [max(map(len, row), default=0) <= WHOLE_ROW_MAX for row in table.rows],
            "bold": sorted(table.bold_rows),
        }

    def _lines(self, text: str) -> list[Shown]:
        return [self.text(line) for line in text.splitlines() if line.strip()]

    def text(self, text: str) -> Shown:
        """The text, in pieces where a word is too long for a line: a line may end between two pieces."""
        fitting = self._fitting(text)
        pieces: list[str] = []
        done = 0
        for word in _LONG_WORD.finditer(fitting):
            pieces.append(fitting[done : word.start()])
            pieces += [word[0][at : at + PIECE] for at in range(0, len(word[0]), PIECE)]
            done = word.end()
        return [piece for piece in [*pieces, fitting[done:]] if piece] if pieces else fitting
