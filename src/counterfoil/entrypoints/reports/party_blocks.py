"""What the register answers for the Party: NDC, metrics, method, authorizations, uses."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from counterfoil.application.paper import Align, Block, Bullets, Column, Fields, Paragraph, Table
from counterfoil.domain.accounting.emissions_balance import Method
from counterfoil.domain.accounting.flow import FlowKind
from counterfoil.domain.reporting.narrative.report import AuthorizationEvent, NarrativeReport
from counterfoil.domain.units.purpose import purposes_text
from counterfoil.entrypoints.reports.amounts import amounts_table
from counterfoil.entrypoints.reports.ndc_blocks import of_ndc
from counterfoil.entrypoints.reports.words import DASH, Words

Blocks = tuple[Block, ...]


def of_party(key: str, report: NarrativeReport, words: Words) -> Blocks:
    """The blocks under an element that is asked of the Party; none where the register has nothing to say."""
    told = _OF_PARTY.get(key)
    return of_ndc(key, report.ndc, words) if told is None else told(report, words)


def _metrics(report: NarrativeReport, words: Words) -> Blocks:
    return (Bullets(tuple(words.unit(unit) for unit in report.metrics)),) if report.metrics else ()


def _method(report: NarrativeReport, words: Words) -> Blocks:
    account = report.account
    if account is None:
        return ()
    return (
        Fields(
            (
                (words("report.field.method"), words(f"method.{account.method.value}")),
                (words("report.field.locked"), words.day(account.locked_on)),
                (words("report.field.declared"), account.declared_in or DASH),
            )
        ),
    )


def _path(report: NarrativeReport, words: Words) -> Blocks:
    account = report.account
    if account is None or account.method is Method.AVERAGING:
        return ()
    columns = (
        Column(words("report.column.year")),
        Column(words("report.column.amount", unit=words.unit("tCO2e")), Align.END),
    )
    rows = tuple((str(each.year), words.number(each.level)) for each in account.path)
    caption, sheet = words("report.caption.path"), words("report.sheet.path")
    return (Table(caption, columns, rows, source=words.source(words("report.source.register")), sheet=sheet),)


def _authorizations(report: NarrativeReport, words: Words) -> Blocks:
    events = [event for facts in report.approaches for event in facts.events]
    if not events:
        return (Paragraph(words("report.no_authorizations", day=words.day(report.as_of))),)
    return (events_table(sorted(events, key=_event_order), words, sheet=words("report.sheet.authorizations")),)


def _event_order(event: AuthorizationEvent) -> tuple[str, str, int]:
    return event.on.isoformat(), event.authorization.id, event.authorization.version


def events_table(events: Iterable[AuthorizationEvent], words: Words, *, sheet: str) -> Table:
    """Every version of every authorization: first what was given, then each change with its reason."""
    columns = (
        Column(words("report.column.day"), weight=2),
        Column(words("report.column.act"), weight=2),
        Column(words("report.column.authorization"), weight=2),
        Column(words("report.column.purposes")),
        Column(words("report.column.vintages")),
        Column(words("report.column.quantity"), Align.END),
        Column(words("report.column.reason"), weight=3),
    )
    rows = tuple(
        (
            words.day(event.on),
            words.named("act", event.act),
            event.authorization.reference,
            _purposes(event, words),
            _vintages(event.authorization.vintages, words),
            DASH
            if event.authorization.authorized_quantity is None
            else words.number(event.authorization.authorized_quantity),
            words.listed([part for part in (event.authorization.reason, event.statement) if part]),
        )
        for event in events
    )
    return Table(
        words("report.caption.authorizations"),
        columns,
        rows,
        source=words.source(words("report.source.register")),
        sheet=sheet,
    )


def _purposes(event: AuthorizationEvent, words: Words) -> str:
    purposes = event.authorization.purposes
    return words.named("report.purposes", purposes_text(purposes)) if purposes else DASH


def _vintages(vintages: tuple[int, ...], words: Words) -> str:
    """Years, those without a break between them as a range."""
    if not vintages:
        return DASH
    ordered = sorted(vintages)
    unbroken = ordered == list(range(ordered[0], ordered[-1] + 1)) and len(ordered) > 2
    return words.years(ordered[0], ordered[-1]) if unbroken else words.listed([str(each) for each in ordered])


def _uses(report: NarrativeReport, words: Words) -> Blocks:
    rows = [row for facts in report.approaches for row in facts.split if row.kind is FlowKind.USED]
    if not rows:
        return (Paragraph(words("report.no_uses")),)
    return (amounts_table(rows, words, sheet=words("report.sheet.uses"), caption="report.caption.uses"),)


_OF_PARTY: Final[Mapping[str, Callable[[NarrativeReport, Words], Blocks]]] = MappingProxyType(
    {"III.A": _metrics, "III.B.1": _method, "III.B.2": _path, "R.III": _authorizations, "R.V": _uses}
)
