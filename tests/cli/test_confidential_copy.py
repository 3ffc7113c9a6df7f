"""The copy of a report with its confidential values: for the platform alone, and nowhere else."""

import hashlib
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from openpyxl import load_workbook

from counterfoil.adapters.carp.package_zip import unzipped, zipped
from counterfoil.domain.kernel.refusal import Refusal
from tests.cli.conftest import ndjson
from tests.cli.house import KEY, PARTY, House, aef, annual, filing, house, initial, printed
from tests.cli.test_submission import checked

__all__ = ["annual", "filing", "house", "initial"]


class Copies(NamedTuple):
    """The annual information of a registry with a confidential field: with its value, and with a mark instead."""

    private: Path
    public: Path


@pytest.fixture
def copies(house: House) -> Copies:
    cancel = {
        "command": "Cancel",
        "units": {"unit_class": "CA9001-THA01-THA-#-2022", "first": 1, "last": 10},
        "account": "tha:dev",
        "purpose": "OMGE",
        "on": "2023-05-01",
        "confidential": {"aef_using_cancelling_entity_id": "KLIK"},
    }
    done = house.run("do", "--dir", house.folder, stdin=ndjson(cancel))
    assert done.status == 0, done.err
    shown = printed(house.run, house.folder, house.tmp / "shown")
    out = ("--submitted-on", "2024-03-31", "--public", "--out", house.tmp / "public")
    assert house.run("report", "aef", "--dir", house.folder, *PARTY, "--year", "2023", *out).status == 0
    return Copies(next(shown.iterdir()), next((house.tmp / "public").iterdir()))


def test_a_file_that_shows_confidential_values_is_not_filed_and_its_public_copy_is(
    house: House, copies: Copies
) -> None:
    assert aef(house.file, copies.private).json["code"] == "filing.confidential_shown"
    both = house.tmp / "both"
    both.mkdir()
    for path in copies:
        shutil.copy(path, both / path.name)
    assert aef(house.file, both, "--despite", "We must.").json["code"] == "filing.confidential_shown"
    assert aef(house.file, copies.public).status == 0


def test_confidential_values_are_not_filed_by_a_file_that_differs_from_the_register_as_well(
    house: House, copies: Copies
) -> None:
    book = load_workbook(copies.private)
    for row in book["Table 4 Holdings"].iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith("CA9001-THA01-THA-1916"):
                cell.value = cell.value.replace("1916", "1900")
    book.save(copies.private)
    assert aef(house.file, copies.private, "--despite", "We must.").json["code"] == "filing.confidential_shown"


def test_the_confidential_copy_goes_to_the_platform_alone(house: House, copies: Copies) -> None:
    filed = aef(house.file, copies.public, "--confidential", copies.private).json
    assert filed["confidential"] == "confidential-submission-aef-THA-2023-v1.0.zip"
    beside = [house.tmp / place / filed["confidential"] for place in ("out", "carp/outbox")]
    for path in beside:
        assert path.stat().st_mode & 0o777 == 0o600
        members = unzipped(path.read_bytes())
        assert not isinstance(members, Refusal)
        assert members[f"confidential/{copies.private.name}"] == copies.private.read_bytes()
    checked_copy = checked(house.run, beside[0], house.folder / "keys" / "registry.pub")
    assert (checked_copy.status, checked_copy.json["status"], checked_copy.json["report"]) == (0, "signed", KEY)
    kept = [path.read_bytes() for path in (house.folder / "evidence").rglob("*") if path.is_file()]
    assert copies.public.read_bytes() in kept and copies.private.read_bytes() not in kept
    digest = hashlib.sha256(copies.private.read_bytes()).hexdigest()
    assert house.run("export", "--dir", house.folder, "--out", house.tmp / "all").status == 0
    assert not [
        path for path in (house.tmp / "all").rglob("*") if path.is_file() and digest in path.read_text("latin1")
    ]
    package = house.tmp / "out" / filed["package"]
    assert checked(house.run, package, house.folder / "keys" / "registry.pub").json["status"] == "proven"


def test_the_confidential_copy_can_follow_a_filing(house: House, copies: Copies) -> None:
    first = aef(house.file, copies.public, "--confidential", copies.private).json["confidential"]
    other = house.tmp / "other"
    send = ("submission", "send", KEY, "--dir", house.folder, "--confidential", copies.private, "--carp", other)
    assert house.run(*send).status == 0
    assert (other / "outbox" / first).read_bytes() == (house.tmp / "out" / first).read_bytes()


def test_a_confidential_copy_is_not_believed_when_somebody_changed_it(house: House, copies: Copies) -> None:
    name = aef(house.file, copies.public, "--confidential", copies.private).json["confidential"]
    members = unzipped((house.tmp / "out" / name).read_bytes())
    assert not isinstance(members, Refusal)
    bad = house.tmp / "bad.zip"
    key = house.folder / "keys" / "registry.pub"
    file = f"confidential/{copies.private.name}"
    note = members["confidential.note"].replace(b"2023 1.0", b"2023 1.1")
    for changed, code in (
        ({file: b"other"}, "package.file_differs"),
        ({"confidential.note": note}, "package.not_signed"),
        ({"confidential.note": b"-"}, "package.unreadable"),
        ({"confidential/more": b"x"}, "package.unreadable"),
    ):
        bad.write_bytes(zipped({**members, **changed}))
        assert checked(house.run, bad, key).json["code"] == code
    assert checked(house.run, house.tmp / "out" / name, "nothing").json["code"] == "package.key_unreadable"


def test_what_is_not_the_confidential_copy_is_not_sent_as_such(house: House, copies: Copies) -> None:
    refused = aef(house.file, copies.public, "--confidential", copies.public)
    assert (refused.status, refused.json["code"]) == (1, "filing.not_the_confidential_copy")
    alone = ("submission", "file", copies.public, "--dir", house.folder, *PARTY, "--kind", "aef", "--year", "2023")
    assert house.run(*alone, "--confidential", copies.private).status == 2
    assert house.run("submission", "list", "--dir", house.folder, "--json").json["items"][0]["report"] != KEY
    assert not list((house.tmp / "out").glob("*aef*"))


def test_a_report_without_confidential_values_has_no_confidential_copy(house: House) -> None:
    (path,) = house.annual.iterdir()
    assert aef(house.file, house.annual, "--confidential", path).json["code"] == "filing.nothing_confidential"
