"""Two sections of one installation deal with each other as with a registry abroad: signed messages, by the door."""

import shutil
from pathlib import Path

from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, verify_folder
from counterfoil.entrypoints.tenancy.installation import Installation, Section, write_installation
from tests.federation_http.stage import FolderOffice, confirmed, pair, proposal, record, sent, until
from tests.tenancy.house import Supervised, supervised


def installed(directory: Path, *offices: FolderOffice) -> Installation:
    directory.mkdir()
    installation = Installation(directory, "International registry")
    for office in offices:
        folder = installation.folder_of(office.party)
        shutil.copytree(office.folder.path, folder)
        office.folder = Folder(folder)
        grown = installation.with_section(Section(Party(office.party), folder))
        assert not isinstance(grown, Refusal)
        installation = grown
    write_installation(installation)
    return installation


def address(served: Supervised, office: FolderOffice) -> str:
    return f"http://127.0.0.1:{served.port}/s/{office.party}"


def test_a_unit_moves_from_one_section_to_another_and_both_books_prove_it(tmp_path: Path) -> None:
    host, buyer = pair(tmp_path, units=100)
    with supervised(installed(tmp_path / "hosted", host, buyer)) as served:
        assert {served.health(office.party) for office in (host, buyer)} == {200}
        sent(host, host.link(buyer, address(served, buyer)))
        sent(buyer, buyer.link(host, address(served, host)))
        found = served.ask(f"/s/{host.party}/.well-known/counterfoil-registry").json
        assert (found["party"], found["origin"]) == ("XAA", "example/xaa")
        sent(host, proposal(host, buyer, "t-1", 1, 40))
        until(lambda: confirmed(host, "t-1"))
        arrived = record(buyer, "t-1")
        assert arrived is not None and arrived["state"] == "final"
        assert served.stop() == 0
    for office in (host, buyer):
        assert not verify_folder(office.folder).findings
