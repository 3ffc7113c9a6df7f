"""Files that are no report: each has an answer in JSON and in words, within stated time and memory, and no crash."""

import io
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.blind.book import content
from tests.blind.worlds import clean
from tests.cli.conftest import Counterfoil

MEMORY_MAX = 1_500 * 1024 * 1024
SECONDS_MAX = 30
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
from counterfoil.entrypoints.cli.main import run
sys.exit(run(sys.argv[1:]))
"""


def good() -> bytes:
    return content(clean()["XAA", 2023])


def repacked(change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The good file with its parts changed, or left out."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good())) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = change(entry.filename, old.read(entry))
            if part is not None:
                new.writestr(entry.filename, part)
    return target.getvalue()


def zipped(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), part)
    return target.getvalue()


def bomb() -> bytes:
    return repacked(lambda name, part: part + b" " * (600 * 1024 * 1024) if name == "xl/styles.xml" else part)


def a_million_rows_apart() -> bytes:
    far = b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'
    return repacked(lambda name, part: part.replace(b"</sheetData>", far) if "sheet5" in name else part)


def a_million_empty_rows() -> bytes:
    rows = b"".join(b'<row r="%d"/>' % number for number in range(100, 1_000_100)) + b"</sheetData>"
    return repacked(lambda name, part: part.replace(b"</sheetData>", rows) if "sheet5" in name else part)


def quadratic_entities() -> bytes:
    """A document type that doubles itself: nobody may unfold it."""
    start = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    for number in range(30):
        before = b"b%d" % (number - 1) if number else b"a"
        start += b'<!ENTITY b%d "&%s;&%s;">' % (number, before, before)
    start += b"]>"

    def change(name: str, part: bytes) -> bytes:
        return part.replace(b"<worksheet", start + b"<worksheet", 1).replace(b"XAA-AIR-3", b"&b29;")

    return repacked(change)


def cut(share: float) -> Callable[[], bytes]:
    return lambda: good()[: int(len(good()) * share)]


UNUSABLE: list[tuple[str, str, Callable[[], bytes]]] = [
    ("nothing at all", "empty.xlsx", lambda: b""),
    ("a table of commas", "table.xlsx", lambda: b"Party,Version\nXAA,1.0\n"),
    ("a table of commas under its own name", "table.csv", lambda: b"Party,Version\nXAA,1.0\n"),
    ("an old workbook", "old.xls", lambda: OLE + bytes(4_096) + "Workbook".encode("utf-16-le")),
    ("a workbook under a password", "locked.xlsx", lambda: OLE + bytes(4_096) + "EncryptedPackage".encode("utf-16-le")),
    ("an open document", "sheet.ods", lambda: zipped(mimetype=b"application/vnd.oasis", content_xml=b"<x/>")),
    ("a text document", "letter.docx", lambda: zipped(word__document_xml=b"<x/>")),
    ("half a workbook", "half.xlsx", cut(0.5)),
    ("a workbook without its last byte", "short.xlsx", lambda: good()[:-1]),
    ("the first four bytes", "four.xlsx", cut(0.0005)),
    ("a bomb", "bomb.xlsx", bomb),
    ("a cell in the last row", "far.xlsx", a_million_rows_apart),
    (
        "a workbook without its list of sheets",
        "lost.xlsx",
        lambda: repacked(lambda n, p: None if n == "xl/workbook.xml" else p),
    ),
    ("noise", "noise.xlsx", lambda: bytes(range(256)) * 400),
    ("a picture", "picture.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100)),
    ("a page of the web", "page.xlsx", lambda: b"<html><table><tr><td>Party</td></tr></table></html>"),
]


@pytest.mark.parametrize(("what", "name", "make"), UNUSABLE, ids=[row[0] for row in UNUSABLE])
def test_a_file_is_no_workbook_and_the_answer_says_so(
    what: str, name: str, make: Callable[[], bytes], tmp_path: Path, counterfoil: Counterfoil
) -> None:
    path = tmp_path / name
    path.write_bytes(make())
    started = time.monotonic()
    result = counterfoil("aef", "check", path, "--json")
    assert time.monotonic() - started < SECONDS_MAX, what
    (one,) = result.json["findings"]
    assert (result.status, result.json["status"]) == (2, "INCONSISTENT")
    assert (one["check"], one["severity"], one["file"], one["party"], one["cell"]) == (
        "C01",
        "B",
        str(path),
        None,
        None,
    )
    told = counterfoil("aef", "check", path)
    assert told.status == 2
    assert one["message"] in told.out
    assert one["fix"] in told.out
    assert "Traceback" not in told.out + told.err


def test_a_folder_and_a_missing_file_are_answers_too(tmp_path: Path, counterfoil: Counterfoil) -> None:
    for path in (tmp_path, tmp_path / "absent.xlsx", tmp_path / "a\n.xlsx"):
        result = counterfoil("aef", "check", path, "--json")
        (one,) = result.json["findings"]
        assert (result.status, one["check"], one["severity"]) == (2, "C01", "B")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_permission_is_an_answer(tmp_path: Path, counterfoil: Counterfoil) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(good())
    path.chmod(0)
    assert counterfoil("aef", "check", path, "--json").status == 2


def test_a_bad_file_does_not_keep_the_others_from_being_checked(tmp_path: Path, counterfoil: Counterfoil) -> None:
    bad, fine = tmp_path / "bad.xlsx", tmp_path / "XAA_2023_1.0.xlsx"
    bad.write_bytes(b"")
    world = clean()
    world["XAA", 2023].heading["submitted"] = world["XAA", 2023].heading["submitted"].replace(year=2025)
    fine.write_bytes(content(world["XAA", 2023]))
    answer = counterfoil("aef", "check", bad, fine, "--json")
    assert {one["check"] for one in answer.json["findings"]} >= {"C01", "C12"}
    assert answer.status == 2


def test_what_a_spreadsheet_program_leaves_behind_is_read(tmp_path: Path, counterfoil: Counterfoil) -> None:
    """Macros are said and never run; empty rows and an upper-case ending are nothing."""
    macros = tmp_path / "XAA_2023_1.0.xlsm"
    macros.write_bytes(repacked(lambda name, part: part))
    with zipfile.ZipFile(macros, "a") as archive:
        archive.writestr("xl/vbaProject.bin", OLE)
    seen = {
        one["check"] for one in counterfoil("aef", "check", macros, "--json").json["findings"] if one["severity"] == "B"
    }
    assert seen == {"C01"}
    upper = tmp_path / "XAA_2023_1.0.XLSX"
    upper.write_bytes(a_million_empty_rows())
    answer = counterfoil("aef", "check", upper, "--json")
    assert {one["severity"] for one in answer.json["findings"]} <= {"N"}, answer.out


@pytest.mark.parametrize("make", [bomb, a_million_rows_apart, a_million_empty_rows, quadratic_entities])
def test_memory_and_time_are_bounded(make: Callable[[], bytes], tmp_path: Path) -> None:
    """In a process that may not have more: a file that asks for more would end it, and not answer."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(make())
    program = LIMITED.format(memory=MEMORY_MAX)
    command = [sys.executable, "-c", program, "aef", "check", str(path), "--json"]
    done = subprocess.run(command, capture_output=True, timeout=SECONDS_MAX * 2, check=False)
    assert done.returncode in {0, 2}, done.stderr[-500:]
    assert json.loads(done.stdout)["status"] in {"CONSISTENT", "INCONSISTENT", "NOT_AVAILABLE"}
