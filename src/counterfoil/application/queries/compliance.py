"""Liabilities, what units covered of them, certificates of surrender, and the voluntary register.

Source: requirements R-CMP-05, R-TWN-03, R-INT-06, R-INT-07.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.compliance.liability import LIABILITY
from counterfoil.domain.compliance.surrender import SURRENDER, NotAccepted, Surrender
from counterfoil.domain.compliance.voluntary import VOLUNTARY
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.identifier import identifier

CERTIFICATE: Final = "counterfoil-surrender-certificate-1"
LISTED_MAX: Final = 10_000


class ComplianceViewFault(StrEnum):
    LIABILITY_UNKNOWN = "compliance.liability_unknown"
    SURRENDER_UNKNOWN = "compliance.surrender_unknown"


def liabilities(sight: Sight) -> list[dict[str, Any]]:
    """Every liability with what units covered of it, at most `LISTED_MAX`."""
    last = {each["liability"]: each for each in _surrenders(sight)}
    return [_liability(value, last.get(key)) for key, value in sight.records(LIABILITY, limit=LISTED_MAX)]


def liability(sight: Sight, name: str) -> dict[str, Any] | Refusal:
    """One liability with its declarations, in the order of their entries."""
    value = sight.record(LIABILITY, name)
    if value is None:
        return Refusal(ComplianceViewFault.LIABILITY_UNKNOWN, {"liability": name[:80]})
    own = [each for each in _surrenders(sight) if each["liability"] == name]
    return {**_liability(value, own[-1] if own else None), "answers": value["answers"], "surrenders": own}


def certificate(sight: Sight, name: str) -> dict[str, Any] | Refusal:
    """What a tax office needs of one surrender: the outcome, the serials, the law, and where the journal proves it.

    `proof.entry` is the number to ask `prove` for; the leaf in that bundle hashes to `proof.leaf_hash`.
    """
    row = sight.reading.record(SURRENDER, name)
    if row is None:
        return Refusal(ComplianceViewFault.SURRENDER_UNKNOWN, {"surrender": name[:80]})
    surrender = from_json(Surrender, sight.record(SURRENDER, name))
    journal = sight.reading.row(row.seq)
    checkpoint = sight.reading.last_checkpoint()
    assert journal is not None and checkpoint is not None, "a record that is read was set by a committed entry"
    registry = sight.registry
    return {
        "format": CERTIFICATE,
        "registry": {"id": registry.registry, "party": registry.party, "origin": registry.origin},
        **_surrender(surrender, row.seq),
        "identifiers": {
            "first": identifier(surrender.unit_class, surrender.accepted.first),
            "last": identifier(surrender.unit_class, surrender.accepted.last),
        },
        "law": {"pack": surrender.pack, "version": surrender.version, "law_on": surrender.law_on.isoformat()},
        "proof": {
            "entry": row.seq,
            "leaf_hash": journal.leaf_hash.hex(),
            "checkpoint": {"number": checkpoint.number, "size": checkpoint.size, "note": checkpoint.note},
        },
    }


def voluntary(sight: Sight) -> list[dict[str, Any]]:
    """The voluntary register, at most `LISTED_MAX` entries: each of compliance value 0 and in nobody's NDC."""
    return [
        {**value, "quantity_t": value["serials"]["last"] - value["serials"]["first"] + 1, "counts_to_ndc": False}
        for _, value in sight.records(VOLUNTARY, limit=LISTED_MAX)
    ]


def _surrenders(sight: Sight) -> list[dict[str, Any]]:
    """All surrenders as they are shown, the oldest entry first."""
    rows = [(row.seq, row.key) for row in sight.reading.records(SURRENDER, after="", limit=LISTED_MAX)]
    return [_surrender(from_json(Surrender, sight.record(SURRENDER, key)), seq) for seq, key in sorted(rows)]


def _surrender(surrender: Surrender, seq: int) -> dict[str, Any]:
    rest = surrender.not_accepted
    money = surrender.charge
    return {
        "surrender": surrender.id,
        "entry": seq,
        "declared_on": surrender.declared_on.isoformat(),
        "liability": surrender.liability,
        "entity": surrender.entity,
        "scheme": surrender.scheme,
        "year": surrender.year,
        "effect": surrender.effect.value,
        "unit_type": surrender.unit_type,
        "unit_class": surrender.unit_class,
        "declared_t": surrender.declared.size,
        "accepted_t": surrender.accepted_t,
        "serials": str(surrender.accepted),
        "not_accepted": None
        if rest is None
        else {"serials": str(rest), "quantity_t": rest.size, "code": NotAccepted.CAP_EXCEEDED.value},
        "limit": surrender.limit,
        "cap_t": surrender.cap_t,
        "deducted_t": surrender.deducted_t,
        "charge": None if money is None else {"currency": money.currency, "before": money.before, "after": money.after},
    }


def _charge(value: Mapping[str, Any], last: Mapping[str, Any] | None) -> Any:
    """What the law charged at the filing or after the last declaration; older filings kept it with the latter alone."""
    return value.get("charge") or (None if last is None else last["charge"])


def _liability(value: Mapping[str, Any], last: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        "liability": value["id"],
        "entity": value["entity"],
        "account": value["account"],
        "scheme": value["scheme"],
        "year": value["year"],
        "filed_on": value["filed_on"],
        "law_on": value["law_on"],
        "law": {"pack": value["pack"], "version": value["version"]},
        **value["base"],
        "accepted_t": sum(value["accepted_t"].values()),
        "deducted_t": value["deducted_t"],
        "charge": _charge(value, last),
    }
