"""Set the witnesses whose cosignatures a published checkpoint must carry."""

from dataclasses import dataclass
from enum import StrEnum

from counterfoil.application.command import REGISTRY, SELF, Command, Context
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Record
from counterfoil.domain.ledger.key_history import key_text
from counterfoil.domain.ledger.witness_record import (
    POLICY,
    WITNESSES,
    number_of,
    policy_of_keys,
    policy_value,
)


class WitnessPolicyFault(StrEnum):
    OWN_KEY = "witness.own_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetWitnessPolicy(Command):
    """Set the witnesses (keys as `name+hash+base64`) and how many must have signed what is published; 0 lifts it."""

    witnesses: tuple[str, ...]
    quorum: int
    reason: str


def set_witness_policy(command: SetWitnessPolicy, books: Books, context: Context) -> Entry | Refusal:
    """Refuses keys of another kind, a witness named twice, more than there are, and the registry as its own witness.

    Source: C2SP tlog-policy, sections Defining a witness and Defining a witness group.
    """
    policy = policy_of_keys(command.witnesses, quorum=command.quorum)
    if isinstance(policy, Refusal):
        return policy
    own = books.record(REGISTRY, SELF)["public_key"]
    for witness in policy.witnesses:
        if key_text(witness.public_key) == own:
            return Refusal(WitnessPolicyFault.OWN_KEY, {"witness": witness.name})
    before = number_of(books.record(WITNESSES, POLICY))
    # One that was set before they counted is the first, and has no record of its own.
    value = policy_value(policy, number=(1 if before is None else before) + 1)
    return Entry(
        Act.WITNESS_POLICY_SET,
        context.on,
        records=(Record(WITNESSES, POLICY, value), Record(WITNESSES, str(value["number"]), value)),
        details={"reason": command.reason},
    )
