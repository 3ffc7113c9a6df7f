"""A step that asks a law what it would say, and does nothing: `do = "AskLaw"` with pack, act and facts.

So a scenario can say what a rule that is not in force would change, from a supposed pack beside the scenarios.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from counterfoil.application.answer import first_refusal
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.asked import asked_from
from counterfoil.domain.policy.laws import Laws
from counterfoil.domain.policy.permits import permits
from counterfoil.entrypoints.scenarios.script import ScriptUnreadable

ASK_LAW: Final = "AskLaw"


def ask_law(laws: Laws, fields: Mapping[str, Any], on: date) -> Refusal | None:
    """The first refusal of a law about an act on a day, or None where it allows it.

    Raises:
        ScriptUnreadable: there is no such pack.
    """
    law = laws.law(str(fields["pack"]))
    if law is None:
        raise ScriptUnreadable(f"no pack {fields['pack']}; there are {', '.join(laws.names())}")
    asked = asked_from(str(fields["act"]), fields["facts"], law.facts)
    return asked if isinstance(asked, Refusal) else first_refusal(permits(law, asked, on))
