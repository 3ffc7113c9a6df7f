"""CTF table 4 as sheets in one language: lines, indicators, the split of paragraph 23(j), sources, what is missing.

The adapter that writes the workbook knows only cells; the texts come from the locale by key.
Source: 5/CMA.3 annex II table 4; 2/CMA.3 annex para. 23(j).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from counterfoil.domain.accounting.ctf_completeness import gaps
from counterfoil.domain.accounting.ctf_indicators import IndicatorRow, indicator_rows
from counterfoil.domain.accounting.ctf_lines import TONNES, Row
from counterfoil.domain.accounting.ctf_table4 import Table4
from counterfoil.domain.accounting.figure import NO_GAPS, Figure, Unavailable
from counterfoil.domain.accounting.flow import FlowKind
from counterfoil.domain.accounting.ndc import AccountingYear, Ndc, Source
from counterfoil.domain.reporting.aef_format import Shown
from counterfoil.domain.reporting.aef_layout import LaidColumn, LaidRow, LaidSheet, Look
from counterfoil.entrypoints.provision_text import provision_text

Text = Callable[..., str]
SOURCE_WIDTH: Final = 100
YEAR_WIDTH: Final = 18
NUMBERS: Final = {FlowKind.FIRST_TRANSFERRED: 6, FlowKind.OIMP: 7, FlowKind.USED: 8}


def ctf_sheets(table: Table4, text: Text, *, note: str | None) -> tuple[LaidSheet, ...]:
    """The five sheets. `note` marks a demonstration on each of them."""
    return tuple(sheet(table, text, note) for sheet in (_lines, _indicators, _split, _sources, _gaps))


def labelled(table: Table4, value: dict[str, Any], texts: Mapping[str, Text]) -> dict[str, Any]:
    """The table's JSON with the words of each line and indicator in every language."""
    for row, line in zip(table.rows, value["lines"], strict=True):
        line["label"] = {language: row_text(row, text) for language, text in texts.items()}
    for each, told in zip(indicator_rows(table.facts), value["indicators"], strict=True):
        told["label"] = {language: indicator_text(each, text) for language, text in texts.items()}
    return value


def row_text(row: Row, text: Text) -> str:
    """What a row says in words: its line, its part, and the target that it speaks of."""
    words = text(f"ctf4.line.{row.line.key}")
    if row.part:
        words = text("ctf4.with_part", text=words, part=text(f"ctf4.part.{row.part.value}"))
    return _of_target(words, row.about, text)


def _of_target(words: str, about: str, text: Text) -> str:
    if not about:
        return words
    key = f"report.target.{about.strip().casefold().replace(' ', '_')}"
    known = text(key)
    return text("ctf4.with_target", text=words, target=about if known == key else known)


def unit_text(unit: str, text: Text) -> str | None:
    """The name of a unit; None for a line that does not apply."""
    return text("ctf4.tonnes") if unit == TONNES else unit or None


def indicator_text(row: IndicatorRow, text: Text) -> str:
    """What an indicator row says in words, and the target that it is set in."""
    return _of_target(text(f"ctf4.opening.{row.kind.value}"), row.about, text)


def _head(text: Text, title: str, note: str | None, **facts: object) -> list[LaidRow]:
    mark = LaidRow(Look.NOTE, (None, note)) if note else LaidRow(Look.BLANK)
    return [mark, LaidRow(Look.BLANK), LaidRow(Look.TITLE, (None, text(title, **facts)))]


def _lines(table: Table4, text: Text, note: str | None) -> LaidSheet:
    facts = table.facts
    years = list(facts.years)
    columns = ("line", "text", "provision", "unit")
    ends = ("value", "target_level", "target_year", "progress", "remark")
    heads = [
        *(text(f"ctf4.column.{name}") for name in columns),
        *(year_text(facts.ndc, year, text) for year in years),
        *(text(f"ctf4.column.{name}") for name in ends),
    ]
    rows = _head(text, "ctf4.title", note, party=facts.party, first=facts.period.first, last=facts.period.last)
    rows.append(LaidRow(Look.HEADER, (None, *heads)))
    rows += [LaidRow(Look.BODY, (None, *_cells(row, text, years))) for row in table.rows]
    laid = (
        *(LaidColumn(3, spacer=True), LaidColumn(6), LaidColumn(64), LaidColumn(28), LaidColumn(14)),
        *(LaidColumn(YEAR_WIDTH, grouped=True) for _ in years),
        *(LaidColumn(30, grouped=True), LaidColumn(18, grouped=True), LaidColumn(12), LaidColumn(18, grouped=True)),
        LaidColumn(50),
    )
    return LaidSheet(text("ctf4.sheet.lines"), laid, len(rows) - len(table.rows), rows)


def _cells(row: Row, text: Text, years: list[int]) -> Iterator[Shown]:
    yield row.line.number
    yield row_text(row, text)
    yield provision_text(row.line.provision, text)
    yield unit_text(row.unit, text)
    for year in years:
        figure = row.years.get(year)
        yield None if figure is None else _brief(figure, text)
    if row.statement:
        yield text(f"outcome.{row.statement}") if row.line.number == _ACHIEVED else row.statement
    else:
        yield None if row.single is None else _shown(row.single, text)
    yield None if row.target is None else _brief(row.target, text)
    yield row.target_year
    yield None if row.progress is None else _brief(row.progress, text)
    yield _remark((*row.years.values(), row.target), text)


_ACHIEVED: Final = 20


def _remark(figures: Iterable[Figure | None], text: Text) -> str | None:
    """Why figures are missing, each reason once."""
    reasons = [each for each in figures if isinstance(each, Unavailable) and each not in NO_GAPS]
    return "; ".join(text(f"ctf4.reason.{reason.value}") for reason in dict.fromkeys(reasons)) or None


def _indicators(table: Table4, text: Text, note: str | None) -> LaidSheet:
    """What the table has before its lines on Article 6. Source: 18/CMA.1 annex paras. 65-67, 77(a)-(c)."""
    facts = table.facts
    years, found = list(facts.years), indicator_rows(facts)
    heads = [
        *(text(f"ctf4.column.{name}") for name in ("text", "provision", "unit", "reference_level", "reference_year")),
        *(year_text(facts.ndc, year, text) for year in years),
        *(text(f"ctf4.column.{name}") for name in ("target_level", "target_year", "change", "remark")),
    ]
    rows = _head(text, "ctf4.indicators.title", note, party=facts.party)
    rows.append(LaidRow(Look.HEADER, (None, *heads)))
    rows += [LaidRow(Look.BODY, (None, *_indicator_cells(row, text, years))) for row in found]
    laid = (
        *(LaidColumn(3, spacer=True), LaidColumn(64), LaidColumn(28), LaidColumn(14)),
        *(LaidColumn(YEAR_WIDTH, grouped=True), LaidColumn(12)),
        *(LaidColumn(YEAR_WIDTH, grouped=True) for _ in years),
        *(LaidColumn(18, grouped=True), LaidColumn(12), LaidColumn(18, grouped=True), LaidColumn(50)),
    )
    return LaidSheet(text("ctf4.sheet.indicators"), laid, len(rows) - len(found), rows)


def _indicator_cells(row: IndicatorRow, text: Text, years: list[int]) -> Iterator[Shown]:
    yield indicator_text(row, text)
    yield provision_text(row.provision, text)
    yield unit_text(row.unit, text)
    yield None if row.reference is None else _brief(row.reference, text)
    yield row.reference_year
    yield from (_brief(row.years[year], text) for year in years)
    yield None if row.target is None else _brief(row.target, text)
    yield row.target_year
    yield None if row.change is None else _brief(row.change, text)
    yield _remark((row.reference, *row.years.values(), row.target, row.change), text)


def _brief(figure: Figure, text: Text) -> Shown:
    """A figure in a narrow cell: the reason why there is none stands in the row's remark."""
    missing = isinstance(figure, Unavailable) and figure not in NO_GAPS
    return text("cli.party_balance.missing") if missing else _shown(figure, text)


def _shown(figure: Figure, text: Text) -> Shown:
    if isinstance(figure, Unavailable):
        return text(f"ctf4.reason.{figure.value}")
    assert isinstance(figure, Fraction)
    return figure.numerator if figure.denominator == 1 else figure


def _split(table: Table4, text: Text, note: str | None) -> LaidSheet:
    names = ("line", "year", "approach", "sector", "transferring", "using", "vintage", "unit", "quantity")
    rows = _head(text, "ctf4.split.title", note, party=table.facts.party)
    rows.append(LaidRow(Look.HEADER, (None, *(text(f"ctf4.column.{name}") for name in names))))
    for each in table.split:
        cells: tuple[Shown, ...] = (
            NUMBERS[each.kind],
            each.year,
            each.approach,
            each.sector,
            each.transferring,
            each.using or None,
            each.vintage,
            unit_text(each.commodity.removeprefix("metric:"), text),
            each.quantity,
        )
        rows.append(LaidRow(Look.BODY, (None, *cells)))
    widths = (6, 8, 14, 30, 16, 16, 10, 14)
    laid = (LaidColumn(3, spacer=True), *(LaidColumn(width) for width in widths), LaidColumn(18, grouped=True))
    return LaidSheet(text("ctf4.sheet.split"), laid, 4, rows)


def _sources(table: Table4, text: Text, note: str | None) -> LaidSheet:
    facts = table.facts
    ndc, account = facts.ndc, facts.account
    pairs: list[tuple[str, Shown]] = [
        ("party", facts.party),
        ("standing", text(f"standing.{facts.standing.value}")),
        ("as_of", facts.as_of),
        ("method", text("ctf4.reason.method_not_chosen" if facts.method is None else f"method.{facts.method.value}")),
        ("method_locked_on", None if account is None else account.locked_on),
        ("assumed", "; ".join(facts.assumed) or None),
        ("values", text("ctf4.values.final" if facts.final else "ctf4.values.indicative")),
        ("basis", text(f"ctf4.basis.{facts.basis.value}")),
        ("ndc", text("ctf4.reason.ndc_not_recorded") if ndc is None else f"{ndc.title} ({ndc.id})"),
        ("accounting_year", None if ndc is None else _accounting_year(ndc, text)),
        ("ndc_source", None if ndc is None else _document(ndc.source)),
        ("url", None if ndc is None else ndc.source.url or None),
        ("inventories", ", ".join(table.sources) or text("ctf4.reason.inventory_missing")),
        ("entities", ", ".join(table.entities) or None),
        ("authorized_not_transferred", facts.authorized_not_transferred),
    ]
    rows = _head(text, "ctf4.sources.title", note, party=facts.party)
    rows += [LaidRow(Look.PAIR, (None, text(f"ctf4.source.{name}"), value)) for name, value in pairs]
    for target in () if ndc is None else ndc.targets:
        rows.append(LaidRow(Look.PAIR, (None, text("ctf4.source.target", target=target.name), target.statement)))
        rows.append(LaidRow(Look.PAIR, (None, text("ctf4.source.target_source"), _document(target.source))))
        rows.append(LaidRow(Look.PAIR, (None, text("ctf4.source.url"), target.source.url or None)))
    return LaidSheet(text("ctf4.sheet.sources"), (LaidColumn(3), LaidColumn(46), LaidColumn(SOURCE_WIDTH)), 0, rows)


def year_text(ndc: Ndc | None, year: int, text: Text) -> str:
    """A year as a column names it: where the NDC counts fiscal years, the one that begins in it."""
    fiscal = ndc is not None and ndc.accounting_year is AccountingYear.FISCAL
    return text("ctf4.fiscal_year", year=year) if fiscal else str(year)


def _document(source: Source) -> str:
    return ", ".join(part for part in (source.document, source.place) if part)


def _accounting_year(ndc: Ndc, text: Text) -> str:
    return text(f"accounting_year.{ndc.accounting_year.value}", begins=ndc.fiscal_year_begins)


def _gaps(table: Table4, text: Text, note: str | None) -> LaidSheet:
    found = gaps(table)
    rows = _head(text, "ctf4.gaps.title" if found else "ctf4.gaps.none", note, count=len(found))
    rows.append(LaidRow(Look.HEADER, (None, *(text(f"ctf4.column.{name}") for name in ("line", "year", "gap")))))
    for gap in found:
        why = text(f"ctf4.gap.{gap.kind.value}")
        words = text("ctf4.with_part", text=why, part=text(f"ctf4.reason.{gap.reason}")) if gap.reason else why
        rows.append(LaidRow(Look.BODY, (None, gap.line, gap.year or None, words)))
    return LaidSheet(
        text("ctf4.sheet.gaps"), (LaidColumn(3, spacer=True), LaidColumn(8), LaidColumn(8), LaidColumn(80)), 4, rows
    )
