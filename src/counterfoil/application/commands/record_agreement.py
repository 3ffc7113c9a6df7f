"""Record what stands between Parties: agreements with their provision, and the using Party's own authorization."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from counterfoil.application.command import Command, Context, later, record, stored
from counterfoil.application.commands.clearance import AGREEMENTS_WITH, letters_of_user
from counterfoil.application.commands.foreign import FOREIGN_APPROACH
from counterfoil.domain.activities.activity import APPROACH, CooperativeApproach
from counterfoil.domain.authorizations.agreement import (
    AGREEMENT_RECORD,
    Agreement,
    AgreementFault,
    AgreementKind,
    recordable,
)
from counterfoil.domain.authorizations.using_party import (
    LETTERS_MAX,
    USING_AUTHORIZATION,
    USING_LETTERS,
    UsingAuthorization,
    UsingPartyFault,
    numbered_key,
    using_party_key,
)
from counterfoil.domain.kernel.ids import AuthorizationId, CooperativeApproachId, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Record

PARTIES_MAX: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAgreement(Command):
    """Record an agreement, or bring the record of one up to date: that it entered into force, or that it ended.

    `provision` is the article that permits transfers, asked where `permits_transfer` says so; `in_force_from` is left
    out until it is in force. `document` is the SHA-256 of the text in the evidence store. `objection_days` and
    `recognition_days` count from the acquisition of a transfer that must be recognized, `host_days` from a
    verification until the host issues on it; 0 is no limit.
    """

    agreement: str
    kind: AgreementKind
    title: str
    parties: tuple[Party, ...]
    signed_on: date | None = None
    in_force_from: date | None = None
    in_force_to: date | None = None
    permits_transfer: bool = False
    provision: str = ""
    approaches: tuple[CooperativeApproachId, ...] = ()
    source: str = ""
    document: str | None = None
    objection_days: int = later(default=0)
    recognition_days: int = later(default=0)
    host_days: int = later(default=0)


def record_agreement(command: RecordAgreement, books: Books, context: Context) -> Entry | Refusal:
    """A memorandum permits no transfer, whatever is said of it. Source: requirement R-A62-19."""
    if len(command.parties) > PARTIES_MAX:
        return Refusal(AgreementFault.PARTIES_UNREADABLE, {"agreement": command.agreement[:80]})
    agreement = Agreement(
        id=command.agreement,
        kind=command.kind,
        title=command.title,
        parties=tuple(sorted(set(command.parties))),
        signed_on=command.signed_on,
        in_force_from=command.in_force_from,
        in_force_to=command.in_force_to,
        permits_transfer=command.permits_transfer,
        provision=command.provision,
        approaches=command.approaches,
        source=command.source,
        document=command.document,
        assumed=command.assumed,
        objection_days=command.objection_days,
        recognition_days=command.recognition_days,
        host_days=command.host_days,
    )
    refusal = recordable(agreement, known=stored(books, AGREEMENT_RECORD, command.agreement, Agreement))
    if refusal is not None:
        return refusal
    return Entry(
        Act.AGREEMENT_RECORDED,
        context.on,
        records=(record(AGREEMENT_RECORD, agreement.id, agreement), *_index(agreement, books, context)),
        details={"agreement": agreement.id, "kind": agreement.kind.value},
    )


def _index(agreement: Agreement, books: Books, context: Context) -> list[Record]:
    """Name the agreement under each other Party, where this registry's Party is one of them."""
    own = context.registry.party
    if own not in agreement.parties:
        return []
    rows: list[Record] = []
    for other in agreement.parties:
        names = list(books.record(AGREEMENTS_WITH, other) or ())
        if other != own and agreement.id not in names:
            rows.append(Record(AGREEMENTS_WITH, other, [*names, agreement.id]))
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordUsingAuthorization(Command):
    """Record that a Party authorized itself to acquire and use ITMOs of an approach: this one, or a partner's letter.

    `authorizations` confines it to letters of the host; empty means all. A Party may have several letters in one
    approach; a later record replaces the earlier one of the same `reference`.
    """

    party: Party
    cooperative_approach: CooperativeApproachId
    reference: str
    valid_from: date
    valid_to: date | None = None
    authorizations: tuple[AuthorizationId, ...] = ()
    document: str | None = None


def record_using_authorization(command: RecordUsingAuthorization, books: Books, context: Context) -> Entry | Refusal:
    """Asked where the approach says so. Source: 2/CMA.3 annex paras. 1(d), 18(g)."""
    facts = {"party": command.party[:20], "approach": command.cooperative_approach[:40]}
    approach = stored(books, APPROACH, command.cooperative_approach, CooperativeApproach) or stored(
        books, FOREIGN_APPROACH, command.cooperative_approach, CooperativeApproach
    )
    if approach is None or command.party not in approach.participants:
        return Refusal(UsingPartyFault.NOT_PARTICIPATING, facts)
    if not command.reference:
        return Refusal(UsingPartyFault.REFERENCE_MISSING, facts)
    if command.valid_to is not None and command.valid_to < command.valid_from:
        return Refusal(UsingPartyFault.PERIOD_BACKWARDS, facts)
    letter = UsingAuthorization(
        party=command.party,
        cooperative_approach=command.cooperative_approach,
        reference=command.reference,
        valid_from=command.valid_from,
        valid_to=command.valid_to,
        authorizations=command.authorizations,
        document=command.document,
        assumed=command.assumed,
    )
    key = using_party_key(command.party, command.cooperative_approach)
    references = [
        known.reference for known in letters_of_user(books, party=command.party, approach=command.cooperative_approach)
    ]
    if command.reference not in references and len(references) == LETTERS_MAX:
        return Refusal(UsingPartyFault.TOO_MANY, {**facts, "letters_max": LETTERS_MAX})
    number = references.index(command.reference) if command.reference in references else len(references)
    counted = () if number < len(references) or not number else (Record(USING_LETTERS, key, number),)
    return Entry(
        Act.USING_AUTHORIZATION_RECORDED,
        context.on,
        records=(record(USING_AUTHORIZATION, numbered_key(key, number), letter), *counted),
        details={"party": command.party, "approach": command.cooperative_approach, "reference": command.reference},
    )
