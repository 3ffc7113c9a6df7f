"""`installation` on the command line: made, added to, listed, served, and a section handed over to its Party."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from counterfoil.application.command import stored
from counterfoil.domain.federation.section import SECTION, HostedSection, SectionState
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading, verify_folder
from counterfoil.entrypoints.tenancy.installation import read_installation
from tests.cli.conftest import Counterfoil, program
from tests.tenancy.house import founded, supervised

PERIOD = ("--ndc-period", "2021-2030")


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A Party's letter. Its words are its own; only its hash is public."""
    path = tmp_path / "letter.pdf"
    path.write_bytes(b"%PDF-1.7 Please open a section for us.")
    return path


@pytest.fixture
def international(tmp_path: Path, counterfoil: Counterfoil) -> Path:
    directory = tmp_path / "intl"
    made = counterfoil(
        "installation", "init", "--dir", directory, "--name", "International registry", "--administrator", "XIR"
    )
    assert made.status == 0, made.err
    return directory


def added(counterfoil: Counterfoil, directory: Path, party: str, *more: str | Path) -> Any:
    named = ("--party", party, "--registry", f"{party}01", "--name", f"Registry of {party}", *PERIOD)
    return counterfoil("installation", "add", "--dir", directory, *named, "--json", *more)


def section(directory: Path, party: str) -> HostedSection | None:
    """What the administrator's book says of a section."""
    with open_for_reading(Folder(directory / "sections/XIR")) as readable:
        return stored(readable.books, SECTION, party, HostedSection)


def test_an_installation_is_made_once(tmp_path: Path, counterfoil: Counterfoil) -> None:
    arguments = ("installation", "init", "--dir", tmp_path / "hosted", "--name", "Hosted", "--json")
    assert counterfoil(*arguments).json["administrator"] is None
    assert counterfoil(*arguments).json["code"] == "installation.exists"
    listed = counterfoil("installation", "list", "--dir", tmp_path / "hosted")
    assert (listed.status, listed.out) == (0, "The installation has no sections.\n")
    assert counterfoil("installation", "list", "--dir", tmp_path).status == 2


def test_several_registries_are_added_and_each_is_whole(tmp_path: Path, counterfoil: Counterfoil) -> None:
    directory = tmp_path / "hosted"
    counterfoil("installation", "init", "--dir", directory, "--name", "Hosted")
    for party in ("THA", "GHA"):
        assert added(counterfoil, directory, party).json["status"] == "added"
        folder = directory / "sections" / party
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert not verify_folder(Folder(folder)).findings
        assert counterfoil("show", "registry", "--dir", folder).status == 0
    keys = {(directory / "sections" / each / "keys/registry.pub").read_text() for each in ("THA", "GHA")}
    assert len(keys) == 2
    again = added(counterfoil, directory, "THA")
    assert (again.status, again.json["code"]) == (1, "installation.party_taken")
    rows = counterfoil("installation", "list", "--dir", directory, "--json").json["sections"]
    assert [(each["party"], each["state"], each["path"]) for each in rows] == [
        ("THA", "open", "/s/THA/"),
        ("GHA", "open", "/s/GHA/"),
    ]


def test_what_would_be_refused_leaves_nothing_behind(tmp_path: Path, counterfoil: Counterfoil) -> None:
    directory = tmp_path / "hosted"
    counterfoil("installation", "init", "--dir", directory, "--name", "Hosted")
    refused = counterfoil(
        *(
            "installation",
            "add",
            "--dir",
            directory,
            "--party",
            "THA",
            "--registry",
            "Thailand",
            "--name",
            "x",
            "--json",
        )
    )
    assert refused.json["code"] == "registry.id_unreadable"
    assert added(counterfoil, directory, "THA", "--user", "no-such-account").json["code"] == "installation.user_unfit"
    assert not (directory / "sections/THA").exists()
    assert counterfoil("installation", "add", "--dir", directory, "--json").json["code"] == "usage.option_missing"


def test_an_addition_that_was_cut_off_is_brought_to_its_end(
    international: Path, letter: Path, counterfoil: Counterfoil
) -> None:
    """All was done but the last write, of the installation's own file."""
    before = (international / "installation.toml").read_text()
    first = added(counterfoil, international, "GHA", "--request", letter).json
    (international / "installation.toml").write_text(before)
    assert added(counterfoil, international, "GHA", "--request", letter).json == first
    assert [each.party for each in read_installation(international).sections] == ["XIR", "GHA"]


def test_a_founding_that_was_cut_off_adopts_its_pack_when_it_is_done_again(
    tmp_path: Path, counterfoil: Counterfoil
) -> None:
    directory = tmp_path / "hosted"
    counterfoil("installation", "init", "--dir", directory, "--name", "Hosted")
    founded(directory / "sections/THA", "THA")
    asked = ("installation", "add", "--dir", directory, "--jurisdiction", "THA", "--json")
    assert counterfoil(*asked, "--party", "GHA").json["code"] == "pack.other_jurisdiction"
    assert counterfoil(*asked).status == 0
    with open_for_reading(Folder(directory / "sections/THA")) as readable:
        assert list(readable.reading.records("pack")) and readable.registry.registry == "THA01"


def test_a_folder_that_holds_the_registry_of_another_party_is_not_taken(
    tmp_path: Path, counterfoil: Counterfoil
) -> None:
    directory = tmp_path / "hosted"
    counterfoil("installation", "init", "--dir", directory, "--name", "Hosted")
    founded(directory / "sections/GHA", "THA")
    assert added(counterfoil, directory, "GHA").json["code"] == "installation.other_party"


def test_a_section_of_the_international_registry_is_opened_on_a_letter_that_is_kept(
    international: Path, letter: Path, counterfoil: Counterfoil
) -> None:
    assert added(counterfoil, international, "GHA").json["code"] == "installation.request_missing"
    opened = added(counterfoil, international, "GHA", "--request", letter).json
    found = section(international, "GHA")
    assert found is not None and found.state is SectionState.OPEN
    assert (found.registry, found.public_key, found.request) == ("GHA01", opened["public_key"], opened["request"])
    with open_for_reading(Folder(international / "sections/XIR")) as readable:
        assert readable.evidence.get(opened["request"]) == letter.read_bytes()
        assert readable.registry.purpose == "international" and not readable.registry.is_party
    # The administrator's own act did not touch the Party's book: it has its founding and nothing else.
    with open_for_reading(Folder(international / "sections/GHA")) as readable:
        assert readable.registry.purpose == "national" and readable.registry.is_party
        last = readable.reading.last_checkpoint()
        assert last is not None and last.size == 1


def test_a_section_is_added_while_the_others_are_served_and_the_administrator_acts_through_its_own(
    international: Path, letter: Path, counterfoil: Counterfoil
) -> None:
    with supervised(read_installation(international)) as served:
        assert served.health("XIR") == 200
        assert counterfoil("installation", "status", "--dir", international, "--json").json["well"] is True
        assert added(counterfoil, international, "GHA", "--request", letter).status == 0
        served.until(lambda: served.ask("/s/GHA/api/v1/health").status == 200)
        told = counterfoil("installation", "status", "--dir", international, "--json")
        assert (told.status, told.json["served"], told.json["well"]) == (0, True, True)
        assert [(each["party"], each["health"], each["entries"]) for each in told.json["sections"]] == [
            ("XIR", "ok", 2),
            ("GHA", "ok", 1),
        ]
        metrics = counterfoil("installation", "status", "--dir", international, "--metrics").out
        assert 'counterfoil_section_up{party="GHA"} 1' in metrics
        assert 'counterfoil_door_answers_total{party="GHA",status="2xx"}' in metrics
        table = counterfoil("installation", "status", "--dir", international, "--lang", "zh-Hant").out
        assert "執行中" in table and "正常" in table
    stopped = counterfoil("installation", "status", "--dir", international)
    assert (stopped.status, stopped.out) == (1, f"The installation in {international} is not served.\n")


def test_a_section_is_handed_over_with_its_journal_and_its_key_ends_here(
    international: Path, letter: Path, tmp_path: Path, counterfoil: Counterfoil
) -> None:
    added(counterfoil, international, "GHA", "--request", letter)
    here = international / "sections/GHA"
    counterfoil(
        *("do", "--dir", here), stdin=json.dumps({"command": "OpenAccount", "account": "gha:one", "holder": "one"})
    )
    asked = ("installation", "hand-over", "--dir", international, "GHA", "--json")
    wish = tmp_path / "wish.pdf"
    wish.write_bytes(b"We keep our own registry from now on.")
    assert counterfoil(*asked, "--to", tmp_path / "out").json["code"] == "usage.option_missing"
    with supervised(read_installation(international)) as served:
        assert served.health("GHA") == 200
        done = counterfoil(*asked, "--request", wish, "--to", tmp_path / "out")
        assert (done.status, done.json["entries"]) == (0, 2), done.out
        closed = served.ask("/s/GHA/api/v1/registry")
        assert (closed.status, closed.json["code"]) == (404, "door.section_closed")
        assert served.health("XIR") == 200
    # The Party has a whole registry: it takes it up, turns it to a key of its own, and proves it.
    there = tmp_path / "out/registry"
    assert not verify_folder(Folder(there)).findings
    early = counterfoil(*("prove", "1", "--dir", there, "--out", tmp_path / "early.json"))
    assert early.status == 0
    unfit = counterfoil(*asked, "--confirm", tmp_path / "early.json")
    assert (unfit.status, unfit.json["code"]) == (1, "installation.proof_unfit")
    assert (here / "keys/registry.key").exists()
    assert counterfoil("key", "rotate", "--dir", there, "--reason", "Taken over").status == 0
    assert counterfoil("prove", "2", "--dir", there, "--out", tmp_path / "proof.json").status == 0
    ended = counterfoil(*asked, "--confirm", tmp_path / "proof.json", "--address", "https://registry.gha.example")
    assert (ended.status, ended.json["status"], ended.json["keys_destroyed"]) == (0, "handed_over", 1), ended.out
    assert not list((here / "keys").glob("*.key"))
    assert not verify_folder(Folder(here)).findings, "what was handed over can still be checked here"
    found = section(international, "GHA")
    assert found is not None and found.state is SectionState.CLOSED
    assert (found.entries, found.address) == (2, "https://registry.gha.example")
    again = counterfoil(*asked, "--request", wish, "--to", tmp_path / "again")
    assert (again.status, again.json["code"]) == (1, "installation.not_open")


def test_the_copy_of_a_hand_over_can_be_made_again_and_a_proof_from_elsewhere_ends_nothing(
    international: Path, letter: Path, tmp_path: Path, counterfoil: Counterfoil
) -> None:
    for party in ("GHA", "SGP"):
        added(counterfoil, international, party, "--request", letter)
    asked = ("installation", "hand-over", "--dir", international, "GHA", "--request", letter, "--json")
    occupied = tmp_path / "occupied"
    (occupied / "registry").mkdir(parents=True)
    (occupied / "registry/file").touch()
    assert counterfoil(*asked, "--to", occupied).json["code"] == "restore.folder_not_empty"
    assert counterfoil(*asked, "--to", tmp_path / "out").status == 0
    other = international / "sections/SGP"
    assert counterfoil("key", "rotate", "--dir", other, "--reason", "Yearly").status == 0
    assert counterfoil("prove", "1", "--dir", other, "--out", tmp_path / "proof.json").status == 0
    confirm = ("installation", "hand-over", "--dir", international, "GHA", "--json", "--confirm")
    for file in (tmp_path / "proof.json", letter):
        assert counterfoil(*confirm, file).json["code"] == "installation.proof_unfit"
    assert (international / "sections/GHA/keys/registry.key").exists()


def test_the_administrators_section_is_handed_to_nobody(
    international: Path, letter: Path, tmp_path: Path, counterfoil: Counterfoil
) -> None:
    refused = counterfoil(
        *(
            "installation",
            "hand-over",
            "--dir",
            international,
            "XIR",
            "--request",
            letter,
            "--to",
            tmp_path / "o",
            "--json",
        )
    )
    assert refused.json["code"] == "installation.not_open"
    nobody = counterfoil(
        *(
            "installation",
            "hand-over",
            "--dir",
            international,
            "CHE",
            "--request",
            letter,
            "--to",
            tmp_path / "o",
            "--json",
        )
    )
    assert nobody.json["code"] == "installation.party_unknown"


def test_each_section_is_backed_up_by_itself(tmp_path: Path, counterfoil: Counterfoil) -> None:
    directory = tmp_path / "hosted"
    counterfoil("installation", "init", "--dir", directory, "--name", "Hosted")
    for party in ("THA", "GHA"):
        added(counterfoil, directory, party)
    (tmp_path / "copies").mkdir()
    kept = counterfoil("backup", "--dir", directory / "sections/THA", "--to", tmp_path / "copies", "--json").json
    assert kept["registry"] == "THA01"
    data = Path(kept["file"]).read_bytes()
    assert b"GHA01" not in data and b"gha/gha01" not in data


def test_serving_says_where_in_the_language_that_was_asked_and_ends_by_itself(
    tmp_path: Path, counterfoil: Counterfoil
) -> None:
    directory = tmp_path / "hosted"
    counterfoil("installation", "init", "--dir", directory, "--name", "Hosted")
    added(counterfoil, directory, "THA")
    asked = ("installation", "serve", "--dir", directory, "--port", "0", "--for", "1")
    for more, said in (
        (("--lang", "zh-Hant"), "服務位址：http://127.0.0.1:"),
        (("--json",), '{"address": "http://127.0.0.1:'),
    ):
        with program(*asked, *more) as process:
            out, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, b"")
        assert out.decode().startswith(said)
    nowhere = counterfoil("installation", "serve", "--dir", tmp_path, "--port", "0", "--json")
    assert (nowhere.status, nowhere.json["code"]) == (2, "installation.absent")
