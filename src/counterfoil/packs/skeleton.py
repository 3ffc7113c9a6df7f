"""A new pack to fill in: commented files that are sound, and whose open answers are placeholders."""

from pathlib import Path
from typing import Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.packs.pack_fault import PackFault

PACK: Final = """\
# Who this pack is about, and the texts that it stands on. What every key means: docs/how-to/write-a-pack.md
# 本套件之對象與所據文本。各鍵說明見 docs/how-to/write-a-pack.md

id = "{id}"                     # the name of this folder · 與目錄同名
version = "0.1.0"               # of the data: raise it with every correction · 資料版本，每次更正時遞增
kind = "jurisdiction"           # jurisdiction | rulebook | mechanism | programme
jurisdiction = "{code}"         # ISO 3166-1 alpha-3
title = {{ en = "{code}", zh-Hant = "{code}（請填名稱）" }}

# What a lawyer is told first. · 先告知律師之事項。
covers = [{{ en = "Nothing yet: a skeleton.", zh-Hant = "尚無內容：僅為骨架。" }}]
leaves_out = [{{ en = "Everything that the questions in law/ ask.", zh-Hant = "law/ 中所列之各項問題。" }}]

# Every text that a rule stands on. "original" says whether you read the official text itself.
# 規則所據之每一文本。original 表示是否讀過官方原文。
[[source]]
id = "to-be-found"
title = {{ en = "No text read yet", zh-Hant = "尚未查閱文本" }}
original = false
# date = 2026-01-31
# url = "https://..."           # the official text · 官方原文
# archived = "https://..."      # an archived copy, because links rot · 存檔副本
"""

LAW: Final = """\
# The law, rule by rule. A rule has a kind, a label in both languages, and dated versions.
# A version has: from, (to,) source, provision, confidence = seed | found | general | placeholder.
# Numbers carry their unit: "5 %", "25 MW", "100,000 t", "45 SGD/t". What you do not know: leave out, or a placeholder.
# 規則逐條列出；每一版本須有起日、來源、條文與信心等級。數字須附單位。未知者從缺，或標為 placeholder。

# 1. Is it a Party to the Paris Agreement? · 是否為巴黎協定締約方？  party | non_party | union | union_member
[rule.party_status]
kind = "party"
label = { en = "Status under the Paris Agreement", zh-Hant = "巴黎協定下之地位" }
[[rule.party_status.dated]]
from = 2021-01-01
source = "to-be-found"
provision = "?"
confidence = "placeholder"
status = "party"

# 2. Who may do what? · 何機關得為何行為？
[rule.authorizing_body]
kind = "role"
label = { en = "Who authorizes", zh-Hant = "授權機關" }
[[rule.authorizing_body.dated]]
from = 2021-01-01
source = "to-be-found"
provision = "?"
confidence = "placeholder"
authority = "to-be-named"
may = ["authorize"]

# 3. May units leave the country? · 單位得否輸出？  open | closed | surplus_only | positive_list | share_cap | decision
# Closed until the law has been read: nothing is exported on a guess. · 查明法律前一律關閉。
[rule.export]
kind = "export_gate"
label = { en = "Gate for export", zh-Hant = "輸出管制" }
[[rule.export.dated]]
from = 2021-01-01
source = "to-be-found"
provision = "?"
confidence = "placeholder"
gate = "closed"

# Further questions. Take a block away from its comment marks when you know the answer. · 其他問題，查明後取消註解。
#
# [rule.units]                       # Which units are there? · 有何種單位？
# kind = "unit_type"
# label = { en = "National unit", zh-Hant = "國家單位" }
# [[rule.units.dated]]
# from = 2024-01-01
# source = "..."
# provision = "art. 1"
# confidence = "found"
# code = "UNIT"
# size = "1 t"
# exportable = true
# export_needs = ["authorized", "corresponding_adjustment"]
#
# [rule.agreement_with_xyz]          # With whom? Only IA, TREATY and JCM let units cross. · 與何國有協定？
# kind = "agreement"
# ...
# partners = ["CHE"]
# form = "TREATY"
"""

CASES: Final = """\
# Sentences that the law must bear out; "counterfoil packs check" plays them.
# 法律必須符合之語句，由 packs check 執行。

[[case]]
says = { en = "Nothing is exported before the law has been read.", zh-Hant = "查明法律前不得輸出。" }
on = 2026-01-01
act = "authorize"
given = { quantity_t = 1 }
expect = "refused"
fault = "policy.export.closed"
doubtful = true
"""


def unknown(code: str) -> Refusal:
    """The refusal for a code that does not exist."""
    return Refusal(PackFault.JURISDICTION_UNKNOWN, {"jurisdiction": code[:40], "file": "packs new", "line": 1})


def write(code: str, out: Path) -> Path | Refusal:
    """The folder of the new pack; a folder that is there already is never written into."""
    folder = out / code.lower()
    if folder.exists():
        return Refusal(PackFault.FOLDER_TAKEN, {"folder": str(folder)})
    for name, text in (
        ("pack.toml", PACK.format(id=code.lower(), code=code)),
        ("law/law.toml", LAW),
        ("cases/cases.toml", CASES),
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder
