"""Write `docs/reference/faults.md` from the fault catalogue: every code with its texts in both languages.

`python -m tools.update.fault_pages` writes the page; with `--check` it only says whether the page is current.
"""

import sys
import tomllib
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
CATALOGUE: Final = ROOT / "src" / "counterfoil" / "catalogue" / "faults.toml"
PAGE: Final = ROOT / "docs" / "reference" / "faults.md"

INTRODUCTION: Final = """\
# Faults · 錯誤與拒絕代碼

<!-- Generated from src/counterfoil/catalogue/faults.toml by `python -m tools.update.fault_pages`: change that file. -->

A refusal is an expected answer: it carries a code, which never changes, and facts, which fill the words in braces.
Match the code, not the text. Faults are grouped by the first word of their code.

拒絕屬預期之答覆：附有永不變更之代碼，以及填入大括號之事實。程式請比對代碼，勿比對文字。以下依代碼首字分組。
"""

RETRY: Final = {
    "never": ("Repeating the command does not help.", "重送命令無濟於事。"),
    "later": ("The same command may succeed later.", "相同命令稍後可能成功。"),
    "after_fix": ("Send the command again once that is done.", "處理完畢後請重送命令。"),
}


def page(catalogue: Mapping[str, Any]) -> str:
    """The whole page, with codes in alphabetical order."""
    groups = groupby(sorted(catalogue), key=lambda code: code.partition(".")[0])
    sections = [section(word, {code: catalogue[code] for code in codes}) for word, codes in groups]
    words = sorted({code.partition(".")[0] for code in catalogue})
    contents = " · ".join(f"[{word}](#{word})" for word in words)
    return "\n".join([INTRODUCTION, f"{contents}\n", *sections])


def section(word: str, faults: Mapping[str, Any]) -> str:
    return "\n".join([f"## {word}\n", *(line for code, fault in faults.items() for line in entry(code, fault))])


def entry(code: str, fault: Mapping[str, Any]) -> Iterator[str]:
    english, chinese = RETRY[fault["retry"]]
    yield f"### {code}\n"
    yield f"{fault['message']['en']}"
    yield f"**What to do:** {fault['fix']['en']} {english}\n"
    yield f"{fault['message']['zh-Hant']}"
    yield f"**處理方式：** {fault['fix']['zh-Hant']}{chinese}\n"


def current() -> str:
    """What the page should say now."""
    return page(tomllib.loads(CATALOGUE.read_text(encoding="utf-8")))


def main(arguments: list[str]) -> int:
    text = current()
    if arguments == ["--check"]:
        known = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        if known != text:
            print(f"{PAGE.relative_to(ROOT)} is not current: run python -m tools.update.fault_pages", file=sys.stderr)
        return int(known != text)
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
