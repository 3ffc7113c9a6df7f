"""Evidence for a border adjustment as a paper in one language."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from counterfoil.application.paper import Align, Column, Fields, Notice, Paper, Paragraph, Section, Table
from counterfoil.domain.policy.figure import minor
from counterfoil.entrypoints.reports.words import DASH, Words


def border_paper(view: Mapping[str, Any], words: Words) -> Paper:
    """Nothing in it depends on the day of printing."""
    said, day = view["declaration"], date.fromisoformat(view["on"])
    facts = (
        (words("border.field.declarant"), said["declarant"]),
        (words("border.field.installation"), f"{said['installation']} · {said['country']}"),
        (words("border.field.operator"), said["operator"]),
        (words("letter.field.day"), words.day(day)),
        (words("letter.field.registry"), f"{view['registry']['id']} · {view['registry']['party']}"),
    )
    return Paper(
        title=words("border.title"),
        language=words.language,
        facts=facts,
        sections=(_goods(view, words), *(_liability(each, words) for each in view["liabilities"]), _rules(view, words)),
        mark=words("report.mark.demonstration") if view["demonstration"] else "",
        foot=str(view["registry"]["origin"]),
        contents=False,
        titles=words.titles,
        day=day,
    )


def money(amount: int | None, currency: str | None) -> str:
    """Minor units as people read them: `TWD 26,400,000.00`."""
    if amount is None or currency is None:
        return DASH
    each = minor(currency)
    digits = len(str(each)) - 1
    whole, part = divmod(amount, each)
    return f"{currency} {whole:,}{f'.{part:0{digits}}' if digits else ''}"


def _goods(view: Mapping[str, Any], words: Words) -> Section:
    """Each line of goods with what falls on it, by currency, over all liabilities."""
    columns = (
        Column(words("border.column.cn_code")),
        *(Column(words(f"border.column.{name}"), align=Align.END) for name in ("quantity_kg", "embedded_kg", "price")),
    )
    rows = []
    for number, goods in enumerate(view["declaration"]["goods"]):
        sums: dict[str, int] = {}
        for each in view["liabilities"]:
            if each["currency"]:
                sums[each["currency"]] = sums.get(each["currency"], 0) + each["goods"][number]
        priced = words.listed([money(amount, currency) for currency, amount in sorted(sums.items())])
        rows.append((goods["cn_code"], f"{goods['quantity_kg']:,}", f"{goods['embedded_kg']:,}", priced))
    return Section(words("border.section.goods"), (Table("", columns, tuple(rows)),))


def _liability(each: Mapping[str, Any], words: Words) -> Section:
    currency, rate = each["currency"], each["per_tonne"]
    shown = DASH
    if rate is not None and currency:
        exact = Fraction(rate["numerator"], rate["denominator"]) / minor(currency)
        shown = f"{currency} {words.number(exact)}"
    rows = (
        (words("border.field.scheme"), f"{each['scheme']} · {each['year']}"),
        (words("border.field.emissions_t"), f"{each['emissions_t']:,}"),
        (words("border.field.due_before_units"), money(each["due_before_units"], currency)),
        (words("border.field.due_after_units"), money(each["due_after_units"], currency)),
        (words("border.field.paid"), money(each["paid"], currency)),
        (words("border.field.rebates"), money(each["rebates"], currency)),
        (words("border.field.carbon_price"), money(each["carbon_price"], currency)),
        (words("border.field.per_tonne"), shown),
        (words("border.field.proof"), f"proofs/entry-{each['entry']}.json"),
    )
    units = [
        (
            f"{row['first']} {DASH} {row['last']}",
            f"{row['quantity_t']:,}",
            words(f"claim.status.{row['status']}"),
            words.listed(row["authorizations"]),
            f"proofs/entry-{row['entry']}.json",
        )
        for row in each["units"]
    ]
    columns = (
        Column(words("letter.column.units"), weight=4),
        Column(words("letter.column.quantity"), align=Align.END),
        Column(words("claim.status"), weight=2),
        Column(words("letter.field.authorization"), weight=2),
        Column(words("border.column.proof"), weight=2),
    )
    blocks = (Fields(rows), Table("", columns, tuple(units))) if units else (Fields(rows),)
    return Section(words("border.section.liability", liability=each["liability"], entity=each["entity"]), blocks)


def _rules(view: Mapping[str, Any], words: Words) -> Section:
    """What counts abroad, and how sure that is; a placeholder is never shown without a word about it."""
    rows = []
    for each in view["rules"]:
        basis = each["basis"]
        said = words(f"border.word.{each['value']}")
        sure = words(f"cli.packs.confidence.{basis['confidence']}")
        rows.append((basis["label"][words.language], f"{said} · {basis['provision']} · {sure}"))
    notice = (Notice(words("border.doubtful.title"), words("border.doubtful.text")),) if view["doubtful"] else ()
    closing = Paragraph(words("border.closing"))
    return Section(words("border.section.rules"), (Fields(tuple(rows)), *notice, closing))
