"""WordprocessingML by the element, in plain ElementTree: the names carry their prefix, the root says what it means."""

from typing import Final
from xml.etree.ElementTree import Element, tostring

from counterfoil.adapters.documents.printable import printable

NAMESPACES: Final = {
    "xmlns:w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "xmlns:r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "xmlns:v": "urn:schemas-microsoft-com:vml",
    "xmlns:o": "urn:schemas-microsoft-com:office:office",
    "xmlns:w10": "urn:schemas-microsoft-com:office:word",
}
DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_KEEP_SPACES: Final = {"xml:space": "preserve"}


def element(tag: str, *children: Element, **attributes: str | int) -> Element:
    """`element("w:jc", val="end")`. The children stand in the order that the format's schema asks for."""
    made = Element(tag, {f"w:{name}": str(value) for name, value in attributes.items()})
    made.extend(children)
    return made


def part(tag: str, *children: Element) -> bytes:
    """A whole part of the file, with the names that its elements use."""
    root = Element(tag, NAMESPACES)
    root.extend(children)
    return DECLARATION + tostring(root, encoding="unicode").encode()


def run(text: str, *looks: Element) -> Element:
    """A run of text; a line end in it stays one."""
    made = element("w:r", *([element("w:rPr", *looks)] if looks else []))
    for number, line in enumerate(printable(text).split("\n")):
        if number:
            made.append(element("w:br"))
        held = Element("w:t", _KEEP_SPACES)
        held.text = line
        made.append(held)
    return made


def paragraph(style: str, *content: Element, leads_on: bool = False) -> Element:
    """`leads_on` keeps it on the page of what follows, whatever its style says."""
    traits = [element("w:pStyle", val=style), *([element("w:keepNext")] if leads_on else [])]
    return element("w:p", element("w:pPr", *traits), *content)


def tab() -> Element:
    return element("w:r", element("w:tab"))


def field(instruction: str, shown: str) -> list[Element]:
    """A field such as the page number; `shown` stands until the reader's program works it out."""
    code = Element("w:instrText", _KEEP_SPACES)
    code.text = f" {instruction} "
    return [
        element("w:r", element("w:fldChar", fldCharType="begin")),
        element("w:r", code),
        element("w:r", element("w:fldChar", fldCharType="separate")),
        run(shown),
        element("w:r", element("w:fldChar", fldCharType="end")),
    ]
