"""What the checks look at: the active submissions of all Parties, indexed once.

Building it is linear in rows: each identifier is parsed once, each action is tied once to the authorization that it
names, and nothing compares rows with rows.

Source: rulebook 5.3 (notation), 2.1 and 2.2 (identifiers and blocks).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import cached_property
from typing import Any, Final, TypeVar

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_format import AefFormat
from counterfoil.domain.reporting.aef_rows import ActionRow, AuthorizationRow, HoldingRow
from counterfoil.domain.reporting.aef_terms import (
    ENDING,
    ENDING_SUBTYPES,
    OIMP_PARTS,
    ActionType,
    Purpose,
)
from counterfoil.domain.reporting.filed import Filed
from counterfoil.domain.reporting.finding import Place
from counterfoil.domain.reporting.records import Records
from counterfoil.domain.units.identifier import VINTAGE_MIN, ItmoId

ID_CHARACTERS_MAX: Final = 80
DAYS_APART_MAX: Final = timedelta(days=5)
"""How far apart two Parties may date the two sides of one act. Source: check C65."""
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Granted:
    """One version of an authorization as filed in a table 2."""

    filed: Filed
    index: int
    row: AuthorizationRow
    purposes: frozenset[str]

    def place(self, attribute: str) -> Place:
        origin = self.filed.origins[2]
        cell = origin.cell(self.index, attribute)
        return Place(file=self.filed.file, party=self.filed.party, sheet=origin.sheet, cell=cell)


@dataclass(frozen=True, slots=True)
class Grant:
    """All filed versions of one authorization of one Party for one cooperative approach, oldest first."""

    party: str
    versions: tuple[Granted, ...]

    @property
    def since(self) -> date:
        return min(version.row.date_of_authorization for version in self.versions)

    def known_on(self, day: date) -> Sequence[Granted]:
        """The versions dated on the day or before it; all of them, when none is (which is a finding of C38).

        A later amendment does not touch what was done under an earlier version, and the format does not say under which
        version a block was first transferred, so an act is right when any of these allows it.
        Source: 4/CMA.6 paras. 7-8.
        """
        known = [version for version in self.versions if version.row.date_of_authorization <= day]
        return known or self.versions

    def as_filed_for(self, year: int) -> "Grant":
        """The same for an act of that year: a version that the year's own report states reads as it does there.

        Reports of several years repeat a version, and could contradict each other; none of them excuses an act that
        the report for its own year does not allow. Source: 4/CMA.6 para. 32 (each report stands for its year).
        """
        own = {version.row.authorization_version for version in self.versions if version.filed.year == year}
        kept = (v for v in self.versions if v.filed.year == year or v.row.authorization_version not in own)
        return Grant(self.party, tuple(kept))


@dataclass(slots=True, eq=False)
class Block:
    """A row of table 3 or 4 with its identifiers read. `key` is "" when they are not one valid block."""

    filed: Filed
    index: int
    table: int
    row: ActionRow | HoldingRow
    identity: ItmoId | None
    key: str
    first: int
    last: int
    grant: Grant | None
    """The authorization that the row names, where one is known for its cooperative approach."""

    @property
    def party(self) -> str:
        return self.filed.party

    @property
    def size(self) -> int:
        return self.last - self.first + 1

    def place(self, attribute: str) -> Place:
        origin = self.filed.origins[self.table]
        return Place(
            file=self.filed.file,
            party=self.filed.party,
            sheet=origin.sheet,
            cell=origin.cell(self.index, attribute),
            first_id=self.row.first_id,
            last_id=self.row.last_id,
        )


@dataclass(slots=True, eq=False)
class Act(Block):
    """An action row."""

    action: ActionRow
    moment: tuple[date, time]
    """Day and time; a day without a time sorts before the times of that day."""

    def after(self, other: "Act") -> bool:
        """Whether this act is certainly later: acts of one day have an order only where both state a time."""
        mine, theirs = self.action, other.action
        if mine.action_date != theirs.action_date:
            return mine.action_date > theirs.action_date
        return bool(mine.action_time and theirs.action_time and mine.action_time > theirs.action_time)

    @property
    def is_first_transfer(self) -> bool:
        return self.action.action_type == ActionType.FIRST_TRANSFER

    @property
    def ends_life(self) -> bool:
        """Use and cancellation, and a first transfer that is one of them. Source: 2/CMA.3 annex 21(e); 4/CMA.6 17."""
        action = self.action
        return action.action_type in ENDING or (self.is_first_transfer and action.action_subtype in ENDING_SUBTYPES)


@dataclass(frozen=True, eq=False)
class World:
    """All active submissions: the latest accepted version per Party and reported year."""

    form: AefFormat
    filed: Sequence[Filed]
    grants: Mapping[str, Sequence[Grant]]
    acts: Sequence[Act]
    holdings: Sequence[Block]
    records: Records = field(default_factory=Records)
    _made: dict[Callable[..., Any], Any] = field(default_factory=dict, repr=False)

    def once(self, make: Callable[["World"], Made]) -> Made:
        """What a function makes of this world, made once for all checks that ask."""
        if make not in self._made:
            self._made[make] = make(self)
        found: Made = self._made[make]
        return found

    def purposes(self, text: str | None) -> frozenset[str]:
        """The set that one of the seven purpose strings stands for; empty for none or an unknown one."""
        return self.form.purposes.get(text or "", frozenset())

    def used_for(self, act: Act) -> frozenset[str]:
        """What a use or cancellation was for: field 22, and NDC for a use that names no other purpose."""
        stated = self.purposes(act.action.purpose_itmo_used_for_oimp)
        if act.action.action_type == ActionType.USE and not stated & OIMP_PARTS:
            return frozenset({Purpose.NDC})
        return stated

    def uses_towards_ndc(self, act: Act) -> bool:
        return act.action.action_type == ActionType.USE and Purpose.NDC in self.used_for(act)

    @cached_property
    def reports(self) -> Mapping[tuple[str, int], Filed]:
        """The active submission of a Party for a year."""
        return {(filed.party, filed.year): filed for filed in self.filed}

    @cached_property
    def by_party(self) -> Mapping[str, Sequence[Filed]]:
        """The active submissions of each Party, oldest year first."""
        grouped: dict[str, list[Filed]] = defaultdict(list)
        for filed in sorted(self.filed, key=lambda filed: filed.year):
            grouped[filed.party].append(filed)
        return grouped

    @cached_property
    def with_block(self) -> Sequence[Act]:
        """Actions whose identifiers are one valid block."""
        return [act for act in self.acts if act.key]

    @cached_property
    def by_key(self) -> Mapping[str, Sequence[Act]]:
        grouped: dict[str, list[Act]] = defaultdict(list)
        for act in self.with_block:
            grouped[act.key].append(act)
        return grouped

    def reported_in_full(self, party: str, year: int) -> bool:
        filed = self.reports.get((party, year))
        return filed is not None and self.is_full(filed)

    def is_full(self, filed: Filed) -> bool:
        """Whether every authorization and action of the submission could be read, identifiers included."""
        return not filed.unread_tables & {2, 3} and (filed.file, 3) not in self._unread_blocks

    def authorizations_known(self, party: str, year: int) -> bool:
        """Whether the Party has reported the year, and every table 2 of it that is here could be read whole."""
        return self.reported_in_full(party, year) and not any(
            2 in filed.unread_tables for filed in self.by_party[party]
        )

    def holdings_known(self, party: str, year: int) -> bool:
        """Whether the Party's closing holdings of the year are here and could all be read."""
        filed = self.reports.get((party, year))
        return filed is not None and 4 not in filed.unread_tables and (filed.file, 4) not in self._unread_blocks

    @cached_property
    def _unread_blocks(self) -> frozenset[tuple[str, int]]:
        """The file and table of each row whose identifiers are not one valid block."""
        return frozenset((block.filed.file, block.table) for block in (*self.acts, *self.holdings) if not block.key)

    def history_known(self, party: str, first_year: int, last_year: int) -> bool:
        """Whether every report of the Party for these years is here, so that what is absent did not happen."""
        years = range(max(first_year, VINTAGE_MIN), last_year + 1)
        return all(self.reported_in_full(party, year) for year in years)

    def first_transfers_known(self, act: Act) -> bool:
        """Whether every report is here in which the host could state the first transfer of an act's units.

        Nothing is first transferred before its vintage, nor before its authorization; that one counts where the host's
        own first version of it is here. The host may date its side some days after the other Party does.
        Source: 4/CMA.6 para. 11; rulebook 5.3, check C65 (tolerance).
        """
        host, since, grant = act.action.first_transferring_party_id, act.action.vintage, act.grant
        if grant is not None and grant.party == host and grant.versions[0].row.authorization_version == 1:
            since = max(since, grant.since.year)
        until = act.filed.year if act.party == host else max(act.filed.year, *years_about(act.action.action_date))
        return self.history_known(host, since, until)


def years_about(day: date) -> tuple[int, int]:
    """The years in which the other Party may date its side of what happened on a day: mostly one, twice."""
    apart, at = DAYS_APART_MAX.days, day.toordinal()
    return _year(at - apart), _year(at + apart)


def _year(ordinal: int) -> int:
    return date.fromordinal(min(max(ordinal, 1), date.max.toordinal())).year


def world_of(filed: Sequence[Filed], form: AefFormat, records: Records | None = None) -> World:
    """Index the active submissions."""
    grants = _grants(filed, form)
    named = _Named(grants)
    acts: list[Act] = []
    holdings: list[Block] = []
    for one in filed:
        for index, row in enumerate(one.submission.actions):
            moment = (row.action_date, row.action_time or time.min)
            acts.append(Act(one, index, 3, row, *_block(row), named.grant(one, row), row, moment))
        for index, held in enumerate(one.submission.holdings):
            holdings.append(Block(one, index, 4, held, *_block(held), named.grant(one, held)))
    return World(form, filed, grants, acts, holdings, records or Records())


class _Named:
    """Finds the authorization that a row names, each name once."""

    def __init__(self, grants: Mapping[str, Sequence[Grant]]) -> None:
        self._grants = grants
        self._found: dict[tuple[int, str, str, str, str], Grant | None] = {}

    def grant(self, filed: Filed, row: ActionRow | HoldingRow) -> Grant | None:
        names = (filed.party, row.first_transferring_party_id, row.authorization_id, row.cooperative_approach_id)
        of_year = (filed.year, *names)
        if of_year not in self._found:
            grant = _resolved(self._grants, *names)
            self._found[of_year] = grant and grant.as_filed_for(filed.year)
        return self._found[of_year]


def _block(row: ActionRow | HoldingRow) -> tuple[ItmoId | None, str, int, int]:
    first = parsed_id(row.first_id)
    last = first if row.last_id == row.first_id else parsed_id(row.last_id)
    if isinstance(first, Refusal):
        return None, "", 0, 0
    if isinstance(last, Refusal) or first.serial > last.serial or not _same_class(first, last):
        return first, "", 0, 0
    return first, first.key, first.serial, last.serial


def parsed_id(text: str) -> ItmoId | Refusal:
    """An identifier from a cell; a cell can hold more digits than anyone should try to read as a number."""
    return ItmoId.parse(text if len(text) <= ID_CHARACTERS_MAX else "")


def _same_class(first: ItmoId, last: ItmoId) -> bool:
    return (
        first.vintage == last.vintage
        and first.party == last.party
        and first.registry == last.registry
        and first.cooperative_approach == last.cooperative_approach
    )


def _grants(filed: Iterable[Filed], form: AefFormat) -> Mapping[str, Sequence[Grant]]:
    """Authorizations by id. Ids are given by each Party, so one id may name several."""
    found: dict[tuple[str, str, str], list[Granted]] = defaultdict(list)
    for one in filed:
        for index, row in enumerate(one.submission.authorizations):
            granted = Granted(one, index, row, form.purposes.get(row.purposes, frozenset()))
            found[(row.authorization_id, one.party, row.cooperative_approach_id)].append(granted)
    grants: dict[str, list[Grant]] = defaultdict(list)
    for (authorization_id, party, _), versions in found.items():
        versions.sort(key=lambda granted: (granted.row.authorization_version, granted.row.date_of_authorization))
        grants[authorization_id].append(Grant(party, tuple(versions)))
    return grants


def _resolved(
    grants: Mapping[str, Sequence[Grant]], party: str, host: str, authorization_id: str, approach: str
) -> Grant | None:
    """The authorization that a row names: the host's, else the reporting Party's, else anyone's. Source: check C40."""
    fitting = [
        grant for grant in grants.get(authorization_id, ()) if grant.versions[0].row.cooperative_approach_id == approach
    ]
    ranks = {host: 0, party: 1}
    return min(fitting, key=lambda grant: ranks.get(grant.party, 2), default=None)
