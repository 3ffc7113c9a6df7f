"""The documents as tests see them: their files, their shell blocks, and a way to run these as a reader would."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(?P<kind>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
ENDS_AFTER_S = 240


def documents() -> list[Path]:
    """Every document that people read: those at the top, docs and examples."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])


def blocks(page: Path, *kinds: str) -> Iterator[str]:
    """The code blocks of these kinds, such as `sh tour`."""
    for match in BLOCK.finditer(page.read_text(encoding="utf-8")):
        if match["kind"].strip() in kinds:
            yield match["text"]


def prose(page: Path) -> str:
    """A page without its code blocks."""
    return BLOCK.sub("", page.read_text(encoding="utf-8"))


def shell(
    script: str, folder: Path, *, language: str = "en", first: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a script with bash in a folder, `counterfoil` and this Python first on the path, behind `first`."""
    path = [*([] if first is None else [str(first)]), str(Path(sys.executable).parent), os.environ["PATH"]]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("COUNTERFOIL_")},
        "PATH": os.pathsep.join(path),
        "PYTHON": sys.executable,
        "CLONE": str(ROOT),
        "COUNTERFOIL_LANG": language,
        "PYTHONIOENCODING": "utf-8",
    }
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=ENDS_AFTER_S,
        check=False,
    )


def done(run: "subprocess.CompletedProcess[str]") -> str:
    """What a script printed, when it went through."""
    assert run.returncode == 0, f"status {run.returncode}\n{run.stdout[-3000:]}\n{run.stderr[-3000:]}"
    return run.stdout
