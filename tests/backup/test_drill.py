"""A drill: it passes for a sound registry, says what failed for another, and leaves nothing behind."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.cli.main import run
from counterfoil.entrypoints.keeping.backup import back_up
from counterfoil.entrypoints.keeping.drill import Report, drill
from tests.backup.registries import done, files, lived, step, writable


def drilled(answer: Report | Refusal) -> Report:
    assert isinstance(answer, Report), answer
    return answer


def test_a_drill_passes_and_leaves_registry_and_scratch_place_as_they_were(registry: Folder, tmp_path: Path) -> None:
    before = files(registry.path)
    report = drilled(drill(registry, scratch=tmp_path))
    assert report.passed
    assert set(report.held) == {"audit", "root", "block", "balance", "record", "term", "evidence", "live"}
    assert set(report.seconds) == {"backup", "checking", "writing", "verifying"}
    assert list(tmp_path.iterdir()) == []
    assert files(registry.path) == before


def test_an_older_backup_passes_while_the_registry_has_gone_on(tmp_path: Path) -> None:
    folder = lived(tmp_path / "registry")
    assert not isinstance(back_up(folder, tmp_path / "b.tar"), Refusal)
    with writable(folder) as opened:
        done(opened, step(6))
    before = (tmp_path / "b.tar").read_bytes()
    report = drilled(drill(folder, backup=tmp_path / "b.tar"))
    assert report.passed
    assert report.held["live"]
    assert (tmp_path / "b.tar").read_bytes() == before


def test_a_backup_is_tried_without_a_live_registry(backup: Path) -> None:
    report = drilled(drill(None, backup=backup))
    assert report.passed
    assert "live" not in report.held


def test_another_registry_s_backup_fails_against_the_live_one(backup: Path, tmp_path: Path) -> None:
    other = lived(tmp_path / "other")
    report = drilled(drill(other, backup=backup))
    assert not report.passed
    assert [name for name, held in report.held.items() if not held] == ["live"]


def test_tables_that_do_not_follow_from_the_journal_fail(tmp_path: Path) -> None:
    folder = lived(tmp_path / "registry")
    connection = sqlite3.connect(folder.ledger)
    connection.execute("UPDATE record SET value = '1' WHERE kind = 'account' AND key = 'tha:dev'")
    connection.commit()
    connection.close()
    report = drilled(drill(folder))
    assert [name for name, held in report.held.items() if not held] == ["record"]


def test_a_damaged_backup_is_refused(registry: Folder, backup: Path, tmp_path: Path) -> None:
    (tmp_path / "b.tar").write_bytes(backup.read_bytes()[:-1])
    refused = drill(registry, backup=tmp_path / "b.tar", scratch=tmp_path)
    assert isinstance(refused, Refusal)
    assert refused.code == "restore.damaged"
    assert [each.name for each in tmp_path.iterdir()] == ["b.tar"]


class TestTheCommand:
    def report(self, capsysbinary: pytest.CaptureFixture[bytes], *words: object) -> tuple[int, Any]:
        capsysbinary.readouterr()
        status = run(["drill", *map(str, words), "--json"])
        return status, json.loads(capsysbinary.readouterr().out)

    def test_prints_the_report_as_json(self, registry: Folder, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
        status, said = self.report(capsysbinary, registry.path)
        assert (status, said["status"], said["registry"]) == (0, "passed", "THA01")
        assert all(said["held"].values())

    def test_ends_with_one_when_it_failed(
        self, backup: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        other = lived(tmp_path / "other")
        status, said = self.report(capsysbinary, other.path, "--backup", backup)
        assert (status, said["status"], said["held"]["live"]) == (1, "failed", False)

    @pytest.mark.parametrize("language", ["en", "zh-Hant"])
    def test_prints_lines_to_sign_in_both_languages(
        self, language: str, registry: Folder, capsysbinary: pytest.CaptureFixture[bytes]
    ) -> None:
        capsysbinary.readouterr()
        assert run(["drill", str(registry.path), "--lang", language]) == 0
        out = capsysbinary.readouterr().out.decode()
        assert ("檢視人" in out) == (language == "zh-Hant")
        assert "cli." not in out
