"""What the law keeps from the public, as far as a decision must know it before it writes to a public journal.

Read before: `domain/policy/kinds/publication.py`. Source: requirement R-FRI-07; 2/CMA.3 annex para. 24.
"""

from datetime import date

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.kinds.publication import PUBLICATION, Reader
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.permits import permits
from counterfoil.domain.policy.ruling import Outcome


def kept_from_public(law: Law | Refusal | None, field: str, *, on: date) -> bool:
    """Whether the law keeps a field from the public on a day. Without a rule about it, it may be shown."""
    if not isinstance(law, Law):
        return False
    rulings = permits(law, Asked(Act.PUBLISH, {"field": field, "reader": Reader.PUBLIC.value}), on)
    return any(each.kind == PUBLICATION.name and each.outcome is Outcome.REFUSED for each in rulings)
