"""Draw a letter up: from its facts to the bytes of the PDF, and again from a claim, to compare."""

from collections.abc import Sequence

from counterfoil.adapters.documents.letter_pdf import Closing, printed_letter
from counterfoil.application.queries.account_statement import account_statement
from counterfoil.application.queries.letters import Letter, LetterKind, letter
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.kinds.presentation import Era
from counterfoil.entrypoints.letters.claim import Claim, claim_of
from counterfoil.entrypoints.letters.letter_paper import letter_paper, rests_on
from counterfoil.entrypoints.letters.speech import Speech
from counterfoil.entrypoints.reports.words import Text, Words


def drawn_up(letter: Letter, texts: Sequence[Text], *, era: Era, base: str = "", number: str = "") -> bytes:
    """The unsigned letter as PDF, in the languages of `texts` side by side. The same letter gives the same bytes."""
    speech = Speech([Words(text) for text in texts], era)
    claim = claim_of(letter, languages=speech.languages, era=era.value, base=base, number=number)
    lines = [words("letter.closing.check") for words in speech.words]
    if base:
        lines += [words("letter.closing.page", address=base) for words in speech.words]
    closing = Closing(
        title=speech.label("letter.section.journal"),
        rows=rests_on(letter.ground, speech),
        claim=claim.text,
        alt=speech.first("letter.closing.alt", claim=claim.text),
        lines=tuple(lines),
        signature=speech.label("letter.closing.sign"),
    )
    return printed_letter(letter_paper(letter, speech, number=number), closing)


def claimed_letter(sight: Sight, claim: Claim) -> Letter | Refusal:
    """The letter that a claim speaks of, from the journal of this registry."""
    if claim.kind is LetterKind.STATEMENT:
        return account_statement(sight, claim.of, number=claim.checkpoint)
    return letter(sight, claim.kind, claim.of, entry=claim.entry)


def again(sight: Sight, claim: Claim, texts: Sequence[Text]) -> bytes | Refusal:
    """The letter of a claim drawn up again, as the claim says that it was printed."""
    found = claimed_letter(sight, claim)
    if isinstance(found, Refusal):
        return found
    return drawn_up(found, texts, era=Era(claim.era), base=claim.base, number=claim.number)
