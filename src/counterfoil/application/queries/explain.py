"""Why an entry could be done: the provisions of the rule in the code, and the law's answer to the recorded question.

The entry keeps what was asked of the law (`application/lawful.py`). The question is put again to the law of the
entry's legal day, as the pack that is loaded knows it; another version than the one that decided is said so.
"""

import inspect
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import FunctionType
from typing import Any, Final

from counterfoil.application.commands.table import COMMANDS
from counterfoil.application.lawful import LAW, LAW_OF_EFFECT
from counterfoil.application.queries.law import View, answer_view
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.entry import Act, JournalEntry
from counterfoil.domain.policy.asked import asked_from
from counterfoil.domain.policy.laws import Laws

_SOURCE: Final = re.compile(r"\bSource: (.+?)\.?\s*\Z", re.DOTALL)


class ExplainFault(StrEnum):
    ENTRY_UNKNOWN = "explain.entry_unknown"


def entry_explained(sight: Sight, seq: int, laws: Laws) -> View | Refusal:
    """The entry with its act, its legal day, the rules of the code behind it, and the law's answer."""
    entry = sight.entry(seq)
    if entry is None:
        return Refusal(ExplainFault.ENTRY_UNKNOWN, {"entry": seq})
    return {
        "entry": seq,
        "act": entry.entry.act.value,
        "on": entry.entry.effective_on.isoformat(),
        "recorded_at": entry.recorded_at,
        "because": entry.entry.because,
        "rules_of_code": list(rules_of_code(entry.entry.act)),
        "law": _law_of(entry, laws, LAW),
        "law_of_effect": _law_of(entry, laws, LAW_OF_EFFECT),
    }


def rules_of_code(act: Act) -> Iterator[View]:
    """The decisions that make entries of an act, with the provisions that their docstrings name.

    A decision names its act in its own code, so the code is asked and no second list can fall behind it.
    """
    for decide in COMMANDS.values():
        assert inspect.isfunction(decide)
        if act.name in _names(decide):
            yield {"rule": decide.__name__, "provisions": _provisions(decide)}


def _names(decide: FunctionType) -> set[str]:
    """The names in a decision's code, in the functions of its own module that it calls, and in those it chooses from.

    What a table of its module holds, as that of the notices does, is followed into the modules that it speaks for.
    """
    called = [decide.__globals__.get(name) for name in decide.__code__.co_names]
    own = [each for each in called if inspect.isfunction(each) and each.__module__ == decide.__module__]
    tables = [each.values() for each in called if isinstance(each, Mapping)]
    chosen = [each for table in tables for each in table if inspect.isfunction(each)]
    beyond = [each for one in chosen for each in _called(one)]
    followed = [*own, *chosen, *beyond, *(each for one in beyond for each in _called(one))]
    return {name for each in (decide, *followed) for name in each.__code__.co_names}


def _called(function: FunctionType) -> list[FunctionType]:
    """The functions that stand beside a function or were imported beside it, and that it calls."""
    found = (function.__globals__.get(name) for name in function.__code__.co_names)
    return [each for each in found if inspect.isfunction(each)]


def _provisions(decide: Any) -> list[str]:
    found = _SOURCE.search(inspect.getdoc(decide) or "")
    return [] if found is None else [" ".join(part.split()) for part in found[1].split(";")]


def _law_of(entry: JournalEntry, laws: Laws, place: str) -> View | None:
    """What was asked of the law then, and what the loaded pack answers for that day; None where nothing was asked."""
    kept = entry.entry.details.get(place)
    if not isinstance(kept, Mapping):
        return None
    said: Mapping[str, Any] = kept
    law = laws.law(said["pack"])
    view: View = {
        "pack": said["pack"],
        "version": said["version"],
        "act": said["act"],
        "asked": dict(said["asked"]),
        "rules": list(said.get("rules", ())),
        "doubtful": list(said.get("doubtful", ())),
        "loaded": None if law is None else law.version,
        "answer": None,
    }
    if law is not None:
        asked = asked_from(said["act"], said["asked"], law.facts)
        # A later version of the pack may no longer know a fact: then the recorded question cannot be put to it.
        view["answer"] = None if isinstance(asked, Refusal) else answer_view(law, asked, entry.entry.effective_on)
    return view
