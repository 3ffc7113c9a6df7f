"""Tables of a Word document: head rows that repeat, rows that stay whole, widths that every program keeps."""

from typing import Final
from xml.etree.ElementTree import Element

from counterfoil.adapters.documents.docx_elements import element, paragraph, run
from counterfoil.adapters.documents.page_flow import kept_whole, widths
from counterfoil.adapters.documents.printable import printable
from counterfoil.application.paper import Align, Fields, Table

INK, SHADE, LINE = "1F3A34", "EEF3F1", "B7C7C0"
WHOLE_ROW_MAX: Final = 600
"""Characters of a cell up to which its row is kept on one page."""
HALF_POINTS: Final = 17
"""Size of a table's type where the table fits: eight and a half points."""
TITLE_MAX: Final = 250


def form(rows: tuple[tuple[str, str], ...], *, room: int) -> Element:
    """Labels with their values; `room` is the width in twentieths of a point."""
    columns = (room // 3, room - room // 3)
    made = _frame(columns, "")
    whole = kept_whole(Fields(rows), sideways=False)
    for number, (label, value) in enumerate(rows, 1):
        leads = whole and number < len(rows)
        cells = (
            _cell(columns[0], paragraph("FormLabel", run(label), leads_on=leads), shade=SHADE),
            _cell(columns[1], *_paragraphs("FormValue", value, leads_on=leads)),
        )
        made.append(_row(cells, whole=len(value) <= WHOLE_ROW_MAX))
    return made


def data_table(table: Table, *, room: int, sideways: bool) -> Element:
    """A short table stays on one page. Of a longer one, the last row stays with what follows: its source."""
    laid = widths(table, sideways=sideways)
    columns = [max(200, room * share // 1_000) for share in laid.shares]
    size = max(8, HALF_POINTS * laid.permille // 1_000)
    small = [element("w:sz", val=size), element("w:szCs", val=size)] if size < HALF_POINTS else []
    styles = ["TableFigure" if column.align is Align.END else "TableCell" for column in table.columns]
    made = _frame(columns, table.caption)
    heads = [
        _cell(width, _aligned("TableHead", column.align, run(column.title, *small)), shade=INK, middle=True)
        for width, column in zip(columns, table.columns, strict=True)
    ]
    made.append(_row(heads, whole=True, head=True))
    whole = kept_whole(table, sideways=sideways)
    for number, row in enumerate(table.rows):
        total = number in table.bold_rows
        looks = [element("w:b"), element("w:bCs"), *small] if total else small
        leads = whole or number in (0, len(table.rows) - 1)
        cells = [
            _cell(width, *_paragraphs(style, text, *looks, leads_on=leads), shade=SHADE if total else "")
            for width, style, text in zip(columns, styles, row, strict=True)
        ]
        made.append(_row(cells, whole=max(map(len, row), default=0) <= WHOLE_ROW_MAX, head=False))
    return made


def _frame(columns: tuple[int, ...] | list[int], title: str) -> Element:
    line: dict[str, str | int] = {"val": "single", "sz": 4, "space": 0, "color": LINE}
    properties = element(
        "w:tblPr",
        element("w:tblW", w=sum(columns), type="dxa"),
        element("w:tblBorders", element("w:bottom", **line), element("w:insideH", **line)),
        element("w:tblLayout", type="fixed"),
        element(
            "w:tblCellMar",
            element("w:top", w=70, type="dxa"),
            element("w:left", w=80, type="dxa"),
            element("w:bottom", w=70, type="dxa"),
            element("w:right", w=80, type="dxa"),
        ),
        element("w:tblLook", val="0020" if title else "0080", firstRow=int(bool(title)), firstColumn=int(not title)),
    )
    if title:
        properties.append(element("w:tblCaption", val=printable(title)[:TITLE_MAX]))
    return element("w:tbl", properties, element("w:tblGrid", *(element("w:gridCol", w=width) for width in columns)))


def _row(cells: tuple[Element, ...] | list[Element], *, whole: bool, head: bool = False) -> Element:
    traits = ([element("w:cantSplit")] if whole else []) + ([element("w:tblHeader")] if head else [])
    return element("w:tr", *([element("w:trPr", *traits)] if traits else []), *cells)


def _cell(width: int, *content: Element, shade: str = "", middle: bool = False) -> Element:
    properties = element("w:tcPr", element("w:tcW", w=width, type="dxa"))
    if shade:
        properties.append(element("w:shd", val="clear", color="auto", fill=shade))
    if middle:
        properties.append(element("w:vAlign", val="center"))
    return element("w:tc", properties, *content)


def _paragraphs(style: str, text: str, *looks: Element, leads_on: bool = False) -> list[Element]:
    """A cell holds one paragraph at least. Looks are made anew, since an element has one place only."""
    return [paragraph(style, run(text, *looks), leads_on=leads_on)]


def _aligned(style: str, align: Align, content: Element) -> Element:
    properties = element("w:pPr", element("w:pStyle", val=style))
    if align is Align.END:
        properties.append(element("w:jc", val="right"))
    return element("w:p", properties, content)
