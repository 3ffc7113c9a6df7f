"""Prints a letter as PDF: the paper as any other, and at its end a QR code and the place of the signature.

The code is drawn as vectors from the claim alone, so the same letter gives the same bytes; nothing is fetched.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import segno

from counterfoil.adapters.documents.pdf import CHINESE, FONTS, LATIN, compiled, fitted, laid
from counterfoil.application.paper import Paper

SIGN_MM: Final = (72, 32)
"""Width and height of the place for the signature."""
PAGE_MM: Final = (210, 297)
RIGHT_MM, BOTTOM_MM = 22, 24
"""Margins of the page, as the template has them."""
LINE_MAX: Final = 200
"""Characters of one line in the visible signature; a certificate may hold any text."""


_DARK: Final = re.compile(rb"\x01+")


@dataclass(frozen=True, slots=True)
class Closing:
    """What stands at the end of a letter: what it rests on, the claim in the code, and the place of the signature."""

    title: str
    rows: tuple[tuple[str, str], ...]
    claim: str
    alt: str
    lines: tuple[str, ...]
    signature: str


def printed_letter(paper: Paper, closing: Closing, *, fonts: Path = FONTS) -> bytes:
    """The unsigned letter. The same paper and closing give the same bytes on every machine.

    Raises:
        Outage: as `pdf.printed` does.
    """
    width, height = SIGN_MM
    data = laid(paper, fonts=fonts)
    side, runs = code_runs(closing.claim)
    data["closing"] = {
        "title": fitted(closing.title, fonts=fonts),
        "rows": [[fitted(label, fonts=fonts), fitted(value, fonts=fonts)] for label, value in closing.rows],
        "claim": closing.claim,
        "side": side,
        "runs": runs,
        "alt": closing.alt,
        "lines": [fitted(line, fonts=fonts) for line in closing.lines],
        "signature": fitted(closing.signature, fonts=fonts),
        "width": width,
        "height": height,
    }
    return compiled(data, fonts=fonts)


def printed_seal(title: str, lines: Sequence[str], *, chinese: bool, fonts: Path = FONTS) -> bytes:
    """One small page that a signature shows: its title and what it says of the signer."""
    width, height = SIGN_MM
    data = {
        "title": fitted(title, fonts=fonts),
        "lines": [fitted(line[:LINE_MAX], fonts=fonts) for line in lines],
        "fonts": [CHINESE, LATIN] if chinese else [LATIN, CHINESE],
        "lang": "zh" if chinese else "en",
        "width": width,
        "height": height,
    }
    return compiled(data, fonts=fonts, template="seal.typ", standards=("a-2b",))


def sign_box() -> tuple[int, int, int, int]:
    """The corners of the place for the signature on the last page, in points from its lower left."""
    width, height = SIGN_MM
    right = PAGE_MM[0] - RIGHT_MM
    corners = (right - width, BOTTOM_MM, right, BOTTOM_MM + height)
    return tuple(_points(each) for each in corners)  # type: ignore[return-value]


def code_runs(text: str) -> tuple[int, list[tuple[int, int, int]]]:
    """The QR code of a text: how many modules its side has, and its dark runs as column, row and length.

    Its quiet zone of four modules counts. The error correction mends about 15 % (level M).
    """
    rows = [bytes(row) for row in segno.make_qr(text, error="m", boost_error=False).matrix_iter(border=4)]
    return len(rows), [
        (run.start(), row, run.end() - run.start()) for row, line in enumerate(rows) for run in _DARK.finditer(line)
    ]


def _points(millimetres: int) -> int:
    """Rounded to a whole point: 72 points are 25.4 mm."""
    return round(millimetres * 720 / 254)
