"""What is asked of the law about a conversion, a listing or a division of proceeds, and what its answer does.

A conversion is done as asked, or not at all: the number of units that the law gives must be the number that the command
issues, and what the law calls a label must not become units. Proceeds are divided by the law alone.

Source: ADR-0024; requirements R-IDN-09 to R-IDN-11, R-IDN-13, R-ZWE-01, R-ZWE-03.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from counterfoil.application.command import Context
from counterfoil.application.commands.convert import Convert
from counterfoil.application.commands.distribute import DISTRIBUTION, Distribute
from counterfoil.application.commands.reissue import LabelUnits, Reissue
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import REGISTRY
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Entry, Record
from counterfoil.domain.policy.kinds.conversion import EFFECT, ISSUED, LABELLED, Effect
from counterfoil.domain.policy.ruling import Ruling

PARTS: Final = "parts"


class ConsequenceFault(StrEnum):
    OTHER_EFFECT = "conversion.other_effect"
    OTHER_QUANTITY = "conversion.other_quantity"
    NOT_DIVIDED = "distribute.not_divided"


def converted(
    command: Convert | Reissue | LabelUnits, entry: Entry, rulings: Sequence[Ruling], books: Books, context: Context
) -> Entry | Refusal:
    """The conversion, when it does what the law says: the same effect, and exactly as many units.

    Returns:
        The entry, or the refusal `conversion.other_effect` or `conversion.other_quantity`.
    """
    del books, context
    answer = next((ruling for ruling in rulings if ruling.kind == "conversion" and ruling.amounts), None)
    effect = dict(answer.notes).get(EFFECT, "-") if answer is not None else "-"
    wanted = _effects(command)
    if answer is None or effect not in wanted:
        return Refusal(ConsequenceFault.OTHER_EFFECT, {"effect": effect, "asked": ", ".join(wanted)})
    by_law = {amount.name: amount.quantity for amount in answer.amounts}
    if isinstance(command, LabelUnits):
        return entry if by_law.get(LABELLED) == command.source.size else _other(by_law.get(LABELLED, 0), entry)
    if isinstance(command, Convert) and command.elsewhere:
        return entry
    born = _born(entry)
    return entry if by_law[ISSUED] == born else _other(by_law[ISSUED], entry)


def _effects(command: Convert | Reissue | LabelUnits) -> tuple[str, ...]:
    """What the law must say for the command to do it. Two ledgers may stand in one book; one ledger never in two."""
    match command:
        case LabelUnits():
            return (Effect.LABEL.value,)
        case Convert(elsewhere=""):
            return (Effect.CANCEL_AND_ISSUE.value, Effect.SAME_LEDGER.value)
        case _:
            return (Effect.CANCEL_AND_ISSUE.value,)


def _born(entry: Entry) -> int:
    return sum(move.size for move in entry.moves if role(move.source) is AccountRole.SOURCE)


def _other(by_law: int, entry: Entry) -> Refusal:
    return Refusal(ConsequenceFault.OTHER_QUANTITY, {"by_law": by_law, "asked": _born(entry)})


def shared_out(
    command: Distribute, entry: Entry, rulings: Sequence[Ruling], books: Books, context: Context
) -> Entry | Refusal:
    """The division with its parts, which sum to the proceeds; and the day until which a share must be paid.

    Returns:
        The entry, or the refusal `distribute.not_divided` where the law divides nothing.
    """
    del books, context
    unit = f"{command.currency} minor"
    parts: list[JSON] = [
        [amount.name, amount.recipient, amount.quantity]
        for ruling in rulings
        for amount in ruling.amounts
        if amount.part and amount.unit == unit
    ]
    if not parts:
        return Refusal(ConsequenceFault.NOT_DIVIDED, {"distribution": command.distribution})
    due = [word for ruling in rulings for key, word in ruling.notes if key == "due"]
    said: dict[str, JSON] = {PARTS: parts, **({"due": min(due)} if due else {})}
    records = tuple(
        Record(each.kind, each.key, {**_object(each.value), **said}) if each.kind == DISTRIBUTION else each
        for each in entry.records
    )
    return entry._replace(records=records, details={**entry.details, **said})


def _object(value: JSON) -> Mapping[str, JSON]:
    assert isinstance(value, dict)
    return value


def asked_of_conversion(command: Convert, size: int) -> dict[str, Any]:
    """The cancellation of the same entry is its own proof."""
    return {
        "from_type": command.from_type,
        "to_type": command.to_type,
        "quantity_t": size,
        "cancellation_proof": True,
    }


def asked_of_reissue(command: Reissue) -> dict[str, Any]:
    """A proof counts when somebody accepted it. Units of another Party's registry come from that Party."""
    registry = command.source.registry
    origin = {"origin": registry[:3]} if REGISTRY.match(registry) else {}
    return {
        **origin,
        "authorized": command.authorization is not None,
        "from_type": command.from_type,
        "to_type": command.to_type,
        "quantity_t": command.source.size,
        "vintage": command.vintage,
        "cancellation_proof": bool(command.proof and command.accepted_by),
    }


def asked_of_label(command: LabelUnits) -> dict[str, Any]:
    return {"from_type": command.from_type, "to_type": command.to_type, "quantity_t": command.source.size}


def asked_of_distribution(command: Distribute) -> dict[str, Any]:
    known: dict[str, Any] = {
        "proceeds": command.proceeds,
        "currency": command.currency,
        "received_on": command.received_on,
    }
    if command.paid_on is not None:
        known["paid_on"] = command.paid_on
    return known
