"""Amounts as tables: those of paragraph 23(j), and each approach on one line with what became of its outcomes.

Source: 2/CMA.3 annex paras. 22(j)-(k), 23(c)-(e), 23(j); requirements R-A62-13 to -15, R-C30-03.
"""

from collections.abc import Iterable

from counterfoil.application.paper import Align, Column, Table
from counterfoil.domain.accounting.ctf_lines import TONNES
from counterfoil.domain.accounting.flow import FlowKind, SplitRow
from counterfoil.domain.reporting.narrative.report import ApproachFacts
from counterfoil.entrypoints.reports.words import DASH, Words


def amounts_table(
    rows: Iterable[SplitRow], words: Words, *, sheet: str, caption: str = "report.caption.amounts", of_one: bool = False
) -> Table:
    """The amounts of para. 23(j): by line, year, sector, Parties and vintage. They add up to lines 6 to 8.

    Quantities stand alone, so that a spreadsheet has them as numbers: their unit is in the heading, or beside them
    where there are several.

    Args:
        of_one: All are of one approach, which then needs no column.
    """
    told = [_amount(row, words) for row in rows]
    units = sorted({row["unit"] for row in told})
    weights = {"what": 4, "year": 1, "approach": 1, "sector": 2, "transferring": 1, "using": 1, "vintage": 1}
    if of_one:
        del weights["approach"]
    columns = [Column(words(f"report.column.{name}"), weight=weight) for name, weight in weights.items()]
    heads = [*weights, "amount"]
    if len(units) == 1:
        columns.append(Column(words("report.column.amount", unit=units[0]), Align.END, 2))
    else:
        columns += [Column(words("report.column.amounts"), Align.END, 2), Column(words("report.column.unit"))]
        heads.append("unit")
    cells = tuple(tuple(row[name] for name in heads) for row in told)
    source = words.source(words("report.source.ledger"))
    return Table(words(caption), tuple(columns), cells, source=source, sheet=sheet)


def _amount(row: SplitRow, words: Words) -> dict[str, str]:
    return {
        "what": words(f"report.flow.{row.kind.value}"),
        "year": str(row.year),
        "approach": row.approach,
        "sector": words.sector(row.sector),
        "transferring": row.transferring,
        "using": row.using or DASH,
        "vintage": str(row.vintage),
        "amount": words.number(row.quantity),
        "unit": words.unit(row.commodity.removeprefix("metric:")),
    }


def overview_table(approaches: Iterable[ApproachFacts], words: Words) -> Table:
    """Each approach on one line: its class, first transfers, uses, units for adaptation and for overall mitigation.

    Quantities are units in t CO2 eq of the years reported; those of another metric stand in the table of para. 23(j).
    """
    heads = {
        "approach": 2,
        "outcome": 2,
        "first_ndc": 1,
        "first_oimp": 1,
        "used": 1,
        "for_adaptation": 1,
        "for_omge": 1,
    }
    columns = tuple(
        Column(words(f"report.column.{name}"), Align.START if name in ("approach", "outcome") else Align.END, weight)
        for name, weight in heads.items()
    )
    rows = tuple(_overview(facts, words) for facts in approaches)
    return Table(
        words("report.caption.overview"),
        columns,
        rows,
        source=words.source(words("report.source.ledger")),
        sheet=words("report.sheet.overview"),
    )


def _overview(facts: ApproachFacts, words: Words) -> tuple[str, ...]:
    flows = [
        sum(row.quantity for row in facts.split if (row.kind, row.commodity) == (kind, TONNES))
        for kind in (FlowKind.FIRST_TRANSFERRED, FlowKind.OIMP, FlowKind.USED)
    ]
    given = [sum(each.tonnes for each in found) for found in (facts.adaptation, facts.omge)]
    classes = [words.named("report.mitigation", each.value) for each in facts.classes]
    return (facts.id, words.listed(classes), *(words.number(quantity) for quantity in (*flows, *given)))
