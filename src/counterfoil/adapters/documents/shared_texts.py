"""The shared texts of a workbook on disk: a workbook may share millions, and each cell needs one of them."""

import re
from array import array
from collections.abc import Iterator
from typing import Final

from counterfoil.adapters.documents.unnamed_file import UnnamedFile
from counterfoil.adapters.documents.xlsx_directory import NotPlain, is_utf8

REMEMBERED_MAX: Final = 65_536
"""Texts that are remembered; then everything is forgotten, and the texts of the following rows are learnt."""
TAG_MAX: Final = 4 << 20
"""Bytes without the end of a text; no cell can hold so many."""
_ITEM: Final = re.compile(rb'<si><t(?: xml:space="preserve")?(?:/>|>([^<]*)</t>)</si>')
_ENTITY: Final = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));|&")
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_HEAD: Final = re.compile(rb"<sst[^<>]*?(/?)>")
_END: Final = b"</sst>"


def plain_text(content: bytes) -> str:
    """A text as it stands in a part, with the escapes of XML and of the format undone."""
    text = content.decode("utf-8")
    if "&" in text:
        text = _ENTITY.sub(_character, text)
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    name, decimal, hexadecimal = found.groups()
    if name:
        return _NAMED[str(name)]
    code = int(decimal) if decimal else int(hexadecimal, 16) if hexadecimal else 0
    if not 0 < code < 0x110000:
        raise NotPlain
    return chr(code)


class SharedTextFile(dict[bytes, str]):
    """The texts by number, as digits. Each is read from the disk when it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._file = UnnamedFile()
        self._ends = array("Q", [0])

    def __missing__(self, number: bytes) -> str:
        if not number.isdigit() or len(number) > 9 or (at := int(number)) >= len(self._ends) - 1:
            raise NotPlain
        if len(self) >= REMEMBERED_MAX:
            self.clear()
        start, end = self._ends[at], self._ends[at + 1]
        text = self[number] = plain_text(self._file.read(start, end - start))
        return text

    def fill(self, chunks: Iterator[bytes]) -> None:
        """Take the table as it streams by.

        Raises:
            NotPlain: Some text is not plain: it has several styles, or a reading beside it.
        """
        waiting = next(chunks, b"")
        head = _HEAD.search(waiting)
        if head is None or not is_utf8(waiting[: head.end()]):
            raise NotPlain
        rest = waiting[head.end() :]
        while True:
            cut = rest.rfind(b"</si>") + 5
            if cut > 5:
                self._take(rest[:cut])
                rest = rest[cut:]
            if len(rest) > TAG_MAX:
                raise NotPlain
            chunk = next(chunks, b"")
            if not chunk:
                break
            rest += chunk
        if not head[1] and rest.strip() != _END:
            raise NotPlain

    def _take(self, piece: bytes) -> None:
        texts = _ITEM.findall(piece)
        if piece.count(b"<si>") != len(texts) or piece.count(b"<") != 2 * len(texts) + 2 * piece.count(b"<t") - (
            piece.count(b"<t/>") + piece.count(b'<t xml:space="preserve"/>')
        ):
            raise NotPlain
        end = self._ends[-1]
        for text in texts:
            end += len(text)
            self._ends.append(end)
        self._file.add(b"".join(texts))
