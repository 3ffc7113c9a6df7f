"""The recorded NDC as blocks of a paper, element by element of chapter II.

Source: 18/CMA.1 annex para. 64.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from counterfoil.application.paper import Align, Block, Column, Fields, Paragraph, Table
from counterfoil.domain.accounting.figure import Unavailable
from counterfoil.domain.accounting.ndc import Ndc, Source, Target
from counterfoil.entrypoints.reports.words import DASH, Words

Blocks = tuple[Block, ...]


def of_ndc(key: str, ndc: Ndc | None, words: Words) -> Blocks:
    """The blocks under an element that describes the NDC; none where no NDC is recorded."""
    told = _OF_NDC.get(key)
    return () if ndc is None or told is None else told(ndc, words)


def _targets(ndc: Ndc, words: Words) -> Blocks:
    if not ndc.targets:
        return (Paragraph(words("report.no_targets")),)
    columns = (
        Column(words("report.column.target"), weight=2),
        Column(words("report.column.form"), weight=2),
        Column(words("report.column.statement"), weight=4),
        Column(words("report.column.document"), weight=2),
    )
    rows = tuple(
        (
            _named(each, words),
            words.named("report.form", each.form.value),
            each.statement,
            source_text(each.source, words),
        )
        for each in ndc.targets
    )
    return (_ndc_table("targets", columns, rows, ndc, words),)


def _named(target: Target, words: Words) -> str:
    """The target's name, marked as conditional where the name does not say so."""
    name = words.target(target.name)
    told = not target.conditional or target.name.casefold().startswith("conditional")
    return name if told else words("report.target_conditional", name=name)


def _kind(ndc: Ndc, words: Words) -> Blocks:
    years = [str(year) for year in sorted({each.year for each in ndc.targets})]
    return (
        Fields(
            (
                (words("report.field.kind"), words.named("report.kind", ndc.kind.value)),
                (words("report.field.target_years"), words.listed(years)),
            )
        ),
    )


def _references(ndc: Ndc, words: Words) -> Blocks:
    if not ndc.targets:
        return (Paragraph(words("report.no_targets")),)
    heads = ("target", "target_year", "base_year", "base_level", "reduction", "target_level")
    columns = tuple(
        Column(
            words(f"report.column.{name}"),
            Align.START if name == "target" else Align.END,
            2 if number in (0, 3, 5) else 1,
        )
        for number, name in enumerate(heads)
    )
    return (_ndc_table("references", columns, tuple(_reference(each, words) for each in ndc.targets), ndc, words),)


def _reference(target: Target, words: Words) -> tuple[str, ...]:
    value, unit = target.value, words.unit(target.measure)
    base = DASH if target.base_level is None else f"{words.number(target.base_level)} {unit}"
    level = words(f"ctf4.reason.{value.value}") if isinstance(value, Unavailable) else f"{words.number(value)} {unit}"
    year = DASH if target.base_year is None else str(target.base_year)
    reduction = words.percent(target.reduction) if target.reduction else DASH
    return words.target(target.name), str(target.year), year, base, reduction, level


def _time_frame(ndc: Ndc, words: Words) -> Blocks:
    year = words(f"accounting_year.{ndc.accounting_year.value}", begins=ndc.fiscal_year_begins)
    return (
        Fields(
            (
                (words("report.field.ndc"), f"{ndc.title} ({ndc.id})"),
                (words("report.field.period"), words.years(ndc.first, ndc.last)),
                (words("report.field.accounting_year"), year),
                (words("report.field.communicated"), words.day(ndc.communicated_on)),
                (words("report.field.document"), source_text(ndc.source, words)),
            )
        ),
    )


def _scope(ndc: Ndc, words: Words) -> Blocks:
    sectors = [words.named("report.sector", each.value) for each in ndc.scope.sectors]
    rows = [
        (words("report.field.sectors"), words.listed(sectors)),
        (words("report.field.gases"), words.listed(list(ndc.scope.gases))),
    ]
    if ndc.activity_sectors:
        rows.append(
            (
                words("report.field.activity_sectors"),
                words.listed([words.sector(each) for each in ndc.activity_sectors]),
            )
        )
    return (Fields(tuple(rows)),)


def _ndc_table(
    name: str, columns: tuple[Column, ...], rows: tuple[tuple[str, ...], ...], ndc: Ndc, words: Words
) -> Table:
    return Table(
        words(f"report.caption.{name}"),
        columns,
        rows,
        source=words.source(source_text(ndc.source, words)),
        sheet=words(f"report.sheet.{name}"),
    )


def source_text(source: Source, words: Words) -> str:
    return words.listed([part for part in (source.document, source.place) if part])


_OF_NDC: Final[Mapping[str, Callable[[Ndc, Words], Blocks]]] = MappingProxyType(
    {"II.A": _targets, "II.B": _kind, "II.C": _references, "II.D": _time_frame, "II.E": _scope}
)
