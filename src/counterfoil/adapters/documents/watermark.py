"""A word behind the text of every page of a Word document, in the one form that Word itself writes and removes."""

from typing import Final
from xml.etree.ElementTree import Element

from counterfoil.adapters.documents.docx_elements import element
from counterfoil.adapters.documents.page_flow import narrow_length
from counterfoil.adapters.documents.printable import printable

LETTERS_MAX: Final = 40
_WIDTH, _HEIGHT = 430, 110
_STYLE: Final = (
    "position:absolute;margin-left:0;margin-top:0;width:{width}pt;height:{height}pt;rotation:315;z-index:-251658752;"
    "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
    "mso-position-vertical:center;mso-position-vertical-relative:margin"
)


def watermark(word: str) -> Element:
    """A run to stand in a page's head."""
    text = printable(word)[:LETTERS_MAX]
    wide = max(1, narrow_length(text))
    path = _plain("v:path", textpathok="t")
    kind = _plain("v:shapetype", _plain("v:textpath", on="t", fitshape="t"), id="_x0000_t136", coordsize="21600,21600")
    kind.insert(0, path)
    for name, value in (("o:spt", "136"), ("adj", "10800"), ("path", "m@7,l@8,m@5,21600l@6,21600e")):
        kind.set(name, value)
    kind.insert(0, _formulas())
    style = _STYLE.format(width=min(_WIDTH, max(180, 70 * wide)), height=min(_HEIGHT, 900 // wide))
    shape = _plain(
        "v:shape",
        _plain("v:textpath", style='font-family:"Noto Sans";font-size:1pt', string=text),
        id="PowerPlusWaterMarkObject1",
        type="#_x0000_t136",
        style=style,
        fillcolor="#f3eaea",
        stroked="f",
    )
    shape.set("o:spid", "_x0000_s2049")
    shape.set("o:allowincell", "f")
    shape.set("alt", text)
    return element("w:r", element("w:rPr", element("w:noProof")), element("w:pict", kind, shape))


def _formulas() -> Element:
    """The outline of a straight line of letters, as the format defines shape 136."""
    equations = (
        "sum #0 0 10800",
        "prod #0 2 1",
        "sum 21600 0 @1",
        "sum 0 0 @2",
        "sum 21600 0 @3",
        "if @0 @3 0",
        "if @0 21600 @1",
        "if @0 0 @2",
        "if @0 @4 21600",
        "mid @5 @6",
        "mid @8 @5",
        "mid @7 @8",
        "mid @6 @7",
        "sum @6 0 @5",
    )
    return _plain("v:formulas", *(_plain("v:f", eqn=equation) for equation in equations))


def _plain(tag: str, *children: Element, **attributes: str) -> Element:
    made = Element(tag, attributes)
    made.extend(children)
    return made
