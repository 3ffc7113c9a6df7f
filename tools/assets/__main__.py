"""`python -m tools.assets`: every kept file in its place, or the reason in both languages."""

import shutil
import sys
from pathlib import Path
from typing import Final

from tools.assets import kept
from tools.assets.npm import ROOT, CannotFetch, fetched, npm_here

CANNOT: Final = """counterfoil: the fonts and web files could not be fetched: {why}
  The first set-up needs the npm registry (and the Python registry where npm is missing). Check the network or the
  registry settings of npm, then run "make setup" again. Afterwards no network is needed.
counterfoil：無法取得字型與網頁檔案：{why}
  第一次設定需要 npm 套件庫（若未安裝 npm，亦需 Python 套件庫）。請檢查網路或 npm 的套件庫設定，再執行「make setup」。
  之後便不需要網路。"""


def asked_last() -> float:
    """When it was last changed what is to be kept."""
    return max(each.stat().st_mtime for each in (ROOT / "package-lock.json", *Path(__file__).parent.glob("*.py")))


def main() -> int:
    # make asks once for each folder: the first time fills all of them.
    if all(kept.stands(shelf, asked_last()) for shelf in kept.SHELVES):
        return 0
    folder = ROOT / ".venv" / "assets"
    try:
        fetched(folder, npm_here())
        for shelf in kept.SHELVES:
            kept.kept(folder, shelf)
    except (CannotFetch, OSError) as error:
        print(CANNOT.format(why=error), file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
