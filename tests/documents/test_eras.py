"""The years of a country on what is printed for it: the known days of each era, in both languages."""

from datetime import date

import pytest

from counterfoil.application.command import NdcPeriod, Registry
from counterfoil.application.paper import Paper
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.policy.kinds.presentation import Era, era_year
from counterfoil.domain.settlement.invoice import FeeLine, Invoice
from counterfoil.entrypoints.invoice_paper import invoice_paper
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.reports.words import Words


@pytest.mark.parametrize(
    ("era", "day", "year"),
    [
        (Era.MINGUO, date(2026, 11, 22), 115),
        (Era.MINGUO, date(1912, 1, 1), 1),
        (Era.MINGUO, date(1911, 12, 31), None),
        (Era.BUDDHIST, date(2026, 1, 1), 2569),
        (Era.BUDDHIST, date(2026, 12, 31), 2569),
        (Era.BUDDHIST, date(1941, 1, 1), 2484),
        (Era.BUDDHIST, date(1940, 12, 31), None),
        (Era.REIWA, date(2019, 5, 1), 1),
        (Era.REIWA, date(2019, 4, 30), None),
        (Era.COMMON, date(2026, 11, 22), None),
    ],
)
def test_an_era_names_the_years_that_it_has_and_no_year_before(era: Era, day: date, year: int | None) -> None:
    assert era_year(day, era) == year


@pytest.mark.parametrize(
    ("era", "language", "issued", "due"),
    [
        (Era.MINGUO, "zh-Hant", "民國115年11月22日（西元2026年）", "民國116年1月31日（西元2027年）"),
        (Era.MINGUO, "en", "22 November 2026 (Minguo 115)", "31 January 2027 (Minguo 116)"),
        (Era.BUDDHIST, "en", "22 November 2026 (B.E. 2569)", "31 January 2027 (B.E. 2570)"),
        (Era.COMMON, "en", "22 November 2026", "31 January 2027"),
    ],
)
def test_an_invoice_has_the_years_of_the_countrys_era(era: Era, language: str, issued: str, due: str) -> None:
    line = FeeLine(pack="twn", rule="fee", provision="article 3", recipient="Treasury", amount=500)
    invoice = Invoice("2026-000001", "issue", "activity:A", "P", "TWD", (line,), date(2026, 11, 22), date(2027, 1, 31))
    registry = Registry("TWN01", Party("TWN"), "Taiwan", "twn/registry", "", False, (NdcPeriod(2021, 2030, 2032),))
    paper: Paper = invoice_paper(invoice, registry, Words(Texts(language)), era=era)
    said = [value for _, value in paper.facts]
    assert said[1:3] == [issued, due]
