"""The accounts from remembered events are those that folding the journal gives, on any day and after any entry."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings

from counterfoil.adapters.codec import JsonCodec
from counterfoil.application.commands.correct import CORRECTED
from counterfoil.application.queries.account_events import AccountEvents
from counterfoil.application.queries.accounts_at import accounts_at
from counterfoil.application.queries.ctf_table4 import ctf_table4, table_json
from counterfoil.application.queries.event_sums import PORTION, EventRanges, EventSums, Moment
from counterfoil.application.queries.party_accounts import AccountsFault, Gather, PartyAccounts, party_accounts
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.accounting.safeguards import Range
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.entry import Act, Entry, FactChange, JournalEntry, Move
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from tests.domain.commands.desk import Desk, registry
from tests.properties.test_histories import long_histories
from tests.properties.world import Step, world
from tests.worlds import played_world

CODEC = JsonCodec()
UNITS = "CA9001-THA01-THA-#-2023"


class Journal:
    """A reading of a list of entries, and nothing else."""

    def __init__(self, entries: list[JournalEntry]) -> None:
        self.rows = [SimpleNamespace(seq=each.seq, leaf=CODEC.encode(each.leaf())) for each in entries]

    def last_checkpoint(self) -> Any:
        return SimpleNamespace(size=len(self.rows))

    def journal(self, first: int = 0, last: int | None = None) -> Iterator[Any]:
        return iter(self.rows[first : None if last is None else last + 1])

    def row(self, seq: int) -> Any:
        return self.rows[seq] if seq < len(self.rows) else None


def seen(desk: Desk, entries: list[JournalEntry]) -> Sight:
    """The books of a desk after some of its entries."""

    def records(kind: str) -> Iterator[tuple[str, Any]]:
        corrected = [(str(each.entry.corrects), None) for each in entries if each.entry.corrects is not None]
        return iter(corrected if kind == CORRECTED else ())

    return SimpleNamespace(  # type: ignore[return-value]
        registry=desk.registry,
        records=records,
        record=lambda _kind, _key: None,
        entries=lambda: iter(entries),
        reading=Journal(entries),
        codec=CODEC,
    )


def told(found: PartyAccounts | Refusal) -> Any:
    """What accounts say, without how finely it is cut."""
    if isinstance(found, Refusal):
        return found.code
    flows: Counter[Any] = Counter()
    for flow in found.flows:
        flows[replace(flow, quantity=0)] += flow.quantity
    return {
        "flows": flows,
        "used": sorted(found.used),
        "acquired": sorted(found.acquired),
        "unused": sorted((each, serial) for each, serial in units(found.unused)),
        "omge": {year: amount for year, amount in found.omge.items() if amount},
        "adaptation": {year: amount for year, amount in found.adaptation.items() if amount},
        "partners": found.partners,
        "to come": found.authorized_not_transferred,
        "by units": {name: amount for name, amount in found.awaiting_by_units.items() if amount},
        "by book": {name: amount for name, amount in found.awaiting_by_book.items() if amount},
        "closed": {
            name: each
            for name, amounts in found.closed_by_book.items()
            if (each := {k: v for k, v in amounts.items() if v})
        },
        "agrees": found.agrees_with_book,
    }


def units(ranges: list[Range]) -> Iterator[tuple[str, int]]:
    return ((each.unit_class, serial) for each in ranges for serial in range(each.first, each.last + 1))


def compare(desk: Desk, *, chance: random.Random) -> int:
    """Both ways at some moments and days; how many flows were met."""
    party, events, met = desk.registry.party, AccountEvents(desk.registry.party), 0
    days = sorted({each.entry.effective_on for each in desk.journal} | {date(2026, 12, 31)})
    whole = seen(desk, desk.journal)
    while events.size < len(desk.journal):
        events.follow(whole, limit=7)
    for size in {len(desk.journal), *(chance.randrange(1, len(desk.journal) + 1) for _ in range(3))}:
        for day in {days[-1], chance.choice(days)}:
            folded = party_accounts(seen(desk, desk.journal[:size]), party=party, year=2026, as_of=day)
            kept = accounts_at(whole, events, party=party, year=2026, as_of=day, size=size)
            assert told(kept) == told(folded), (party, size, day)
            met += 0 if isinstance(kept, Refusal) else len(kept.flows)
    return met


@given(long_histories)
@settings(max_examples=40)
def test_what_is_remembered_is_what_the_journal_folds_to(history: list[Step]) -> None:
    found = world()
    for step in history:
        found.take(step)
    chance = random.Random(len(history))
    for desk in found.desks.values():
        compare(desk, chance=chance)


@pytest.mark.parametrize("party", ["THA", "CHE"])
def test_the_demonstration_says_the_same_on_every_day(tmp_path_factory: pytest.TempPathFactory, party: str) -> None:
    """Real acts over several years: levies, acquisitions, uses, letters that changed."""
    with open_for_reading(Folder(played_world(tmp_path_factory) / party)) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)
        events, met = AccountEvents(party), 0
        events.follow(sight, limit=10**6)
        days = sorted({entry.entry.effective_on for entry in sight.entries()})
        chosen = {*days[:: max(1, len(days) // 6)], days[-1], date(2031, 6, 30)}
        assert len(chosen) > 3
        for day in chosen:
            folded = party_accounts(sight, party=party, year=day.year, as_of=day)
            kept = accounts_at(sight, events, party=party, year=day.year, as_of=day, size=events.size)
            assert told(kept) == told(folded), day
            met += 0 if isinstance(kept, Refusal) else len(kept.flows)
        for year in (2023, 2024):
            tables = [
                ctf_table4(sight, party=party, year=year, as_of=date(2031, 6, 30), gather=gather)
                for gather in (party_accounts, _from(events))
            ]
            assert not isinstance(tables[0], Refusal) and not isinstance(tables[1], Refusal)
            assert table_json(tables[0], registry={}) == table_json(tables[1], registry={})
        assert met


def _from(events: AccountEvents) -> Gather:
    return lambda sight, *, party, year, as_of: accounts_at(
        sight, events, party=party, year=year, as_of=as_of, size=events.size
    )


def entry(seq: int, day: int, source: str, target: str, *, follows: tuple[int, ...] = ()) -> JournalEntry:
    """Ten units of one class move on a day of March 2025; who gets them from nowhere gets them with facts."""
    facts = (FactChange(UNITS, 1, 10, {"type": "ITMO", "activity": "A"}),) if source.startswith("issued") else ()
    moved = Entry(
        Act.ISSUED if facts else Act.TRANSFERRED, date(2025, 3, day), (Move(UNITS, 1, 10, source, target),), facts
    )
    return JournalEntry(seq, f"c{seq}", "", "", "test", moved, follows)


def test_a_day_on_which_units_had_not_come_to_who_gave_them_is_refused() -> None:
    journal = [
        entry(0, 1, "issued:A", "a:one"),
        entry(1, 20, "a:one", "a:two", follows=(0,)),
        entry(2, 10, "a:two", "a:three", follows=(1,)),
    ]
    sight, events = seen(Desk(registry("THA")), journal), AccountEvents("THA")
    events.follow(sight, limit=10)
    for day, expected in ((9, False), (10, True), (19, True), (20, False)):
        on = date(2025, 3, day)
        folded = party_accounts(sight, party="THA", year=2025, as_of=on)
        kept = accounts_at(sight, events, party="THA", year=2025, as_of=on, size=3)
        assert told(kept) == told(folded)
        assert (told(kept) == AccountsFault.ORDER) == expected
    before = accounts_at(sight, events, party="THA", year=2025, as_of=date(2025, 3, 10), size=2)
    assert not isinstance(before, Refusal), "two entries after which it had not happened yet"


def test_sums_on_any_day_after_any_entry_are_those_of_the_events() -> None:
    """Portions that a question cuts through, and those that it takes or leaves whole."""
    chance, sums, ranges = random.Random(5), EventSums[str](), EventRanges()
    told_of = []
    for seq in range(3 * PORTION):
        day, key, amount = seq // 40 + chance.randrange(30), chance.choice("abc"), chance.randrange(-5, 9)
        told_of.append((seq, day, key, amount))
        sums.add(seq, day, key, amount)
    for _ in range(40):
        moment = Moment(
            chance.randrange(350), chance.randrange(3 * PORTION + 9), frozenset(chance.sample(range(3 * PORTION), 9))
        )
        expected: Counter[str] = Counter()
        for seq, day, key, amount in told_of:
            if day <= moment.day and seq < moment.size and seq not in moment.without:
                expected[key] += amount
        assert sums.at(moment) == {key: amount for key, amount in expected.items() if amount}
    for seq, (first, last, sign) in enumerate(((1, 10, 1), (11, 20, 1), (4, 12, -1), (30, 40, 1))):
        ranges.add(seq, 1, Range(UNITS, first, last), sign=sign)
    assert ranges.standing(Moment(1, 4)) == [Range(UNITS, 1, 3), Range(UNITS, 13, 20), Range(UNITS, 30, 40)]
    assert ranges.standing(Moment(1, 2)) == [Range(UNITS, 1, 20)]
    assert ranges.standing(Moment(1, 4, frozenset({2, 3}))) == [Range(UNITS, 1, 20)]
    assert ranges.standing(Moment(0, 4)) == []


def corrected(seq: int, day: int, wrong: JournalEntry, *, follows: tuple[int, ...]) -> JournalEntry:
    (move,) = wrong.entry.moves
    back = Move(UNITS, move.first, move.last, move.target, move.source)
    entry = Entry(Act.CORRECTED, date(2025, 3, day), (back,), corrects=wrong.seq)
    return JournalEntry(seq, f"c{seq}", "", "", "test", entry, follows)


def labelled(seq: int, day: int, *, follows: tuple[int, ...]) -> JournalEntry:
    """Facts about the same units, which moves none."""
    entry = Entry(Act.UNITS_AUTHORIZED, date(2025, 3, day), (), (FactChange(UNITS, 1, 10, {"note": "x"}),))
    return JournalEntry(seq, f"c{seq}", "", "", "test", entry, follows)


def behind_a_correction() -> list[JournalEntry]:
    wrong = entry(2, 22, "a:two", "a:three", follows=(1,))
    return [
        entry(0, 1, "issued:A", "a:one"),
        entry(1, 20, "a:one", "a:two", follows=(0,)),
        wrong,
        corrected(3, 23, wrong, follows=(2,)),
        entry(4, 10, "a:two", "a:four", follows=(3,)),
    ]


def behind_facts() -> list[JournalEntry]:
    return [
        entry(0, 1, "issued:A", "a:one"),
        entry(1, 20, "a:one", "a:two", follows=(0,)),
        labelled(2, 21, follows=(1,)),
        entry(3, 10, "a:two", "a:three", follows=(2,)),
    ]


def behind_what_was_corrected() -> list[JournalEntry]:
    """The later day is that of an entry that was taken back: nothing stands in the way."""
    wrong = entry(1, 20, "a:one", "a:two", follows=(0,))
    return [
        entry(0, 1, "issued:A", "a:one"),
        wrong,
        corrected(2, 23, wrong, follows=(1,)),
        entry(3, 10, "a:one", "a:three", follows=(2,)),
    ]


@pytest.mark.parametrize("journal", [behind_a_correction(), behind_facts(), behind_what_was_corrected()])
def test_what_had_not_come_is_found_behind_corrections_and_facts(journal: list[JournalEntry]) -> None:
    sight, events = seen(Desk(registry("THA")), journal), AccountEvents("THA")
    events.follow(sight, limit=10)
    for day in range(1, 25):
        on = date(2025, 3, day)
        folded = party_accounts(sight, party="THA", year=2025, as_of=on)
        kept = accounts_at(sight, events, party="THA", year=2025, as_of=on, size=len(journal))
        assert told(kept) == told(folded), day
