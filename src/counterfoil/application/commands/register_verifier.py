"""Keep the register of bodies that validate and verify, and the register of methodologies."""

from dataclasses import dataclass
from datetime import date

from counterfoil.application.command import Command, Context, record, stored
from counterfoil.domain.activities.methodology import METHODOLOGY, Methodology, MethodologyVersion, with_version
from counterfoil.domain.activities.verifier import VERIFIER, Task, Verifier, readable_verifier
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterVerifier(Command):
    """Put a validation and verification body into the register, or change what the register says of it.

    `sectors` are those that it may judge, `*` for all. `suspended_from` and `suspended_to` name a suspension; without
    an end it lasts. A statement that was given before stays valid. `document` is the accreditation, by its SHA-256.
    """

    verifier: str
    name: str
    tasks: tuple[Task, ...]
    sectors: tuple[str, ...]
    valid_from: date
    valid_to: date
    accreditation: str = ""
    document: str | None = None
    entity: str = ""
    suspended_from: date | None = None
    suspended_to: date | None = None


def register_verifier(command: RegisterVerifier, books: Books, context: Context) -> Entry | Refusal:
    """A later act about the same body takes the place of the earlier one. Source: 3/CMA.3 annex; R-A64-13."""
    known = books.record(VERIFIER, command.verifier) is not None
    verifier = Verifier(
        command.verifier,
        command.name.strip(),
        tuple(sorted(set(command.tasks))),
        tuple(sorted({sector.strip() for sector in command.sectors})),
        command.valid_from,
        command.valid_to,
        command.accreditation.strip(),
        command.document,
        command.entity.strip(),
        command.suspended_from,
        command.suspended_to,
    )
    refusal = readable_verifier(verifier)
    if refusal is not None:
        return refusal
    return Entry(
        Act.VERIFIER_REGISTERED,
        context.on,
        records=(record(VERIFIER, verifier.id, verifier),),
        details={"verifier": verifier.id, "changed": known},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterMethodology(Command):
    """Put a version of a methodology into the register, with the days on which it may be applied.

    `methodology` is the name under which activities cite it. The same version again gives it new days: that is how one
    is withdrawn. Activities that were registered under a version keep it.
    """

    methodology: str
    title: str
    version: str
    valid_from: date
    valid_to: date | None = None
    standard: str = ""
    document: str | None = None


def register_methodology(command: RegisterMethodology, books: Books, context: Context) -> Entry | Refusal:
    """Source: requirement R-A64-11."""
    known = stored(books, METHODOLOGY, command.methodology, Methodology)
    versions = () if known is None else known.versions
    methodology = Methodology(command.methodology, command.title.strip(), command.standard.strip(), versions)
    version = MethodologyVersion(command.version.strip(), command.valid_from, command.valid_to, command.document)
    after = with_version(methodology, version)
    if isinstance(after, Refusal):
        return after
    return Entry(
        Act.METHODOLOGY_REGISTERED,
        context.on,
        records=(record(METHODOLOGY, after.id, after),),
        details={"methodology": after.id, "version": version.version},
    )
