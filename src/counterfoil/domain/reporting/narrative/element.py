"""One element of a narrative report as data: what is asked, by which provision, of whom, and what answers it.

Source: 2/CMA.3 annex paras. 18-19, 21-22; 6/CMA.4 annexes V and VI; 4/CMA.6 annex I; rulebook 4.2-4.3.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

TONNES: Final = "tCO2e"
"""The unit of amounts that are compared with the journal's."""


class ReportKind(StrEnum):
    """The narrative reports. The word is the command's and the file's name."""

    INITIAL = "initial"
    UPDATED_INITIAL = "updated-initial"
    REGULAR = "regular"


class Need(StrEnum):
    """Whether an element may be left out.

    `IF_APPLICABLE` must be answered, or declared not applicable with a reason; silence is a gap.
    """

    MANDATORY = "mandatory"
    IF_APPLICABLE = "if_applicable"
    VOLUNTARY = "voluntary"


class Answer(StrEnum):
    """The kinds of content of an answer."""

    ATTESTATION = "attestation"
    TEXT = "text"
    NUMBERS = "numbers"
    YEARS = "years"
    PERIOD = "period"
    MONEY = "money"
    DOCUMENT = "document"


class Fact(StrEnum):
    """What the register itself says; with `fact`, an element is answered from the ledger and cannot be made up."""

    NDC = "ndc"
    METRICS = "metrics"
    METHOD = "method"
    LETTERS = "letters"
    PARTICIPANTS = "participants"
    ENTITIES = "entities"
    AUTHORIZATIONS = "authorizations"
    USES = "uses"
    ADAPTATION = "adaptation"
    OMGE = "omge"
    EXPECTED = "expected"


class Condition(StrEnum):
    """When an element applies at all, as far as the register knows."""

    PATH = "path"
    MEASURES = "measures"
    NON_GHG = "non_ghg"
    GHG = "ghg"
    REVERSIBLE = "reversible"


@dataclass(frozen=True, slots=True)
class Element:
    """One element. `key` names it for ever; `number` is how the outline of its report counts it.

    All of `asks` must stand in an answer, or at least one where `any_of`. `fact` comes from the register; with
    `fact_suffices` nothing need be said beside it, and an answer may stand in for a fact that is absent. `compulsory`
    elements are answered by an amount, if only zero with its reason, and never as not applicable. What is `evidenced`
    needs a text or a document beside the attestation.
    """

    key: str
    number: str
    provision: str
    need: Need
    asks: tuple[Answer, ...] = ()
    per_approach: bool = False
    any_of: bool = False
    fact: Fact | None = None
    fact_suffices: bool = False
    when: Condition | None = None
    compulsory: bool = False
    evidenced: bool = False

    @property
    def chapter(self) -> str:
        """The key of the heading under which it stands: the Roman number of its report's outline.

        >>> Element("R.VI.B.1", "VI.B.1", "", Need.MANDATORY).chapter
        'R.VI'
        """
        head = self.number.partition(".")[0]
        return self.key[: len(self.key) - len(self.number)] + head
