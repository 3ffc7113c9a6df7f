"""Runs npm, the machine's own or one beside this Python, and says why it could not."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
ASKED: Final = ("package.json", "package-lock.json", ".npmrc")
SECONDS_MAX: Final = 900


class CannotFetch(Exception):
    """Why the files are not there; the text is shown to whoever runs the set-up."""


def fetched(folder: Path, npm: str) -> None:
    """Have npm fill `folder` with exactly what the lock names, the tools of the tests included."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ASKED:
        shutil.copyfile(ROOT / name, folder / name)
    run([npm, "ci", "--include=dev"], folder)


def npm_here() -> str:
    """The npm of the machine, else one beside this Python, installed if need be."""
    beside = Path(sys.executable).with_name("npm")
    for candidate in (shutil.which("npm"), str(beside)):
        if candidate and works(candidate):
            return candidate
    pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    run([sys.executable, *pip, "-r", str(ROOT / "requirements" / "node.txt")], ROOT)
    return str(beside)


def works(npm: str) -> bool:
    try:
        return subprocess.run([npm, "--version"], capture_output=True, check=False, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def run(command: list[str], folder: Path) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False, text=True, timeout=SECONDS_MAX)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotFetch(str(error)) from error
    if done.returncode:
        lines = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        raise CannotFetch("\n    ".join([f"{Path(command[0]).name} answered {done.returncode}", *lines[:5]]))
