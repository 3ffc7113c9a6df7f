"""A letter as a paper: the head with number and day, what it says, and what it rests on in the journal."""

from dataclasses import replace
from typing import Final, assert_never

from counterfoil.application.paper import Block, Notice, Paper, Section
from counterfoil.application.queries.account_statement import StatementSaid
from counterfoil.application.queries.letters import (
    AcknowledgementSaid,
    AuthorizationSaid,
    Ground,
    Letter,
    LetterKind,
    UnitsSaid,
    VerificationSaid,
)
from counterfoil.domain.ledger.entry import Act
from counterfoil.entrypoints.letters.acknowledgement_words import acknowledgement_sections
from counterfoil.entrypoints.letters.authorization_words import authorization_sections
from counterfoil.entrypoints.letters.certificate_words import statement_sections, units_sections
from counterfoil.entrypoints.letters.speech import Speech
from counterfoil.entrypoints.letters.verification_words import verification_sections

MARKS: Final = {
    LetterKind.AUTHORIZATION: "LOA",
    LetterKind.ACKNOWLEDGEMENT: "LAK",
    LetterKind.VERIFICATION: "VER",
    LetterKind.ISSUANCE: "ISS",
    LetterKind.RETIREMENT: "RET",
    LetterKind.STATEMENT: "STM",
}
"""What tells the numbers of documents apart. A number is for ever: it names the entry, or the checkpoint."""


def document_number(letter: Letter) -> str:
    """The number of a document: registry, kind, and the entry or checkpoint that it rests on."""
    head = f"{letter.ground.registry.registry}-{MARKS[letter.kind]}"
    if letter.kind is LetterKind.STATEMENT:
        return f"{head}-{letter.ground.checkpoint.number}-{letter.of}"
    return f"{head}-{letter.ground.entry}"


def letter_paper(letter: Letter, speech: Speech, *, number: str = "") -> Paper:
    """The letter in the languages of the speech. Nothing in it depends on the day of printing.

    Args:
        number: The one that the document store gave it; left out, the one that names entry or checkpoint.
    """
    ground = letter.ground
    registry = ground.registry
    number = number or document_number(letter)
    demonstration = registry.demonstration
    return Paper(
        title=speech.each(lambda words: words(f"letter.title.{_title(letter)}"), between="\n"),
        language=speech.first.language,
        subtitle=registry.name,
        facts=(
            (speech.label("letter.field.number"), number),
            (speech.label("letter.field.day"), speech.day(ground.on)),
            (speech.label("letter.field.registry"), f"{registry.registry} · {registry.name} · {registry.party}"),
        ),
        sections=_opened(_said(letter, speech), speech, demonstration=demonstration),
        mark=speech.label("report.mark.demonstration") if demonstration else "",
        foot=f"{number} · {registry.origin}",
        contents=False,
        titles=speech.first.titles,
        day=ground.on,
    )


def _title(letter: Letter) -> str:
    """Retirement is the kind of document; its title is the act's own word."""
    if letter.kind is not LetterKind.RETIREMENT:
        return letter.kind.value
    return {Act.USED_TOWARDS_NDC: "use", Act.CANCELLED: "cancellation"}.get(Act(letter.ground.act), "retirement")


def _opened(sections: tuple[Section, ...], speech: Speech, *, demonstration: bool) -> tuple[Section, ...]:
    """The sections, with the notice of a demonstration before the first statement."""
    if not demonstration:
        return sections
    first, *rest = sections
    notices: tuple[Block, ...] = tuple(
        Notice(words("report.mark.demonstration"), words("letter.demonstration")) for words in speech.words
    )
    return (replace(first, blocks=(*notices, *first.blocks)), *rest)


def _said(letter: Letter, speech: Speech) -> tuple[Section, ...]:
    said: AuthorizationSaid | AcknowledgementSaid | VerificationSaid | UnitsSaid | StatementSaid = letter.said
    match said:
        case AuthorizationSaid():
            return authorization_sections(said, speech)
        case AcknowledgementSaid():
            return acknowledgement_sections(said, speech)
        case VerificationSaid():
            return verification_sections(said, speech)
        case UnitsSaid():
            return units_sections(said, speech, kind=letter.kind)
        case StatementSaid():
            return statement_sections(said, speech)
        case _:
            assert_never(said)


def rests_on(ground: Ground, speech: Speech) -> tuple[tuple[str, str], ...]:
    """What stands above the signature: the journal, the entry with its hash, and the checkpoint with its root."""
    checkpoint = ground.checkpoint
    return (
        (speech.label("letter.field.origin"), checkpoint.origin),
        (speech.label("letter.field.entry"), str(ground.entry)),
        (speech.label("letter.field.leaf"), ground.leaf_hash),
        (
            speech.label("letter.field.checkpoint"),
            speech.said("letter.checkpoint", number=checkpoint.number, size=checkpoint.size, at=checkpoint.recorded_at),
        ),
        (speech.label("letter.field.root"), checkpoint.root.hex()),
    )
