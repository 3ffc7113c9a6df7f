"""The words of a trace: what a person reads of a run when it is replayed, or when it has failed."""

import json
from collections.abc import Callable

from counterfoil.application.command import Command, Units
from counterfoil.application.ports import Outage
from counterfoil.application.receipt import Receipt
from counterfoil.domain.kernel.refusal import Refusal
from tests.simulation.founding import DAWN_MS
from tests.simulation.moments import HOUR
from tests.simulation.wire import Letter


def line(at_ms: int, words: str | Callable[[], str]) -> str:
    return f"{(at_ms - DAWN_MS) / HOUR:8.3f} h  {words if isinstance(words, str) else words()}"


def letter_words(letter: Letter) -> str:
    try:
        message = json.loads(letter.envelope.content)
        return f"{message['kind']} of {message['transfer']} for {letter.recipient}"
    except (ValueError, KeyError, TypeError):
        return f"what nobody can read for {letter.recipient}"


def command_words(command: Command) -> str:
    told = {name: getattr(command, name) for name in type(command).__slots__}
    words = (f"{name}={_short(value)}" for name, value in told.items() if value)
    return f"{type(command).__name__}({', '.join(words)})"[:300]


def _short(value: object) -> str:
    if isinstance(value, Units):
        return f"{value.unit_class} {value.first}..{value.last}"
    return " and ".join(map(_short, value)) if isinstance(value, tuple) else str(value)


def outcome_words(outcome: object) -> str:
    match outcome:
        case None:
            return "no answer"
        case Receipt():
            return f"{outcome.act}, entry {outcome.seq}"
        case Refusal() | Outage():
            return f"{outcome.code} {dict(outcome.facts)}"
        case _:
            return str(outcome)[:200]
