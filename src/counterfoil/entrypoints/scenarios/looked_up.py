"""Words in the fields of a step that stand for something which is looked up when the step is played.

`{ holding = ACCOUNT, quantity = N }` the lowest N units in one unbroken range of an account (with `class = KEY` of one
class), `{ evidence = TEXT }` the digest of a document that is put into the evidence store first,
`{ version_of = PACK }` the version of a pack that is loaded.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Protocol

import msgspec

from counterfoil.application.command import Units
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.ledger.books import Holding
from counterfoil.entrypoints.laws_at_hand import LawsAtHand
from counterfoil.entrypoints.scenarios.script import ScriptUnreadable, Step


class Place(Protocol):
    """Where a step is played: its registries, side by side."""

    laws: LawsAtHand

    def sight(self, party: str) -> Sight:
        """A look at one registry's committed books; whoever asked closes its reading."""
        ...

    def kept(self, party: str, document: bytes) -> str:
        """Put a document into a registry's evidence store, and give its digest."""
        ...


def looked_up(value: Any, step: Step, place: Place) -> Any:
    """A field's value with every such word replaced. Days are written as text, as they are in JSON.

    Raises:
        ScriptUnreadable: nothing is in the account that is named.
    """
    if isinstance(value, list):
        return [looked_up(item, step, place) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, Mapping):
        return value
    if "holding" in value:
        return msgspec.to_builtins(_units(value, step, place))
    if "version_of" in value:
        law = place.laws.law(str(value["version_of"]))
        return "" if law is None else law.version
    if "evidence" in value:
        return place.kept(step.registry, str(value["evidence"]).encode())
    return {name: looked_up(item, step, place) for name, item in value.items()}


def _units(asked: Mapping[str, Any], step: Step, place: Place) -> Units:
    """The lowest range of an account that is long enough; where none is, the one that would be refused as such."""
    account, quantity = str(asked["holding"]), int(asked["quantity"])
    sight = place.sight(step.registry)
    try:
        found = [
            each
            for each in sight.all_holdings()
            if each.account == account and asked.get("class", each.unit_class) == each.unit_class
        ]
    finally:
        sight.reading.close()
    ranges = _unbroken(found)
    if not ranges:
        raise ScriptUnreadable(f"step {step.number}: nothing is in {account}")
    chosen = next((each for each in ranges if each.last - each.first + 1 >= quantity), ranges[-1])
    return Units(chosen.unit_class, chosen.first, chosen.first + quantity - 1)


def _unbroken(found: Iterable[Holding]) -> list[Units]:
    """Holdings that lie side by side as one range each, in order of class and number."""
    ranges: list[Units] = []
    for each in sorted(found, key=lambda holding: (holding.unit_class, holding.serials.first)):
        last = ranges[-1] if ranges else None
        if last is not None and last.unit_class == each.unit_class and last.last + 1 == each.serials.first:
            ranges[-1] = Units(last.unit_class, last.first, each.serials.last)
        else:
            ranges.append(Units(each.unit_class, each.serials.first, each.serials.last))
    return ranges
