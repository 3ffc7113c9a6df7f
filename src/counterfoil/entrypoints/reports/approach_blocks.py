"""What the register answers for one cooperative approach: activities, letters, entities, units cancelled or given."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from counterfoil.application.paper import Align, Block, Bullets, Column, Fields, Paragraph, Table
from counterfoil.domain.reporting.narrative.report import ApproachFacts, Cancelled, expected_years
from counterfoil.domain.units.identifier import identifier
from counterfoil.domain.units.purpose import purposes_text
from counterfoil.entrypoints.reports.amounts import amounts_table
from counterfoil.entrypoints.reports.words import DASH, Words

Blocks = tuple[Block, ...]


def of_approach(key: str, facts: ApproachFacts, words: Words) -> Blocks:
    told = _OF_APPROACH.get(key)
    return () if told is None else told(facts, words)


def approach_blocks(facts: ApproachFacts, words: Words, *, amounts: bool) -> Blocks:
    """The head of an approach's chapter: what it is, and whether its outcomes are reductions or removals."""
    classes = [words.named("report.mitigation", each.value) for each in facts.classes]
    definition = facts.first_transfer_definition
    rows = [
        (words("report.field.approach"), f"{facts.id} · {facts.title}"),
        (words("report.field.participants"), words.listed(list(facts.participants))),
        (words("report.field.outcomes"), words.listed(classes) if classes else words("report.outcomes_unknown")),
    ]
    if definition:
        rows.append((words("report.field.definition"), words.named("report.definition", definition)))
    blocks: list[Block] = [Fields(tuple(rows))]
    if facts.activities:
        blocks.append(_activities(facts, words))
    if amounts:
        blocks.append(
            amounts_table(facts.split, words, sheet=f"{facts.id} 23(j)", of_one=True)
            if facts.split
            else Paragraph(words("report.no_amounts"))
        )
    return tuple(blocks)


def _activities(facts: ApproachFacts, words: Words) -> Table:
    columns = (
        Column(words("report.column.activity"), weight=3),
        Column(words("report.column.sector"), weight=2),
        Column(words("report.column.outcome"), weight=2),
        Column(words("report.column.metric")),
    )
    rows = tuple(
        (
            f"{each.id} · {each.title}",
            words.sector(each.sector),
            words.named("report.mitigation", each.mitigation_type.value),
            words.unit(each.metric.commodity.removeprefix("metric:")),
        )
        for each in facts.activities
    )
    caption = words("report.caption.activities", approach=facts.id)
    sheet = f"{facts.id} {words('report.sheet.activities')}"
    return Table(caption, columns, rows, source=words.source(words("report.source.register")), sheet=sheet)


def _letters(facts: ApproachFacts, words: Words) -> Blocks:
    """The authorizations that are in force now, each with the fingerprint of its document."""
    own = {event.authorization.id: event.authorization for event in facts.events}
    letters = [*own.values(), *facts.foreign]
    if not letters:
        return ()
    columns = (
        Column(words("report.column.authorization"), weight=2),
        Column(words("report.column.host")),
        Column(words("report.column.day"), weight=2),
        Column(words("report.column.purposes")),
        Column(words("report.column.fingerprint"), weight=2),
    )
    rows = tuple(
        (
            each.reference,
            each.host,
            words.day(each.authorized_on),
            words.named("report.purposes", purposes_text(each.purposes)) if each.purposes else DASH,
            (each.document or words("report.none"))[:16],
        )
        for each in letters
    )
    sheet = f"{facts.id} {words('report.sheet.letters')}"
    return (
        Table(
            words("report.caption.letters", approach=facts.id),
            columns,
            rows,
            source=words.source(words("report.source.register")),
            sheet=sheet,
        ),
    )


def _participants(facts: ApproachFacts, words: Words) -> Blocks:
    del words
    return (Bullets(facts.participants),) if facts.participants else ()


def _entities(facts: ApproachFacts, words: Words) -> Blocks:
    if not facts.entities:
        return (Paragraph(words("report.any_entity")),)
    columns = tuple(
        Column(words(f"report.column.{name}"), weight=weight)
        for name, weight in (("entity", 2), ("name", 3), ("country", 1))
    )
    rows = tuple((each.id, each.name or DASH, each.country or DASH) for each in facts.entities)
    sheet = f"{facts.id} {words('report.sheet.entities')}"
    return (
        Table(
            words("report.caption.entities", approach=facts.id),
            columns,
            rows,
            source=words.source(words("report.source.register")),
            sheet=sheet,
        ),
    )


def _expected(facts: ApproachFacts, words: Words) -> Blocks:
    """Expected mitigation by year, as the registered activities say; beside it stands what the Party says itself."""
    years = expected_years(facts.activities)
    if not years:
        return ()
    columns = (Column(words("report.column.year")), Column(words("report.column.expected"), Align.END))
    rows = tuple((str(year), words.number(quantity)) for year, quantity in years.items())
    return (
        Table(
            words("report.caption.expected", approach=facts.id),
            columns,
            rows,
            source=words.source(words("report.source.register")),
            sheet=f"{facts.id} {words('report.sheet.expected')}",
        ),
    )


def _omge(facts: ApproachFacts, words: Words) -> Blocks:
    return _units(facts.omge, words, name="omge", approach=facts.id)


def _adaptation(facts: ApproachFacts, words: Words) -> Blocks:
    return _units(facts.adaptation, words, name="adaptation", approach=facts.id)


def _units(found: tuple[Cancelled, ...], words: Words, *, name: str, approach: str) -> Blocks:
    """Units with their serials and the account that they came from. Source: requirement R-A62-15."""
    if not found:
        return (Paragraph(words(f"report.no_{name}")),)
    columns = (
        Column(words("report.column.day"), weight=2),
        Column(words("report.column.first"), weight=3),
        Column(words("report.column.last"), weight=3),
        Column(words("report.column.account"), weight=2),
        Column(words("report.column.units"), Align.END),
    )
    rows = tuple(_unit_rows(found, words))
    total = sum(each.quantity for each in found)
    return (
        Table(
            words(f"report.caption.{name}", approach=approach),
            columns,
            (*rows, (words("report.column.total"), "", "", "", words.number(total))),
            source=words.source(words("report.source.ledger")),
            bold_rows=frozenset({len(rows)}),
            sheet=f"{approach} {words(f'report.sheet.{name}')}",
        ),
    )


def _unit_rows(found: tuple[Cancelled, ...], words: Words) -> Iterator[tuple[str, ...]]:
    for each in found:
        yield (
            words.day(each.on),
            identifier(each.unit_class, each.first),
            identifier(each.unit_class, each.last),
            each.account or DASH,
            words.number(each.quantity),
        )


_OF_APPROACH: Final[Mapping[str, Callable[[ApproachFacts, Words], Blocks]]] = MappingProxyType(
    {
        "IV.A": _letters,
        "IV.D": _expected,
        "IV.E": _participants,
        "IV.F": _entities,
        "R.VI.J": _adaptation,
        "R.VI.K": _omge,
    }
)
