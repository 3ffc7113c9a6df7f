"""Where a pack points into its source, a Chinese reader is told so in Chinese."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.provision_text import provision_text
from tests.tidy.tree import SOURCE

PACKS = SOURCE / "packs"
WHOLE = (
    *(PACKS / "rulebooks" / name for name in ("readiness", "pathways", "registry-practice", "account-safeguards")),
    PACKS / "jurisdictions" / "twn",
)
"""Packs in which no provision may stay in English: what a reader in Taiwan sees first."""
ENGLISH = re.compile(r"[A-Za-z]{3,}")
ROMAN = re.compile(r"\([ivx]+\)")


def provisions(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("law/**/*.toml")):
        yield from _of(tomllib.loads(path.read_text(encoding="utf-8")))


def _of(value: object) -> Iterator[str]:
    match value:
        case dict():
            if isinstance(value.get("provision"), str):
                yield value["provision"]
            for inner in value.values():
                yield from _of(inner)
        case list():
            for inner in value:
                yield from _of(inner)


@pytest.mark.parametrize("folder", WHOLE, ids=lambda folder: folder.name)
def test_every_provision_of_a_pack_is_told_in_chinese(folder: Path) -> None:
    found = set(provisions(folder))
    assert found
    chinese = {each: provision_text(each, Texts("zh-Hant")) for each in found if not each.startswith("ADR-")}
    assert {
        each: told for each, told in chinese.items() if ENGLISH.search(ROMAN.sub("", told).replace("CMA", ""))
    } == {}


@pytest.mark.parametrize(
    "folder", sorted(path.parent for path in PACKS.glob("*/*/pack.toml")), ids=lambda path: path.name
)
def test_in_english_a_provision_stays_as_the_pack_says_it(folder: Path) -> None:
    text = Texts("en")
    assert {
        each for each in provisions(folder) if not re.match(r"\d", each) and provision_text(each, text) != each
    } == set()


@pytest.mark.parametrize(
    ("cited", "told"),
    [
        ("annex, para. 4(a)", "附件第4(a)段"),
        ("arts. 2, 4, 16-17", "第2、4、16-17條"),
        ("annex I, paras. 4-5", "附件一第4-5段"),
        ("appendix 1", "附錄一"),
        ("four gaps", "四項缺口"),
        ("competent authority; issues the credits itself", "主管機關；自行核發額度"),
        ("2/CMA.3 annex para. 2", "2/CMA.3 附件第2段"),
        ("A6.4-PROC-AC-002 para. 268", "A6.4-PROC-AC-002 第268段"),
        ("requirement R-GOV-02", "需求 R-GOV-02"),
        ("requirements R-CMP-01, R-INT-02", "需求 R-CMP-01、R-INT-02"),
        ("a place nobody knows", "a place nobody knows"),
        ("", ""),
    ],
)
def test_a_place_is_told_as_a_chinese_reader_cites_it(cited: str, told: str) -> None:
    assert provision_text(cited, Texts("zh-Hant")).replace(" ", "") == told.replace(" ", "")


@pytest.mark.parametrize(
    "cited", ["2/CMA.3 annex paras. 8, 18(g)", "A6.4-PROC-AC-002 para. 268", "requirement R-GOV-02"]
)
def test_in_english_a_provision_of_the_code_is_told_as_it_stands(cited: str) -> None:
    assert provision_text(cited, Texts("en")) == cited
