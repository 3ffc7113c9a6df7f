"""The Chinese pages' own words: what the reader of `chinese.py` finds, and lists that no walk comes through."""

import re

import pytest

from counterfoil.domain.policy.pack import bases
from counterfoil.entrypoints.glossary import glossary
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.pack_shelf import open_shelf
from counterfoil.entrypoints.provision_text import provision_text
from counterfoil.entrypoints.source_text import source_text
from counterfoil.entrypoints.web.account_words import account_text
from counterfoil.entrypoints.web.act_names import with_titles
from counterfoil.entrypoints.web.forms.value_words import worded
from counterfoil.entrypoints.web.forms.view import examples
from tests.web.chinese import NAMES, WORD, english_words

CHINESE = Texts("zh-Hant")
ENGLISH = Texts("en")
PROSE = re.compile(r"[A-Za-z]+ [a-z]{2,} [a-z]|[A-Z][a-z]+ [a-z]{2,}")


@pytest.mark.parametrize(
    "written",
    [
        "<td>Energy generation</td>",
        "<dd>grid-connected solar power</dd>",
        "<option>live</option>",
        "<li>sector = Transportation</li>",
        '<span class="example">例如：The sale was called off</span>',
        "<dd>not_double_counted：false</dd><dd>false</dd>",
        "<p>後續：counterfoil do AdoptPack</p>",
        "<td>2/CMA.3 annex para. 23; main para. 3, appendix 1</td>",
        '<input placeholder="Serial number">',
        "<h3>您獲授新角色：holder</h3>",
    ],
)
def test_english_on_a_chinese_page_is_found(written: str) -> None:
    assert english_words(f"<html lang='zh-Hant'><p>Menu</p><main>{written}</main></html>")


@pytest.mark.parametrize(
    "written",
    [
        "<td>CA9901-THA01-THA-5001-2025</td>",
        "<dd>tha:energy-absolute</dd><td>partner@demo.example</td>",
        "<h1>Solar roofs (Demonstration · 示範)</h1><td>Verifier (demonstration) · 查證人員（示範）</td>",
        "<p>邊界可為 GeoJSON 或 Shapefile，上限 8 MiB。</p>",
        "<pre>counterfoil backup</pre><code>Issue</code><p lang='en'>Any command</p>",
        "<td>2/CMA.3 附件第18(h)(iii)段</td><td>RFC 8037 第3.1節</td>",
    ],
)
def test_codes_names_and_quoted_english_are_no_gaps(written: str) -> None:
    assert english_words(f"<html lang='zh-Hant'><main>{written}</main></html>") == []


def test_every_example_of_a_form_that_is_a_sentence_is_there_in_chinese() -> None:
    said = {text for example in examples().values() for text in strings(example)}
    prose = {text for text in said if PROSE.match(text) and not re.search(r"\d/CMA", text)}
    assert len(prose) > 60
    assert [text for text in sorted(prose) if CHINESE.known(f"example.{text}") is None] == []


def strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in strings(each)]
    if isinstance(value, list):
        return [text for each in value for text in strings(each)]
    return [value] if isinstance(value, str) else []


def test_every_source_of_a_term_is_cited_in_chinese() -> None:
    cited = {term["source"]: source_text(str(term["source"]), CHINESE) for term in glossary().values()}
    assert cited["2/CMA.3, annex, paragraphs 20(a) and 29"] == "2/CMA.3 附件第20(a)、29段"
    left = {told for told in cited.values() if set(WORD.findall(re.sub(r"[(\d][^，；]*?\)", "", told))) - NAMES}
    assert left == set()


def test_every_provision_of_a_pack_is_cited_in_chinese() -> None:
    cited = {basis.provision for pack in open_shelf().packs.values() for basis in bases(pack.law)}
    assert len(cited) > 200
    left = {text for text in cited if re.search(r"[a-z]{4}", provision_text(text, CHINESE))}
    assert left == {"Premium T-VER", "Verra, October 2025"}


def test_an_account_that_nobody_opened_is_said_in_words() -> None:
    assert account_text("pending:CHE", CHINESE) == "轉讓至瑞士途中"
    assert account_text("used:CHE:ndc:2023", ENGLISH) == "used by Switzerland towards its NDC, 2023"
    assert account_text("ndc:THA:2022:added", CHINESE) == "泰國 2022 年加計"
    assert account_text("cancelled:oimp:imp", CHINESE) == "註銷（國際減緩目的）"
    for own in ("tha:developer", "issued", "odd:code:here", "used:CHE"):
        assert account_text(own, CHINESE) == own


def test_a_value_of_a_record_is_said_in_words_and_a_text_stays() -> None:
    assert worded("sectors", ["Energy generation", "Our own"], CHINESE) == "能源生產、Our own"
    assert worded("host", "THA", CHINESE) == "泰國（THA）"
    assert worded("metric", {"gwp": "AR5", "estimated": False}, ENGLISH).endswith(": No")
    assert worded("last_use_on", "2032-12-31", CHINESE) == "2032年12月31日"
    assert worded("reason", "registered", CHINESE) == "registered"
    assert len(worded("reason", "x" * 1_000, CHINESE)) == 240


def test_a_fault_on_a_page_calls_acts_by_their_titles() -> None:
    assert with_titles("以 ReduceAuthorization 辦理。Issue stays.", CHINESE) == "以 「縮減授權」 辦理。Issue stays."
