"""The small parts of a workbook that say how its sheets are to be read: names, order, sight, and which styles are days.

Only the usual form is understood; anything else is `NotPlain`, and the caller takes the slower way.
"""

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from posixpath import normpath
from typing import Final

PART_MAX: Final = 4 << 20
_TAG: Final = re.compile(r"<([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+=\"[^\"<>]*\")*)\s*/?>")
_ATTRIBUTE: Final = re.compile(r"([\w:.-]+)=\"([^\"<>]*)\"")
_DECLARED: Final = re.compile(r"<\?xml[^<>]*\?>")
_UTF8: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml(?:(?!encoding)[^<>])*(?:encoding=[\"']utf-8[\"'][^<>]*)?\?>)?\s*<[A-Za-z]", re.I
)
_LITERAL: Final = re.compile(
    r"\"[^\"]*\"|\\.|_.|\*.|\[(?:Red|Black|Blue|Green|White|Yellow|Cyan|Magenta|\$[^\]]*)\]", re.I
)
_DAYS: Final = frozenset(range(14, 18)) | {22}
_NUMBERS: Final = frozenset({*range(14), *range(37, 41), 48, 49})


class NotPlain(Exception):
    """The part is not in the form that this reader knows. Says nothing against the file."""


@dataclass(frozen=True, slots=True)
class SheetPart:
    name: str
    hidden: bool
    part: str


@dataclass(frozen=True, slots=True)
class Directory:
    """The sheets in order, and for each style whether its numbers are days; None where that is not certain."""

    sheets: Sequence[SheetPart]
    days: Sequence[bool | None]


def directory(archive: zipfile.ZipFile) -> Directory:
    """Read the directory of a workbook.

    Raises:
        NotPlain: Some part is missing, large, encoded otherwise, or dates begin in 1904.
    """
    book = _tags(archive, "xl/workbook.xml")
    if any(name == "workbookPr" and about.get("date1904") in ("1", "true") for name, about in book):
        raise NotPlain
    relations = _tags(archive, "xl/_rels/workbook.xml.rels")
    targets = {about.get("Id", ""): about.get("Target", "") for _, about in relations}
    names = set(archive.namelist())
    sheets = []
    for name, about in book:
        if name == "sheet":
            part = _part(targets.get(about.get("r:id", ""), ""))
            if part not in names or "name" not in about:
                raise NotPlain
            sheets.append(SheetPart(about["name"], about.get("state", "visible") != "visible", part))
    if not sheets:
        raise NotPlain
    return Directory(sheets, _days(_tags(archive, "xl/styles.xml")))


def is_utf8(start: bytes) -> bool:
    """Whether a part begins as plain XML in UTF-8, with nothing declared that could change what follows."""
    return _UTF8.match(start) is not None and b"<!" not in start


def _part(target: str) -> str:
    return normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}")


def _tags(archive: zipfile.ZipFile, part: str) -> Sequence[tuple[str, Mapping[str, str]]]:
    """Every opening tag of a small part with its attributes."""
    try:
        with archive.open(part) as stream:
            content = stream.read(PART_MAX + 1)
    except KeyError as missing:
        raise NotPlain from missing
    if len(content) > PART_MAX or not is_utf8(content):
        raise NotPlain
    text = _DECLARED.sub("", content.decode("utf-8"))
    tags = [
        (name, {key: unescape(value) for key, value in _ATTRIBUTE.findall(attributes)})
        for name, attributes in _TAG.findall(text)
    ]
    # A prefix before the names, or a quote of the other kind, would hide tags.
    if len(tags) + text.count("</") != text.count("<"):
        raise NotPlain
    return tags


def _days(tags: Sequence[tuple[str, Mapping[str, str]]]) -> Sequence[bool | None]:
    """For each style, in order, whether a number that it shows is a day."""
    codes: dict[str, str] = {}
    styles: list[bool | None] = []
    within = False
    for name, about in tags:
        if name == "numFmt":
            codes[about.get("numFmtId", "")] = about.get("formatCode", "")
        elif name in ("cellStyleXfs", "cellXfs", "cellStyles", "dxfs"):
            within = name == "cellXfs"
        elif name == "xf" and within:
            number = about.get("numFmtId", "0")
            styles.append(_is_day(number, codes.get(number)))
    return styles


def _is_day(number: str, code: str | None) -> bool | None:
    if code is None:
        return True if int(number) in _DAYS else False if int(number) in _NUMBERS else None
    bare = _LITERAL.sub("", code).casefold()
    if bare in ("general", "@") or re.fullmatch(r"[0#?,.%;() -]*", bare):
        return False
    # Letters of a day with its month or year, with or without a time; a time alone is left to the slower way.
    return True if "y" in bare and re.fullmatch(r"[dmyhs0.,:;/ -]*(?:am/pm)?;?@?", bare) else None
