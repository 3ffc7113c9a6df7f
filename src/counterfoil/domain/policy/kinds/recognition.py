"""Recognition of foreign units: a directed edge, for named types and uses, from a day, under conditions.

Recognition by one side says nothing about the other. Talks have no effect until the arrangement is in force.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from counterfoil.domain.policy.applying import Kind
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.content import CONVERSION, FACT, Names
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Ruling, allowed, asks, noted, refused


class RecognitionFault(StrEnum):
    NONE = "policy.recognition.none"
    NOT_IN_FORCE = "policy.recognition.not_in_force"
    CONDITION_UNMET = "policy.recognition.condition_unmet"


class State(StrEnum):
    IN_FORCE = "in_force"
    SIGNED = "signed"
    NEGOTIATING = "negotiating"
    PLANNED = "planned"


class Accepted(StrEnum):
    """In which form a recognised unit is used."""

    AS_ISSUED = "as_issued"
    """Under its own identifier, as an ITMO crosses borders."""
    CONVERTED = "converted"
    """After cancel-there-issue-here; `conversion` names the rule."""
    LABELLED = "labelled"
    """With a label and no further effect: it cannot be counted again."""


@dataclass(frozen=True, slots=True)
class RecognitionRule:
    """`of`: a jurisdiction or a programme. `uses` empty means every use."""

    of: str
    unit_types: tuple[str, ...]
    accepted: Accepted
    state: State
    uses: tuple[str, ...] = ()
    needs: Annotated[tuple[str, ...], Names(FACT)] = ()
    conversion: Annotated[str, Names(CONVERSION)] = ""


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """Asked only about units from elsewhere, and only where the law has a list of whom it recognises."""
    elsewhere = {asked.word("origin"), asked.word("standard")} - {"", law.jurisdiction}
    if not clauses or not elsewhere or asked.word("origin") == law.jurisdiction:
        return
    if asked.act is Act.USE and not asked.word("use"):
        # Use towards an NDC needs authorization and adjustment, not recognition: an ITMO keeps its own identifier.
        return
    if missing := asked.missing("unit_type" if asked.act is not Act.CONVERT else "from_type"):
        yield asks("recognition", clauses[0].basis, missing)
        return
    unit_type = asked.word("from_type" if asked.act is Act.CONVERT else "unit_type")
    edges = [each for each in clauses if each.content.of in elsewhere and unit_type in each.content.unit_types]
    use = asked.word("use") or asked.word("scheme")
    fitting = [edge for edge in edges if not edge.content.uses or use in edge.content.uses]
    if not fitting:
        facts = {"of": ", ".join(sorted(elsewhere)), "unit_type": unit_type, "use": use or "-"}
        yield refused("recognition", edges[0].basis if edges else law.silence(on), RecognitionFault.NONE, {**facts})
        return
    standing = [edge for edge in fitting if edge.content.state is State.IN_FORCE]
    yield _recognised(standing[0] if standing else fitting[0], asked)


def _recognised(edge: Clause, asked: Asked) -> Ruling:
    rule: RecognitionRule = edge.content
    if rule.state is not State.IN_FORCE:
        facts = {"of": rule.of, "state": rule.state.value}
        return refused("recognition", edge.basis, RecognitionFault.NOT_IN_FORCE, {**facts})
    if missing := asked.missing(*rule.needs):
        return asks("recognition", edge.basis, missing)
    unmet = [fact for fact in rule.needs if not asked.yes(fact)]
    if unmet:
        facts = {"of": rule.of, "condition": unmet[0]}
        return refused("recognition", edge.basis, RecognitionFault.CONDITION_UNMET, {**facts})
    notes = (("accepted", rule.accepted.value), ("conversion", rule.conversion or "-"))
    if rule.accepted is Accepted.LABELLED:
        return noted("recognition", edge.basis, notes=notes)
    return allowed("recognition", edge.basis, notes=notes)


RECOGNITION: Final = Kind("recognition", RecognitionRule, frozenset({Act.CONVERT, Act.SURRENDER, Act.USE}), decide)
