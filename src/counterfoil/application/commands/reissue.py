"""Issue units for units that another registry has cancelled, once and for ever; or only put a label on them.

What makes new units here is an accepted proof that the old ones are cancelled there. The old serials are recorded, so
that nobody brings the same ones a second time, and every new unit names the old one behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from counterfoil.application.command import Command, Context, record, stored
from counterfoil.application.commands.convert import ConvertFault, scheme_of, unfit_types
from counterfoil.application.commands.crediting import may_be_brought
from counterfoil.application.commands.issue import Issue, UnderlyingStart, birth
from counterfoil.application.commands.open_account import holding_open
from counterfoil.application.commands.parts import undivided
from counterfoil.application.commands.results_paid import paid_years
from counterfoil.domain.activities.activity import ACTIVITY, Activity, ActivityFault
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import DIGEST, unfit
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Record
from counterfoil.domain.units.serials import no_range
from counterfoil.domain.units.unit_type import UnitType

REISSUED: Final = "reissued"
"""The kind of the records that keep which serials of a foreign series were brought here."""
LABEL: Final = "label"
RANGES_MAX: Final = 250
"""Ranges of one series; neighbours grow together. The record of a series must fit into a leaf."""
AFFIX_MAX: Final = 60
REISSUED_YEARS: Final = "reissued_years"
"""By activity: how many units of each vintage were issued here for units of other registries."""


class ReissueFault(StrEnum):
    SERIES_UNREADABLE = "reissue.series_unreadable"
    PROOF_UNREADABLE = "reissue.proof_unreadable"
    CANCELLED_LATER = "reissue.cancelled_later"
    ALREADY_REISSUED = "reissue.already_reissued"
    SERIES_FULL = "reissue.series_full"
    RECEIVED_NOT_POSITIVE = "reissue.received_not_positive"
    PROOF_NOT_KEPT = "reissue.proof_not_kept"
    YEAR_PAID = "reissue.year_paid"


class LabelFault(StrEnum):
    ALREADY_LABELLED = "label.already_labelled"
    UNKNOWN = "label.unknown"


@dataclass(frozen=True, slots=True)
class ForeignSerials:
    """Units `first` to `last` of a series of another registry, whose identifiers have text around the number."""

    registry: str
    prefix: str
    first: int
    last: int
    suffix: str = ""

    @property
    def size(self) -> int:
        return self.last - self.first + 1

    @property
    def series(self) -> str:
        return f"{self.registry}|{self.prefix}|{self.suffix}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reissue(Command):
    """Issue units of `to_type` to an account for units of `from_type` that their registry has cancelled.

    `proof` is the SHA-256 of the document that proves the cancellation, `accepted_by` who accepted it; both are empty
    where there is none, and then the law refuses. `received` is the number of new units where it is not one for one.
    """

    activity: str
    source: ForeignSerials
    from_type: str
    to_type: str
    vintage: int
    account: str
    proof: str = ""
    cancelled_on: date | None = None
    accepted_by: str = ""
    received: int | None = None
    unit_type: UnitType = UnitType.DOMESTIC
    authorization: str | None = None


def reissue(command: Reissue, books: Books, context: Context) -> Entry | Refusal:
    """Refuses serials that were brought before, a cancellation later than the day, and a proof that is not kept here.

    Of a year whose results were paid for nothing is brought: no verification here tells those tonnes from these units.

    Source: requirements R-IDN-09, R-ZWE-01, R-INT-10; ADR-0024.
    """
    if context.law is None:
        return Refusal(ConvertFault.NO_LAW, {"from_type": command.from_type[:80], "to_type": command.to_type[:80]})
    refusal = _unfit(command, context) or holding_open(books, command.account)
    if refusal is not None:
        return refusal
    activity = stored(books, ACTIVITY, command.activity, Activity)
    if activity is None:
        return Refusal(ActivityFault.UNKNOWN, {"activity": command.activity[:80]})
    refusal = may_be_brought(activity, books, context)
    if refusal is not None:
        return refusal
    paid = paid_years(books, activity.id)
    if command.vintage in (*paid.measured, *paid.covered):
        return Refusal(ReissueFault.YEAR_PAID, {"activity": activity.id, "vintage": command.vintage})
    grown = _with_serials(command.source, books)
    if isinstance(grown, Refusal):
        return grown
    received = command.source.size if command.received is None else command.received
    if received <= 0:
        return Refusal(ReissueFault.RECEIVED_NOT_POSITIVE, {"received": received})
    born = birth(
        _as_issue(command, received),
        activity,
        undivided(command.account, received),
        books,
        context,
        law_type="" if command.unit_type is UnitType.DOMESTIC else command.to_type,
    )
    if isinstance(born, Refusal):
        return born
    return Entry(
        Act.REISSUED,
        context.on,
        moves=born.moves,
        facts=born.facts,
        postings=born.postings,
        records=(grown, years_record(books, activity.id, vintage=command.vintage, more=received), *born.records),
        details=_details(command),
        because=born.because,
    )


def _unfit(command: Reissue, context: Context) -> Refusal | None:
    refusal = unfit_types(command.from_type, command.to_type) or unfit_serials(command.source)
    if refusal is not None:
        return refusal
    if command.proof and not DIGEST.match(command.proof):
        return Refusal(ReissueFault.PROOF_UNREADABLE, {"proof": command.proof[:80]})
    if command.proof and not context.kept(command.proof):
        return Refusal(ReissueFault.PROOF_NOT_KEPT, {"proof": command.proof})
    if command.cancelled_on is not None and command.cancelled_on > context.on:
        facts = {"cancelled_on": command.cancelled_on.isoformat(), "on": context.on.isoformat()}
        return Refusal(ReissueFault.CANCELLED_LATER, facts)
    return None


def unfit_serials(source: ForeignSerials) -> Refusal | None:
    """Refuses a series that could not be told from another one, and numbers that are no range."""
    nameless = unfit("registry", source.registry)
    if nameless is not None:
        return nameless
    texts = (source.prefix, source.suffix)
    if "|" in source.series.replace("|", "", 2) or any(len(text) > AFFIX_MAX for text in texts):
        return Refusal(ReissueFault.SERIES_UNREADABLE, {"series": source.series[:120]})
    return unfit("series", source.series) or no_range(source.first, source.last)


def _with_serials(source: ForeignSerials, books: Books) -> Record | Refusal:
    """The record of the series with the new range in its place; neighbours become one."""
    known: Sequence[Sequence[int]] = books.record(REISSUED, source.series) or ()
    for first, last in known:
        if first <= source.last and source.first <= last:
            facts = {"serials": f"{max(first, source.first)}-{min(last, source.last)}", "series": source.series}
            return Refusal(ReissueFault.ALREADY_REISSUED, facts)
    merged: list[list[int]] = []
    for first, last in sorted([*((low, high) for low, high in known), (source.first, source.last)]):
        if merged and merged[-1][1] + 1 == first:
            merged[-1][1] = last
        else:
            merged.append([first, last])
    if len(merged) > RANGES_MAX:
        return Refusal(ReissueFault.SERIES_FULL, {"series": source.series, "ranges_max": RANGES_MAX})
    ranges: list[JSON] = [[first, last] for first, last in merged]
    return Record(REISSUED, source.series, ranges)


def years_record(books: Books, activity: str, *, vintage: int, more: int) -> Record:
    """How many units of each vintage were brought, with those that are brought now, or taken back."""
    counted: dict[str, JSON] = dict(books.record(REISSUED_YEARS, activity) or {})
    counted[str(vintage)] = max(0, reissued_of(books, activity, vintage=vintage) + more)
    return Record(REISSUED_YEARS, activity, counted)


def reissued_of(books: Books, activity: str, *, vintage: int) -> int:
    """How many units of a vintage stand here for units of other registries."""
    return int((books.record(REISSUED_YEARS, activity) or {}).get(str(vintage), 0))


def _as_issue(command: Reissue, received: int) -> Issue:
    source = command.source
    one_for_one = received == source.size
    return Issue(
        activity=command.activity,
        verification="",
        vintage=command.vintage,
        quantity=received,
        account=command.account,
        unit_type=command.unit_type,
        scheme=scheme_of(command.to_type),
        authorization=command.authorization,
        underlying=UnderlyingStart(source.registry, source.prefix, source.first, source.suffix)
        if one_for_one
        else None,
    )


def _details(command: Reissue) -> dict[str, Any]:
    source = command.source
    details: dict[str, Any] = {
        "activity": command.activity,
        "from_type": command.from_type,
        "to_type": command.to_type,
        "source": [source.registry, source.prefix, source.first, source.last, source.suffix],
    }
    if command.cancelled_on is not None:
        details["cancelled_on"] = command.cancelled_on.isoformat()
    for name in ("proof", "accepted_by"):
        if value := getattr(command, name):
            details[name] = value
    return details


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelUnits(Command):
    """Record that units of another registry carry a label of this one. They stay there, and nothing is issued here."""

    label: str
    activity: str
    source: ForeignSerials
    from_type: str
    to_type: str


def label_units(command: LabelUnits, books: Books, context: Context) -> Entry | Refusal:
    """A label keeps a voluntary unit from being counted again. Source: requirement R-IDN-10."""
    if context.law is None:
        return Refusal(ConvertFault.NO_LAW, {"from_type": command.from_type[:80], "to_type": command.to_type[:80]})
    refusal = (
        unfit("label", command.label)
        or unfit_types(command.from_type, command.to_type)
        or unfit_serials(command.source)
    )
    if refusal is not None:
        return refusal
    if books.record(ACTIVITY, command.activity) is None:
        return Refusal(ActivityFault.UNKNOWN, {"activity": command.activity[:80]})
    if books.record(LABEL, command.label) is not None:
        return Refusal(LabelFault.ALREADY_LABELLED, {"label": command.label})
    source = command.source
    value: dict[str, JSON] = {
        "activity": command.activity,
        "from_type": command.from_type,
        "to_type": command.to_type,
        "source": [source.registry, source.prefix, source.first, source.last, source.suffix],
    }
    return Entry(Act.LABELLED, context.on, records=(record(LABEL, command.label, value),), details=value)
