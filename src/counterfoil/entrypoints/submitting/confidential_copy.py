"""The copy of annual information with its confidential values: checked, signed, and handed to the platform alone.

What is filed lies among the evidence, which exports hand out, so it is the public copy. This one is in no store and its
hash in no journal: a hash of few possible values would tell them. It goes beside the package, in a file of its own that
only its owner can read.

Source: 2/CMA.3 annex para. 24; 6/CMA.4 main paras. 5-6.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from counterfoil.application.ports import Signer, Verifier
from counterfoil.application.queries.aef_confidential import Confidential
from counterfoil.application.queries.aef_submission import aef_submission
from counterfoil.application.queries.prove import trusted_key
from counterfoil.application.queries.sight import Sight
from counterfoil.application.queries.submissions import Filed
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.checkpoint import signed_note
from counterfoil.domain.ledger.note import Algorithm, read_note
from counterfoil.domain.reporting.aef_diff import aef_diff
from counterfoil.domain.reporting.aef_format import AefFormat
from counterfoil.domain.reporting.aef_rows import Submission
from counterfoil.domain.reporting.package import PackageFault
from counterfoil.entrypoints.submitting.aef_bytes import named_bytes, submission_in

NOTE: Final = "confidential.note"
FILES: Final = "confidential/"
_STATEMENT: Final = "counterfoil-confidential/1"
"""The first line of what is signed: no checkpoint and no package has it, so no signature stands for another."""
_LINES: Final = 4


class CopyFault(StrEnum):
    NOT_THE_COPY = "filing.not_the_confidential_copy"
    NOTHING_CONFIDENTIAL = "filing.nothing_confidential"


@dataclass(frozen=True, slots=True)
class Told:
    """What the register says about the year of a submission: to everybody, and to whom the report is made for."""

    public: Submission
    private: Submission

    def secrets(self, form: AefFormat) -> Mapping[str, frozenset[object]]:
        """The values that only the private copy shows, by their fields: not those that stand in a public row too."""
        return {
            name: frozenset(getattr(row, name) for row in self.private.actions)
            - {getattr(row, name) for row in self.public.actions}
            for name in form.confidential
        }

    @property
    def keeps_back(self) -> bool:
        """Whether there is anything confidential at all."""
        return self.public.actions != self.private.actions


def told_of(sight: Sight, submission: Submission, form: AefFormat) -> Told | Refusal:
    """Both copies of the register's own submission for the Party, year and version of another one."""
    copies: list[Submission] = []
    for public in (True, False):
        own = register_says(sight, submission, Confidential(form, public=public))
        if isinstance(own, Refusal):
            return own
        copies.append(own)
    return Told(*copies)


def register_says(sight: Sight, submission: Submission, confidential: Confidential | None) -> Submission | Refusal:
    return aef_submission(
        sight,
        party=submission.party,
        year=submission.reported_year,
        version=submission.version,
        submitted_on=submission.submitted_on,
        confidential=confidential,
    )


def same(left: Submission, right: Submission) -> bool:
    """Whether two submissions say the same, but for notes and the times of actions, which a workbook may leave out."""
    return not aef_diff(_comparable(left), _comparable(right))


def _comparable(submission: Submission) -> Submission:
    return replace(submission, note=None, actions=tuple(replace(row, action_time=None) for row in submission.actions))


def shows(submission: Submission, secrets: Mapping[str, frozenset[object]]) -> bool:
    """Whether a submission shows a value that the register keeps from the public, whatever else it says."""
    return any(getattr(row, name) in hidden for name, hidden in secrets.items() if hidden for row in submission.actions)


def copy_fault(sight: Sight, filed: Submission, name: str, data: bytes, form: AefFormat) -> Refusal | None:
    """Why a file is not the confidential copy of a submission; None when it says just that."""
    told = told_of(sight, filed, form)
    if isinstance(told, Refusal):
        return told
    facts: dict[str, JSON] = {
        "file": name[:120],
        "party": filed.party,
        "year": filed.reported_year,
        "version": filed.version,
    }
    if not told.keeps_back:
        return Refusal(CopyFault.NOTHING_CONFIDENTIAL, facts)
    found = submission_in(named_bytes(name, data, form), form)
    if isinstance(found, Refusal) or not same(found, told.private):
        return Refusal(CopyFault.NOT_THE_COPY, facts)
    return None


def signed_copy(filed: Filed, name: str, data: bytes, *, origin: str, signer: Signer) -> dict[str, bytes]:
    """The members of the file that goes to the platform: the copy, and a signed statement that names it by hash."""
    text = _statement(origin, filed.report, filed.filing.version, hashlib.sha256(data).hexdigest())
    signature = signer.sign(text.encode())
    note = signed_note(text, name=signer.name, public_key=signer.public_key, signature=signature)
    return {NOTE: note.encode(), f"{FILES}{name}": data}


def _statement(origin: str, report: str, version: str, sha256: str) -> str:
    return f"{_STATEMENT}\n{origin}\n{report} {version}\n{sha256}\n"


@dataclass(frozen=True, slots=True)
class CheckedCopy:
    """What a confidential copy shows to who trusts a key: whose it is, of which report, and its file."""

    origin: str
    report: str
    version: str
    signed_by: str
    file: str
    sha256: str
    bytes: int


def check_copy(members: Mapping[str, bytes], *, key: str, verify: Verifier) -> CheckedCopy | Refusal:
    """What the members show to someone who trusts a key: the one that was the registry's on the day of the signing."""
    note = read_note(members.get(NOTE, b"").decode("utf-8", "replace"))
    lines = [] if note is None else note.text.split("\n")
    files = [name for name in members if name != NOTE]
    if note is None or len(lines) != _LINES + 1 or lines[0] != _STATEMENT or len(files) != 1:
        return Refusal(PackageFault.UNREADABLE, {"part": NOTE})
    origin, (report, _, version) = lines[1], lines[2].partition(" ")
    trusted = trusted_key(key, origin=origin)
    if trusted is None or trusted.algorithm is not Algorithm.ED25519:
        return Refusal(PackageFault.KEY_UNREADABLE, {"key": key[:160]})
    if trusted.name != origin or not note.signed_by(trusted, verify=verify):
        return Refusal(PackageFault.NOT_SIGNED, {"key": str(trusted), "origin": origin})
    data = members[files[0]]
    digest = hashlib.sha256(data).hexdigest()
    if _statement(origin, report, version, digest) != note.text or not files[0].startswith(FILES):
        return Refusal(PackageFault.FILE_DIFFERS, {"file": files[0][:120]})
    return CheckedCopy(origin, report, version, str(trusted), files[0].removeprefix(FILES), digest, len(data))


def readable(files: Mapping[str, bytes], form: AefFormat) -> Iterable[Submission]:
    """Every file that can be read as annual information, one after the other."""
    for name in sorted(files):
        if name.lower().endswith((".json", ".xlsx")):
            found = submission_in(named_bytes(name, files[name], form), form)
            if not isinstance(found, Refusal):
                yield found
