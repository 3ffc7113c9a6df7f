"""The CDM registry's record goes in exactly: every Party, every project, and only the impossible row is refused."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading, open_for_writing, verify_folder
from counterfoil.entrypoints.cdm import Unusable, import_cdm
from counterfoil.entrypoints.cdm.run import Watcher
from tests.imports.desk import SAMPLE, blocks, expected, held, load, of_party, rows
from tools.update.generate_cdm_sample import SEED, write


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "registry")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    folder = Folder(tmp_path_factory.mktemp("loaded") / "registry")
    load(folder)
    return folder


def test_the_sample_is_what_its_generator_makes(tmp_path: Path) -> None:
    write(tmp_path, seed=SEED, issuances=160, cancellations=260)
    for name in ("cdm_issuances.csv", "cdm_cancellations.csv"):
        assert (tmp_path / name).read_bytes() == (SAMPLE / name).read_bytes(), "run tools/update/generate_cdm_sample.py"


def test_the_sample_goes_in_and_only_the_unit_of_another_kind_is_refused(folder: Folder) -> None:
    summary = load(folder)
    assert list(summary) == [
        "run", "rows", "refusals", "issued_t", "cancelled_t", "remaining_t", "parties", "seconds",
    ]  # fmt: skip
    assert summary["rows"] == {
        "issuances": {"read": 160, "accepted": 160, "refused": 0},
        "cancellations": {"read": 260, "accepted": 259, "refused": 1},
    }
    (refusal,) = summary["refusals"]
    line = next(n for n, row in enumerate(rows(SAMPLE / "cdm_cancellations.csv"), 2) if "ERU" in row["unit_type"])
    assert (refusal["file"], refusal["line"], refusal["code"]) == (
        "cdm_cancellations.csv",
        line,
        "import.unit_type_unknown",
    )
    assert "ERU (from RMU)" in refusal["message"]


def test_balances_are_exact_for_every_party_and_project(folder: Folder) -> None:
    require_exact(folder, SAMPLE)


def require_exact(folder: Folder, files: Path) -> None:
    summary = load(folder, files)
    issued, cancelled = expected(files)
    assert held(folder) == {name: issued[name] - cancelled[name] for name in issued if issued[name] > cancelled[name]}
    per_party, gone = of_party(issued), of_party(cancelled)
    assert summary["parties"] == {
        party: {"issued_t": total, "cancelled_t": gone[party], "remaining_t": total - gone[party]}
        for party, total in per_party.items()
    }
    assert (summary["issued_t"], summary["cancelled_t"]) == (issued.total(), cancelled.total())
    assert summary["remaining_t"] == issued.total() - cancelled.total()
    assert not verify_folder(folder).findings


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_registries_that_nobody_has_seen_go_in_exactly(folder: Folder, tmp_path: Path, seed: int) -> None:
    write(tmp_path / "files", seed=seed, issuances=90, cancellations=180)
    require_exact(folder, tmp_path / "files")


def test_the_real_record_goes_in_exactly(folder: Folder, data_folder: Path) -> None:
    files = data_folder / "cdm"
    summary = load(folder, files)
    assert summary["rows"] == {
        "issuances": {"read": 3909, "accepted": 3909, "refused": 0},
        "cancellations": {"read": 6217, "accepted": 6216, "refused": 1},
    }
    assert (summary["issued_t"], summary["cancelled_t"], summary["remaining_t"]) == (
        797_902_861,
        100_375_963,
        697_526_898,
    )
    assert [each["code"] for each in summary["refusals"]] == ["import.unit_type_unknown"]
    issued, cancelled = expected(files)
    assert (len(issued), len(summary["parties"])) == (963, 70)
    assert held(folder) == {name: issued[name] - cancelled[name] for name in issued if issued[name] > cancelled[name]}
    per_party, gone = of_party(issued), of_party(cancelled)
    assert {party: sums["remaining_t"] for party, sums in summary["parties"].items()} == {
        party: total - gone[party] for party, total in per_party.items()
    }
    assert not verify_folder(folder).findings


def test_a_resumed_run_books_nothing_twice(folder: Folder) -> None:
    first = load(folder)
    before = verify_folder(folder)
    again = load(folder, resume=first["run"])
    assert {**again, "seconds": 0} == {**first, "seconds": 0}
    assert verify_folder(folder).root == before.root


def test_a_new_run_is_refused_row_by_row_as_already_issued_and_already_cancelled(folder: Folder) -> None:
    load(folder)
    root = verify_folder(folder).root
    summary = load(folder)
    assert Counter(each["code"] for each in summary["refusals"]) == {
        "import.already_issued": 160,
        "cancellation.already_cancelled": 259,
        "import.unit_type_unknown": 1,
    }
    assert verify_folder(folder).root == root


def test_a_line_that_was_changed_between_two_resumptions_is_refused(folder: Folder, tmp_path: Path) -> None:
    run = load(folder)["run"]
    for name in ("cdm_issuances.csv", "cdm_cancellations.csv"):
        (tmp_path / name).write_bytes((SAMPLE / name).read_bytes())
    lines = (SAMPLE / "cdm_cancellations.csv").read_text().splitlines(keepends=True)
    changed = lines[6].replace(",Yes", ",yes").replace(",No", ",no")
    (tmp_path / "cdm_cancellations.csv").write_text("".join([*lines[:6], changed, *lines[7:]]))
    summary = load(folder, tmp_path, resume=run)
    assert [(each["line"], each["code"]) for each in summary["refusals"] if "ERU" not in each["message"]] == [
        (7, "command.id_taken")
    ]


def test_cancellations_alone_apply_to_an_existing_registry(folder: Folder) -> None:
    assert isinstance(import_cdm(folder, issuances=SAMPLE / "cdm_issuances.csv", cancellations=None), dict)
    summary = import_cdm(folder, issuances=None, cancellations=SAMPLE / "cdm_cancellations.csv")
    assert isinstance(summary, dict)
    assert summary["rows"]["issuances"] == {"read": 0, "accepted": 0, "refused": 0}
    assert summary["rows"]["cancellations"] == {"read": 260, "accepted": 259, "refused": 1}
    issued, cancelled = expected(SAMPLE)
    assert summary["remaining_t"] == issued.total() - cancelled.total()


def test_one_load_and_two_loads_give_the_same_blocks(folder: Folder, loaded: Folder) -> None:
    import_cdm(folder, issuances=SAMPLE / "cdm_issuances.csv", cancellations=None)
    import_cdm(folder, issuances=None, cancellations=SAMPLE / "cdm_cancellations.csv")
    assert blocks(folder) == blocks(loaded)


def test_columns_may_stand_in_any_order_beside_others(folder: Folder, tmp_path: Path, loaded: Folder) -> None:
    for name in ("cdm_issuances.csv", "cdm_cancellations.csv"):
        some = rows(SAMPLE / name)
        columns = [*reversed(some[0]), "remark"]
        lines = [",".join(columns), *(",".join([*reversed(row.values()), '"a, b"']) for row in some)]
        (tmp_path / name).write_bytes("\r\n".join(["\ufeff" + lines[0], *lines[1:], ""]).encode())
    load(folder, tmp_path)
    assert blocks(folder) == blocks(loaded)


def test_an_archive_is_no_party_and_holds_nothing_that_an_aef_could_carry(loaded: Folder) -> None:
    with open_for_reading(loaded) as readable:
        assert not readable.registry.is_party
        assert readable.registry.purpose == "archive"
        assert all(key.book == "units" for key, _ in readable.books.all_balances().items())


def test_a_cancellation_without_a_registry_founds_none(folder: Folder) -> None:
    with pytest.raises(Outage, match=r"registry\.not_founded"):
        import_cdm(folder, issuances=None, cancellations=SAMPLE / "cdm_cancellations.csv")
    assert not folder.path.exists()


def test_nothing_to_import_and_an_impossible_run_id_are_unusable(folder: Folder) -> None:
    nothing = import_cdm(folder, issuances=None, cancellations=None)
    assert isinstance(nothing, Unusable)
    assert [fault.code for fault in nothing.faults] == ["import.nothing_given"]
    strange = import_cdm(folder, issuances=SAMPLE / "cdm_issuances.csv", cancellations=None, resume="a run")
    assert isinstance(strange, Unusable)
    assert [fault.code for fault in strange.faults] == ["import.run_unreadable"]
    assert not folder.path.exists()


def test_a_registry_that_somebody_else_writes_is_refused_by_the_name_of_its_holder(folder: Folder) -> None:
    load(folder)
    holder = open_for_writing(folder, "somebody else")
    assert not isinstance(holder, Refusal)
    with holder:
        refused = import_cdm(folder, issuances=SAMPLE / "cdm_issuances.csv", cancellations=None)
    assert isinstance(refused, Refusal)
    assert refused.code == "registry.locked"
    assert "somebody else" in str(refused.facts["holder"])


def test_the_run_is_told_before_the_first_row_and_remembered_in_the_folder(folder: Folder) -> None:
    told: list[object] = []
    watcher = Watcher(started=told.append, progress=lambda done, total: told.append((done, total)))
    summary = load(folder, watcher=watcher, batch=300)
    assert told == [summary["run"], (300, 420), (420, 420)]
    assert summary["run"] in (folder.path / "imports.ndjson").read_text()


def test_refusals_speak_the_language_that_was_asked_for(folder: Folder) -> None:
    (refusal,) = load(folder, language="zh-Hant")["refusals"]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in refusal["message"])


def test_a_transaction_that_was_not_completed_is_refused_alone(folder: Folder, tmp_path: Path) -> None:
    text = (SAMPLE / "cdm_issuances.csv").read_text().replace("4 - Completed", "5 - Terminated", 1)
    (tmp_path / "cdm_issuances.csv").write_text(text)
    summary = import_cdm(folder, issuances=tmp_path / "cdm_issuances.csv", cancellations=None)
    assert isinstance(summary, dict)
    assert summary["rows"]["issuances"] == {"read": 160, "accepted": 159, "refused": 1}
    assert [(each["line"], each["code"]) for each in summary["refusals"]] == [(2, "import.not_completed")]


def test_an_import_goes_through_the_server_that_holds_the_registry(folder: Folder, loaded: Folder) -> None:
    import_cdm(folder, issuances=SAMPLE / "cdm_issuances.csv", cancellations=None)
    serving = "from pathlib import Path; from counterfoil.entrypoints.bootstrap import Folder; "
    serving += "from counterfoil.entrypoints.serving import serve; "
    serving += "import sys; sys.exit(serve(Folder(Path(sys.argv[1])), port=0, for_seconds=60))"
    command = [sys.executable, "-c", serving, str(folder.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert "http://" in server.stdout.readline()
        summary = import_cdm(folder, issuances=None, cancellations=SAMPLE / "cdm_cancellations.csv")
        server.terminate()
    assert isinstance(summary, dict)
    assert summary["rows"]["cancellations"] == {"read": 260, "accepted": 259, "refused": 1}
    assert [each["code"] for each in summary["refusals"]] == ["import.unit_type_unknown"]
    assert blocks(folder) == blocks(loaded)
