"""The installation's file: what is written is read again, and what two sections may not share is refused."""

import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.tenancy.installation import (
    FILE,
    SECTIONS_MAX,
    Installation,
    Section,
    SectionState,
    read_installation,
    write_installation,
)


def section(party: str, folder: Path, **terms: Any) -> Section:
    return Section(Party(party), folder, **terms)


def two(directory: Path) -> Installation:
    sections = (
        section("THA", directory / "sections/THA", hosts=("tha.example",), user="cf-tha", memory_mib=512, file_mib=64),
        section(
            "GHA", Path("/srv/gha"), state=SectionState.HANDED_OVER, request="ab" * 32, address="https://gha.example"
        ),
    )
    return Installation(directory, 'Hosted "registries" 代管', "XIR", "cf-door", behind_proxy=True, sections=sections)


def test_what_is_written_is_read_again_and_only_the_owner_can_read_it(tmp_path: Path) -> None:
    write_installation(two(tmp_path))
    assert read_installation(tmp_path) == two(tmp_path)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert 'folder = "sections/THA"' in (tmp_path / FILE).read_text()


def test_an_installation_can_be_moved_with_its_sections(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    write_installation(Installation(tmp_path / "one", "x", sections=(section("THA", tmp_path / "one/sections/THA"),)))
    (tmp_path / "one").rename(tmp_path / "two")
    assert read_installation(tmp_path / "two").sections[0].folder == tmp_path / "two/sections/THA"


@pytest.mark.parametrize(
    ("why", "other", "code"),
    [
        ("the same Party again", ("THA", "sections/OTHER", ()), "installation.party_taken"),
        ("the same folder", ("SGP", "sections/THA", ()), "installation.folder_taken"),
        ("a folder inside another's", ("SGP", "sections/THA/evidence", ()), "installation.folder_taken"),
        ("the folder of all sections", ("SGP", "sections", ()), "installation.folder_taken"),
        ("a way round to the same folder", ("SGP", "sections/../sections/THA", ()), "installation.folder_taken"),
        ("the same host name", ("SGP", "sections/SGP", ("tha.example",)), "installation.host_taken"),
    ],
)
def test_a_section_is_refused_with(tmp_path: Path, why: str, other: tuple[str, str, Any], code: str) -> None:
    party, folder, hosts = other
    refused = two(tmp_path).with_section(section(party, tmp_path / folder, hosts=hosts))
    assert isinstance(refused, Refusal) and refused.code == code, why


def test_a_link_to_another_sections_folder_is_seen_through(tmp_path: Path) -> None:
    (tmp_path / "sections/THA").mkdir(parents=True)
    (tmp_path / "sections/GHA").symlink_to(tmp_path / "sections/THA")
    refused = two(tmp_path).with_section(section("SGP", tmp_path / "sections/GHA"))
    assert isinstance(refused, Refusal) and refused.code == "installation.folder_taken"


def test_a_party_that_took_its_section_is_not_added_again_over_what_it_left(tmp_path: Path) -> None:
    refused = two(tmp_path).with_section(section("GHA", tmp_path / "sections/GHA"))
    assert isinstance(refused, Refusal) and refused.code == "installation.party_taken"


def test_an_installation_has_a_most(tmp_path: Path) -> None:
    parties = [f"{a}{b}X" for a in "ABCDEFGHIJ" for b in "ABCDEFGHIJKLMNOPQRSTUVWXY"]
    assert len(parties) == SECTIONS_MAX
    full = Installation(tmp_path, "x", sections=tuple(section(each, tmp_path / each) for each in parties))
    refused = full.with_section(section("THA", tmp_path / "THA"))
    assert isinstance(refused, Refusal) and refused.code == "installation.too_many"
    write_installation(full)
    assert len(read_installation(tmp_path).sections) == SECTIONS_MAX


GOOD = 'name = "x"\n[[section]]\nparty = "THA"\nfolder = "a"\n'


@pytest.mark.parametrize(
    ("why", "text"),
    [
        ("it is no TOML", "name = "),
        ("it is no text", b"\xff\xfe"),
        ("a key is unknown", 'name = "x"\nspeed = 1\n'),
        ("a section's key is unknown", GOOD + 'keys = "a"\n'),
        ("a section has no Party", 'name = "x"\n[[section]]\nfolder = "a"\n'),
        ("a Party is no code", GOOD.replace("THA", "tha")),
        ("a section has no folder", 'name = "x"\n[[section]]\nparty = "THA"\n'),
        ("a Party comes twice", GOOD + '[[section]]\nparty = "THA"\nfolder = "b"\n'),
        ("two folders are one", GOOD + '[[section]]\nparty = "GHA"\nfolder = "b/../a"\n'),
        ("a state is unknown", GOOD + 'state = "ajar"\n'),
        ("a host has a port", GOOD + 'hosts = ["tha.example:80"]\n'),
        ("a host has capitals", GOOD + 'hosts = ["THA.example"]\n'),
        ("hosts are no list", GOOD + "hosts = 1\n"),
        ("an account is an option", GOOD + 'user = "-x"\n'),
        ("a bound is below zero", GOOD + "file_mib = -1\n"),
        ("a bound is a yes", GOOD + "file_mib = true\n"),
        ("a letter is no digest", GOOD + 'request = "letter.pdf"\n'),
        ("a name has two lines", 'name = "x\\ny"\n'),
        ("section is no list", 'name = "x"\nsection = 1\n'),
        ("a section is no table", 'name = "x"\nsection = [1]\n'),
        ("it is too large", GOOD + "#" * 300_000),
    ],
)
def test_a_file_cannot_be_used_when(tmp_path: Path, why: str, text: str | bytes) -> None:
    (tmp_path / FILE).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(Outage) as outage:
        read_installation(tmp_path)
    assert outage.value.code == "installation.unreadable", why


def test_a_folder_without_a_file_is_no_installation(tmp_path: Path) -> None:
    with pytest.raises(Outage) as outage:
        read_installation(tmp_path)
    assert outage.value.code == "installation.absent"


def test_a_section_takes_the_place_of_the_one_of_its_party(tmp_path: Path) -> None:
    installation = two(tmp_path)
    changed = installation.changed(replace(installation.sections[0], state=SectionState.HANDING_OVER))
    assert [each.state for each in changed.sections] == [SectionState.HANDING_OVER, SectionState.HANDED_OVER]
    assert [each.party for each in changed.sections] == ["THA", "GHA"]
