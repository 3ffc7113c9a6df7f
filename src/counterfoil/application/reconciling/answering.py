"""Answering a partner that compares its book with ours, or shows its log. Every answer is signed, a refusal too.

Questions about the books change nothing. A checkpoint that is shown is looked at as a witness does, kept, and cosigned.
Source: ADR-0033.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from counterfoil.application.command import Registry
from counterfoil.application.ports import Reading, World
from counterfoil.application.reconciling.borders import Borders
from counterfoil.application.reconciling.claims import SPANS_MAX, told_claims, told_proofs
from counterfoil.application.reconciling.history import told_history
from counterfoil.application.reconciling.log_watch import Do, LogWatch
from counterfoil.application.reconciling.open_offers import accepted_from, ended
from counterfoil.application.reconciling.talk import Talk, Told
from counterfoil.application.thread import Span
from counterfoil.domain.federation.reconciliation import ReconciliationFault, answered
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal

Again: TypeAlias = Callable[[str, str, Sequence[Span]], Sequence[bytes]]
"""The compact messages about a final transfer (its id) to a partner (its Party), made anew: about these units of it,
or, where none are named, about all that have not come back."""
_ABOUT_LOGS: Final = frozenset({"seen", "witness", "checkpoint", "keep"})


class Answering:
    """One registry as it is asked."""

    def __init__(  # noqa: PLR0917  wired once
        self, world: World, registry: Callable[[], Registry], do: Do, borders: Borders, watch: LogWatch, again: Again
    ) -> None:
        self._world = world
        self._do = do
        self._again = again
        self._borders = borders
        self._watch = watch
        self._talk = Talk(world, registry)

    def answer(self, signed: bytes) -> bytes | Refusal:
        """The signed answer to a signed question; a refusal where nobody asked whom an answer could be given."""
        reading = self._world.store.reading()
        try:
            told = self._talk.heard_question(signed, reading)
            if isinstance(told, Refusal):
                return told
            answer = self._about_books(told, reading)
        finally:
            reading.close()
        if answer is None:
            answer = self._watch.answered(told)
        if isinstance(answer, Refusal):
            facts = {name: str(value)[:200] for name, value in answer.facts.items()}
            answer = {"refused": str(answer.code), "facts": facts}
        return self._talk.answer(told, answer)

    def _about_books(self, told: Told, reading: Reading) -> Mapping[str, JSON] | Refusal | None:
        question: Any = told.body
        ask = question.get("ask")
        if isinstance(ask, str) and ask in _ABOUT_LOGS:
            return None
        said = self._borders.statement(reading, told.partner.party)
        try:
            match ask:
                case "claims":
                    return told_claims(question["spans"], said, reading, self._world.codec)
                case "history":
                    return told_history(question["spans"], told.partner.party, reading, self._world.codec)
                case "proofs":
                    return told_proofs(question["entries"], told.partner.party, reading, self._world)
                case "accepted":
                    return accepted_from(told.partner.party, str(question["after"]), reading, self._world.codec)
                case "end":
                    return ended(question["transfers"], told.partner.party, reading, self._world.codec, self._do)
                case "again":
                    messages = self._again(str(question["transfer"])[:80], told.partner.party, _spans(question))
                    return {"messages": [message.decode() for message in messages]}
                case _:
                    return answered(question, said)
        except (KeyError, TypeError, ValueError) as unreadable:
            return Refusal(ReconciliationFault.QUESTION_UNREADABLE, {"detail": str(unreadable)[:80]})


def _spans(question: Mapping[str, Any]) -> list[Span]:
    """The units of which the messages are asked for, at most as many ranges as a question about claims may have."""
    spans = question.get("spans", [])
    if not isinstance(spans, list) or len(spans) > SPANS_MAX:
        raise ValueError("spans")
    return [Span(str(of), int(first), int(last)) for of, first, last in spans]
