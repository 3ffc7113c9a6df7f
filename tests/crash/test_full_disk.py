"""A disk without space is a clear outage: nothing acknowledged is lost, the books are sound, the run can be resumed."""

import subprocess
import sys
from pathlib import Path

import pytest

from counterfoil.entrypoints.bootstrap import Folder, verify_folder
from tests.crash.loading import ROOT, RUN, count_in, require_sound, start
from tests.imports.desk import blocks, load


@pytest.mark.parametrize("file_bytes_max", [40_000, 120_000, 300_000, 700_000])
def test_a_full_disk_is_a_clear_outage_and_loses_nothing(
    file_bytes_max: int, tmp_path: Path, uninterrupted: Folder
) -> None:
    folder = Folder(tmp_path / "registry")
    process = start(folder.path, RUN, file_bytes_max=file_bytes_max)
    told, _ = process.communicate(timeout=60)
    lines = told.splitlines()
    assert process.returncode == 3, told
    assert lines[-1].startswith("outage ")
    done = max(map(count_in, lines))
    if done:
        assert "import.interrupted" in lines[-1]
    assert "storage." in lines[-1]
    require_sound(folder, done)
    load(folder, resume=RUN)
    assert blocks(folder) == blocks(uninterrupted)
    assert not verify_folder(folder).findings


def test_a_full_file_system_is_a_clear_outage_and_loses_nothing(tmp_path: Path, uninterrupted: Folder) -> None:
    """On a file system of its own, where the machine lets a user make one; elsewhere the test above stands in."""
    small = tmp_path / "small"
    small.mkdir()
    script = (
        'mount -t tmpfs -o size=400k none "$1" || exit 77; '
        '"$2" -m tests.crash.loading "$1/registry" "$3" 0 go; status=$?; '
        'cp -r "$1/registry" "$4" || exit 78; exit $status'
    )
    kept = tmp_path / "kept"
    command = ["unshare", "-rm", "sh", "-c", script, "sh", str(small), sys.executable, RUN, str(kept)]
    try:
        process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    except FileNotFoundError:
        pytest.skip("there is no unshare here")
    if process.returncode in (1, 77) and not process.stdout:
        pytest.skip(f"no file system of one's own here: {process.stderr.strip()[:80]}")
    assert process.returncode == 3, process.stdout + process.stderr
    assert "import.interrupted" in process.stdout
    assert "storage.disk_full" in process.stdout
    done = max(map(count_in, process.stdout.splitlines()))
    require_sound(Folder(kept), done)
    load(Folder(kept), resume=RUN)
    assert blocks(Folder(kept)) == blocks(uninterrupted)
