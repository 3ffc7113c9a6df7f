"""The annual information of a Party from its own journal: the five tables for one reported year.

The journal is folded once, up to 31 December 24:00 UTC of the year by the legal days of the entries. Each act of the
year becomes the rows that rulebook section 1.6 gives it; the fold's end is the holdings table. Domestic moves,
unauthorized units and units that are no ITMOs give no row. A corrected entry and its correction give none.

Source: 2/CMA.3 annex para. 20; 4/CMA.6 annex II and paras. 16-17.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from counterfoil.application.command import NdcPeriod
from counterfoil.application.commands.authorize import AUTHORIZATION_VERSION
from counterfoil.application.commands.correct import CORRECTED
from counterfoil.application.queries.aef_rows_of import (
    DEMONSTRATION_NOTE,
    action_rows,
    authorization_row,
    entity_rows,
    holding_rows,
)
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.authorizations.authorization import Authorization
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books, Broken
from counterfoil.domain.reporting.aef_rows import ActionRow, Submission

FIRST_YEAR: Final = 2021


class AefReportFault(StrEnum):
    OTHER_PARTY = "aef.other_party"
    YEAR_TOO_EARLY = "aef.year_too_early"
    NO_PERIOD = "aef.no_period"
    NOT_A_PARTY = "aef.not_a_party"
    ORDER = "aef.order"


@dataclass(frozen=True, slots=True)
class _Year:
    """What the fold of a year gathers."""

    actions: tuple[ActionRow, ...]
    books: Books


def aef_submission(sight: Sight, *, party: str, year: int, version: str, submitted_on: date) -> Submission | Refusal:
    """The submission of this registry's Party for a reported year. A year without acts is a report, not a refusal.

    Source: 4/CMA.6 annex II; 2/CMA.3 annex para. 20.
    """
    period = _reportable(sight, party, year)
    if isinstance(period, Refusal):
        return period
    folded = _fold(sight, year)
    if isinstance(folded, Refusal):
        return folded
    authorizations = tuple(_authorizations(sight, Party(party), year))
    return Submission(
        party=party,
        version=version,
        reported_year=year,
        submitted_on=submitted_on,
        ndc_first_year=period.first,
        ndc_last_year=period.last,
        authorizations=tuple(authorization_row(each) for each in authorizations),
        actions=folded.actions,
        holdings=tuple(holding_rows(sight, folded.books, on=date(year, 12, 31))),
        entities=tuple(entity_rows(sight, authorizations)),
        note=DEMONSTRATION_NOTE if sight.registry.demonstration else None,
    )


def _reportable(sight: Sight, party: str, year: int) -> NdcPeriod | Refusal:
    registry = sight.registry
    if party != registry.party:
        return Refusal(AefReportFault.OTHER_PARTY, {"party": party[:20], "own": registry.party})
    if not registry.is_party:
        return Refusal(AefReportFault.NOT_A_PARTY, {"jurisdiction": registry.party})
    if year < FIRST_YEAR:
        return Refusal(AefReportFault.YEAR_TOO_EARLY, {"year": year, "year_min": FIRST_YEAR})
    period = registry.period_of(year)
    if period is None:
        return Refusal(AefReportFault.NO_PERIOD, {"year": year, "party": registry.party})
    return period


def _fold(sight: Sight, year: int) -> _Year | Refusal:
    """The journal up to the year's end, with the rows of the year's acts taken as the units stood after each.

    A corrected entry and its correction are both left out, whatever their days: a mistake that was corrected after the
    year's end is neither an action of its year nor missing from the year's holdings. Source: 4/CMA.6 para. 32.
    """
    books = Books()
    actions: list[ActionRow] = []
    corrected = {int(key) for key, _ in sight.records(CORRECTED)}
    last = date(year, 12, 31)
    for journal_entry in sight.entries():
        entry = journal_entry.entry
        if entry.effective_on > last or entry.corrects is not None or journal_entry.seq in corrected:
            continue
        try:
            books.apply(journal_entry.seq, entry)
        except Broken:
            return Refusal(AefReportFault.ORDER, {"entry": journal_entry.seq, "year": year})
        books.commit()
        if entry.effective_on.year == year:
            actions.extend(action_rows(sight, books, journal_entry))
    return _Year(tuple(actions), books)


def _authorizations(sight: Sight, party: Party, year: int) -> Iterator[Authorization]:
    """Every version that this Party had published by the end of the year, side by side. Source: 4/CMA.6 para. 10."""
    for _, value in sight.records(AUTHORIZATION_VERSION):
        authorization = from_json(Authorization, _record(value))
        since = authorization.effective_on or authorization.authorized_on
        if authorization.host == party and since <= date(year, 12, 31):
            yield authorization


def _record(value: Any) -> Mapping[str, Any]:
    assert isinstance(value, Mapping)
    return value
