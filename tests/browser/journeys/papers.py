"""Files that people bring to a journey and take from it: a filled-in workbook, and a statement to be checked."""

import io
from pathlib import Path
from typing import Final, cast

from tests.browser.journeys.walk import Walk

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(*rows: tuple[object, ...]) -> bytes:
    """A sheet as somebody fills it in."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for line, cells in enumerate(rows):
            sheet.write_row(line, 0, cells)
    return out.getvalue()


def registry_of(walk: Walk) -> Path:
    """The folder of the registry that a walk goes through, as its server was told."""
    told = cast("list[str]", walk.server.process.args)
    return Path(told[told.index("--out") + 1], "THA", "THA")


def findings(folder: Path, data: bytes) -> tuple[str, ...]:
    """What `counterfoil letter check` finds wrong with a file, held against the registry in a folder."""
    from counterfoil.adapters.clock.system import SystemClock
    from counterfoil.adapters.documents.pades import now_utc
    from counterfoil.entrypoints.cli.reading import looking
    from counterfoil.entrypoints.language import Texts
    from counterfoil.entrypoints.letters.checking import checked

    with looking(folder) as sight:
        at = now_utc(SystemClock().now_ms())
        found = checked(data, sight=sight, roots=[], at=at, texts=[Texts("en"), Texts("zh-Hant")])
    return tuple(each.value for each in found.findings)
