"""What a letter or certificate says: facts of one entry, and the signed checkpoint that this entry rests on.

A letter is a look at a public leaf. It is named by the entry that made its facts, so the same letter can be drawn up
again at any time, from the journal alone, and compared with the one that somebody holds.

Read next: `application/queries/account_statement.py`, and `entrypoints/letters/`, which puts the facts into words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from counterfoil.application.command import Registry
from counterfoil.application.commands.authorize import AUTHORIZATION_VERSION
from counterfoil.application.commands.correct import CORRECTED
from counterfoil.application.covering import checkpoint_over
from counterfoil.application.ports import CheckpointRow, Outage, OutageFault
from counterfoil.application.queries.show import ShowFault, unit_view
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.activities.activity import ACTIVITY, ENTITY
from counterfoil.domain.activities.verifier import VERIFIER
from counterfoil.domain.authorizations.acknowledgement import ACKNOWLEDGEMENT_RECORD, Acknowledgement
from counterfoil.domain.authorizations.authorization import AUTHORIZATION_RECORD, Authorization
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.bundle import touches
from counterfoil.domain.ledger.checkpoint import Checkpoint, read_checkpoint
from counterfoil.domain.ledger.entry import Act, JournalEntry
from counterfoil.domain.ledger.note import read_note
from counterfoil.domain.mrv.verification import MONITORING, VERIFICATION, VERIFIED, Monitoring, Verification
from counterfoil.domain.units.identifier import identifier

ENTRY_DIGITS_MAX: Final = 18
STEPS_MAX: Final = 10_000
"""Entries of a unit's life that are followed back to its issuance."""
ISSUING: Final = frozenset({Act.ISSUED, Act.REISSUED})
RETIRING: Final = frozenset({Act.USED_TOWARDS_NDC, Act.CANCELLED, Act.RETIRED, Act.CONTRIBUTED_TO_ADAPTATION_FUND})


class LetterFault(StrEnum):
    NOT_AN_ISSUANCE = "letter.not_an_issuance"
    NOT_A_RETIREMENT = "letter.not_a_retirement"
    NOT_THAT_ENTRY = "letter.not_that_entry"
    NOT_SEALED = "letter.not_sealed"
    ENTRY_CORRECTED = "letter.entry_corrected"


class LetterKind(StrEnum):
    AUTHORIZATION = "authorization"
    ACKNOWLEDGEMENT = "acknowledgement"
    VERIFICATION = "verification"
    ISSUANCE = "issuance"
    RETIREMENT = "retirement"
    STATEMENT = "statement"


@dataclass(frozen=True, slots=True)
class Ground:
    """What a letter rests on: an entry by number and hash, and the first checkpoint that covers it.

    `on` is the entry's legal day, which is the letter's day as well.
    """

    registry: Registry
    entry: int
    leaf_hash: str
    act: str
    on: date
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Version:
    """An earlier or this version of an authorization, for the list of changes."""

    number: int
    on: date
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class AuthorizationSaid:
    """One version of an authorization; titles and names by their keys, as far as the registry has them."""

    authorization: Authorization
    versions: tuple[Version, ...]
    activities: Mapping[str, str]
    entities: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AcknowledgementSaid:
    acknowledgement: Acknowledgement
    activity: str


@dataclass(frozen=True, slots=True)
class VerificationSaid:
    """What a verifier stated of one monitoring report, as it was recorded; title and body's name where known."""

    verification: Verification
    monitoring: Monitoring
    activity: str
    body: str


@dataclass(frozen=True, slots=True)
class Lot:
    """Units of one class that an act moved, with the identifiers of the first and the last."""

    unit_class: str
    first_id: str
    last_id: str
    quantity: int
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class UnitsSaid:
    """What one act did with units. `details` are the public ones of the entry; `authorization` is what it cites."""

    lots: tuple[Lot, ...]
    activities: Mapping[str, str]
    authorization: str
    details: Mapping[str, Any]

    @property
    def quantity(self) -> int:
        return sum(lot.quantity for lot in self.lots)


Said = AuthorizationSaid | AcknowledgementSaid | VerificationSaid | UnitsSaid


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter before it has words. `of` is what it is about: an id, or a number of an entry."""

    kind: LetterKind
    of: str
    ground: Ground
    said: Any


def letter(sight: Sight, kind: LetterKind, of: str, *, entry: int | None = None) -> Letter | Refusal:
    """The letter of authorization or acknowledgement, the verification statement, or the certificate of units.

    Args:
        of: The id of the letter; an authorization's version may follow an `@`. For certificates the entry's number, or
            the identifier of a unit, for its issuance or for the act that last touched it.
        entry: Only the letter that rests on this entry, as it was then, although it was taken back later.
    """
    match kind:
        case LetterKind.AUTHORIZATION:
            return _authorization(sight, of, entry)
        case LetterKind.ACKNOWLEDGEMENT:
            return _acknowledgement(sight, of, entry)
        case LetterKind.VERIFICATION:
            return _verification(sight, of, entry)
        case _:
            return _certificate(sight, kind, of, entry)


def ground_of(sight: Sight, entry: JournalEntry) -> Ground | Refusal:
    """What a letter about an entry rests on; refused before a checkpoint covers it."""
    covering = checkpoint_over(sight.reading, entry.seq + 1)
    row = sight.reading.row(entry.seq)
    if covering is None or row is None:
        return Refusal(LetterFault.NOT_SEALED, {"entry": entry.seq})
    return Ground(
        sight.registry,
        entry.seq,
        row.leaf_hash.hex(),
        entry.entry.act.value,
        entry.entry.effective_on,
        read_moment(covering),
    )


def read_moment(row: CheckpointRow) -> Checkpoint:
    """The checkpoint of a stored note."""
    note = read_note(row.note)
    checkpoint = None if note is None else read_checkpoint(note.text)
    if checkpoint is None:
        raise Outage(OutageFault.CHECKPOINT_BROKEN, {"number": row.number})
    return checkpoint


def _authorization(sight: Sight, of: str, entry: int | None) -> Letter | Refusal:
    name, _, number = of.partition("@")
    key = f"{name}@{int(number):04d}" if number.isdecimal() and len(number) <= 4 else ""
    kind = AUTHORIZATION_VERSION if number else AUTHORIZATION_RECORD
    found = _recorded(sight, kind, key if number else name, entry, told=(LetterKind.AUTHORIZATION, of))
    if isinstance(found, Refusal):
        return found
    value, ground = found
    authorization = from_json(Authorization, value)
    said = AuthorizationSaid(
        authorization,
        _versions(sight, authorization, ground.entry),
        _titles(sight, ACTIVITY, authorization.activities, "title"),
        _titles(sight, ENTITY, authorization.authorized_entities, "name"),
    )
    return Letter(LetterKind.AUTHORIZATION, authorization.id, ground, said)


def _acknowledgement(sight: Sight, of: str, entry: int | None) -> Letter | Refusal:
    told = (LetterKind.ACKNOWLEDGEMENT, of)
    found = _recorded(sight, ACKNOWLEDGEMENT_RECORD, of, entry, told=told)
    if isinstance(found, Refusal):
        return found
    value, ground = found
    acknowledgement = from_json(Acknowledgement, value)
    title = _titles(sight, ACTIVITY, (acknowledgement.activity,), "title")[acknowledgement.activity]
    return Letter(LetterKind.ACKNOWLEDGEMENT, of, ground, AcknowledgementSaid(acknowledgement, title))


def _verification(sight: Sight, of: str, entry: int | None) -> Letter | Refusal:
    """As the verifier stated it: issuances write the same record anew, so its first entry is looked up."""
    now = sight.record(VERIFICATION, of)
    row = None if now is None else sight.reading.record(VERIFIED, now["monitoring"])
    told = (LetterKind.VERIFICATION, of)
    found = _recorded(sight, VERIFICATION, of, row.seq if entry is None and row is not None else entry, told=told)
    if isinstance(found, Refusal):
        return found
    value, ground = found
    verification = from_json(Verification, value)
    monitoring = from_json(Monitoring, sight.record(MONITORING, verification.monitoring))
    title = _titles(sight, ACTIVITY, (verification.activity,), "title")[verification.activity]
    body = _titles(sight, VERIFIER, (verification.verifier,), "name")[verification.verifier]
    return Letter(LetterKind.VERIFICATION, of, ground, VerificationSaid(verification, monitoring, title, body))


def _recorded(
    sight: Sight, kind: str, key: str, seq: int | None, *, told: tuple[LetterKind, str]
) -> tuple[Any, Ground] | Refusal:
    """A record as an entry set it, and that entry: the one named, or the last one that set the record."""
    row = sight.reading.record(kind, key) if key else None
    if row is None:
        return Refusal(ShowFault.NOT_FOUND, {"what": told[0].value, "key": told[1][:120]})
    at = row.seq if seq is None else seq
    entry = sight.entry(at)
    values = (
        [] if entry is None else [each.value for each in entry.entry.records if (each.kind, each.key) == (kind, key)]
    )
    if entry is None or not values:
        return Refusal(LetterFault.NOT_THAT_ENTRY, {"entry": at, "of": told[1][:120]})
    ground = ground_of(sight, entry)
    return ground if isinstance(ground, Refusal) else (values[-1], ground)


def _versions(sight: Sight, authorization: Authorization, entry: int) -> tuple[Version, ...]:
    """The versions up to this one, as they stood when its entry was written."""
    found: list[Version] = []
    for number in range(1, authorization.version + 1):
        row = sight.reading.record(AUTHORIZATION_VERSION, f"{authorization.id}@{number:04d}")
        if row is None or row.seq > entry:
            continue
        value = from_json(Authorization, sight.codec.decode(row.value))
        found.append(Version(number, value.effective_on or value.authorized_on, value.state.value, value.reason))
    return tuple(found)


def _titles(sight: Sight, kind: str, keys: tuple[str, ...], name: str) -> dict[str, str]:
    """Titles by key; empty where the registry does not have the thing."""
    return {key: str((sight.record(kind, key) or {}).get(name, "")) for key in keys}


def _certificate(sight: Sight, kind: LetterKind, of: str, seq: int | None) -> Letter | Refusal:
    number = _entry_number(sight, kind, of) if seq is None else seq
    if isinstance(number, Refusal):
        return number
    entry = sight.entry(number) if 0 <= number < 10**ENTRY_DIGITS_MAX else None
    if entry is None:
        return Refusal(ShowFault.NOT_FOUND, {"what": "entry", "key": of[:40]})
    acts, fault = (
        (ISSUING, LetterFault.NOT_AN_ISSUANCE)
        if kind is LetterKind.ISSUANCE
        else (RETIRING, LetterFault.NOT_A_RETIREMENT)
    )
    if entry.entry.act not in acts or not entry.entry.moves:
        return Refusal(fault, {"entry": entry.seq, "act": entry.entry.act.value})
    if seq is None and corrected(sight, entry.seq):
        return Refusal(LetterFault.ENTRY_CORRECTED, {"entry": entry.seq})
    ground = ground_of(sight, entry)
    if isinstance(ground, Refusal):
        return ground
    return Letter(kind, str(entry.seq), ground, _units(sight, entry))


def _entry_number(sight: Sight, kind: LetterKind, of: str) -> int | Refusal:
    if of.isascii() and of.isdecimal() and len(of) <= ENTRY_DIGITS_MAX:
        return int(of)
    view = unit_view(sight, of)
    if isinstance(view, Refusal):
        return view
    last = int(view["last_entry"])
    return _born(sight, view, last) if kind is LetterKind.ISSUANCE else last


def _born(sight: Sight, unit: Mapping[str, Any], last: int) -> int:
    """The entry that issued a unit, followed back from the one that last touched it; that one where none did."""
    at: int | None = last
    for _ in range(STEPS_MAX):
        entry = None if at is None else sight.entry(at)
        if entry is None:
            break
        if entry.entry.act in ISSUING:
            return entry.seq
        earlier = [sight.entry(seq) for seq in entry.follows]
        at = max((one.seq for one in earlier if one and touches(unit["unit_class"], unit["serial"], one)), default=None)
    return last


def _units(sight: Sight, entry: JournalEntry) -> UnitsSaid:
    lots = tuple(
        Lot(
            move.unit_class,
            identifier(move.unit_class, move.first),
            identifier(move.unit_class, move.last),
            move.size,
            move.source,
            move.target,
        )
        for move in entry.entry.moves
    )
    named = {str(change.facts["activity"]) for change in entry.entry.facts if change.facts.get("activity")}
    for move in entry.entry.moves:
        for holding in sight.holdings_between(move.unit_class, move.first, move.last):
            if activity := holding.facts.get("activity"):
                named.add(str(activity))
    return UnitsSaid(
        lots,
        _titles(sight, ACTIVITY, tuple(sorted(named)), "title"),
        entry.entry.because or "",
        entry.entry.details,
    )


def corrected(sight: Sight, entry: int) -> bool:
    """Whether a later entry takes this one back."""
    return sight.record(CORRECTED, str(entry)) is not None
