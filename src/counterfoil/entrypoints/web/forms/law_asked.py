"""The law of the registry that is looked at: for the questions that only its people can answer."""

from functools import cache

from counterfoil.application.adopted import PACK
from counterfoil.application.command import SELF
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.policy.law import Law
from counterfoil.entrypoints.laws_at_hand import LawsAtHand


def law_asked(sight: Sight) -> Law | None:
    """The adopted law; None where none is adopted, or it is not loaded in that version."""
    named = sight.record(PACK, SELF)
    law = None if named is None else _law(named["pack"])
    return law if law is not None and law.version == named["version"] else None


@cache
def _law(pack: str) -> Law | None:
    # A pack does not change while a server runs: another version is adopted by a program that has it.
    return LawsAtHand().law(pack)
