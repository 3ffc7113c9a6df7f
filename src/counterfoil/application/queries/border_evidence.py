"""Evidence for a border adjustment: what was charged and paid at home for goods, what units covered, and proofs.

Only registered data stand in it: liabilities with their entries, accepted units by their serials with their true
status, and documents of the evidence store. Credits of the voluntary register have no place. What the law abroad counts
comes from its pack; a rule that nobody has settled yet is a placeholder there, and is shown as one.

Read before: `domain/compliance/carbon_price.py`. Source: requirement R-EUR-04.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from counterfoil.application.queries.compliance import liability as liability_view
from counterfoil.application.queries.law import basis_view
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.unit_facts import unit_facts
from counterfoil.domain.compliance.carbon_price import (
    KG_PER_TONNE,
    BorderRules,
    CarbonPriceFault,
    Charged,
    PriceCounts,
    Rebates,
    UnitsCount,
    effective,
    for_goods,
    per_tonne,
)
from counterfoil.domain.compliance.claim import end_status
from counterfoil.domain.compliance.declared_goods import Amount, Declaration, unclear
from counterfoil.domain.compliance.liability import LIABILITY
from counterfoil.domain.compliance.voluntary import VOLUNTARY
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.record import to_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.law import Law
from counterfoil.domain.units.identifier import identifier

FORMAT: Final = "counterfoil-border-evidence-1"
RULES: Final[Mapping[str, type[StrEnum]]] = {
    "border_price_counts": PriceCounts,
    "border_rebates": Rebates,
    "border_units": UnitsCount,
}
"""The values of a pack that say what counts, and the words that each may have."""


class BorderFault(StrEnum):
    VOLUNTARY_EXCLUDED = "border.voluntary_excluded"
    CURRENCY_DIFFERS = "border.currency_differs"
    DOCUMENT_MISSING = "border.document_missing"
    GOODS_EXCEED = "border.goods_exceed"


@dataclass(frozen=True, slots=True)
class BorderEvidence:
    """The evidence as JSON, the entries to prove, and the documents to hand over, by SHA-256."""

    view: dict[str, Any]
    entries: tuple[int, ...]
    documents: tuple[str, ...]


def border_evidence(sight: Sight, declaration: Declaration, law: Law, *, on: date) -> BorderEvidence | Refusal:
    """All that the register can show for the declared goods under a law on a day.

    Refuses voluntary credits, liabilities that were never filed, amounts in another currency than the charge, documents
    that are not in the evidence store, goods with more emissions than the price was charged on, and a law that does not
    say what counts.
    """
    refusal = unclear(declaration) or _unfounded(sight, declaration)
    if refusal is not None:
        return refusal
    rules = _rules(law, on)
    if isinstance(rules, Refusal):
        return rules
    shown: list[dict[str, Any]] = []
    entries: set[int] = set()
    for name in declaration.liabilities:
        view = _liability(sight, name, declaration, rules)
        if isinstance(view, Refusal):
            return view
        shown.append(view)
        entries |= {view["entry"], *(each["entry"] for each in view["units"])}
    documents = tuple(sorted({each.document for each in (*declaration.payments, *declaration.rebates)}))
    return BorderEvidence(_view(sight, declaration, law, shown, on), tuple(sorted(entries)), documents)


def _unfounded(sight: Sight, declaration: Declaration) -> Refusal | None:
    for name in declaration.liabilities:
        if sight.record(VOLUNTARY, name) is not None:
            return Refusal(BorderFault.VOLUNTARY_EXCLUDED, {"voluntary": name[:80]})
    for amount in (*declaration.payments, *declaration.rebates):
        if not sight.evidence.has(amount.document):
            return Refusal(BorderFault.DOCUMENT_MISSING, {"document": amount.document})
    return None


def _rules(law: Law, on: date) -> BorderRules | Refusal:
    words: list[Any] = []
    for name, kind in RULES.items():
        row = law.value(name, on)
        if row is None or row.value not in set(kind):
            known = ", ".join(kind)
            return Refusal(CarbonPriceFault.RULE_MISSING, {"pack": law.pack, "value": name, "known": known})
        words.append(kind(str(row.value)))
    return BorderRules(*words)


def _liability(sight: Sight, name: str, declaration: Declaration, rules: BorderRules) -> dict[str, Any] | Refusal:
    view = liability_view(sight, name)
    if isinstance(view, Refusal):
        return view
    row = sight.reading.record(LIABILITY, name)
    assert row is not None, "a liability that is shown is recorded"
    money = view["charge"]
    paid, rebates = (
        [each for each in amounts if each.liability == name] for amounts in (declaration.payments, declaration.rebates)
    )
    currencies = sorted({each.currency for each in (*paid, *rebates)} | ({money["currency"]} if money else set()))
    if len(currencies) > 1:
        return Refusal(BorderFault.CURRENCY_DIFFERS, {"liability": name, "currencies": ", ".join(currencies)})
    emissions_t = int(view.get("emissions_t") or view.get("base_t") or 0)
    embedded_kg = sum(goods.embedded_kg for goods in declaration.goods)
    if embedded_kg > emissions_t * KG_PER_TONNE:
        charged_kg = emissions_t * KG_PER_TONNE
        facts: dict[str, JSON] = {"liability": name, "embedded_kg": embedded_kg, "emissions_kg": charged_kg}
        return Refusal(BorderFault.GOODS_EXCEED, facts)
    before, after = (money["before"], money["after"]) if money else (None, None)
    charged = Charged(name, emissions_t, before, after, _sum(paid), _sum(rebates))
    amount = effective(charged, rules)
    if isinstance(amount, Refusal):
        return amount
    each = per_tonne(amount, emissions_t)
    return {
        **{key: view[key] for key in ("liability", "entity", "scheme", "year", "filed_on", "law", "deducted_t")},
        "entry": row.seq,
        "emissions_t": emissions_t,
        "currency": currencies[0] if currencies else None,
        "due_before_units": before,
        "due_after_units": after,
        "paid": charged.paid,
        "rebates": charged.rebates,
        "carbon_price": amount,
        "per_tonne": None if each is None else {"numerator": each.numerator, "denominator": each.denominator},
        "goods": [0 if each is None else for_goods(each, goods.embedded_kg) for goods in declaration.goods],
        "units": [_units(sight, surrender) for surrender in view["surrenders"]],
    }


def _sum(amounts: Iterable[Amount]) -> int:
    return sum(each.amount for each in amounts)


def _units(sight: Sight, surrender: Mapping[str, Any]) -> dict[str, Any]:
    """The accepted units of one declaration with their true status: how they ended, what their State said."""
    first, _, last = str(surrender["serials"]).partition("..")
    entry = sight.entry(surrender["entry"])
    assert entry is not None, "a surrender that is shown was set by an entry"
    key, serials = surrender["unit_class"], (int(first), int(last or first))
    facts = [unit_facts(held.facts) for held in sight.holdings_between(key, *serials)]
    details: Mapping[str, Any] = entry.entry.details
    return {
        "surrender": surrender["surrender"],
        "entry": surrender["entry"],
        "first": identifier(key, serials[0]),
        "last": identifier(key, serials[1]),
        "quantity_t": surrender["accepted_t"],
        "deducted_t": surrender["deducted_t"],
        "unit_type": surrender["unit_type"],
        "effect": surrender["effect"],
        "status": end_status(entry.entry.act.value, str(details.get("purpose", ""))).value,
        "authorizations": sorted({each.authorization for each in facts if each.authorization}),
        "first_transferred": bool(facts) and all(each.first_transferred_on is not None for each in facts),
    }


def _view(sight: Sight, declaration: Declaration, law: Law, shown: list[dict[str, Any]], on: date) -> dict[str, Any]:
    registry = sight.registry
    rows = [(name, law.value(name, on)) for name in RULES]
    rules = [{"name": name, "value": str(row.value), "basis": basis_view(row.basis, law)} for name, row in rows if row]
    return {
        "format": FORMAT,
        "on": on.isoformat(),
        "registry": {"id": registry.registry, "party": registry.party, "origin": registry.origin},
        "demonstration": registry.demonstration,
        "declaration": to_json(declaration),
        "liabilities": shown,
        "rules": rules,
        "doubtful": [name for name, row in rows if row and row.basis.doubtful],
        "voluntary_credits": "excluded",
    }
