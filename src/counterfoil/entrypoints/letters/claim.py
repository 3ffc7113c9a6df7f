"""The claim of a letter: one line that says which entry of which registry it prints, and how it was printed.

It stands in the QR code and in the properties of the PDF. With it the registry draws the same letter up again, so a
changed word is found by comparing bytes. It is no proof by itself: it says where to look.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qsl, urlencode

from counterfoil.application.queries.letters import Letter, LetterKind
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.document import is_number
from counterfoil.domain.policy.kinds.presentation import Era
from counterfoil.entrypoints.reports.words import LANGUAGES

ADDRESS: Final = "COUNTERFOIL_CHECK_URL"
"""The address of a page that checks letters, where the operator has one."""
SCHEME: Final = "counterfoil:letter"
BASE_MAX: Final = 200
CLAIM_MAX: Final = 2_000
NUMBER: Final = "number"
"""Stands behind the other names, and only where the letter has a number of the document store."""
NAMES: Final = ("kind", "of", "origin", "entry", "leaf", "checkpoint", "root", "languages", "era")
_BASE: Final = re.compile(r"https?://[!-~]+\Z")
_NUMBER: Final = re.compile(r"[0-9]{1,18}\Z", re.ASCII)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}\Z", re.ASCII)


class ClaimFault(StrEnum):
    BASE_UNUSABLE = "letter.check_address_unusable"


@dataclass(frozen=True, slots=True)
class Claim:
    """`checkpoint` is the number of the checkpoint; `root` its root hash; `base` the address of a page that checks.

    `number` is the one that the letter took from the document store, where it took one.
    """

    kind: LetterKind
    of: str
    origin: str
    entry: int
    leaf: str
    checkpoint: int
    root: str
    languages: tuple[str, ...]
    era: str
    base: str = ""
    number: str = ""

    @property
    def text(self) -> str:
        """The claim as the QR code holds it: behind the address of the page, or under our own scheme."""
        values = (
            self.kind.value,
            self.of,
            self.origin,
            str(self.entry),
            self.leaf,
            str(self.checkpoint),
            self.root,
            "+".join(self.languages),
            self.era,
        )
        numbered = [(NUMBER, self.number)] if self.number else []
        return f"{self.base or SCHEME}?{urlencode([*zip(NAMES, values, strict=True), *numbered])}"


def claim_of(letter: Letter, *, languages: tuple[str, ...], era: str, base: str = "", number: str = "") -> Claim:
    """What a printed letter claims."""
    ground = letter.ground
    return Claim(
        letter.kind,
        letter.of,
        ground.registry.origin,
        ground.entry,
        ground.leaf_hash,
        ground.checkpoint.number,
        ground.checkpoint.root.hex(),
        languages,
        era,
        base,
        number,
    )


def usable_base(base: str) -> Refusal | None:
    """Whether an operator's address can stand before the claim: http or https, plain ASCII, without `?` and `#`."""
    if not base or (len(base) <= BASE_MAX and _BASE.match(base) and not set(base) & set("?#")):
        return None
    return Refusal(ClaimFault.BASE_UNUSABLE, {"address": base[:BASE_MAX]})


def read_claim(text: str) -> Claim | None:
    """The claim of a text; None when it is not one in the one spelling that `Claim.text` has."""
    if len(text) > CLAIM_MAX:
        return None
    base, mark, query = text.partition("?")
    try:
        pairs = parse_qsl(query, strict_parsing=True, keep_blank_values=True, max_num_fields=len(NAMES) + 1)
        values = dict(pairs)
        numbers = values["entry"], values["checkpoint"]
        digests = values["leaf"], values["root"]
        if not mark or not all(map(_NUMBER.match, numbers)) or not all(map(_DIGEST.match, digests)):
            return None
        languages = tuple(values["languages"].split("+"))
        if not set(languages) <= set(LANGUAGES) or len(set(languages)) != len(languages):
            return None
        claim = Claim(
            LetterKind(values["kind"]),
            values["of"],
            values["origin"],
            int(numbers[0]),
            digests[0],
            int(numbers[1]),
            digests[1],
            languages,
            Era(values["era"]).value,
            "" if base == SCHEME else base,
            values.get(NUMBER, ""),
        )
    except (ValueError, KeyError):
        return None
    numbered = not claim.number or is_number(claim.number)
    return claim if claim.text == text and numbered and usable_base(claim.base) is None else None
