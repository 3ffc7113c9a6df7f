"""Servers that compare their books over HTTP, and a registry that is restored from yesterday's backup."""

import json
from pathlib import Path
from typing import Any

import pytest

from counterfoil.application.command import Units
from counterfoil.application.commands.link import ChangeLink
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.transfer import Transfer
from counterfoil.domain.federation.link import LinkState
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading, verify_folder
from counterfoil.entrypoints.cli.main import run
from tests.federation_http.stage import CLASS, FolderOffice, confirmed, pair, proposal, record, sent, until
from tests.http.desk import served

OTHER = "xaa:other"


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    """The exit status of a command, and what it said as JSON."""
    capsys.readouterr()
    status = run([*arguments, "--json"])
    out, error = capsys.readouterr()
    return status, json.loads(out or error)


def reconcile(capsys: pytest.CaptureFixture[str], office: FolderOffice, partner: str) -> tuple[int, Any]:
    return told(capsys, "reconcile", partner, "--dir", str(office.folder.path))


def cases(capsys: pytest.CaptureFixture[str], office: FolderOffice, *more: str) -> list[Any]:
    _, view = told(capsys, "case", "list", "--dir", str(office.folder.path), *more)
    return list(view["cases"])


def standing(office: FolderOffice, first: int) -> str:
    with open_for_reading(office.folder) as readable:
        return next(held.account for held in readable.books.holdings(CLASS, first, first))


def test_a_registry_that_is_restored_from_an_older_backup_finds_what_it_forgot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    host, buyer = pair(tmp_path)
    backup, key = tmp_path / "old.tar", host.folder.key
    with served(buyer.folder) as at_buyer:
        with served(host.folder) as at_host:
            sent(host, host.link(buyer, at_buyer.address))
            sent(buyer, buyer.link(host, at_host.address))
            sent(host, OpenAccount(account=OTHER, holder="E-1"), proposal(host, buyer, "t-0", 1, 100))
            until(lambda: confirmed(host, "t-0"))
            assert run(["backup", "--to", str(backup), "--dir", str(host.folder.path)]) == 0
            sent(host, proposal(host, buyer, "t-1", 101, 300))
            until(lambda: confirmed(host, "t-1"))
            status, view = reconcile(capsys, host, "XBB")
            assert (status, view["agreed"], view["units_out"], view["log"]["cosigned"]) == (0, True, 300, True)
        host.folder = Folder(tmp_path / "restored")
        assert run(["restore", str(backup), "--to", str(host.folder.path), "--key", str(key)]) == 0
        with served(host.folder) as at_host:
            sent(buyer, ChangeLink(party=host.party, reason="another machine", address=at_host.address))
            for units, code in (((500, 510), "recovery.unreconciled"), ((101, 110), "recovery.unreconciled")):
                assert refused(host, tmp_path, capsys, *units) == code
            status, view = reconcile(capsys, host, "XBB")
            assert (status, view["recovered"], view["log"]["refused"]) == (1, True, "reconciliation.partner_refuses")
            assert refused(host, tmp_path, capsys, 101, 110) == "units.on_hold"
            moved(host, 500, 510)
            (case,) = cases(capsys, host)
            assert (case["kind"], case["mender"], case["units"], case["blocked"]) == ("in_both", "us", 200, True)
            assert run(["case", "show", case["case"], "--dir", str(host.folder.path)]) == 0
            assert "--way give_up" in capsys.readouterr().out
            close(host, case["case"], "give_up")
            assert (standing(host, 101), standing(buyer, 101)) == ("to:XBB", buyer.holder)
            # The buyer saw more of the log than there is now: a person decides that it may begin anew.
            (forked,) = cases(capsys, buyer)
            assert (forked["kind"], record(buyer, "XAA", "partner")["state"]) == ("forked", "suspended")  # type: ignore[index]
            close(buyer, forked["case"], "accept_log")
            sent(buyer, ChangeLink(party=host.party, reason="restored", state=LinkState.LIVE))
            for office, partner in ((buyer, "XAA"), (host, "XBB")):
                status, view = reconcile(capsys, office, partner)
                assert (status, view["agreed"], view["open_cases"], view["log"]["refused"]) == (0, True, 0, None)
            assert [each["state"] for each in cases(capsys, host, "--all")] == ["closed"]
            sent(host, proposal(host, buyer, "t-2", 301, 310))
            until(lambda: confirmed(host, "t-2"))
    for office in (host, buyer):
        assert not verify_folder(office.folder).findings
    # Without a server, the command opens the registry itself; the partner is not there any more.
    status, view = reconcile(capsys, host, "XBB")
    assert (status, view["code"]) == (2, "peers.unreachable")


def close(office: FolderOffice, case: str, way: str) -> None:
    said = ["--authority", "DNA", "--reason", "the backup was a day old"]
    assert run(["case", "close", case, "--way", way, *said, "--dir", str(office.folder.path)]) == 0


def move(office: FolderOffice, first: int, last: int) -> Transfer:
    return Transfer(units=Units(CLASS, first, last), source=office.holder, target=OTHER)


def moved(office: FolderOffice, first: int, last: int) -> None:
    sent(office, move(office, first, last))


def refused(office: FolderOffice, place: Path, capsys: pytest.CaptureFixture[str], first: int, last: int) -> str:
    from counterfoil.entrypoints.wire import command_json

    path = place / "move.json"
    path.write_text(json.dumps(command_json(move(office, first, last)), default=str))
    _, answer = told(capsys, "do", str(path), "--dir", str(office.folder.path))
    return str(answer["code"])
