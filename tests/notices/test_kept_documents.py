"""Documents: numbers without gaps, who may read, what is not kept, what must be kept, and what a scanner says."""

import hashlib
import io
import json
import stat
import sys
import threading
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from counterfoil.adapters.documents.scanner import CommandScanner
from counterfoil.application.documents import inspection
from counterfoil.application.documents.inspection import inspected
from counterfoil.application.documents.keeping import Brought, Filing, content, erase, keep, revise, shown
from counterfoil.application.documents.ports import Document, DocumentRoom, ScanState
from counterfoil.application.office.ports import Membership
from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.document import Access, AccessLevel, may_read, name_refused
from counterfoil.domain.people.permission import Reach
from counterfoil.domain.people.standing import Standing
from counterfoil.entrypoints.cli.main import run
from counterfoil.entrypoints.document_room import document_room
from tests.notices.post_room import Room
from tests.notices.test_http_and_cli import OFFICE, browser, sign_in
from tests.office.stage import DAY, code_of, member

pytestmark = pytest.mark.anyio
PUBLIC = Access(AccessLevel.PUBLIC)
SECRET = Access(AccessLevel.CONFIDENTIAL, basis="agreement, article 9")


@pytest.fixture
def papers(room: Room) -> DocumentRoom:
    return document_room(room.stage.office)


def kept(papers: DocumentRoom, data: bytes = b"paper", access: Access = PUBLIC, **changes: object) -> Document:
    filing = replace(Filing("LOA", "A-1", access), **changes)  # type: ignore[arg-type]
    found = keep(papers, filing, Brought("letter.pdf", data, "local"))
    assert isinstance(found, Document), found
    return found


def test_numbers_run_without_a_gap_in_each_series_and_year(room: Room, papers: DocumentRoom) -> None:
    numbers = [kept(papers).number, kept(papers, series="KYC").number, kept(papers).number]
    assert numbers == ["LOA-2026-0001", "KYC-2026-0001", "LOA-2026-0002"]
    refused = keep(papers, Filing("LOA", "A-1", PUBLIC), Brought("../x", b"1", "local"))
    assert code_of(refused) == "document.name_unreadable"
    assert erase(papers, "LOA-2026-0002", by="local") is None
    assert kept(papers).number == "LOA-2026-0003"
    room.stage.later(365 * DAY)
    assert kept(papers).number == "LOA-2027-0001"


def test_two_who_keep_at_once_get_two_numbers(papers: DocumentRoom) -> None:
    threads = [threading.Thread(target=kept, args=(papers, b"%d" % number)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    listed = [each.number for each in papers.documents.listed(about="A-1", after="", limit=100)]
    assert listed == [f"LOA-2026-{place:04d}" for place in range(1, 9)]


def test_versions_are_told_by_hash_and_the_same_bytes_are_no_version(papers: DocumentRoom) -> None:
    number = kept(papers, b"one").number
    second = revise(papers, number, Brought("letter.pdf", b"two", "local"))
    assert isinstance(second, Document) and [each.version for each in second.versions] == [1, 2]
    assert code_of(revise(papers, number, Brought("letter.pdf", b"two", "local"))) == "document.unchanged"
    first = content(papers, number, None, None, version=1, by="local")
    assert not isinstance(first, Refusal) and first[1] == b"one"
    assert first[0].sha256 == hashlib.sha256(b"one").hexdigest()
    assert code_of(content(papers, number, None, None, version=3, by="local")) == "document.unknown"
    assert code_of(revise(papers, "LOA-2026-9999", Brought("a", b"x", "local"))) == "document.unknown"


def test_bytes_changed_on_the_disk_are_not_handed_out(room: Room, papers: DocumentRoom) -> None:
    made = kept(papers, b"one")
    digest = made.newest.sha256
    file = room.folder.path / "documents" / digest[:2] / digest[2:]
    file.chmod(0o600)
    file.write_bytes(b"two")
    with pytest.raises(Outage, match=r"evidence\.damaged"):
        content(papers, made.number, None, None, version=None, by="local")


def test_the_folder_of_documents_is_its_owners_alone_and_no_evidence(room: Room, papers: DocumentRoom) -> None:
    kept(papers)
    assert stat.S_IMODE((room.folder.path / "documents").stat().st_mode) == 0o700
    assert not room.folder.evidence.exists() or not list(room.folder.evidence.rglob("*"))


@pytest.mark.parametrize(
    ("level", "organisation", "reach", "reads"),
    [
        (AccessLevel.PUBLIC, "", Reach.OWN, True),
        (AccessLevel.PUBLIC, "", None, False),
        (AccessLevel.PARTIES, "E-1", Reach.OWN, True),
        (AccessLevel.PARTIES, "E-2", Reach.OWN, False),
        (AccessLevel.PARTIES, "", Reach.OWN, False),
        (AccessLevel.PARTIES, "E-1", None, False),
        (AccessLevel.PARTIES, "", Reach.ANY, True),
        (AccessLevel.CONFIDENTIAL, "E-1", Reach.OWN, False),
        (AccessLevel.CONFIDENTIAL, "", Reach.ANY, True),
    ],
)
def test_who_may_read(level: AccessLevel, organisation: str, reach: Reach | None, reads: bool) -> None:
    access = Access(level, frozenset({"E-1", ""}), "basis")
    assert may_read(access, Standing("P-AAAAAAAA", organisation, "company", frozenset()), reach) is reads
    assert may_read(access, None, None)


def test_an_access_without_its_ground_is_refused(papers: DocumentRoom) -> None:
    for access, code in (
        (Access(AccessLevel.CONFIDENTIAL, basis="  "), "document.basis_missing"),
        (Access(AccessLevel.PARTIES), "document.parties_missing"),
    ):
        assert code_of(keep(papers, Filing("LOA", "", access), Brought("a", b"x", "local"))) == code
    assert code_of(keep(papers, Filing("loa", "", PUBLIC), Brought("a", b"x", "local"))) == "document.series_unreadable"


@pytest.mark.parametrize(
    "name",
    ["", "../x", "a/b", "a\\b", "/etc/passwd", "..", ".hidden", "a\x00b", "a\nb", "a\u202etxt.exe", "C:x", "nul.txt",
     "COM1", "x.", " x", "x" * 121, "a|b", 'a"b'],
)  # fmt: skip
def test_a_name_with_a_trick_in_it_is_refused(name: str) -> None:
    assert code_of(name_refused(name)) == "document.name_unreadable"


@pytest.mark.parametrize("name", ["letter.pdf", "授權書 2026.pdf", "a..b.txt", "console.txt", "x" * 120])
def test_a_plain_name_is_taken(name: str) -> None:
    assert name_refused(name) is None


def archive(*members: tuple[str, bytes], compress: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compress) as made:
        for name, data in members:
            made.writestr(name, data)
    return out.getvalue()


def test_archives_that_unpack_to_too_much_or_elsewhere_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert inspected(archive(("a.txt", b"x")), "a.zip") is None
    bomb = archive(("a.txt", bytes(50_000_000)))
    assert len(bomb) < 100_000
    bad = {
        "a bomb": bomb,
        "behind a picture": b"\x89PNG" + bomb,
        "a path": archive(("../../etc/cron", b"x")),
        "another path": archive(("..\\x", b"x")),
        "a root": archive(("/etc/x", b"x")),
        "a nest": archive(("inner.zip", b"x")),
        "cut": archive(("a.txt", b"x"))[:-30] + b"PK\x05\x06" + bytes(18),
    }
    for what, data in bad.items():
        found = inspected(data, "a.zip")
        if what != "cut":
            assert code_of(found) == "document.archive_unsafe", what
    monkeypatch.setattr(inspection, "MEMBERS_MAX", 2)
    assert code_of(inspected(archive(("a", b""), ("b", b""), ("c", b"")), "a.zip")) == "document.archive_unsafe"


def test_an_archive_that_lies_of_its_sizes_or_overlaps_is_not_kept() -> None:
    data = bytearray(archive(("a.txt", b"x"), ("b.txt", b"x"), compress=zipfile.ZIP_STORED))
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = bytes(4)  # the second member begins where the first one does
    assert code_of(inspected(bytes(data), "a.zip")) == "document.archive_unsafe"


def test_empty_and_too_large_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert code_of(inspected(b"", "a")) == "document.empty"
    monkeypatch.setattr(inspection, "BYTES_MAX", 3)
    assert inspected(b"abc", "a") is None
    assert code_of(inspected(b"abcd", "a")) == "document.too_large"


def scanner(script: str, seconds: int = 20) -> CommandScanner:
    return CommandScanner((sys.executable, "-c", f"import sys; data = sys.stdin.buffer.read(); {script}"), seconds)


def test_what_the_scanner_says_decides_and_without_one_that_is_shown(papers: DocumentRoom) -> None:
    assert kept(papers).newest.scan is ScanState.UNSCANNED
    strict = replace(papers, scanner=scanner("sys.exit(b'virus' in data)"))
    assert kept(strict, b"good").newest.scan is ScanState.CLEAN
    found = keep(strict, Filing("LOA", "", PUBLIC), Brought("a", b"a virus", "local"))
    assert code_of(found) == "document.scan_found"
    assert not papers.content.has(hashlib.sha256(b"a virus").hexdigest())


@pytest.mark.parametrize("broken", [scanner("sys.exit(2)"), scanner("import time; time.sleep(60)", 1)])
def test_a_scanner_that_fails_keeps_nothing(papers: DocumentRoom, broken: CommandScanner) -> None:
    with pytest.raises(Outage, match=r"document\.scan_failed"):
        keep(replace(papers, scanner=broken), Filing("LOA", "", PUBLIC), Brought("a", b"x", "local"))
    assert list(papers.documents.listed(about="", after="", limit=9)) == []
    assert not papers.content.has(hashlib.sha256(b"x").hexdigest())


def test_what_must_be_kept_is_not_erased_before_the_day_after_its_last(room: Room, papers: DocumentRoom) -> None:
    until = date(2026, 6, 2)
    number = kept(papers, b"file", retain_until=until).number
    other = kept(papers, b"file").number
    refused = erase(papers, number, by="local")
    assert code_of(refused) == "document.must_be_kept" and isinstance(refused, Refusal)
    assert refused.facts["until"] == "2026-06-02"
    room.stage.later(DAY)
    assert code_of(erase(papers, number, by="local")) == "document.must_be_kept"
    room.stage.later(DAY)
    assert erase(papers, number, by="local") is None
    gone = shown(papers, number, None, None)
    assert isinstance(gone, Document) and gone.newest.name == "" and len(gone.newest.sha256) == 64
    assert code_of(content(papers, number, None, None, version=None, by="local")) == "document.erased"
    assert code_of(erase(papers, number, by="local")) == "document.erased"
    # Another document has the same bytes: they stay until it is erased too.
    assert papers.content.has(gone.newest.sha256)
    assert erase(papers, other, by="local") is None
    assert not papers.content.has(gone.newest.sha256)


async def test_over_http_each_reads_what_is_theirs_and_the_rest_is_not_there(room: Room, papers: DocumentRoom) -> None:
    mine = kept(papers, b"<script>", Access(AccessLevel.PARTIES, frozenset({"trader"}))).number
    secret = kept(papers, b"secret", SECRET).number
    who = member(room.stage, "dora@example.org", "holder", "trader")
    async with browser(room) as client:
        assert (await client.get(f"{OFFICE}/documents/{mine}/content")).status_code == 401
        await sign_in(client, room, who)
        listed = (await client.get(f"{OFFICE}/documents")).json()["items"]
        assert [each["number"] for each in listed] == [mine]
        file = await client.get(f"{OFFICE}/documents/{mine}/content")
        assert file.content == b"<script>" and file.headers["content-type"] == "application/octet-stream"
        assert file.headers["content-disposition"].startswith("attachment;")
        assert file.headers["x-content-type-options"] == "nosniff" and file.headers["x-content-scan"] == "unscanned"
        for path in (secret, f"{secret}/content", "LOA-2026-9999", "..%2f..%2foffice.db"):
            answer = await client.get(f"{OFFICE}/documents/{path}")
            assert answer.status_code == 404, path
        assert (await client.get(f"{OFFICE}/documents/{mine}/content?version=x")).status_code == 400
        assert (await client.get(f"{OFFICE}/documents/{mine}/content?version=2")).status_code == 404
        with room.stage.office.store.change():
            memberships = room.stage.office.store.memberships
            memberships.add(Membership(0, who.person, "trader", "authority", "2026-01-01"))
        assert (await client.get(f"{OFFICE}/documents/{secret}/content")).content == b"secret"
    acts = [row.act for row in _trail(room) if row.subject == secret]
    assert acts == ["document.kept", "document.read"]


def _trail(room: Room) -> list[object]:
    from counterfoil.entrypoints.office_at_hand import OfficeAtHand

    at_hand = OfficeAtHand(room.folder.path)
    office = at_hand.office()
    assert office is not None
    rows = list(office.store.trail.all())
    at_hand.close()
    return rows  # type: ignore[return-value]


def test_the_command_line_keeps_shows_reads_and_erases(
    room: Room, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ("--dir", str(room.folder.path))
    file = tmp_path / "letter.pdf"
    file.write_bytes(b"%PDF-1.4 nothing more")
    capsys.readouterr()
    assert run(["document", "add", str(file), "--level", "public", "--json", *place]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["versions"][0]["signatures"]["findings"]
    number = made["number"]
    file.write_bytes(b"plain")
    assert run(["document", "add", str(file), "--revises", number, *place]) == 0
    assert run(["document", "list", *place]) == 0
    capsys.readouterr()
    assert run(["document", "show", number, *place, "--lang", "zh-Hant"]) == 0
    shown = capsys.readouterr().out
    assert "序次" in shown and "層級" in shown and "未掃描：未設定掃描程式" in shown
    assert "level" not in shown and "unscanned" not in shown and "number" not in shown
    out = tmp_path / "out"
    assert run(["document", "read", number, "--out", str(out), "--version", "2", *place]) == 0
    assert out.read_bytes() == b"plain" and stat.S_IMODE(out.stat().st_mode) == 0o600
    assert run(["document", "read", number, "--out", str(out), *place]) == 2
    assert run(["document", "erase", number, *place]) == 0
    (room.folder.path / "documents.toml").write_text('[scan]\ncommand = ["clamscan"]\n')
    assert run(["document", "list", *place]) == 2


def test_a_paper_that_bears_a_number_is_kept_under_that_number_or_not_at_all(papers: DocumentRoom) -> None:
    filing, brought = Filing("LOA", "A-1", PUBLIC), Brought("letter.pdf", b"paper", "local")
    kept(papers)
    assert code_of(keep(papers, filing, brought, number="LOA-2026-0001")) == "document.number_taken"
    assert code_of(keep(papers, filing, brought, number="LOA-2026-0003")) == "document.number_taken"
    made = keep(papers, filing, brought, number="LOA-2026-0002")
    assert isinstance(made, Document) and made.number == "LOA-2026-0002"


async def test_over_http_an_officer_keeps_a_file_and_a_further_version_of_it(room: Room) -> None:
    officer = member(room.stage, "dora@example.org", "operator")
    asked = {"name": "信 1.pdf", "series": "LOA", "about": "A-1", "level": "parties", "parties": "trader,mill"}
    file = {"content-type": "application/octet-stream"}
    async with browser(room) as client:
        assert (await client.post(f"{OFFICE}/documents", params=asked, content=b"1", headers=file)).status_code == 401
        token = {**file, **await sign_in(client, room, officer)}
        made = await client.post(f"{OFFICE}/documents", params=asked, content=b"one", headers=token)
        assert made.status_code == 201, made.text
        one = made.json()
        assert (one["number"], one["parties"]) == ("LOA-2026-0001", ["mill", "trader"])
        assert one["versions"][0]["sha256"] == hashlib.sha256(b"one").hexdigest()
        assert one["versions"][0]["by"] == f"person:{officer.person}" and one["versions"][0]["scan"] == "unscanned"
        place = f"{OFFICE}/documents/{one['number']}"
        again = await client.post(f"{place}/versions", params={"name": "b.pdf"}, content=b"two", headers=token)
        assert [each["version"] for each in again.json()["versions"]] == [1, 2]
        same = await client.post(f"{place}/versions", params={"name": "b.pdf"}, content=b"two", headers=token)
        assert same.json()["code"] == "document.unchanged"
        assert (await client.get(f"{place}/content")).content == b"two"
    assert [row.act for row in _trail(room) if row.subject == one["number"]][:2] == [
        "document.kept",
        "document.revised",
    ]


async def test_over_http_tricks_are_refused_and_nothing_is_kept(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    officer = member(room.stage, "dora@example.org", "operator")
    monkeypatch.setattr("counterfoil.entrypoints.http.office.desk.FILE_BYTES_MAX", 1_000)
    plain = {"name": "a.txt", "level": "public"}
    async with browser(room) as client:
        session = await sign_in(client, room, officer)
        token = {**session, "content-type": "application/octet-stream"}
        for wrong, code in (
            ({"name": "../../office.db"}, "document.name_unreadable"),
            ({"name": "a\u202etxt.exe"}, "document.name_unreadable"),
            ({"name": "con.txt"}, "document.name_unreadable"),
            ({"name": ""}, "document.name_unreadable"),
            ({"series": "../X"}, "document.series_unreadable"),
            ({"level": "confidential"}, "document.basis_missing"),
            ({"level": "parties"}, "document.parties_missing"),
            ({"level": "none"}, "http.parameter_unreadable"),
            ({"parties": ",".join(map(str, range(50)))}, "http.parameter_unreadable"),
            ({"retain_until": "soon"}, "http.parameter_unreadable"),
        ):
            told = await client.post(f"{OFFICE}/documents", params={**plain, **wrong}, content=b"1", headers=token)
            assert (told.status_code in (400, 409, 422), told.json()["code"]) == (True, code), told.text
        empty = await client.post(f"{OFFICE}/documents", params=plain, content=b"", headers=token)
        assert empty.json()["code"] == "document.empty"
        huge = await client.post(f"{OFFICE}/documents", params=plain, content=b"x" * 1_001, headers=token)
        assert (huge.status_code, huge.json()["code"]) == (413, "http.upload_too_large")
        typed = await client.post(f"{OFFICE}/documents", params=plain, json={}, headers=session)
        assert typed.status_code == 415
        forged = await client.post(
            f"{OFFICE}/documents", params=plain, content=b"1", headers={"content-type": "application/octet-stream"}
        )
        assert forged.status_code == 403
        lost = await client.post(
            f"{OFFICE}/documents/LOA-2026-0009/versions", params=plain, content=b"1", headers=token
        )
        assert lost.json()["code"] == "document.unknown"
        assert (await client.get(f"{OFFICE}/documents")).json()["items"] == []


async def test_over_http_a_file_with_a_finding_is_not_kept_and_a_holder_keeps_none(room: Room) -> None:
    (room.folder.path / "documents.toml").write_text(
        f'[scan]\ncommand = ["{sys.executable}", "-c", "import sys; sys.exit(b\'virus\' in sys.stdin.buffer.read())"]\n'
    )
    officer = member(room.stage, "d@example.org", "operator")
    holder = member(room.stage, "e@example.org", "holder", "trader")
    plain, file = {"name": "a.txt", "level": "public"}, {"content-type": "application/octet-stream"}
    async with browser(room) as client:
        token = {**file, **await sign_in(client, room, officer)}
        found = await client.post(f"{OFFICE}/documents", params=plain, content=b"a virus", headers=token)
        assert found.json()["code"] == "document.scan_found"
        clean = await client.post(f"{OFFICE}/documents", params=plain, content=b"a letter", headers=token)
        assert clean.json()["versions"][0]["scan"] == "clean"
    async with browser(room) as client:
        token = {**file, **await sign_in(client, room, holder)}
        told = await client.post(f"{OFFICE}/documents", params=plain, content=b"a letter", headers=token)
        assert told.status_code == 403
