"""The files of one letter: the PDF in each language or in both, signed where there is a signer, and the credential."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counterfoil.adapters.documents.letter_pdf import printed_seal, sign_box
from counterfoil.application.adopted import PACK
from counterfoil.application.command import SELF
from counterfoil.application.queries.letters import Letter
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.policy.kinds.presentation import PRESENTATION, Era, PresentationRule
from counterfoil.entrypoints.laws_at_hand import LawsAtHand
from counterfoil.entrypoints.letters.claim import claim_of
from counterfoil.entrypoints.letters.credential import credential_bytes, secured, unsecured
from counterfoil.entrypoints.letters.credential_file import signing_key
from counterfoil.entrypoints.letters.drawing_up import drawn_up
from counterfoil.entrypoints.letters.letter_paper import document_number
from counterfoil.entrypoints.letters.speech import Speech
from counterfoil.entrypoints.reports.words import LANGUAGES, Text, Words

if TYPE_CHECKING:
    from counterfoil.adapters.documents.pades import PadesSigner

STEM_MAX: Final = 80
_UNFIT: Final = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Layout:
    """Which documents are printed, each with its languages in order, and in which era's years."""

    documents: tuple[tuple[str, ...], ...]
    era: Era = Era.COMMON


@dataclass(frozen=True, slots=True)
class LetterFiles:
    """Files by name. `unkeyed`: the folder has no key of the registry, so there is no credential."""

    files: dict[str, bytes]
    unkeyed: bool


def layout_of(sight: Sight, wanted: str, *, on: date) -> Layout:
    """What the operator wants, or with `pack` what the adopted pack says of the country's languages on a day.

    A country that writes in both of our languages gets them side by side; any other gets a document in each.
    """
    rule, era = _presentation(sight, on), era_of(sight, on=on)
    ours = () if rule is None else tuple(language for language in rule.languages if language in LANGUAGES)
    if wanted == "together" or (wanted == "pack" and len(ours) > 1):
        return Layout((ours if len(ours) > 1 else LANGUAGES,), era)
    return Layout(tuple((language,) for language in LANGUAGES), era)


def era_of(sight: Sight, *, on: date) -> Era:
    """The era in which the adopted pack's country counts years on a day; the common one where no pack says."""
    rule = _presentation(sight, on)
    return Era.COMMON if rule is None else rule.era


def _presentation(sight: Sight, on: date) -> PresentationRule | None:
    named = sight.record(PACK, SELF)
    law = None if named is None else LawsAtHand().law(named["pack"])
    clause = None if law is None else next(law.in_force(PRESENTATION.name, on), None)
    return None if clause is None else clause.content


def letter_files(
    letter: Letter,
    sight: Sight,
    layout: Layout,
    *,
    folder: Path,
    texts: Mapping[str, Text],
    signer: "PadesSigner | None",
    base: str = "",
    number: str = "",
) -> LetterFiles:
    """Every file of a letter by its name, which is made of the document's number."""
    named = number or document_number(letter)
    stem = _UNFIT.sub("-", named)[:STEM_MAX]
    files = {}
    for languages in layout.documents:
        chosen = [texts[language] for language in languages]
        document = drawn_up(letter, chosen, era=layout.era, base=base, number=number)
        name = f"{stem}.{languages[0]}.pdf" if len(languages) == 1 else f"{stem}.pdf"
        files[name] = document if signer is None else _signed(document, signer, chosen, reason=named)
    key = signing_key(sight, folder)
    if key is not None:
        claim = claim_of(letter, languages=layout.documents[0], era=layout.era.value, base=base, number=number)
        plain = unsecured(letter, claim, key.public_key)
        files[f"{stem}.vc.json"] = credential_bytes(secured(plain, public_key=key.public_key, sign=key.sign))
    return LetterFiles(files, key is None)


def _signed(document: bytes, signer: "PadesSigner", texts: Sequence[Text], *, reason: str) -> bytes:
    # The library that signs takes longer to load than a letter to draw; most letters are only looked at.
    from counterfoil.adapters.documents.pades import common_name

    speech = Speech([Words(text) for text in texts])
    mine = signer.identity
    lines = (
        common_name(mine),
        reason,
        speech.said("letter.seal.certificate", serial=mine.serial),
    )
    seal = printed_seal(speech.label("letter.seal.title"), lines, chinese=speech.first.language.startswith("zh"))
    return signer.signed(document, box=sign_box(), seal=seal, reason=reason)
