"""Fetch the fonts of printed documents, once: `make setup` runs `python -m tools.fonts`.

npm fetches them, and checks each package against its hash in package-lock.json. Where no npm is on the machine, one
comes from the Python registry, pinned by hash in requirements/node.txt. Four fonts and their licences are kept.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
TARGET: Final = ROOT / "src" / "counterfoil" / "static" / "fonts"
COMPLETE: Final = "complete.txt"
"""Written last, so that a set-up that was cut short begins again."""
ASKED: Final = ("package.json", "package-lock.json", ".npmrc")
SCOPE: Final = Path("node_modules", "@expo-google-fonts")
KEPT: Final = {
    "NotoSans-Regular.ttf": SCOPE / "noto-sans/400Regular/NotoSans_400Regular.ttf",
    "NotoSans-Bold.ttf": SCOPE / "noto-sans/700Bold/NotoSans_700Bold.ttf",
    "NotoSans-LICENSE.txt": SCOPE / "noto-sans/LICENSE_FONT",
    "NotoSansTC-Regular.ttf": SCOPE / "noto-sans-tc/400Regular/NotoSansTC_400Regular.ttf",
    "NotoSansTC-Bold.ttf": SCOPE / "noto-sans-tc/700Bold/NotoSansTC_700Bold.ttf",
    "NotoSansTC-LICENSE.txt": SCOPE / "noto-sans-tc/LICENSE_FONT",
}
SECONDS_MAX: Final = 900

CANNOT: Final = """counterfoil: the fonts for PDF documents could not be fetched: {why}
  The first set-up needs the npm registry (and the Python registry where npm is missing). Check the network or the
  registry settings of npm, then run "make setup" again. Afterwards no network is needed.
counterfoil：無法取得 PDF 文件所需的字型：{why}
  第一次設定需要 npm 套件庫（若未安裝 npm，亦需 Python 套件庫）。請檢查網路或 npm 的套件庫設定，再執行「make setup」。
  之後便不需要網路。"""


class CannotFetch(Exception):
    """Why there are no fonts; the text is shown to whoever runs the set-up."""


def fetched(folder: Path, npm: str) -> None:
    """Have npm fill `folder` with exactly what the lock names."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ASKED:
        shutil.copyfile(ROOT / name, folder / name)
    run([npm, "ci"], folder)


def kept(folder: Path, target: Path) -> None:
    """Copy the fonts and licences that documents need, and say last that all are there."""
    missing = [name for name, source in KEPT.items() if not (folder / source).is_file()]
    if missing:
        raise CannotFetch(f"the packages hold no {', '.join(missing)}")
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name, source in KEPT.items():
        shutil.copyfile(folder / source, target / name)
    (target / COMPLETE).write_text("\n".join(KEPT) + "\n", encoding="utf-8")


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


def main() -> int:
    folder = ROOT / ".venv" / "fonts"
    try:
        fetched(folder, npm_here())
        kept(folder, TARGET)
    except (CannotFetch, OSError) as error:
        print(CANNOT.format(why=error), file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
