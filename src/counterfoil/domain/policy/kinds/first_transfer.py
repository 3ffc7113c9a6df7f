"""Which event the law calls first transfer, for each purpose. Source: 2/CMA.3 annex para. 2; 4/CMA.6 paras. 12-17."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.policy.applying import Kind
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Ruling, noted


class Event(StrEnum):
    INTERNATIONAL_TRANSFER = "international_transfer"
    AUTHORIZATION = "authorization"
    ISSUANCE = "issuance"
    USE_OR_CANCELLATION = "use_or_cancellation"


@dataclass(frozen=True, slots=True)
class FirstTransferRule:
    """For an NDC it is always the first international transfer; for other purposes the host chooses."""

    ndc: Event = Event.INTERNATIONAL_TRANSFER
    imp: Event | None = None
    op: Event | None = None


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """Told for the purpose that is asked, or for all."""
    del law, on
    for clause in clauses:
        events = {"NDC": clause.content.ndc, "IMP": clause.content.imp, "OP": clause.content.op}
        wanted = asked.word("purpose")
        notes = tuple(
            (purpose, event.value) for purpose, event in events.items() if event is not None and wanted in ("", purpose)
        )
        yield noted("first_transfer", clause.basis, notes=notes)


FIRST_TRANSFER: Final = Kind(
    "first_transfer", FirstTransferRule, frozenset({Act.AUTHORIZE, Act.FIRST_TRANSFER}), decide
)
