"""An initial report or a regular information as a paper: chapters in the order of the outline, then what is missing."""

from itertools import groupby
from typing import Final

from counterfoil.application.command import Registry
from counterfoil.application.paper import Block, Column, Notice, Paper, Paragraph, Section, Table
from counterfoil.domain.reporting.narrative.element import ReportKind
from counterfoil.domain.reporting.narrative.report import Answered, ApproachFacts, NarrativeReport
from counterfoil.entrypoints.reports.amounts import amounts_table, overview_table
from counterfoil.entrypoints.reports.answers import element_section, gap_table
from counterfoil.entrypoints.reports.approach_blocks import approach_blocks, of_approach
from counterfoil.entrypoints.reports.party_blocks import of_party
from counterfoil.entrypoints.reports.words import Words

OF_APPROACHES: Final = frozenset({"IV", "R.VI", "R.T3"})
"""Chapters that stand once for each approach."""


def narrative_paper(report: NarrativeReport, words: Words, *, registry: Registry) -> Paper:
    """The paper in one language. With gaps it is marked as a draft on every page."""
    return Paper(
        title=words(f"report.title.{report.kind.value}"),
        language=words.language,
        subtitle=words(
            "report.subtitle", party=words.party(report.party), first=report.period.first, last=report.period.last
        ),
        facts=tuple(_facts(report, words, registry)),
        sections=tuple(_sections(report, words)),
        mark=mark(words, complete=report.complete, demonstration=report.demonstration),
        foot=words("report.foot", registry=registry.registry, day=words.day(report.as_of)),
        titles=words.titles,
        day=report.as_of,
    )


def mark(words: Words, *, complete: bool, demonstration: bool) -> str:
    """What is printed on every page: a draft, a demonstration, both, or nothing."""
    parts = ([] if complete else [words("report.mark.draft")]) + (
        [words("report.mark.demonstration")] if demonstration else []
    )
    return " · ".join(parts)


def _facts(report: NarrativeReport, words: Words, registry: Registry) -> list[tuple[str, str]]:
    return [
        (words("report.field.party"), words.party(report.party)),
        (words("report.field.year"), str(report.year)),
        *([] if report.covers is None else [(words("report.field.covers"), str(report.covers))]),
        (words("report.field.as_of"), words.day(report.as_of)),
        (words("report.field.ndc_period"), words.years(report.period.first, report.period.last)),
        (words("report.field.approaches"), words.listed([each.id for each in report.approaches])),
        (words("report.field.registry"), f"{registry.registry} · {registry.name}"),
        (words("report.field.state"), _state(report, words)),
    ]


def _state(report: NarrativeReport, words: Words) -> str:
    if report.complete:
        return words("report.complete")
    incomplete = sum(not each.complete for each in report.answered)
    return words("report.incomplete", count=incomplete, of=len(report.answered))


def _sections(report: NarrativeReport, words: Words) -> list[Section]:
    opening = _opening(report, words)
    sections = [Section(words("report.section.state"), opening)] if opening else []
    for chapter, found in groupby(report.answered, key=lambda each: each.element.chapter):
        if chapter not in OF_APPROACHES:
            sections.append(_chapter(chapter, list(found), report, words))
        elif chapter != "R.T3":
            sections += [_approach(facts, chapter, report, words) for facts in report.approaches]
    if report.kind is ReportKind.REGULAR:
        sections += _annexes(report, words)
    if report.gaps:
        sections.append(Section(words("report.section.gaps"), (gap_table(report.gaps, words),)))
    return sections


def _opening(report: NarrativeReport, words: Words) -> tuple[Block, ...]:
    """What a reader must know before anything else."""
    blocks: list[Block] = []
    if report.demonstration:
        blocks.append(Notice(words("report.mark.demonstration"), words("report.demonstration")))
    if not report.complete:
        blocks.append(Notice(words("report.mark.draft"), words("report.draft", count=len(report.gaps))))
    if report.assumed:
        blocks.append(Paragraph(words("report.assumed", names=words.assumed(report.assumed))))
    return tuple(blocks)


def _chapter(chapter: str, found: list[Answered], report: NarrativeReport, words: Words) -> Section:
    sections = tuple(_element(each, of_party(each.element.key, report, words), report, words) for each in found)
    number = _number(chapter)
    # A chapter of one element is that element: no heading stands twice.
    if len(sections) == 1 and sections[0].number == number:
        return sections[0]
    return Section(words.title(chapter), sections=sections, number=number)


def _element(answered: Answered, facts: tuple[Block, ...], report: NarrativeReport, words: Words) -> Section:
    section = element_section(answered, words, facts, report.full_texts)
    return Section(section.title, section.blocks, number=_numbered(section.number))


def _number(chapter: str) -> str:
    return _numbered(chapter.removeprefix("R."))


def _numbered(number: str) -> str:
    """The number before a heading. An annex and CTF table 3 have words instead."""
    return "" if number.startswith(("Annex", "T3")) else number


def _approach(facts: ApproachFacts, chapter: str, report: NarrativeReport, words: Words) -> Section:
    """The chapter of one approach, the narratives of CTF table 3 at its end."""
    regular = report.kind is ReportKind.REGULAR
    answered = list(report.of_approach(facts.id))
    own = [each for each in answered if each.element.chapter == chapter]
    sections = [_element(each, of_approach(each.element.key, facts, words), report, words) for each in own]
    table_3 = [_element(each, (), report, words) for each in answered if each.element.chapter == "R.T3"]
    if table_3:
        sections.append(Section(words.title("R.T3"), sections=tuple(table_3)))
    title = words("report.approach", title=words.title(chapter), approach=facts.id)
    return Section(title, approach_blocks(facts, words, amounts=regular), tuple(sections), number=_number(chapter))


def _annexes(report: NarrativeReport, words: Words) -> list[Section]:
    """The list of confidential items with their bases, and all amounts in one table (para. 23(j))."""
    kept_back = [each for each in report.answered if each.statement is not None and each.statement.confidential_basis]
    sections = [Section(words("report.section.confidential"), _confidential(kept_back, words))]
    split = tuple(row for facts in report.approaches for row in facts.split)
    tables = [overview_table(report.approaches, words)] if report.approaches else []
    tables += [amounts_table(split, words, sheet="23(j)")] if split else []
    if tables:
        sections.append(Section(words("report.section.amounts"), tuple(tables)))
    return sections


def _confidential(found: list[Answered], words: Words) -> tuple[Block, ...]:
    if not found:
        return (Paragraph(words("report.nothing_confidential")),)
    columns = (
        Column(words("report.column.element")),
        Column(words("report.column.approach")),
        Column(words("report.column.heading"), weight=3),
        Column(words("report.column.basis"), weight=4),
    )
    rows = tuple(
        (
            each.element.number,
            each.approach or "–",
            words.title(each.element.key),
            each.statement.confidential_basis.get(words.language)
            or next(iter(each.statement.confidential_basis.values())),
        )
        for each in found
        if each.statement is not None
    )
    return (
        Table(words("report.caption.confidential"), columns, rows, source=words.source(words("report.source.party"))),
    )
