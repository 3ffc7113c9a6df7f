"""The annual information of a Party from its own journal: the five tables for one reported year.

The journal is folded once, up to 31 December 24:00 UTC of the year by the legal days of the entries. Each act of the
year becomes the rows that rulebook section 1.6 gives it; the fold's end is the holdings table. Domestic moves,
unauthorized units and units that are no ITMOs give no row. A corrected entry and its correction give none.

Source: 2/CMA.3 annex para. 20; 4/CMA.6 annex II and paras. 16-17.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from counterfoil.application.command import NdcPeriod
from counterfoil.application.commands.authorize import AUTHORIZATION_VERSION
from counterfoil.application.commands.correct import CORRECTED
from counterfoil.application.commands.submit_aef import FIRST_YEAR, AefFault
from counterfoil.application.queries.aef_confidential import Confidential
from counterfoil.application.queries.aef_rows_of import (
    DEMONSTRATION_NOTE,
    action_rows,
    authorization_row,
    entity_rows,
    holding_rows,
)
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.authorizations.authorization import Authorization
from counterfoil.domain.authorizations.governing import forestalled
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books, Broken
from counterfoil.domain.ledger.entry import JournalEntry
from counterfoil.domain.reporting.aef_rows import ActionRow, Submission
from counterfoil.domain.reporting.filing import ReportKind, is_over

PREVIEW_NOTE: Final = "Preview: the reported year is not over, not to be submitted · 預覽：申報年度尚未結束，不得提交"


class AefReportFault(StrEnum):
    OTHER_PARTY = "aef.other_party"
    NO_PERIOD = "aef.no_period"
    NOT_A_PARTY = "aef.not_a_party"
    ORDER = "aef.order"


Gathered = Callable[[Iterator[ActionRow]], Sequence[ActionRow]]
"""Takes the actions as they come: into memory, or for a large year onto a disk."""


def aef_submission(
    sight: Sight,
    *,
    party: str,
    year: int,
    version: str,
    submitted_on: date,
    confidential: Confidential | None = None,
    gathered: Gathered = tuple,
) -> Submission | Refusal:
    """The submission of this registry's Party for a reported year. A year without acts is a report, not a refusal.

    Args:
        confidential: How sealed fields are shown; left out, rows hold what the public journal says and nothing else.
        gathered: Where the actions go while the journal is folded.

    Source: 4/CMA.6 annex II; 2/CMA.3 annex para. 20.
    """
    period = _reportable(sight, party, year)
    if isinstance(period, Refusal):
        return period
    fold = _Fold(sight, year, confidential)
    actions = gathered(fold.actions())
    if fold.refusal is not None:
        return fold.refusal
    authorizations = tuple(_authorizations(sight, Party(party), year))
    return Submission(
        party=party,
        version=version,
        reported_year=year,
        submitted_on=submitted_on,
        ndc_first_year=period.first,
        ndc_last_year=period.last,
        authorizations=tuple(authorization_row(each) for each in authorizations),
        actions=actions,
        holdings=tuple(holding_rows(sight, fold.books, on=date(year, 12, 31))),
        entities=tuple(entity_rows(sight, authorizations)),
        note=_note(sight, year, submitted_on),
    )


def _note(sight: Sight, year: int, submitted_on: date) -> str | None:
    """What stands above every table: that it is a demonstration, and that the year may still change."""
    notes = [DEMONSTRATION_NOTE] if sight.registry.demonstration else []
    if not is_over(ReportKind.AEF, year, submitted_on):
        notes.append(PREVIEW_NOTE)
    return " · ".join(notes) or None


def _reportable(sight: Sight, party: str, year: int) -> NdcPeriod | Refusal:
    registry = sight.registry
    if party != registry.party:
        return Refusal(AefReportFault.OTHER_PARTY, {"party": party[:20], "own": registry.party})
    if not registry.is_party:
        return Refusal(AefReportFault.NOT_A_PARTY, {"jurisdiction": registry.party})
    if year < FIRST_YEAR:
        return Refusal(AefFault.YEAR_TOO_EARLY, {"year": year, "year_min": FIRST_YEAR})
    period = registry.period_of(year)
    if period is None:
        return Refusal(AefReportFault.NO_PERIOD, {"year": year, "party": registry.party})
    return period


class _Fold:
    """The journal up to the year's end. Walk `actions` to the end; then `books` hold the position of that day.

    A corrected entry and its correction are both left out, whatever their days: a mistake that was corrected after the
    year's end is neither an action of its year nor missing from the year's holdings. Source: 4/CMA.6 para. 32.
    """

    def __init__(self, sight: Sight, year: int, confidential: Confidential | None) -> None:
        self._sight = sight
        self._year = year
        self._confidential = confidential
        self.books = Books()
        self.refusal: Refusal | None = None

    def actions(self) -> Iterator[ActionRow]:
        """The rows of the year's acts, taken as the units stood after each."""
        sight, books = self._sight, self.books
        corrected = {int(key) for key, _ in sight.records(CORRECTED)}
        last = date(self._year, 12, 31)
        for journal_entry in sight.entries():
            entry = journal_entry.entry
            if entry.effective_on > last or entry.corrects is not None or journal_entry.seq in corrected:
                continue
            try:
                books.apply(journal_entry.seq, entry)
            except Broken:
                self.refusal = Refusal(AefReportFault.ORDER, {"entry": journal_entry.seq, "year": self._year})
                return
            books.commit()
            if entry.effective_on.year == self._year:
                yield from self._rows(journal_entry)

    def _rows(self, journal_entry: JournalEntry) -> Iterator[ActionRow]:
        rows = action_rows(self._sight, self.books, journal_entry)
        if self._confidential is None:
            return rows
        return (self._confidential.row(self._sight, journal_entry, row) for row in rows)


def _authorizations(sight: Sight, party: Party, year: int) -> Iterator[Authorization]:
    """Every version that this Party had published by the end of the year, side by side. Source: 4/CMA.6 para. 10.

    Stages that do not cover all content yet authorize nothing and have no row; the version that completes them is the
    first one of the report. Nor has a version that a revocation before its day forestalled: it never took effect.
    """
    stages: Counter[str] = Counter()
    versions = [from_json(Authorization, _record(value)) for _, value in sight.records(AUTHORIZATION_VERSION)]
    gone = forestalled(versions)
    for authorization in versions:
        since = authorization.effective_on or authorization.authorized_on
        unsaid = authorization.missing_components or not authorization.cooperative_approach
        if unsaid or (authorization.id, authorization.version) in gone:
            stages[authorization.id] += 1
        elif authorization.host == party and since <= date(year, 12, 31):
            yield replace(authorization, version=authorization.version - stages[authorization.id])


def _record(value: Any) -> Mapping[str, Any]:
    assert isinstance(value, Mapping)
    return value
