"""The parts of a Word file and the zip archive around them: fixed order, fixed dates, no program's name."""

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from typing import Final
from xml.sax.saxutils import escape

from counterfoil.adapters.documents.docx_elements import DECLARATION
from counterfoil.adapters.documents.printable import printable

ZIP_DAY: Final = (1980, 1, 1, 0, 0, 0)
UNDATED: Final = date(1980, 1, 1)
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_STATIC: Final = ("styles", "settings", "numbering", "fontTable")
_KINDS: Final = {"header": "header", "footer": "footer", "document": "document.main"}
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def packed(document: bytes, pages: Mapping[str, bytes], *, title: str, language: str, day: date | None) -> bytes:
    """The archive. `pages` are heads and feet by name; the document refers to each of them by that name."""
    named = {name: name.rstrip("0123456789") for name in (*_STATIC, *pages)}
    parts = {
        "[Content_Types].xml": _content_types({**named, "document": "document"}),
        "_rels/.rels": _root_relations(),
        "docProps/core.xml": _properties(title, language, day or UNDATED),
        "word/document.xml": document,
        "word/_rels/document.xml.rels": _relations({name: (kind, f"{name}.xml") for name, kind in named.items()}),
        **{f"word/{name}.xml": _static(name, language) for name in _STATIC},
        **{f"word/{name}.xml": content for name, content in pages.items()},
    }
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, ZIP_DAY)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            written.writestr(entry, content, compresslevel=6)
    return archive.getvalue()


def _static(name: str, language: str) -> bytes:
    """A part that is the same in every document but for its languages: one for Latin script, one for Chinese."""
    latin = "en-GB" if language.startswith("zh") or not _LANGUAGE.fullmatch(language) else language
    source = files("counterfoil.adapters.documents") / "template" / "docx" / f"{name}.xml"
    return source.read_text(encoding="utf-8").replace("{latin}", latin).encode()


def _content_types(named: Mapping[str, str]) -> bytes:
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}.{_KINDS.get(kind, kind)}+xml"/>'
        for name, kind in named.items()
    )
    return _xml(
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        f"{overrides}</Types>"
    )


def _root_relations() -> bytes:
    core = f"{_PACKAGE}/relationships/metadata/core-properties"
    return _xml(
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="document" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="core" Type="{core}" Target="docProps/core.xml"/></Relationships>'
    )


def _relations(targets: Mapping[str, tuple[str, str]]) -> bytes:
    listed = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return _xml(f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>')


def _properties(title: str, language: str, day: date) -> bytes:
    moment = f"{day.isoformat()}T00:00:00Z"
    stated = language if _LANGUAGE.fullmatch(language) else "en"
    return _xml(
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(printable(title))}</dc:title>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified>'
        f"<dc:language>{stated}</dc:language></cp:coreProperties>"
    )


def _xml(text: str) -> bytes:
    return DECLARATION + text.encode()
