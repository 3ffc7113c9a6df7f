"""Write a paper as files for people: PDF, DOCX and XLSX in each language, each whole or not at all."""

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Final

from counterfoil.adapters.durable import replaced
from counterfoil.application.paper import Paper, Printer
from counterfoil.entrypoints.reports.words import Text, Words

PRINTERS: Final = {"docx": "docx", "pdf": "pdf", "xlsx": "paper_xlsx"}
"""Endings of files, and the adapter that prints each."""


def print_papers(
    paper: Callable[[Words], Paper],
    out: Path,
    stem: str,
    *,
    texts: Sequence[Text],
    endings: Sequence[str] = tuple(PRINTERS),
) -> list[Path]:
    """The paper in every language and format: `stem.en.pdf`, `stem.zh-Hant.docx` and so on, in a stable order."""
    written = []
    for text in texts:
        filled = paper(Words(text))
        for ending in endings:
            target = out / f"{stem}.{text.language}.{ending}"
            write_whole(target, printer(ending)(filled))
            written.append(target)
    return written


def printer(ending: str) -> Printer:
    """The adapter for a file's ending. Its library is loaded here, when it is needed."""
    found: Printer = import_module(f"counterfoil.adapters.documents.{PRINTERS[ending]}").printed
    return found


def write_whole(target: Path, data: bytes) -> None:
    """The file appears whole or not at all."""
    with replaced(target) as draft:
        draft.write_bytes(data)
