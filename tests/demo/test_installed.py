"""The demonstration plays from an installed wheel, without the source tree."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_wheel_carries_the_facts_and_runs_the_demonstration_by_itself(tmp_path: Path) -> None:
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, "-w", str(tmp_path), str(ROOT)], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path / "installed")
    program = "import sys; sys.path.insert(0, 'installed'); from counterfoil.entrypoints.cli.main import main; main()"
    played = subprocess.run(
        [sys.executable, "-c", program, "demo", "--out", "played"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert played.returncode == 0, played.stderr
    assert (tmp_path / "played" / "summary.json").is_file()
    assert len(list((tmp_path / "played" / "summaries").glob("summary-*.json"))) == 7
    assert list((tmp_path / "installed" / "counterfoil" / "examples" / "demo").iterdir())
