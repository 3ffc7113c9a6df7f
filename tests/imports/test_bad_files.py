"""A file that cannot be read exactly is not used at all: a code, the file, the line, and nothing applied."""

from collections.abc import Callable
from pathlib import Path

import pytest

from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.cdm import Unusable, import_cdm
from counterfoil.entrypoints.faults import LANGUAGES, catalogue
from tests.imports.desk import SAMPLE, blocks, faults, load

ISSUANCES = (SAMPLE / "cdm_issuances.csv").read_bytes()
HEADER, FIRST, SECOND = ISSUANCES.split(b"\n")[:3]
Change = Callable[[bytes], bytes]


def second(old: bytes, new: bytes) -> bytes:
    """The file with a change in its second row, which stands on line 3."""
    assert old in SECOND, "the sample changed: choose another place"
    return ISSUANCES.replace(SECOND, SECOND.replace(old, new, 1))


SERIAL = SECOND.split(b",")[4]
TOTAL = b",QM,4297," + SERIAL

BAD = [
    ("a cell is missing", second(b",CER,", b","), "import.cells_differ", 3),
    ("a cell too many", SECOND.join((HEADER + b"\n", b",\n")), "import.cells_differ", 2),
    ("a number with a separator", second(b"," + SERIAL, b',"35,846"'), "import.not_a_number", 3),
    ("a number in words", second(b"," + SERIAL, b",many"), "import.not_a_number", 3),
    ("a number in other digits", second(b"," + SERIAL, ",３５８４６".encode()), "import.not_a_number", 3),
    ("an empty number", second(b"," + SERIAL, b","), "import.not_a_number", 3),
    ("a fraction", second(b"," + SERIAL, b"," + SERIAL + b".0"), "import.not_a_number", 3),
    ("a number below one", second(b",1," + SERIAL, b",0," + SERIAL), "import.number_out_of_bounds", 3),
    ("a negative number", second(b",1," + SERIAL, b",-1," + SERIAL), "import.number_out_of_bounds", 3),
    ("a number beyond 63 bits", second(b"," + SERIAL, b",9223372036854775808"), "import.number_out_of_bounds", 3),
    ("a number of 400 digits", second(b"," + SERIAL, b"," + b"9" * 400), "import.number_out_of_bounds", 3),
    ("a range that runs backwards", second(b",1," + SERIAL, b",35847," + SERIAL), "import.range_backwards", 3),
    ("a total that differs", second(TOTAL, b",QM,4297,1"), "import.total_differs", 3),
    ("no date", second(b"2007-12-05 17:45:45.587000", b"yesterday"), "import.date_unreadable", 3),
    ("a day that never was", second(b"2007-12-05", b"2007-02-30"), "import.date_unreadable", 3),
    ("a date of another country", second(b"2007-12-05 17:45:45.587000", b"05/12/2007"), "import.date_unreadable", 3),
    ("a Party in small letters", second(b",QM,", b",qm,"), "import.party_unreadable", 3),
    ("a Party of four letters", second(b",QM,", b",QMMM,"), "import.party_unreadable", 3),
    ("a Party's full name", second(b",QM,", b",Quam,"), "import.party_unreadable", 3),
    ("no project", second(b",4297,", b",,"), "import.project_unreadable", 3),
    ("a project with a colon", second(b",4297,", b",4:297,"), "import.project_unreadable", 3),
    ("a very long unit type", second(b",CER,", b"," + b"C" * 500 + b","), "import.text_too_long", 3),
    ("another transaction", second(b"Issuance (1)", b"Cancellation (4)"), "import.other_transaction", 3),
    ("a line break in a cell", second(b",CER,", b',"C\nER",'), "import.line_break", 4),
    ("an open quotation mark", second(b",CER,", b',"CER,'), "import.not_csv", 161),
    ("a NUL byte", second(b",CER,", b",C\x00ER,"), "import.not_csv", 3),
    ("Latin-1", second(b",CER,", b",C\xc9R,"), "import.not_utf8", 3),
    ("UTF-16", ISSUANCES.decode().encode("utf-16"), "import.not_utf8", 1),
    ("no header", ISSUANCES.split(b"\n", 1)[1], "import.columns_missing", 1),
    ("an empty file", b"", "import.columns_missing", 1),
    ("semicolons", ISSUANCES.replace(b",", b";"), "import.columns_missing", 1),
    ("a picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "import.not_csv", 3),
    ("a column twice", ISSUANCES.replace(b"party_code", b"total", 1), "import.columns_missing", 1),
    ("another column twice", ISSUANCES.replace(b"\n", b",total\n", 1), "import.column_twice", 1),
]


@pytest.mark.parametrize(("case", "data", "code", "line"), BAD, ids=[case[0] for case in BAD])
def test_a_file_is_unusable_and_nothing_is_applied_when_it_has(
    case: str, data: bytes, code: str, line: int, tmp_path: Path
) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(data)
    folder = Folder(tmp_path / "registry")
    unusable = faults(folder, issuances=file, cancellations=SAMPLE / "cdm_cancellations.csv")
    found = unusable.faults[0]
    assert (found.code, found.facts["file"], found.facts["line"]) == (code, "bad.csv", line), case
    assert not folder.path.exists()
    for language in LANGUAGES:
        assert "bad.csv" in catalogue().message(found, language)
        assert catalogue().fix(found, language)


def test_a_broken_second_file_keeps_the_first_one_out_too(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "registry")
    load(folder)
    before = blocks(folder)
    more = tmp_path / "more.csv"
    more.write_bytes(HEADER + b"\n" + FIRST.replace(b",AA,", b",XY,") + b"\n")
    broken = tmp_path / "broken.csv"
    broken.write_bytes((SAMPLE / "cdm_cancellations.csv").read_bytes().replace(b"Cancellation (4)", b"?", 1))
    unusable = faults(folder, issuances=more, cancellations=broken)
    assert [fault.code for fault in unusable.faults] == ["import.other_transaction"]
    assert blocks(folder) == before


def test_the_two_files_exchanged_are_found_by_their_columns(tmp_path: Path) -> None:
    unusable = import_cdm(
        Folder(tmp_path / "registry"),
        issuances=SAMPLE / "cdm_cancellations.csv",
        cancellations=SAMPLE / "cdm_issuances.csv",
    )
    assert isinstance(unusable, Unusable)
    assert [(fault.code, fault.facts["columns"]) for fault in unusable.faults] == [
        ("import.columns_missing", "party_code, project_number"),
        ("import.columns_missing", "project_identifier, voluntary_cancellation_platform"),
    ]


def test_all_faults_are_counted_and_the_first_twenty_listed(tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(ISSUANCES.replace(b",CER,1,", b",CER,"))
    unusable = faults(Folder(tmp_path / "registry"), issuances=file)
    assert len(unusable.faults) == 20
    assert unusable.count == ISSUANCES.count(b",CER,1,") > 20


@pytest.mark.parametrize("what", ["absent", "a folder"])
def test_a_file_that_cannot_be_opened_is_named(what: str, tmp_path: Path) -> None:
    file = tmp_path / "issuances.csv"
    if what == "a folder":
        file.mkdir()
    (fault,) = faults(Folder(tmp_path / "registry"), issuances=file).faults
    assert (fault.code, fault.facts["file"]) == ("import.file_unreadable", "issuances.csv")


def test_bounds_are_stated_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "issuances.csv"
    file.write_bytes(ISSUANCES)
    monkeypatch.setattr("counterfoil.entrypoints.cdm.csv_file.ROWS_MAX", 100)
    assert [fault.code for fault in faults(Folder(tmp_path), issuances=file).faults] == ["import.too_many_rows"]
    monkeypatch.setattr("counterfoil.entrypoints.cdm.csv_file.BYTES_MAX", 1_000)
    assert [fault.code for fault in faults(Folder(tmp_path), issuances=file).faults] == ["import.file_too_large"]


def test_a_header_alone_and_blank_lines_are_no_rows(tmp_path: Path) -> None:
    file = tmp_path / "issuances.csv"
    file.write_bytes(HEADER + b"\n\n\n")
    summary = import_cdm(Folder(tmp_path / "registry"), issuances=file, cancellations=None)
    assert isinstance(summary, dict)
    assert (summary["rows"]["issuances"]["read"], summary["issued_t"], summary["parties"]) == (0, 0, {})
