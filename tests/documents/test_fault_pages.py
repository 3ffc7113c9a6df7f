"""The page of faults says what the catalogue says, for every code."""

import tomllib

import pytest

from tools.update import fault_pages


def test_the_page_of_faults_is_current() -> None:
    written = fault_pages.PAGE.read_text(encoding="utf-8")
    assert written == fault_pages.current(), "run python -m tools.update.fault_pages"


def test_every_fault_has_its_heading_and_both_languages() -> None:
    catalogue = tomllib.loads(fault_pages.CATALOGUE.read_text(encoding="utf-8"))
    text = fault_pages.current()
    for code, fault in catalogue.items():
        assert text.count(f"\n### {code}\n") == 1
        for part in ("message", "fix"):
            for words in fault[part].values():
                assert words in text, code


@pytest.mark.parametrize("retry", ["never", "later", "after_fix"])
def test_a_page_says_whether_to_try_again(retry: str) -> None:
    fault = {
        "message": {"en": "Held.", "zh-Hant": "已凍結。"},
        "fix": {"en": "Release it.", "zh-Hant": "請解除。"},
        "retry": retry,
    }
    english, chinese = fault_pages.RETRY[retry]
    made = fault_pages.page({"hold.stands": fault, "account.unknown": fault})
    assert made.index("## account") < made.index("## hold")
    assert f"**What to do:** Release it. {english}" in made
    assert f"**處理方式：** 請解除。{chinese}" in made
