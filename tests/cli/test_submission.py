"""Reports on their way out and back, on the command line."""

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from counterfoil.adapters.carp.package_zip import unzipped, zipped
from counterfoil.domain.kernel.refusal import Refusal
from tests.cli.conftest import Counterfoil, ndjson
from tests.cli.house import KEY, PARTY, House, aef, annual, filing, house, initial, printed

__all__ = ["annual", "filing", "house", "initial"]


def checked(counterfoil: Counterfoil, package: Path, key: str | Path) -> Any:
    return counterfoil("submission", "check", package, "--key", key, "--json")


def test_annual_information_waits_for_the_initial_report_of_its_approaches(
    filing: Any, annual: Path, initial: Path
) -> None:
    assert aef(filing, annual).json["known_issues"] == []
    assert filing(annual, "--kind", "aef", "--year", "2023").status == 0


def test_without_an_initial_report_nothing_is_filed(
    filing: Any, annual: Path, counterfoil: Counterfoil, issued: Path
) -> None:
    refused = aef(filing, annual)
    assert (refused.status, refused.json["code"]) == (1, "report.initial_missing")
    assert counterfoil("submission", "list", "--dir", issued, "--json").json == {"items": []}


def test_a_filed_report_shows_what_it_said_whatever_is_done_later(house: House) -> None:
    first = aef(house.file, house.annual).json
    (name,) = [path.name for path in house.annual.iterdir()]
    before = (house.annual / name).read_bytes()
    move = {"command": "OpenAccount", "account": "tha:later", "holder": "Later"}
    approach = {
        "command": "RegisterCooperativeApproach",
        "approach": "CA9009",
        "title": "X",
        "participants": ["THA", "JPN"],
    }
    assert house.run("do", "--dir", house.folder, stdin=ndjson(move, approach)).status == 0
    assert aef(house.file, printed(house.run, house.folder, house.tmp / "again", "1.1"), version="1.1").status == 0
    shown = house.run(
        "submission", "show", KEY, "--version", "1.0", "--out", house.tmp / "old", "--dir", house.folder, "--json"
    ).json
    assert (shown["sha256"], shown["versions"]) == (first["sha256"], ["1.0", "1.1"])
    assert (house.tmp / "old" / name).read_bytes() == before
    assert house.run("submission", "show", KEY, "--dir", house.folder, "--json").json["version"] == "1.1"


def test_a_run_that_is_repeated_files_and_sends_once_with_the_same_bytes(house: House) -> None:
    once, again = aef(house.file, house.annual).json, aef(house.file, house.annual).json
    assert once["package_sha256"] == again["package_sha256"]
    sent = house.run("submission", "send", KEY, "--carp", house.tmp / "other", "--dir", house.folder, "--json").json
    assert sent["package_sha256"] == once["package_sha256"]
    acts = house.run("export", "--dir", house.folder, "--out", house.tmp / "all")
    assert acts.status == 0
    filed = [line for line in journal(house.tmp / "all") if line["act"] in ("ReportFiled", "ReportSent")]
    assert [line["act"] for line in filed] == ["ReportFiled", "ReportSent"] * 2


def journal(folder: Path) -> list[dict[str, Any]]:
    (path,) = [path for path in folder.rglob("*") if path.name in ("journal.ndjson", "entries.ndjson")]
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [line.get("leaf", line) for line in lines]


def test_a_run_that_was_cut_off_after_the_filing_goes_on_where_it_stopped(house: House) -> None:
    filed = house.run(
        "submission", "file", house.annual, "--dir", house.folder, *PARTY, "--kind", "aef", "--year", "2023", "--json"
    )
    assert filed.json["sent"] is False
    assert aef(house.file, house.annual).json["sent"] is True
    assert house.run("submission", "show", KEY, "--dir", house.folder, "--json").json["state"] == "sent"


def test_a_run_that_was_cut_off_between_the_outbox_and_its_record_goes_on(house: House) -> None:
    filed = house.run(
        *("submission", "file", house.annual, "--dir", house.folder, *PARTY, "--kind", "aef", "--year", "2023"),
        *("--out", house.tmp / "carp" / "outbox", "--json"),
    )
    assert house.run("submission", "show", KEY, "--dir", house.folder, "--json").json["state"] == "filed"
    sent = house.run("submission", "send", KEY, "--carp", house.tmp / "carp", "--dir", house.folder, "--json")
    assert sent.json["package_sha256"] == filed.json["package_sha256"]
    assert house.run("submission", "show", KEY, "--dir", house.folder, "--json").json["state"] == "sent"


def test_another_file_in_the_outbox_is_not_written_over(house: House) -> None:
    name = "submission-aef-THA-2023-v1.0.zip"
    outbox = house.tmp / "carp" / "outbox"
    outbox.mkdir(parents=True, exist_ok=True)
    (outbox / name).write_bytes(b"other")
    refused = aef(house.file, house.annual)
    assert (refused.status, refused.json["code"]) == (2, "carp.other_package")
    assert (outbox / name).read_bytes() == b"other"
    (outbox / name).unlink()
    assert aef(house.file, house.annual).json["sent"] is True


def test_what_was_filed_is_in_a_backup(house: House) -> None:
    aef(house.file, house.annual)
    (name,) = [path.name for path in house.annual.iterdir()]
    assert house.run("backup", "--to", house.tmp / "b.tar", "--dir", house.folder).status == 0
    back = house.tmp / "back"
    restored = house.run("restore", house.tmp / "b.tar", "--to", back)
    assert restored.status == 0, restored.err
    assert house.run("submission", "show", KEY, "--out", house.tmp / "old", "--dir", back).status == 0
    assert (house.tmp / "old" / name).read_bytes() == (house.annual / name).read_bytes()


def test_a_package_is_checked_with_the_public_key_alone(house: House) -> None:
    package = house.tmp / "out" / aef(house.file, house.annual).json["package"]
    key = house.tmp / "key"
    shutil.copy(house.folder / "keys" / "registry.pub", key)
    shutil.rmtree(house.folder)
    told = checked(house.run, package, key)
    assert (told.status, told.json["report"], told.json["status"]) == (0, KEY, "proven")
    with zipfile.ZipFile(package) as archive:
        assert archive.testzip() is None


def altered(package: Path, how: str) -> bytes:
    """The package with one thing changed."""
    data = package.read_bytes()
    members = unzipped(data)
    assert not isinstance(members, Refusal)
    (file,) = [name for name in members if name.startswith("files/")]
    match how:
        case "a file":
            return zipped({**members, file: members[file] + b"x"})
        case "a file more":
            return zipped({**members, "files/more.txt": b"x"})
        case "a file less":
            return zipped({name: found for name, found in members.items() if name != file})
        case "a stranger":
            return zipped({**members, "read-me.txt": b"x"})
        case "the manifest":
            return zipped(
                {
                    **members,
                    "manifest.json": members["manifest.json"]
                    .replace(b'"2023"', b'"2022"')
                    .replace(b"2023", b"2024", 1),
                }
            )
        case "the signature":
            return zipped({**members, "manifest.note": members["manifest.note"][:-6] + b"AAAA=\n"})
        case "no signature":
            return zipped({name: found for name, found in members.items() if name != "manifest.note"})
        case "bytes before it":
            return b"x" + data
        case "bytes after it":
            return data + b"x"
        case _:
            return b"PK"


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ("a file", 1), ("a file more", 1), ("a file less", 1), ("a stranger", 1), ("the signature", 1),
        ("the manifest", 1), ("no signature", 2), ("bytes before it", 2), ("bytes after it", 2), ("no zip", 2),
    ],
)  # fmt: skip
def test_a_package_is_not_believed_when_somebody_changed(how: str, status: int, house: House) -> None:
    package = house.tmp / "out" / aef(house.file, house.annual).json["package"]
    bad = house.tmp / "bad.zip"
    bad.write_bytes(altered(package, how))
    told = checked(house.run, bad, house.folder / "keys" / "registry.pub")
    assert told.status == status, told.out
    assert told.json["code"].startswith("package.")


def test_a_package_is_not_believed_by_who_trusts_another_key(
    filing: Any, annual: Path, initial: Path, counterfoil: Counterfoil, tmp_path: Path
) -> None:
    package = tmp_path / "out" / aef(filing, annual).json["package"]
    other = tmp_path / "che"
    counterfoil("init", "--dir", other, "--party", "CHE", "--registry", "CHE01", "--name", "CHE", "--demonstration")
    assert checked(counterfoil, package, other / "keys" / "registry.pub").json["code"] == "package.not_signed"
    assert checked(counterfoil, package, "nothing").json["code"] == "package.key_unreadable"


def test_a_package_from_after_a_key_rotation_is_believed_by_who_knows_the_first_key(house: House) -> None:
    first = house.tmp / "first"
    shutil.copy(house.folder / "keys" / "registry.pub", first)
    assert house.run("key", "rotate", "--reason", "planned", "--dir", house.folder).status == 0
    package = house.tmp / "out" / aef(house.file, house.annual).json["package"]
    assert checked(house.run, package, first).status == 0
    assert checked(house.run, package, house.folder / "keys" / "registry.pub").status == 0


def test_a_file_that_differs_from_the_register_is_filed_with_its_known_issue_only(
    filing: Any, annual: Path, initial: Path, counterfoil: Counterfoil, issued: Path
) -> None:
    (path,) = annual.iterdir()
    book = load_workbook(path)
    sheet = book["Table 4 Holdings"]
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value == 1916:
                cell.value = 1900
            elif isinstance(cell.value, str) and cell.value.startswith("CA9001-THA01-THA-1916"):
                cell.value = cell.value.replace("1916", "1900")
    book.save(path)
    refused = aef(filing, annual)
    assert (refused.status, refused.json["code"]) == (1, "filing.inconsistent")
    assert "REGISTER" in refused.json["facts"]["checks"]
    filed = aef(filing, annual, "--despite", "A correction is under way.")
    assert "REGISTER" in filed.json["known_issues"]
    shown = counterfoil("submission", "show", KEY, "--dir", issued, "--json").json
    assert (shown["checked"], shown["reason"]) == ("INCONSISTENT", "A correction is under way.")


def test_a_file_that_nobody_could_load_is_not_filed(filing: Any, annual: Path, initial: Path) -> None:
    (path,) = annual.iterdir()
    book = load_workbook(path)
    del book["Table 5 Auth. entities"]
    book.save(path)
    assert aef(filing, annual, "--despite", "We must.").json["code"] == "filing.blocked"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--kind", "aef", "--year", "2022"), "filing.other_report"),
        (("--kind", "aef", "--year", "2023", "--version", "1.1"), "filing.other_report"),
        (("--kind", "aef", "--year", "2023", "--version", "one"), "aef.version_unreadable"),
        (("--kind", "aef",), "report.year_unclear"),
        (("--kind", "initial",), "report.approaches_unclear"),
        (("--kind", "updated-initial",), "report.approaches_unclear"),
        (("--kind", "regular", "--year", "2024"), "filing.no_report"),
    ],
)  # fmt: skip
def test_what_is_asked_must_be_what_is_there(arguments: tuple[str, ...], code: str, filing: Any, annual: Path) -> None:
    refused = filing(annual, *arguments)
    assert (refused.status, refused.json["code"]) == (1, code)


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_people_read_what_was_filed_in_their_language(language: str, house: House) -> None:
    package = house.tmp / "out" / aef(house.file, house.annual).json["package"]
    lang = ("--lang", language)
    listed = house.run("submission", "list", "--dir", house.folder, *lang).out
    assert KEY in listed and ("已送出" in listed) == (language == "zh-Hant")
    shown = house.run("submission", "check", package, "--key", house.folder / "keys" / "registry.pub", *lang).out
    assert ("簽章" in shown) == (language == "zh-Hant")


def test_a_report_command_hands_out_what_was_filed_byte_for_byte(house: House) -> None:
    """Whatever was done since; a report that is told anew is another thing."""
    aef(house.file, house.annual)
    (name,) = [path.name for path in house.annual.iterdir()]
    asked = ("--dir", house.folder, *PARTY, "--filed", "1.0", "--json")
    told = house.run("report", "aef", *asked, "--year", "2023", "--out", house.tmp / "old")
    assert (told.status, told.json["report"], told.json["files"]) == (0, KEY, [str(house.tmp / "old" / name)])
    assert (house.tmp / "old" / name).read_bytes() == (house.annual / name).read_bytes()
    assert house.run("report", "initial", *asked, "--year", "2024", "--out", house.tmp / "old").status == 0
    assert (house.tmp / "old" / "initial.json").read_text() == '{"party": "THA"}'


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("aef", "--year", "2022"), "show.not_found"),
        (("summary", "--year", "2023"), "show.not_found"),
        (("regular", "--year", "2024"), "show.not_found"),
        (("updated-initial", "--year", "2024"), "narrative.approach_required"),
        (("updated-initial", "--year", "2024", "--approach", "CA9001"), "show.not_found"),
    ],
)  # fmt: skip
def test_what_was_not_filed_is_not_handed_out(arguments: tuple[str, ...], code: str, house: House) -> None:
    kind, *rest = arguments
    refused = house.run(
        *("report", kind, "--dir", house.folder, *PARTY, *rest, "--filed", "1.0", "--out", house.tmp / "old", "--json")
    )
    assert (refused.status, refused.json["code"]) == (1, code)
    assert not (house.tmp / "old").exists()
