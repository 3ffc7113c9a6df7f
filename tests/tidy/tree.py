"""The files of the repository, as the checks see them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "counterfoil"
NOT_OURS = frozenset({".git", ".venv", "var", "build", "dist", "__pycache__", ".hypothesis"})


@cache
def files() -> tuple[Path, ...]:
    """Every file that is or would be committed; without git (an unpacked archive), every file that is not made."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return tuple(sorted(path for path in ROOT.rglob("*") if path.is_file() and not made(path)))
    return tuple(sorted(path for name in listed.split("\0") if name and (path := ROOT / name).is_file()))


def made(path: Path) -> bool:
    inside = path.relative_to(ROOT).parts
    return path.suffix in {".mo", ".pyc"} or any(part in NOT_OURS or part.endswith("_cache") for part in inside)


def python_files(*folders: Path) -> tuple[Path, ...]:
    """Python files below the folders, or of the whole tree when none is named."""
    return tuple(
        path
        for path in files()
        if path.suffix == ".py" and (not folders or any(path.is_relative_to(folder) for folder in folders))
    )


def text_files() -> Iterator[tuple[Path, str]]:
    """Every file that is text, with its text; spreadsheets, archives and pictures are passed over."""
    for path in files():
        raw = path.read_bytes()
        if b"\0" in raw[:8192]:
            continue
        yield path, raw.decode("utf-8", errors="replace")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def place(path: Path, line: int | None = None) -> str:
    name = str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
    return name if line is None else f"{name}:{line}"


def no_findings(findings: list[str]) -> None:
    """Fail with one line per finding, so that all can be put right in one go."""
    assert not findings, f"{len(findings)} finding(s):\n" + "\n".join(f"  {finding}" for finding in findings)
