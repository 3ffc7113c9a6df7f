"""CTF table 4 as a paper: its lines with the years as columns, the split of paragraph 23(j), sources, what is missing.

Source: 5/CMA.3 annex II table 4; 2/CMA.3 annex para. 23; 18/CMA.1 annex paras. 70, 77(d).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from counterfoil.application.command import Registry
from counterfoil.application.paper import Align, Block, Column, Fields, Notice, Paper, Paragraph, Section, Table
from counterfoil.domain.accounting.ctf_completeness import Gap, gaps
from counterfoil.domain.accounting.ctf_lines import Row
from counterfoil.domain.accounting.ctf_table4 import Table4
from counterfoil.entrypoints.ctf_sheets import row_text, unit_text, year_text
from counterfoil.entrypoints.reports.amounts import amounts_table
from counterfoil.entrypoints.reports.indicators import figure_text, indicators_table
from counterfoil.entrypoints.reports.narrative_paper import mark
from counterfoil.entrypoints.reports.ndc_blocks import source_text
from counterfoil.entrypoints.reports.words import DASH, Words

ACHIEVED: Final = 20
IN_WORDS: Final = frozenset({16, ACHIEVED})
"""Lines that are told in words, without a unit."""
AIMED: Final = ("target_level", "target_year", "progress")
GROUPS: Final = (("inputs", 1, 5), ("flows", 6, 12), ("balance", 13, 15), ("assessment", 16, 20))
"""How the lines stand together: what is put in, what moved, what follows, and the comparison at the end."""


def summary_paper(table: Table4, words: Words, *, registry: Registry) -> Paper:
    """The structured summary in one language. Missing figures are named by their reason, never left blank or zero."""
    facts, found = table.facts, gaps(table)
    return Paper(
        title=words("report.title.summary"),
        language=words.language,
        subtitle=words(
            "report.subtitle", party=words.party(facts.party), first=facts.period.first, last=facts.period.last
        ),
        facts=(
            (words("report.field.party"), words.party(facts.party)),
            (words("report.field.year"), str(facts.year)),
            (words("report.field.as_of"), words.day(facts.as_of)),
            (words("ctf4.source.standing"), words(f"standing.{facts.standing.value}")),
            (words("report.field.registry"), f"{registry.registry} · {registry.name}"),
            (words("ctf4.source.values"), words("ctf4.values.final" if facts.final else "ctf4.values.indicative")),
        ),
        sections=tuple(_sections(table, found, words, demonstration=registry.demonstration)),
        mark=mark(words, complete=not found, demonstration=registry.demonstration),
        foot=words("report.foot", registry=registry.registry, day=words.day(facts.as_of)),
        contents=False,
        titles=words.titles,
        day=facts.as_of,
    )


def _sections(table: Table4, found: tuple[Gap, ...], words: Words, *, demonstration: bool) -> Iterator[Section]:
    opening: list[Block] = []
    if demonstration:
        opening.append(Notice(words("report.mark.demonstration"), words("report.demonstration")))
    if found:
        opening.append(Notice(words("report.mark.draft"), words("report.draft", count=len(found))))
    if table.facts.assumed:
        opening.append(Paragraph(words("report.assumed", names=words.assumed(table.facts.assumed))))
    if opening:
        yield Section(words("report.section.state"), tuple(opening))
    lines = [_lines(table, words, name, first, last) for name, first, last in GROUPS]
    shown = (indicators_table(table, words), *(each for each in lines if each is not None))
    yield Section(words("report.section.lines"), shown)
    yield Section(words("report.section.amounts"), _amounts(table, words))
    yield Section(words("report.section.sources"), _sources(table, words))
    if found:
        yield Section(words("report.section.gaps"), (_gaps(found, words),))


def _lines(table: Table4, words: Words, name: str, first: int, last: int) -> Table | None:
    """One group of lines; those of the last group have one value instead of years."""
    rows = [row for row in table.rows if first <= row.line.number <= last]
    if not rows:
        return None
    years = list(table.facts.years) if any(row.years for row in rows) else []
    single = any(row.single is not None or row.statement for row in rows)
    aimed = any(row.target is not None for row in rows)
    columns = [
        Column(words("ctf4.column.line")),
        Column(words("ctf4.column.text"), weight=5),
        Column(words("ctf4.column.provision"), weight=2),
        Column(words("ctf4.column.unit"), weight=2),
    ]
    columns += [Column(year_text(table.facts.ndc, year, words.text), Align.END, 2) for year in years]
    columns += [Column(words("ctf4.column.value"), Align.END, 3)] if single else []
    columns += [Column(words(f"ctf4.column.{each}"), Align.END, 2) for each in AIMED] if aimed else []
    cells = tuple(tuple(_cells(row, words, years, single=single, aimed=aimed)) for row in rows)
    bold = frozenset(number for number, row in enumerate(rows) if row.line.number in (9, 11, 13))
    caption = words(f"report.caption.lines.{name}")
    return Table(
        caption,
        tuple(columns),
        cells,
        source=words.source(words("report.source.summary")),
        bold_rows=bold,
        sheet=words(f"report.sheet.lines.{name}"),
    )


def _cells(row: Row, words: Words, years: list[int], *, single: bool, aimed: bool) -> Iterator[str]:
    yield str(row.line.number)
    yield row_text(row, words.text)
    yield words.provision(row.line.provision)
    unit = None if row.line.number in IN_WORDS else unit_text(row.unit, words.text)
    yield unit or DASH
    for year in years:
        figure = row.years.get(year)
        yield DASH if figure is None else figure_text(figure, words, brief=True)
    if single:
        yield _single(row, words)
    if aimed:
        yield DASH if row.target is None else figure_text(row.target, words, brief=True)
        yield DASH if row.target_year is None else str(row.target_year)
        yield DASH if row.progress is None else figure_text(row.progress, words, brief=True)


def _single(row: Row, words: Words) -> str:
    if row.statement:
        return words(f"outcome.{row.statement}") if row.line.number == ACHIEVED else row.statement
    return DASH if row.single is None else figure_text(row.single, words)


def _amounts(table: Table4, words: Words) -> tuple[Block, ...]:
    if not table.split:
        return (Paragraph(words("report.no_amounts")),)
    return (amounts_table(table.split, words, sheet="23(j)"),)


def _sources(table: Table4, words: Words) -> tuple[Block, ...]:
    facts = table.facts
    ndc, account = facts.ndc, facts.account
    method = words("ctf4.reason.method_not_chosen") if facts.method is None else words(f"method.{facts.method.value}")
    rows = [
        (words("ctf4.source.method"), method),
        (words("ctf4.source.method_locked_on"), words.day(None if account is None else account.locked_on)),
        (words("ctf4.source.basis"), words(f"ctf4.basis.{facts.basis.value}")),
        (words("ctf4.source.ndc"), words("ctf4.reason.ndc_not_recorded") if ndc is None else f"{ndc.title} ({ndc.id})"),
        (words("ctf4.source.ndc_source"), DASH if ndc is None else source_text(ndc.source, words)),
        (
            words("ctf4.source.inventories"),
            words.listed(list(table.sources)) if table.sources else words("ctf4.reason.inventory_missing"),
        ),
        (words("ctf4.source.entities"), words.listed(list(table.entities))),
        (words("ctf4.source.authorized_not_transferred"), words.number(facts.authorized_not_transferred)),
    ]
    if ndc is not None:
        rows += [(words("ctf4.source.target", target=words.target(each.name)), each.statement) for each in ndc.targets]
    return (Fields(tuple(rows)),)


@dataclass(frozen=True, slots=True)
class SummaryGap:
    """What keeps lines from being complete: one line and reason, with all its years, in words."""

    kind: str
    reason: str
    line: int
    years: tuple[int, ...]
    text: str
    way_out: str


def summary_gaps(found: tuple[Gap, ...], words: Words) -> tuple[SummaryGap, ...]:
    """Gaps of one line and reason together."""
    years: dict[tuple[int, str, str], list[int]] = {}
    for gap in found:
        years.setdefault((gap.line, gap.kind.value, gap.reason), []).append(gap.year)
    return tuple(
        SummaryGap(
            kind,
            reason,
            line,
            tuple(year for year in of if year),
            _why(kind, reason, words),
            words(f"report.summary_way_out.{reason or kind}"),
        )
        for (line, kind, reason), of in years.items()
    )


def _gaps(found: tuple[Gap, ...], words: Words) -> Table:
    """Gaps of one line and reason together, their years in one cell."""
    columns = (
        Column(words("ctf4.column.line")),
        Column(words("ctf4.column.year"), weight=3),
        Column(words("ctf4.column.gap"), weight=4),
        Column(words("report.column.way_out"), weight=4),
    )
    rows = tuple(
        (str(each.line), words.listed([str(year) for year in each.years]), each.text, each.way_out)
        for each in summary_gaps(found, words)
    )
    return Table(
        words("report.caption.gaps"),
        columns,
        rows,
        source=words.source(words("report.source.check")),
        sheet=words("report.sheet.gaps"),
    )


def _why(kind: str, reason: str, words: Words) -> str:
    why = words(f"ctf4.gap.{kind}")
    return words("ctf4.with_part", text=why, part=words(f"ctf4.reason.{reason}")) if reason else why
