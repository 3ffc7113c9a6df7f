"""Check a letter that somebody brings: who signed it, whether it is whole, and whether the journal says the same.

Three questions that stay apart. A good signature says who vouches; the journal says whether it is so; neither stands
for the other. What cannot be told is said to be unknown, and never good.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from counterfoil.adapters.documents.letter_pdf import sign_box
from counterfoil.adapters.documents.pdf_signatures import Signed, SignedFile, Trust, Wholeness, only_signed, read_signed
from counterfoil.adapters.signing.ed25519 import verify
from counterfoil.application.commands.authorize import AUTHORIZATION_VERSION
from counterfoil.application.key_history import read_key_history
from counterfoil.application.queries.letters import corrected
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.authorizations.acknowledgement import ACKNOWLEDGEMENT_RECORD
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.key_history import read_key
from counterfoil.entrypoints.letters.claim import Claim, read_claim
from counterfoil.entrypoints.letters.credential import Shown, did_key, read_credential, unsecured
from counterfoil.entrypoints.letters.drawing_up import again, claimed_letter
from counterfoil.entrypoints.reports.words import Text

RECORDS: Final = (AUTHORIZATION_VERSION, ACKNOWLEDGEMENT_RECORD, "agreement", "using_authorization", "decision")
"""Kinds of records that may name a document by its hash."""


class Journal(StrEnum):
    """What the journal says to a letter: the same, something else, nothing (another registry's), or not looked at."""

    SAME = "same"
    DIFFERS = "differs"
    NOT_OURS = "not_ours"
    NO_CLAIM = "no_claim"
    NOT_LOOKED_AT = "not_looked_at"


class Finding(StrEnum):
    """What is wrong with a letter, or not known about it."""

    UNREADABLE = "unreadable"
    NOT_SIGNED = "not_signed"
    ALTERED = "altered"
    ADDED_TO = "added_to"
    SIGNATURE_UNREADABLE = "signature_unreadable"
    UNTRUSTED = "untrusted"
    EXPIRED = "expired"
    TRUST_NOT_ASKED = "trust_not_asked"
    PROOF_BROKEN = "proof_broken"
    KEY_FOREIGN = "key_foreign"
    DIFFERS = "differs"
    OTHER_REGISTRY = "other_registry"
    NOT_RECORDED = "not_recorded"
    CORRECTED = "corrected"
    NUMBER_NOT_KEPT = "number_not_kept"


_WHOLE: Final = {
    Wholeness.ALTERED: Finding.ALTERED,
    Wholeness.ADDED_TO: Finding.ADDED_TO,
    Wholeness.UNREADABLE: Finding.SIGNATURE_UNREADABLE,
}
_TRUST: Final = {Trust.UNTRUSTED: Finding.UNTRUSTED, Trust.EXPIRED: Finding.EXPIRED}


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found out. `recorded` names the records that hold the hash of this very file."""

    form: str
    sha256: str
    journal: Journal = Journal.NOT_LOOKED_AT
    claim: Claim | None = None
    signatures: tuple[Signed, ...] = ()
    issuer: str = ""
    recorded: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = field(default=())


def checked(data: bytes, *, sight: Sight | None, roots: Sequence[Any], at: datetime, texts: Sequence[Text]) -> Checked:
    """Check the bytes of a letter or of its credential.

    Args:
        sight: A look at the registry, where there is one to compare with.
        roots: The certificates that the reader trusts.
        texts: The texts of every language, to draw the letter up again.
    """
    digest = sha256(data).hexdigest()
    recorded = tuple(_recorded(sight, digest)) if sight is not None else ()
    if data.lstrip()[:1] == b"{":
        return _credential(data, digest, sight)
    file = read_signed(data, roots=roots, at=at)
    if file is None:
        return Checked("unknown", digest, recorded=recorded, findings=(Finding.UNREADABLE,))
    claim = read_claim(file.keywords)
    journal = _compared(data, file, claim, sight, texts)
    found = _findings(file, journal, claim, sight, recorded=bool(recorded))
    return Checked(
        "pdf", digest, journal, claim, file.signatures, recorded=recorded, findings=tuple(dict.fromkeys(found))
    )


def _compared(
    data: bytes, file: SignedFile, claim: Claim | None, sight: Sight | None, texts: Sequence[Text]
) -> Journal:
    if sight is None:
        return Journal.NOT_LOOKED_AT
    if claim is None:
        return Journal.NO_CLAIM
    if claim.origin != sight.registry.origin:
        return Journal.NOT_OURS
    chosen = [text for name in claim.languages for text in texts if text.language == name]
    made = again(sight, claim, chosen)
    if isinstance(made, Refusal) or file.original != made:
        return Journal.DIFFERS
    same = not file.signatures or only_signed(data, box=sign_box())
    return Journal.SAME if same else Journal.DIFFERS


def _findings(
    file: SignedFile, journal: Journal, claim: Claim | None, sight: Sight | None, *, recorded: bool
) -> Iterable[Finding]:
    vouched = recorded or journal is Journal.SAME
    if not file.signatures and not vouched:
        yield Finding.NOT_SIGNED
    for one in file.signatures:
        if one.wholeness in _WHOLE:
            yield _WHOLE[one.wholeness]
        if one.trust in _TRUST:
            yield _TRUST[one.trust]
        elif one.trust is Trust.NOT_ASKED and not vouched:
            yield Finding.TRUST_NOT_ASKED
    if journal is Journal.DIFFERS:
        yield Finding.DIFFERS
    elif journal is Journal.NOT_OURS and not recorded:
        yield Finding.OTHER_REGISTRY
    elif journal is Journal.NO_CLAIM and not recorded:
        yield Finding.NOT_RECORDED
    if sight is not None and claim is not None and journal is Journal.SAME and corrected(sight, claim.entry):
        yield Finding.CORRECTED


def _credential(data: bytes, digest: str, sight: Sight | None) -> Checked:
    shown = read_credential(data, verify=verify)
    if shown is None:
        return Checked("credential", digest, findings=(Finding.PROOF_BROKEN,))
    claim, issuer = shown.claim, did_key(shown.public_key)
    if sight is None:
        return Checked("credential", digest, claim=claim, issuer=issuer, findings=(Finding.TRUST_NOT_ASKED,))
    if claim is None or claim.origin != sight.registry.origin:
        return Checked("credential", digest, Journal.NOT_OURS, claim, issuer=issuer, findings=(Finding.OTHER_REGISTRY,))
    findings = []
    if shown.public_key not in _keys(sight):
        findings.append(Finding.KEY_FOREIGN)
    journal = Journal.SAME if _says_the_same(shown, claim, sight) else Journal.DIFFERS
    if journal is Journal.DIFFERS:
        findings.append(Finding.DIFFERS)
    if corrected(sight, claim.entry):
        findings.append(Finding.CORRECTED)
    return Checked("credential", digest, journal, claim, issuer=issuer, findings=tuple(findings))


def _says_the_same(shown: Shown, claim: Claim, sight: Sight) -> bool:
    found = claimed_letter(sight, claim)
    return not isinstance(found, Refusal) and unsecured(found, claim, shown.public_key) == shown.unsecured


def _keys(sight: Sight) -> tuple[bytes, ...]:
    own = read_key(sight.registry.public_key) or b""
    return (own, *read_key_history(sight.reading, sight.codec, otherwise=own).public_keys)


def _recorded(sight: Sight, digest: str) -> Iterable[tuple[str, str]]:
    for kind in RECORDS:
        for key, value in sight.records(kind):
            if value.get("document") == digest:
                yield kind, key
