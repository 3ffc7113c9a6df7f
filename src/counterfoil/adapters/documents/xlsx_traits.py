"""What a workbook carries besides the values of its cells: formulas and programs. Nothing here runs either.

The reader of cells gives the value that a formula had when the file was saved, and says nothing about the formula.
Hence the addresses are taken from the parts of the sheets, as bytes, and only from parts that showed a sign of one.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from posixpath import normpath
from typing import Final

from counterfoil.adapters.documents.xlsx_bounds import pieces

SHOWN_MAX: Final = 5
"""Addresses of formulas that are kept per sheet; all are counted."""
_PROGRAM: Final = "vbaproject.bin"
_SHEET: Final = re.compile(rb"<(?:\w+:)?sheet\s[^<>]*?\w+:id\s*=\s*[\"']([^\"'<>]{1,200})[\"']")
_RELATION: Final = re.compile(rb"<(?:\w+:)?Relationship\s([^<>]*)>")
_ATTRIBUTE: Final = re.compile(rb"\b(Id|Target)\s*=\s*[\"']([^\"'<>]{1,500})[\"']")
_CELL_OR_FORMULA: Final = re.compile(rb"<(?:\w+:)?c(?=[\s>/])([^<>]*)>|<(?:\w+:)?(f)(?=[\s>/])", re.ASCII)
_ADDRESS: Final = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,3}\d{1,7})[\"']")
_DIRECTORY_MAX: Final = 4 << 20
"""Bytes of the list of sheets that are looked at; a hundred sheets need a few thousand."""


@dataclass(frozen=True, slots=True)
class Formulas:
    """The formulas of one sheet: the first addresses, and how many there are."""

    cells: tuple[str, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class Traits:
    """`by_sheet` holds the sheets with formulas by their place in the workbook, counted from 0."""

    macros: bool = False
    by_sheet: Mapping[int, Formulas] = field(default_factory=dict)

    def formulas_of(self, sheet: int) -> Formulas:
        return self.by_sheet.get(sheet, Formulas())


def workbook_traits(content: bytes, formula_parts: frozenset[str]) -> Traits:
    """The traits of a workbook that is within its bounds; `formula_parts` are the only parts that may hold formulas."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        macros = any(name.lower().endswith(_PROGRAM) for name in names)
        if not formula_parts:
            return Traits(macros)
        parts = _sheet_parts(archive, frozenset(names))
        found = {number: _formulas(archive, part) for number, part in enumerate(parts) if part in formula_parts}
        return Traits(macros, {number: formulas for number, formulas in found.items() if formulas.count})


def _sheet_parts(archive: zipfile.ZipFile, names: frozenset[str]) -> list[str]:
    """The part of each sheet in the order of the workbook; an empty name where the relations lead nowhere."""
    relations = "xl/_rels/workbook.xml.rels"
    if relations not in names:
        return []
    targets: dict[bytes, str] = {}
    for attributes in _RELATION.findall(_start(archive, relations)):
        stated = dict(_ATTRIBUTE.findall(attributes))
        if b"Id" in stated and b"Target" in stated:
            target = stated[b"Target"].decode("utf-8", "replace")
            targets[stated[b"Id"]] = normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
    return [targets.get(identity, "") for identity in _SHEET.findall(_start(archive, "xl/workbook.xml"))]


def _start(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as stream:
        return stream.read(_DIRECTORY_MAX)


def _formulas(archive: zipfile.ZipFile, part: str) -> Formulas:
    cells: list[str] = []
    count = 0
    address = ""
    for piece in pieces(archive, archive.getinfo(part)):
        for attributes, formula in _CELL_OR_FORMULA.findall(piece or b""):
            if not formula:
                stated = _ADDRESS.search(attributes)
                address = stated[1].decode("ascii").upper() if stated else ""
                continue
            count += 1
            if address and len(cells) < SHOWN_MAX:
                cells.append(address)
    return Formulas(tuple(cells), count)
