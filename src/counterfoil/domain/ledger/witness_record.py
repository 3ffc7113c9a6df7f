"""The registry's own witness policy, as it stands in the journal: which witnesses count, and how many must have signed.

While it stands, the registry publishes only checkpoints that have the quorum.
Source: C2SP tlog-policy (a group of k of n); tlog-cosignature.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.cosignature import WitnessPolicy, witness_policy
from counterfoil.domain.ledger.note import read_note_key

WITNESSES: Final = "witnesses"
POLICY: Final = "policy"
WITNESSES_MAX: Final = 32


class WitnessKeyFault(StrEnum):
    UNREADABLE = "witness.key_unreadable"
    TOO_MANY = "witness.too_many"


def policy_of_keys(keys: Sequence[str], *, quorum: int) -> WitnessPolicy | Refusal:
    """The policy of witnesses given as `name+hash+base64`, or why it is none."""
    if len(keys) > WITNESSES_MAX:
        return Refusal(WitnessKeyFault.TOO_MANY, {"witnesses": len(keys), "witnesses_max": WITNESSES_MAX})
    read = []
    for text in keys:
        key = read_note_key(text)
        if key is None:
            return Refusal(WitnessKeyFault.UNREADABLE, {"key": text[:160]})
        read.append(key)
    return witness_policy(tuple(read), quorum=quorum)


def policy_value(policy: WitnessPolicy, *, number: int) -> dict[str, JSON]:
    """The value of the record `policy`, and of the one under its number, which stays when another policy follows."""
    return {"number": number, "quorum": policy.quorum, "witnesses": [str(key) for key in policy.witnesses]}


def number_of(value: Mapping[str, Any] | None) -> int | None:
    """Which policy of this registry a record is, from 1: 0 before the first, None for one set before they counted."""
    return 0 if value is None else value.get("number")


def policy_of_record(value: Mapping[str, Any] | None) -> WitnessPolicy | None:
    """The policy in a record; None where none was set, or it was lifted: no witness is required then."""
    if value is None or value["quorum"] == 0:
        return None
    policy = policy_of_keys(value["witnesses"], quorum=value["quorum"])
    assert not isinstance(policy, Refusal), "the record was made by the rule"
    return policy


def policy_lines(policy: WitnessPolicy, *, log: str) -> str:
    """The policy as a file that readers of proofs can use (C2SP tlog-policy)."""
    lines = [f"log {log}", *(f"witness {key.name} {key}" for key in policy.witnesses)]
    names = " ".join(key.name for key in policy.witnesses)
    # A plus sign stands in no name of a witness, so the name of the group is nobody else's.
    return "\n".join([*lines, f"group registry+quorum {policy.quorum} {names}", "quorum registry+quorum", ""])
