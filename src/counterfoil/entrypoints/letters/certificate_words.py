"""What certificates and statements say: units by their first and last identifiers, and what happened to them."""

from typing import Final

from counterfoil.application.commands.open_account import AuthorizedAccount, HoldingAccount
from counterfoil.application.paper import Align, Column, Fields, Paragraph, Section, Table
from counterfoil.application.queries.account_statement import StatementSaid
from counterfoil.application.queries.letters import LetterKind, UnitsSaid
from counterfoil.entrypoints.letters.speech import Speech
from counterfoil.entrypoints.reports.words import DASH

_TOLD: Final = ("purpose", "year", "beneficiary", "entity", "authority", "reason", "verification", "monitoring")
"""Public details of an entry that a certificate prints, in this order."""
NUMBERED: Final = Align.END


def units_sections(said: UnitsSaid, speech: Speech, *, kind: LetterKind) -> tuple[Section, ...]:
    """How many units, which, of which activities, from and to which account, and for whom."""
    statement = speech.paragraphs(f"letter.{kind.value}.statement", quantity=f"{said.quantity:,}")
    activities = [f"{key} ({title})" if title else key for key, title in said.activities.items()]
    rows = [
        (speech.label("letter.field.units_moved"), f"{said.quantity:,}"),
        (speech.label("letter.field.activities"), speech.listed(activities)),
        (speech.label("letter.field.authorization"), said.authorization or DASH),
    ]
    for name in _TOLD:
        value = said.details.get(name)
        if value not in (None, ""):
            text = speech.named("letter.cancelled_for", str(value)) if name == "purpose" else str(value)
            rows.append((speech.label(f"letter.field.{name}"), text))
    assumed = said.details.get("assumed")
    if assumed:
        rows.append((speech.label("letter.section.assumed"), speech.listed([str(each) for each in assumed])))
    return (
        Section(speech.label("letter.section.statement"), (*statement, Fields(tuple(rows)))),
        Section(speech.label("letter.section.units"), (_lots(said, speech),)),
    )


def _lots(said: UnitsSaid, speech: Speech) -> Table:
    columns = (
        Column(speech.label("letter.column.units"), weight=4),
        Column(speech.label("letter.column.quantity"), align=NUMBERED),
        Column(speech.label("letter.column.source"), weight=2),
        Column(speech.label("letter.column.target"), weight=2),
    )
    rows = tuple((_range(lot.first_id, lot.last_id), f"{lot.quantity:,}", lot.source, lot.target) for lot in said.lots)
    return Table("", columns, rows)


def _range(first: str, last: str) -> str:
    return first if first == last else f"{first} – {last}"


def statement_sections(said: StatementSaid, speech: Speech) -> tuple[Section, ...]:
    """Who holds the account, what stands in it by class, and the movements that led there."""
    account = said.account
    held = (
        (speech.label("letter.field.account"), account.code),
        (speech.label("letter.field.account_name"), account.name or DASH),
        (speech.label("letter.field.holder"), account.holder),
        (speech.label("letter.field.party"), speech.parties([account.party])),
        (speech.label("letter.field.opened_on"), speech.day(account.opened_on)),
        *_authorized(account, speech),
        (speech.label("letter.field.units_held"), f"{said.quantity:,}"),
    )
    return (
        Section(speech.label("letter.section.account"), (Fields(held),)),
        Section(speech.label("letter.section.balances"), (_balances(said, speech),)),
        Section(speech.label("letter.section.movements"), _movements(said, speech)),
    )


def _authorized(account: HoldingAccount, speech: Speech) -> tuple[tuple[str, str], ...]:
    if not isinstance(account, AuthorizedAccount):
        return ()
    return ((speech.label("letter.field.authorized_by"), speech.parties(account.authorized_by)),)


def _balances(said: StatementSaid, speech: Speech) -> Table | Paragraph:
    if not said.balances:
        return Paragraph(speech.said("letter.nothing_held"))
    columns = (
        Column(speech.label("letter.column.class"), weight=3),
        Column(speech.label("letter.column.quantity"), align=NUMBERED),
    )
    return Table("", columns, tuple((unit_class, f"{amount:,}") for unit_class, amount in said.balances))


def _movements(said: StatementSaid, speech: Speech) -> tuple[Table | Paragraph, ...]:
    if not said.movements:
        return (Paragraph(speech.said("letter.nothing_moved")),)
    names = (("entry", 1), ("act", 2), ("units", 4), ("quantity", 1), ("other", 2))
    columns = tuple(
        Column(speech.label(f"letter.column.{name}"), NUMBERED if name == "quantity" else Align.START, weight)
        for name, weight in names
    )
    rows = tuple(
        (
            str(each.entry),
            f"{each.on.isoformat()} {speech.named('act', each.act)}",
            _range(each.first_id, each.last_id),
            f"{each.quantity:+,}",
            each.other,
        )
        for each in said.movements
    )
    left_out = (Paragraph(speech.said("letter.left_out", count=said.left_out)),) if said.left_out else ()
    return (*left_out, Table("", columns, rows))
