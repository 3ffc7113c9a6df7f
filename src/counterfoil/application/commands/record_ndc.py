"""Record an NDC: the period, scope and targets that its text states, each with its source."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.application.command import Command, Context, later, record, stored
from counterfoil.domain.accounting.ndc import (
    NDC_RECORD,
    AccountingYear,
    InventorySector,
    Ndc,
    NdcKind,
    Scope,
    Source,
    Target,
    TargetForm,
)
from counterfoil.domain.accounting.period_account import (
    METHODS,
    PERIOD_ACCOUNT,
    AccountState,
    PeriodAccount,
    period_key,
)
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import NAME, PARTY, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry

TARGETS_MAX: Final = 20
OF_INDICATORS: Final = frozenset({TargetForm.FLOOR, TargetForm.INTENSITY})
"""Targets that are compared with a recorded series, whose metric they must name."""
YEAR_MIN, YEAR_MAX, YEARS_MAX = 1990, 9999, 50
"""An NDC period lies between these years and is not longer."""
_SHARE: Final = re.compile(r"0\.\d{1,9}\Z|1\Z|0\Z", re.ASCII)
_MONTH_AND_DAY: Final = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\Z", re.ASCII)


class NdcFault(StrEnum):
    ID_UNREADABLE = "ndc.id_unreadable"
    PERIOD_UNREADABLE = "ndc.period_unreadable"
    PERIOD_DIFFERS = "ndc.period_differs"
    PARTY_UNREADABLE = "ndc.party_unreadable"
    NOT_OF_THIS_REGISTRY = "ndc.not_of_this_registry"
    STANDING_DIFFERS = "ndc.standing_differs"
    SCOPE_MISSING = "ndc.scope_missing"
    SOURCE_MISSING = "ndc.source_missing"
    FISCAL_YEAR_UNCLEAR = "ndc.fiscal_year_unclear"
    TARGETS_MISSING = "ndc.targets_missing"
    TARGET_UNREADABLE = "ndc.target_unreadable"
    PORTION_UNCLEAR = "ndc.portion_unclear"
    KIND_LOCKED = "ndc.kind_locked"
    PERIOD_FROZEN = "ndc.period_frozen"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordNdc(Command):
    """Record an NDC for its implementation period. A later record of the same period is its update; both stay in sight.

    `parties` communicated it (several share it; none for the pledge of a non-Party, which keeps a shadow account);
    `jurisdictions` keep registries under it beside them. `activity_sectors` are sectors of the AEF inside its scope.
    `gwp` names the set of GWP values of its targets. `portion` is asked of an NDC `of_measures` only: the sectors and
    gases in which its cooperative approaches act. `correction` says what was wrong and on whose authority it is put
    right: once the period's account is frozen, only a correction may be recorded.
    """

    ndc: str
    title: str
    parties: tuple[Party, ...]
    first: int
    last: int
    kind: NdcKind
    sectors: tuple[InventorySector, ...]
    gases: tuple[str, ...]
    source: Source
    targets: tuple[Target, ...] = ()
    jurisdictions: tuple[Party, ...] = ()
    accounting_year: AccountingYear = AccountingYear.CALENDAR
    fiscal_year_begins: str = ""
    activity_sectors: tuple[str, ...] = ()
    of_measures: bool = False
    communicated_on: date | None = None
    gwp: str = later("")
    portion: Scope | None = later(None)
    correction: str = later("")


def record_ndc(command: RecordNdc, books: Books, context: Context) -> Entry | Refusal:
    """Refuses what no account could be kept by: another period than the registry's, no scope, no source, no target.

    Nor may an update take the ground from under the method that the Party locked, or from under final figures.

    Source: 2/CMA.3 annex paras. 4(b), 7, 12, 18(b)-(d); 18/CMA.1 annex para. 64.
    """
    key = period_key(command.first, command.last)
    for refusal in _complaints(command, context):
        return refusal
    for refusal in _against_account(command, stored(books, PERIOD_ACCOUNT, key, PeriodAccount)):
        return refusal
    ndc = Ndc(
        id=command.ndc,
        title=command.title,
        parties=command.parties,
        first=command.first,
        last=command.last,
        kind=command.kind,
        scope=Scope(command.sectors, command.gases),
        targets=command.targets,
        source=command.source,
        jurisdictions=command.jurisdictions,
        accounting_year=command.accounting_year,
        fiscal_year_begins=command.fiscal_year_begins,
        activity_sectors=command.activity_sectors,
        of_measures=command.of_measures,
        communicated_on=command.communicated_on,
        assumed=command.assumed,
        gwp=command.gwp,
        portion=command.portion,
    )
    correction = {"correction": command.correction.strip()} if command.correction.strip() else {}
    details = {"ndc": command.ndc, **correction}
    return Entry(Act.NDC_RECORDED, context.on, records=(record(NDC_RECORD, key, ndc),), details=details)


def _against_account(command: RecordNdc, account: PeriodAccount | None) -> Iterator[Refusal]:
    """Whether the account of the period still admits this text: its method fits the kind, and its figures are open.

    Source: 2/CMA.3 annex paras. 7 (one method throughout the period), 12 (final figures); rulebook 3.4-3.5.
    """
    if account is None:
        return
    facts: dict[str, JSON] = {"ndc": command.ndc, "period": account.key}
    if account.method not in METHODS[command.kind]:
        method = {"method": account.method.value, "on": account.locked_on.isoformat()}
        yield Refusal(NdcFault.KIND_LOCKED, {**facts, "kind": command.kind.value, **method})
    if account.state is AccountState.FROZEN and not command.correction.strip():
        yield Refusal(NdcFault.PERIOD_FROZEN, {**facts, "on": f"{account.frozen_on}"})


def _complaints(command: RecordNdc, context: Context) -> Iterator[Refusal]:
    """What is wrong, in the order in which it is looked for."""
    facts = {"ndc": command.ndc[:80]}
    if not NAME.match(command.ndc):
        yield Refusal(NdcFault.ID_UNREADABLE, facts)
    yield from _period(command, context)
    own = context.registry.party
    for party in (*command.parties, *command.jurisdictions):
        if not PARTY.match(party):
            yield Refusal(NdcFault.PARTY_UNREADABLE, {**facts, "party": party[:20]})
    if own not in (*command.parties, *command.jurisdictions):
        yield Refusal(NdcFault.NOT_OF_THIS_REGISTRY, {**facts, "own": own})
    if (own in command.parties) != context.registry.is_party:
        yield Refusal(NdcFault.STANDING_DIFFERS, {**facts, "own": own})
    if not command.sectors or not command.gases:
        yield Refusal(NdcFault.SCOPE_MISSING, facts)
    if not all(source.document.strip() for source in (command.source, *(each.source for each in command.targets))):
        yield Refusal(NdcFault.SOURCE_MISSING, facts)
    fiscal = command.accounting_year is AccountingYear.FISCAL
    if fiscal != bool(_MONTH_AND_DAY.match(command.fiscal_year_begins)):
        yield Refusal(NdcFault.FISCAL_YEAR_UNCLEAR, {**facts, "begins": command.fiscal_year_begins[:20]})
    if not command.targets and not command.of_measures:
        yield Refusal(NdcFault.TARGETS_MISSING, facts)
    portion = command.portion
    if portion is not None and not (command.of_measures and portion.sectors and portion.gases):
        yield Refusal(NdcFault.PORTION_UNCLEAR, facts)
    yield from _targets(command)


def _period(command: RecordNdc, context: Context) -> Iterator[Refusal]:
    """The registry counts uses by its own periods, so an NDC that overlaps one must be the same."""
    facts: dict[str, JSON] = {"ndc": command.ndc[:80], "first": command.first, "last": command.last}
    if not YEAR_MIN <= command.first <= command.last < command.first + YEARS_MAX <= YEAR_MAX:
        yield Refusal(NdcFault.PERIOD_UNREADABLE, {**facts, "years_max": YEARS_MAX})
    for known in context.registry.ndc_periods:
        overlap = command.first <= known.last and known.first <= command.last
        if overlap and (known.first, known.last) != (command.first, command.last):
            yield Refusal(NdcFault.PERIOD_DIFFERS, {**facts, "known": period_key(known.first, known.last)})


def _targets(command: RecordNdc) -> Iterator[Refusal]:
    """A target has a name of its own, a year of the period, and numbers that can be read, or none."""
    names = [target.name for target in command.targets]
    for target in command.targets:
        readable = (
            bool(target.name.strip())
            and names.count(target.name) == 1
            and command.first <= target.year <= command.last
            and (not target.reduction or _SHARE.match(target.reduction) is not None)
            and (target.form not in OF_INDICATORS or bool(target.metric.strip()))
            and len(names) <= TARGETS_MAX
        )
        if not readable:
            yield Refusal(NdcFault.TARGET_UNREADABLE, {"ndc": command.ndc[:80], "target": target.name[:80]})
