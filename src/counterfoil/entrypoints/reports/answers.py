"""One element of a report on paper: the answer in the reader's language, its sources, and what is missing."""

from collections.abc import Iterator, Mapping
from typing import Final

from counterfoil.application.paper import Align, Block, Column, Fields, Notice, Paragraph, Section, Table
from counterfoil.domain.reporting.narrative.completeness import Gap
from counterfoil.domain.reporting.narrative.element import Need
from counterfoil.domain.reporting.narrative.report import Answered
from counterfoil.domain.reporting.narrative.statement import Statement
from counterfoil.entrypoints.reports.words import Words

OF_DIGEST: Final = 16
"""Digits of a SHA-256 on paper; the JSON file has all."""


def element_section(
    answered: Answered, words: Words, facts: tuple[Block, ...], full_texts: Mapping[str, str]
) -> Section:
    """The element under its own heading: what the register says, then what the Party says, then what is missing."""
    element = answered.element
    blocks = [*facts, *answer_blocks(answered, words, full_texts)]
    if not blocks and not answered.gaps:
        blocks = [Paragraph(_silence(answered, words))]
    blocks += [gap_notice(gap, words) for gap in answered.gaps]
    blocks.append(Fields(tuple(_sources(answered, words))))
    return Section(words.title(element.key), tuple(blocks), number=element.number)


def _silence(answered: Answered, words: Words) -> str:
    """Why nothing stands here, and nothing is missing."""
    element = answered.element
    if answered.asked is False and element.when is not None:
        return words(f"report.condition.{element.when.value}")
    return words("report.nothing_to_add" if element.need is Need.VOLUNTARY else "report.in_register")


def answer_blocks(answered: Answered, words: Words, full_texts: Mapping[str, str]) -> Iterator[Block]:
    """The parts of an answer that are there."""
    statement = answered.statement
    if statement is None:
        return
    if statement.not_applicable:
        reason = _in_language(statement.not_applicable, words)
        yield Paragraph(words("report.not_applicable", reason=reason))
        return
    if statement.confidential_basis:
        yield Paragraph(words("report.confidential", basis=_in_language(statement.confidential_basis, words)))
    if statement.attested:
        yield Paragraph(words("report.attested", day=words.day(statement.stated_on)))
    yield from _texts(statement, words, full_texts)
    yield from _figures(statement, words)


def _in_language(texts: Mapping[str, str], words: Words) -> str:
    return texts.get(words.language) or next(iter(texts.values()), "")


def _texts(statement: Statement, words: Words, full_texts: Mapping[str, str]) -> Iterator[Block]:
    """The text in the reader's language; where the Party gave only another, that one, and the paper says so."""
    if not statement.text:
        return
    language = words.language if words.language in statement.text else min(statement.text)
    if language != words.language:
        yield Paragraph(words("report.other_language", language=words(f"report.language.{language}")))
    digest = statement.full_text.get(language, "")
    text = full_texts.get(digest, statement.text[language])
    yield from (Paragraph(line.strip()) for line in text.splitlines() if line.strip())
    if digest and digest not in full_texts:
        yield Paragraph(words("report.text_absent", digest=digest[:OF_DIGEST]))


def _figures(statement: Statement, words: Words) -> Iterator[Block]:
    if statement.first is not None and statement.last is not None:
        yield Fields(((words("report.field.period"), words.years(statement.first, statement.last)),))
    if statement.numbers:
        lines = (
            (each.about or words("report.field.quantity"), f"{words.number(each.value)} {words.unit(each.unit)}")
            for each in statement.numbers
        )
        yield Fields(tuple(lines))
    if statement.years:
        yield _years(statement, words)
    if statement.money:
        yield _money(statement, words)


def _years(statement: Statement, words: Words) -> Table:
    total = sum(each.amount for each in statement.years)
    rows = [(str(each.year), words.number(each.amount)) for each in statement.years]
    return Table(
        words("report.caption.years", title=words.title(statement.element)),
        (
            Column(words("report.column.year")),
            Column(words("report.column.amount", unit=words.unit(statement.unit)), Align.END),
        ),
        (*rows, (words("report.column.total"), words.number(total))),
        source=words.source(words("report.source.party")),
        bold_rows=frozenset({len(rows)}),
        sheet=_sheet(statement),
    )


def _money(statement: Statement, words: Words) -> Table:
    columns = (
        Column(words("report.column.money"), Align.END),
        Column(words("report.column.recipient"), weight=2),
        Column(words("report.column.method"), weight=3),
    )
    rows = [(words.money(each), each.recipient or words("report.none"), each.method or "–") for each in statement.money]
    caption = words("report.caption.money")
    return Table(
        caption, columns, tuple(rows), source=words.source(words("report.source.party")), sheet=_sheet(statement)
    )


def _sheet(statement: Statement) -> str:
    return " ".join(part for part in (statement.approach, statement.element.removeprefix("R.")) if part)


def _sources(answered: Answered, words: Words) -> Iterator[tuple[str, str]]:
    """Provision, day and version, documents, what a demonstration supposes."""
    yield words("report.field.provision"), words.provision(answered.element.provision)
    statement = answered.statement
    if statement is None:
        return
    day = words.day(statement.stated_on)
    yield words("report.field.stated"), words("report.stated", day=day, version=statement.version)
    for document in statement.documents:
        fingerprint = words("report.fingerprint", digest=document.sha256[:OF_DIGEST])
        parts = [document.title, document.url, fingerprint]
        yield words("report.field.document"), words.listed([part for part in parts if part])
    if statement.assumed:
        yield words("report.field.assumed"), words.assumed(statement.assumed)


def gap_notice(gap: Gap, words: Words) -> Notice:
    return Notice(words("report.missing"), f"{gap_text(gap, words)} {way_out(gap, words)}")


def gap_text(gap: Gap, words: Words) -> str:
    """What is missing, in one sentence."""
    detail = detail_text(gap, words)
    bare = None if detail else words.text.known(f"report.gap_bare.{gap.kind.value}")
    return bare or words(f"report.gap.{gap.kind.value}", detail=detail)


def detail_text(gap: Gap, words: Words) -> str:
    known = words.text.known(f"report.detail.{gap.detail}") if gap.detail else None
    return known or (gap.detail[:OF_DIGEST] if len(gap.detail) > 40 else gap.detail)


def way_out(gap: Gap, words: Words) -> str:
    """How the gap is closed: what the element asks for, where an answer is missing; else what to do about it."""
    return words(f"report.way_out.{gap.kind.value}", asks=words.asks(gap.element))


def gap_table(gaps: tuple[Gap, ...], words: Words) -> Table:
    """Everything that is missing, as a list for whoever closes it."""
    columns = (
        Column(words("report.column.element")),
        Column(words("report.column.approach")),
        Column(words("report.column.heading"), weight=2),
        Column(words("report.column.missing"), weight=3),
        Column(words("report.column.way_out"), weight=3),
    )
    rows = tuple(
        (
            gap.element.removeprefix("R."),
            gap.approach or "–",
            words.title(gap.element),
            gap_text(gap, words),
            way_out(gap, words),
        )
        for gap in gaps
    )
    return Table(
        words("report.caption.gaps"),
        columns,
        rows,
        source=words.source(words("report.source.check")),
        sheet=words("report.sheet.gaps"),
    )
