"""Backups and drills begun from the page: the work of another process, its progress, its report, its refusals."""

import json
import time
from dataclasses import replace

import pytest

from counterfoil.application.office.ports import TrailQuestion
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.keeping.errand import (
    REPORTS,
    SCRATCH,
    Errand,
    ErrandFault,
    ErrandKind,
    Errands,
    held,
    made_place,
    read_state,
    report_of,
    reports_in,
    write_report,
    write_state,
)
from counterfoil.entrypoints.keeping.errand_worker import main
from tests.office.stage import Stage, member
from tests.web.office.window import OWN, window

pytestmark = pytest.mark.anyio
PAGE = "/desk/admin/backups"
ASKED = Errand(ErrandKind.BACKUP, "person:P-AAAAAAAA", "", 1_767_225_600_000)


@pytest.fixture
def done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker's own code in this process, so that a test need not wait for another one to start."""

    class Done:
        def __init__(self, arguments: list[str], **_: object) -> None:
            self.status = main(arguments[-1:])

        def wait(self) -> int:
            return self.status

        def poll(self) -> int:
            return self.status

    monkeypatch.setattr("counterfoil.entrypoints.keeping.errand.subprocess.Popen", Done)
    monkeypatch.setattr("counterfoil.entrypoints.keeping.errand_worker.os.nice", lambda _: 0)
    monkeypatch.setattr("counterfoil.entrypoints.keeping.errand_worker.signal.alarm", lambda _: 0)


async def test_an_administrator_takes_a_backup_and_tries_it_and_both_reports_stay(
    folder: Folder, stage: Stage, done_here: None
) -> None:
    who = member(stage)
    async with window(folder, stage) as tab:
        await tab.sign_in(who)
        await tab.open(PAGE)
        assert "There is no backup yet" in tab.page.text and "nobody knows" in tab.page.text
        await tab.send("backup")
        (made,) = (folder.path / "backups").glob("*.backup.tar")
        assert made.name in tab.page.text and made.stat().st_mode & 0o077 == 0
        stage.later(1_000)
        await tab.send("drill", backup=made.name)
        newest, first = reports_in(folder.path, limit=9)
        assert (first["status"], newest["status"], newest["backup"]) == ("whole", "passed", made.name)
        assert "nobody knows" not in tab.page.text
        await tab.open(f"{PAGE}/reports/{newest['name']}")
        assert "Its root is the signed one." in tab.page.text and "does not hold" not in tab.page.text
        file = await tab.open(f"{PAGE}/reports/{newest['name']}.json")
        assert json.loads(file.content)["held"]["root"] is True
        rows = stage.office.store.trail.rows(TrailQuestion(), limit=100)
        assert {"backup.begun", "drill.begun"} <= {row.act for row in rows}
    assert not list((folder.path / "backups").glob(f"{SCRATCH}*")), "the scratch place is gone"


async def test_what_is_under_way_shows_its_progress_and_lets_nothing_else_begin(folder: Folder, stage: Stage) -> None:
    who = member(stage)
    async with window(folder, stage) as tab:
        await tab.sign_in(who)
        place = made_place(folder.path)
        write_state(place, replace(ASKED, stage="copying", done=1_250, total=5_000))
        with held(place):
            await tab.open(PAGE)
            assert "1,250 of 5,000 entries" in tab.page.text
            bar = next(named for tag, named in tab.page.tags if tag == "progress")
            assert (bar["value"], bar["max"]) == ("1250", "5000")
            section = next(named for _, named in tab.page.tags if named.get("id") == "errand")
            assert section["hx-get"] and "delay" in str(section["hx-trigger"])
            refused = await tab.send("drill")
            assert refused.status_code == 422 and ErrandFault.RUNNING in refused.text
        await tab.open(PAGE)
        section = next(named for _, named in tab.page.tags if named.get("id") == "errand")
        assert "cut off in the middle" in tab.page.text and "hx-get" not in section
        forget = next(name for name, form in tab.page.forms.items() if form.values.get("do") == "forget")
        await tab.send(forget)
        assert "cut off" not in tab.page.text and read_state(place) is None


async def test_only_administrators_begin_and_only_with_backups_that_are_there(folder: Folder, stage: Stage) -> None:
    officer, administrator = member(stage, "bo@example.org", "operator"), member(stage)
    async with window(folder, stage) as tab:
        await tab.sign_in(officer)
        await tab.open(PAGE)
        assert "backup" not in tab.page.forms
        csrf = next(form.values["csrf"] for form in tab.page.forms.values() if "csrf" in form.values)
        forced = await tab.client.post(PAGE, data={"csrf": csrf, "do": "backup"}, headers=OWN)
        assert forced.status_code == 403
        tab.client.cookies.clear()
        await tab.sign_in(administrator)
        await tab.open(PAGE)
        absent = await tab.send("drill", backup="../../keys/registry.key")
        assert absent.status_code == 422 and ErrandFault.BACKUP_UNKNOWN in absent.text
        assert (await tab.open(f"{PAGE}/reports/..%2Ferrand")).status_code == 404
    assert read_state(made_place(folder.path)) is None


def test_the_process_does_the_work_and_is_begun_once(folder: Folder) -> None:
    errands = Errands()
    assert errands.begin(folder.path, ASKED) is None
    again = errands.begin(folder.path, ASKED)
    deadline = time.monotonic() + 60
    while errands.now(folder.path) is not None and time.monotonic() < deadline:
        time.sleep(0.1)
    assert again is not None and again.code == ErrandFault.RUNNING
    (report,) = reports_in(folder.path, limit=9)
    assert report["status"] == "whole" and report["by"] == ASKED.by


def test_a_backup_that_cannot_be_read_is_told_in_the_report(folder: Folder, done_here: None) -> None:
    place = made_place(folder.path)
    (place / "x.backup.tar").write_bytes(b"no archive")
    assert Errands().begin(folder.path, replace(ASKED, kind=ErrandKind.DRILL, backup="x.backup.tar")) is None
    (report,) = reports_in(folder.path, limit=9)
    assert report["status"] == "refused" and report["fault"]["code"].startswith("restore.")


def test_reports_are_bounded_and_found_by_their_names_only(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("counterfoil.entrypoints.keeping.errand.REPORTS_MAX", 3)
    place = made_place(folder.path)
    for at in range(5):
        write_report(place, {"kind": "drill", "begun_ms": at, "status": "passed", "fault": None})
    assert [each["begun_ms"] for each in reports_in(folder.path, limit=9)] == [4, 3, 2]
    assert len(list((place / REPORTS).glob("*.json"))) == 3
    assert report_of(folder.path, "../errand") is None
