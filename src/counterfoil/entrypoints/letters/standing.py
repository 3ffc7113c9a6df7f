"""What the journal says to the claim of a letter, for somebody who holds the paper and has only its QR code.

It looks at one entry, one checkpoint and at most one record, so that everybody may ask. It does not draw the letter up
again: whether a file is the very document, `checking.py` tells.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from counterfoil.application.commands.open_account import ACCOUNT_RECORD
from counterfoil.application.ports import CheckpointRow
from counterfoil.application.queries.letters import (
    ISSUING,
    RETIRING,
    LetterKind,
    VerificationSaid,
    corrected,
    letter,
    read_moment,
)
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.authorizations.acknowledgement import ACKNOWLEDGEMENT_RECORD
from counterfoil.domain.authorizations.authorization import AUTHORIZATION_RECORD
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.entry import JournalEntry
from counterfoil.entrypoints.letters.claim import Claim, claim_of


class Says(StrEnum):
    """The answer: it stands, a later act changed it, it was taken back, it is not so, or another registry's."""

    STANDS = "stands"
    CHANGED = "changed"
    CORRECTED = "corrected"
    DIFFERS = "differs"
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True)
class Standing:
    """What to compare the paper with. `units` is the quantity of a certificate; None for other letters.

    `record` is the kind and key of the register's own record of the thing, where it has one.
    """

    says: Says
    on: date | None = None
    units: int | None = None
    record: tuple[str, str] | None = None


def standing(sight: Sight, claim: Claim) -> Standing:
    """What this registry's journal says to a claim."""
    if claim.origin != sight.registry.origin:
        return Standing(Says.NOT_OURS)
    covering, entry = sight.reading.checkpoint(claim.checkpoint), sight.entry(claim.entry)
    if covering is None or entry is None or not _is_ground(sight, claim, covering):
        return Standing(Says.DIFFERS)
    match claim.kind:
        case LetterKind.AUTHORIZATION | LetterKind.ACKNOWLEDGEMENT | LetterKind.VERIFICATION:
            found = _of_record(sight, claim)
        case LetterKind.STATEMENT:
            found = _of_account(sight, claim, covering)
        case _:
            found = _of_units(claim, entry)
    if found.says is Says.STANDS and claim.kind is not LetterKind.STATEMENT and corrected(sight, claim.entry):
        return Standing(Says.CORRECTED, found.on, found.units, found.record)
    return found


def _is_ground(sight: Sight, claim: Claim, covering: CheckpointRow) -> bool:
    """Whether the entry and the checkpoint of the claim are those of the journal."""
    row = sight.reading.row(claim.entry)
    return (
        row is not None
        and row.leaf_hash.hex() == claim.leaf
        and covering.size > claim.entry
        and read_moment(covering).root.hex() == claim.root
    )


def _of_record(sight: Sight, claim: Claim) -> Standing:
    found = letter(sight, claim.kind, claim.of, entry=claim.entry)
    if isinstance(found, Refusal):
        return Standing(Says.DIFFERS)
    printed = claim_of(found, languages=claim.languages, era=claim.era, base=claim.base, number=claim.number)
    if printed != claim:
        return Standing(Says.DIFFERS)
    if isinstance(found.said, VerificationSaid):
        # A report is verified once, and nothing changes what was stated: later entries only count what was issued.
        return Standing(Says.STANDS, found.ground.on, record=("verifications", claim.of))
    authorization = claim.kind is LetterKind.AUTHORIZATION
    row = sight.reading.record(AUTHORIZATION_RECORD if authorization else ACKNOWLEDGEMENT_RECORD, claim.of)
    says = Says.STANDS if row is not None and row.seq == claim.entry else Says.CHANGED
    return Standing(says, found.ground.on, record=("authorizations", claim.of) if authorization else None)


def _of_account(sight: Sight, claim: Claim, covering: CheckpointRow) -> Standing:
    """A statement says what stood at its checkpoint; what came later does not change it."""
    account = sight.reading.record(ACCOUNT_RECORD, claim.of)
    if account is None or account.seq >= covering.size or claim.entry != covering.size - 1:
        return Standing(Says.DIFFERS)
    on = date.fromisoformat(read_moment(covering).recorded_at[:10])
    return Standing(Says.STANDS, on, record=("accounts", claim.of))


def _of_units(claim: Claim, entry: JournalEntry) -> Standing:
    acts = ISSUING if claim.kind is LetterKind.ISSUANCE else RETIRING
    if entry.entry.act not in acts or not entry.entry.moves or claim.of != str(claim.entry):
        return Standing(Says.DIFFERS)
    return Standing(Says.STANDS, entry.entry.effective_on, sum(move.size for move in entry.entry.moves))
