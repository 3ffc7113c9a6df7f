"""Prints a paper as a Word document that can be edited: real headings, real tables, page numbers as fields.

Fonts are named, not carried: Noto Sans and Microsoft JhengHei, with what to take where a machine lacks them. The
contents lead to the headings and state no page, because only the program that lays out the pages knows it.
"""

from collections.abc import Iterator
from itertools import count
from typing import Final
from xml.etree.ElementTree import Element

from counterfoil.adapters.documents.abridgement import Bounds, abridged
from counterfoil.adapters.documents.docx_elements import element, field, paragraph, part, run, tab
from counterfoil.adapters.documents.docx_package import packed
from counterfoil.adapters.documents.docx_tables import data_table, form
from counterfoil.adapters.documents.page_flow import Heading, Stretch, leads_on, stretches
from counterfoil.adapters.documents.watermark import watermark
from counterfoil.application.paper import Block, Bullets, Fields, Notice, Paper, Paragraph, Table

SHORT, LONG, MARGIN = 11_906, 16_838, 1_247
"""A4 and its side margins, in twentieths of a point."""
CONTENTS_DEPTH: Final = 3


def printed(paper: Paper, *, bounds: Bounds | None = None) -> bytes:
    """The paper as a DOCX file. A very long document is abridged, and says so."""
    shown = abridged(paper, bounds)
    body = _Body(shown)
    document = part("w:document", element("w:body", *body.content()))
    pages = {
        f"{kind}{number}": content
        for number, room in ((1, _room(sideways=False)), (2, _room(sideways=True)))
        for kind, content in (("header", _head(shown, room)), ("footer", _foot(shown, room)))
    }
    opening = _room(sideways=False)
    pages |= {"header3": _head(shown, opening, first=True), "footer3": _foot(shown, opening)}
    return packed(document, pages, title=shown.title, language=shown.language, day=shown.day)


def _room(*, sideways: bool) -> int:
    return (LONG if sideways else SHORT) - 2 * MARGIN


class _Body:
    """The document from its title to its last section, with what is counted on the way."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._tables = count(1)
        self._marks = count(1)

    def content(self) -> list[Element]:
        parts = stretches(self._paper)
        made = list(self._opening(parts))
        sideways, closed = False, 0
        for number, stretch in enumerate(parts):
            if stretch.sideways != sideways or (number == 0 and self._paper.contents):
                _close(made, _section(sideways=sideways, first=closed == 0))
                closed += 1
            sideways = stretch.sideways
            leading = leads_on(stretch.parts, sideways=sideways)
            for each, leads in zip(stretch.parts, leading, strict=True):
                made += self._part(each, sideways=sideways, leads=leads)
        return [*made, _section(sideways=sideways, first=closed == 0)]

    def _opening(self, parts: tuple[Stretch, ...]) -> Iterator[Element]:
        paper = self._paper
        yield paragraph("Title", run(paper.title))
        if paper.subtitle:
            yield paragraph("Subtitle", run(paper.subtitle))
        if paper.facts:
            yield form(paper.facts, room=_room(sideways=False))
        if paper.contents and parts:
            yield paragraph("ContentsTitle", run(paper.titles.contents))
            yield from _contents([each for stretch in parts for each in stretch.parts if isinstance(each, Heading)])

    def _part(self, each: Heading | Block, *, sideways: bool, leads: bool) -> list[Element]:
        room = _room(sideways=sideways)
        match each:
            case Heading(rank, number, title):
                return [_heading(next(self._marks), rank, number, title)]
            case Paragraph(text):
                return [paragraph("BodyText", run(line), leads_on=leads) for line in _lines(text)]
            case Bullets(items):
                return [paragraph("ListBullet", run(item), leads_on=leads) for item in items]
            case Notice(title, text):
                heads = [paragraph("NoticeTitle", run(title))] if title else []
                return heads + [paragraph("NoticeText", run(line), leads_on=leads) for line in _lines(text)]
            case Fields(rows):
                return [form(rows, room=room), paragraph("TableSource")]
            case Table():
                caption = [run(f"{self._paper.titles.table} "), *field(r"SEQ Table \* ARABIC", str(next(self._tables)))]
                caption += [run(f"  {each.caption}", element("w:b", val=0), element("w:bCs", val=0))]
                source = paragraph("TableSource", run(each.source), leads_on=leads)
                table = data_table(each, room=room, sideways=sideways)
                return [paragraph("Caption", *caption), table, source]


def _close(made: list[Element], section: Element) -> None:
    """End a section: Word writes how its pages lie into the last paragraph of it."""
    if made[-1].tag != "w:p":
        made.append(paragraph("TableSource"))
    made[-1][0].append(section)


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _heading(mark: int, rank: int, number: str, title: str) -> Element:
    content = [run(number), tab(), run(title)] if number else [run(title)]
    start = element("w:bookmarkStart", id=mark, name=f"_Toc{mark:08}")
    return paragraph(f"Heading{rank}", start, *content, element("w:bookmarkEnd", id=mark))


def _contents(headings: list[Heading]) -> Iterator[Element]:
    """A table of contents as a field. Its entries lead to their headings, so it is right before any update."""
    listed = [(mark, each) for mark, each in enumerate(headings, 1) if each.rank <= CONTENTS_DEPTH]
    whole = field(rf'TOC \o "1-{CONTENTS_DEPTH}" \h \n \z', "")
    begin, end = whole[:3], whole[-1:]
    for place, (mark, each) in enumerate(listed):
        link = element(
            "w:hyperlink",
            *([run(each.number), tab()] if each.number else []),
            run(each.title),
            anchor=f"_Toc{mark:08}",
            history=1,
        )
        before = begin if place == 0 else []
        after = end if place == len(listed) - 1 else []
        yield paragraph(f"TOC{each.rank}", *before, link, *after)
    # The section may end only after the field has: else some programs lose the page numbers at its foot.
    yield paragraph("TableSource")


def _section(*, sideways: bool, first: bool) -> Element:
    """How the pages of a section lie. The opening does not repeat the title in its head.

    It is a section with parts of its own, since a first page within a section loses its page number in some programs.
    """
    number = 2 if sideways else 3 if first else 1
    size = {"w": LONG, "h": SHORT, "orient": "landscape"} if sideways else {"w": SHORT, "h": LONG}
    margins = {
        "top": 1_474,
        "right": MARGIN,
        "bottom": 1_361,
        "left": MARGIN,
        "header": 700,
        "footer": 600,
        "gutter": 0,
    }
    return element(
        "w:sectPr",
        _reference("header", number),
        _reference("footer", number),
        element("w:type", val="nextPage"),
        element("w:pgSz", **size),
        element("w:pgMar", **margins),
    )


def _reference(kind: str, number: int) -> Element:
    made = element(f"w:{kind}Reference", type="default")
    made.set("r:id", f"{kind}{number}")
    return made


def _head(paper: Paper, room: int, *, first: bool = False) -> bytes:
    mark = [run(paper.mark, element("w:b"), element("w:bCs"), element("w:color", val="8A1C1C"))] if paper.mark else []
    back = [watermark(paper.mark)] if paper.mark else []
    return part("w:hdr", _edge_line("Header", room, [*([] if first else [run(paper.title)]), tab(), *mark, *back]))


def _foot(paper: Paper, room: int) -> bytes:
    before, _, rest = paper.titles.page.partition("{page}")
    between, _, after = rest.partition("{pages}")
    numbers = [run(before), *field("PAGE", "1"), run(between), *field("NUMPAGES", "1"), run(after)]
    return part("w:ftr", _edge_line("Footer", room, [run(paper.foot), tab(), *numbers]))


def _edge_line(style: str, room: int, content: list[Element]) -> Element:
    """A line at the head or foot of a page, with one stop at the right margin."""
    stops = element("w:tabs", element("w:tab", val="right", pos=room))
    return element("w:p", element("w:pPr", element("w:pStyle", val=style), stops), *content)
