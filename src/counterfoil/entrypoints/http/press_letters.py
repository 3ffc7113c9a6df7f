"""The letters that the press draws up: a letter or certificate as PDF, unsigned, with the claim that checks itself.

Only the press's own process imports this module.
"""

import os
from pathlib import Path

from counterfoil.application.queries.letters import LetterKind, letter
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.http.press import Facts
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.letters.claim import ADDRESS, usable_base
from counterfoil.entrypoints.letters.drawing_up import drawn_up
from counterfoil.entrypoints.letters.files import era_of


def drawn(folder: Path, facts: Facts, target: Path) -> Refusal | None:
    """Write a letter in a `language`: of an authorization, or of the `kind` that is named.

    `of` is an authorization, with `@` and a number for an older version, or the number of a certificate's entry.
    """
    with open_for_reading(Folder(folder)) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)
        found = letter(sight, LetterKind(str(facts.get("kind", LetterKind.AUTHORIZATION.value))), str(facts["of"]))
        if isinstance(found, Refusal):
            return found
        base = os.environ.get(ADDRESS, "")
        unusable = usable_base(base)
        if unusable is not None:
            return unusable
        era = era_of(sight, on=found.ground.on)
        target.write_bytes(drawn_up(found, [Texts(str(facts["language"]))], era=era, base=base))
    return None
