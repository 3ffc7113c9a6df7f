"""What the engine knows of units for the law: those that an entry moves, and those that a partner offers.

Of an activity abroad this register knows the name alone; what authorities here decided about such units they decided
about the letter of its host (`RecordDecision` with `host`).

Source: ADR-0024.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from counterfoil.application.command import Context, stored
from counterfoil.application.commands.acquire import AcceptTransfer
from counterfoil.application.commands.results_paid import known_of_results
from counterfoil.application.decided import about
from counterfoil.application.life_law import known_of
from counterfoil.domain.accounting.unit_facts import Status, UnitFacts, unit_facts
from counterfoil.domain.activities.activity import ACTIVITY, Activity
from counterfoil.domain.federation.link import PARTNER, Partner
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Move
from counterfoil.domain.units.identifier import UnitClass, unit_class

TYPE_WORD: Final = "type_word"
"""What the class or the facts of units say of their type, before it is read as a word of the law."""

Lot = tuple[UnitClass, UnitFacts]


def activity_known(books: Books, name: str) -> dict[str, Any]:
    """What the register says of an activity, with the answers that were given at its registration."""
    activity = stored(books, ACTIVITY, name, Activity)
    return {} if activity is None else known_of(activity)


def moved(moves: Iterable[Move], books: Books, context: Context) -> dict[str, Any]:
    """What the units of an entry are: their quantity, and what all of them have in common."""
    quantity = 0
    lots: list[Lot] = []
    for move in moves:
        of = unit_class(move.unit_class)
        assert isinstance(of, UnitClass), "a move of the books has a class that can be read"
        quantity += move.size
        lots += [(of, unit_facts(each.facts)) for each in books.holdings(move.unit_class, move.first, move.last)]
    return {"quantity_t": quantity, **_alike(lots, books, context)}


def offered(command: AcceptTransfer, books: Books, context: Context) -> dict[str, Any]:
    """What a partner offers: the receiving side has found that the letter covers it, and has shown its host's record.

    Whether the host adjusts stands in the letter; one that was never asked for its commitment says nothing.
    """
    lots: list[Lot] = []
    for part in command.parts:
        of = unit_class(part.unit_class)
        assert isinstance(of, UnitClass), "an offer that was accepted has classes that can be read"
        lots.append((of, unit_facts(part.facts)))
    known = _common(lots)
    letters = {(of.party, facts.authorization or "") for of, facts in lots}
    committed = [bool(each.get("adjustment_commitment")) for each in _shown(command.authorizations, letters)]
    known["authorized"] = True
    known["national_record"] = True
    if committed:
        known["corresponding_adjustment"] = all(committed)
    (host, letter), *others = sorted(letters)
    known |= about() if others else _about(host, "", letter, context)
    quantity = sum(part.last - part.first + 1 for part in command.parts)
    return {**known, "partner": _from_whom(command, lots, books), "quantity_t": quantity}


def _from_whom(command: AcceptTransfer, lots: Sequence[Lot], books: Books) -> str:
    """The Party that the units come from: of what the mechanism registry issued and forwards, their host.

    Source: A6.4-PROC-REGS-001 para. 51(b) (the registry itself is no participating Party).
    """
    sender = stored(books, PARTNER, command.partner, Partner)
    hosts = {of.party for of, _ in lots if sender is not None and of.registry == sender.registry}
    return hosts.pop() if len(hosts) == 1 else command.partner


def _shown(letters: Sequence[Mapping[str, Any]], behind: set[tuple[str, str]]) -> list[Mapping[str, Any]]:
    """The letters behind the units, of those that the partner sent along."""
    return [each for each in letters if (each.get("host"), each.get("id")) in behind]


def _alike(lots: Sequence[Lot], books: Books, context: Context) -> dict[str, Any]:
    """What units have in common, of their activity too where it is one of this register."""
    known: dict[str, Any] = about()
    if not lots:
        return known
    of, facts = lots[0]
    if all((each.party, held.activity) == (of.party, facts.activity) for each, held in lots):
        home = of.party in ("", context.registry.party)
        if home:
            known |= activity_known(books, facts.activity)
            known |= known_of_results(books, facts.activity, {each.vintage for each, _ in lots if each.vintage})
        if all(held.authorization == facts.authorization for _, held in lots):
            known |= _about(of.party, facts.activity, facts.authorization, context)
    foreign = [held for each, held in lots if each.party not in ("", context.registry.party)]
    if foreign:
        known["recognized"] = all(held.recognized_by == context.registry.party for held in foreign)
    return {**known, **_common(lots)}


def _about(host: str, activity: str, letter: str | None, context: Context) -> dict[str, Any]:
    """What decisions are about: an activity and a letter of this register, or the letter of another host alone."""
    home = host in ("", context.registry.party)
    return about(activity=(activity or None) if home else None, authorization=letter, host="" if home else host)


def _common(lots: Sequence[Lot]) -> dict[str, Any]:
    """The facts that all units share; one that differs, or that nobody knows, is left out."""
    known: dict[str, Any] = {}
    for name, values in (
        ("vintage", {of.vintage for of, _ in lots}),
        ("origin", {of.party for of, _ in lots}),
        ("authorized", {held.authorization is not None for _, held in lots}),
        ("first_transferred", {held.status is Status.FIRST_TRANSFERRED for _, held in lots}),
        ("activity_type", {held.activity_type for _, held in lots}),
        (TYPE_WORD, {held.law_type or of.scheme for of, held in lots}),
    ):
        (value,) = values if len(values) == 1 else (None,)
        if value not in (None, ""):
            known[name] = value
    return known
