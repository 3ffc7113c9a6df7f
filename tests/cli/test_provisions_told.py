"""Papers name Parties and cite provisions in the reader's language, and leave alone what has no words."""

import csv
from pathlib import Path

import pytest

from counterfoil.domain.accounting.ctf_indicators import PROVISIONS
from counterfoil.domain.accounting.ctf_lines import LINES
from counterfoil.domain.reporting.narrative.outline import BY_KEY
from counterfoil.entrypoints.country_codes import alpha2_codes, country_names
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.provision_text import provision_text
from counterfoil.entrypoints.reports.words import Words

CITED = sorted(
    {line.provision for line in LINES} | {each.provision for each in BY_KEY.values()} | set(PROVISIONS.values())
)
EUROPEAN_UNION = {"EUU": "EUE"}
"""The data set's code, and that of the common nomenclatures."""


@pytest.mark.parametrize("provision", CITED)
def test_every_provision_of_a_report_is_told_in_both_languages(provision: str) -> None:
    assert provision_text(provision, Texts("en")) == provision
    told = provision_text(provision, Texts("zh-Hant"))
    assert told != provision and not any(word in told for word in ("annex", "para", "provision.")), told


def test_a_provision_keeps_its_letters_and_numbers() -> None:
    chinese = Texts("zh-Hant")
    assert provision_text("2/CMA.3 annex para. 18(b); 18/CMA.1 annex paras. 64(a), 65-67", chinese) == (
        "2/CMA.3 附件第18(b)段；18/CMA.1 附件第64(a)、65-67段"
    )
    assert provision_text("4/CMA.6 annex II", chinese) == "4/CMA.6 附件二"


@pytest.mark.parametrize("other", ["ADR-0028", "2/CMA.3 annex XL", "Regulation, art. 12(1)", ""])
def test_another_citation_stays_as_it_is(other: str) -> None:
    assert provision_text(other, Texts("zh-Hant")) == other


def test_a_paper_names_a_party_with_its_code() -> None:
    english, chinese = (Words(Texts(language)) for language in ("en", "zh-Hant"))
    assert (english.party("THA"), chinese.party("THA")) == ("Thailand (THA)", "泰國（THA）")
    assert english.party("XAA") == chinese.party("XAA") == "XAA"


def test_every_name_is_of_a_known_code_and_of_one_country_only() -> None:
    names = country_names()
    assert set(names) - set(alpha2_codes().values()) == {"EUE"}
    for language in ("en", "zh-Hant"):
        told = [each[language] for each in names.values()]
        assert len(set(told)) == len(told)


def test_every_party_has_a_name(data_folder: Path) -> None:
    with (data_folder / "parties" / "unfccc.csv").open(encoding="utf-8", newline="") as file:
        parties = {EUROPEAN_UNION.get(row["Code"], row["Code"]) for row in csv.DictReader(file)}
    assert parties <= set(country_names())
