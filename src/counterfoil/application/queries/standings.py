"""What stands where, added up: units by account and class, the adjustment book, and which letters name an activity.

The tables have blocks, not sums. Adding a million blocks costs a second, so a server that stays does it once and then
follows the moves and postings of the entries that come. Read next: `application/queries/activity_search.py`, which
does the same for activities.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.authorizations.authorization import AUTHORIZATION_RECORD
from counterfoil.domain.ledger.entry import ADJUSTMENTS, UNITS

ENTRIES_MAX: Final = 50_000
"""Beyond so many new entries the blocks are added up anew."""
_NOTHING: Final[Mapping[str, int]] = {}


class Standings:
    """The sums of one registry. One thread at a time uses it."""

    def __init__(self) -> None:
        self._units: dict[str, dict[str, int]] = {}
        self._words: Counter[str] = Counter()
        self._born: Counter[str] = Counter()
        """By class what all accounts hold that are not below zero, which is what was ever born."""
        self._adjustments: dict[str, dict[str, int]] = {}
        self._letters: dict[str, set[str]] = {}
        self.size = 0
        """How many entries the sums include."""

    def refresh(self, sight: Sight) -> None:
        """Take in what was committed since the last time."""
        last = sight.reading.last_checkpoint()
        size = 0 if last is None else last.size
        if size <= self.size:
            return  # nothing new, or a look that is older than the last one
        if self.size == 0 or size - self.size > ENTRIES_MAX:
            self._anew(sight)
        else:
            for row in sight.reading.journal(self.size, size - 1):
                self._follow(sight.codec.decode_unchecked(row.leaf))
        self.size = size

    def _anew(self, sight: Sight) -> None:
        self._units, self._words, self._born = {}, Counter(), Counter()
        self._adjustments, self._letters = {}, {}
        terms = {(term.kind, term.number): term.text for term in sight.reading.terms() if term.kind != "lot"}
        for unit_class, account, amount in sight.reading.block_sums():
            self._add(terms["account", account], terms["class", unit_class], amount)
        for row in sight.reading.balances():
            if row.book == UNITS:
                self._add(row.account, row.commodity, row.amount)
            elif row.book == ADJUSTMENTS:
                self._post(row.commodity, row.account, row.amount)
        for name, value in sight.records(AUTHORIZATION_RECORD):
            self._named(name, value)

    def _follow(self, leaf: Mapping[str, Any]) -> None:
        for unit_class, first, last, source, target in leaf.get("moves", ()):
            self._add(source, unit_class, first - last - 1)
            self._add(target, unit_class, last - first + 1)
        for book, commodity, account, amount in leaf.get("posts", ()):
            if book == ADJUSTMENTS:
                self._post(commodity, account, amount)
        for kind, key, value in leaf.get("records", ()):
            if kind == AUTHORIZATION_RECORD:
                self._named(key, value)

    def _named(self, letter: str, value: Mapping[str, Any]) -> None:
        """A letter stays with an activity that it once named, because what it covered then stays covered."""
        for activity in value["activities"]:
            self._letters.setdefault(activity, set()).add(letter)

    def _add(self, account: str, unit_class: str, amount: int) -> None:
        own = self._units.setdefault(account, {})
        before = own.get(unit_class, 0)
        after = own[unit_class] = before + amount
        self._born[unit_class] += max(0, after) - max(0, before)
        if not after:
            del own[unit_class]
        self._words[account.partition(":")[0]] += amount

    def _post(self, commodity: str, account: str, amount: int) -> None:
        own = self._adjustments.setdefault(commodity, {})
        own[account] = own.get(account, 0) + amount

    def of(self, account: str) -> Mapping[str, int]:
        """The units of an account by class; below zero for an account from which units are born."""
        return self._units.get(account, _NOTHING)

    def ending(self, word: str) -> int:
        """The units in all accounts whose code begins with a word, such as `used` or `to`."""
        return self._words[word]

    def held(self, reserved: Iterable[str]) -> int:
        """The units in accounts that were opened by name: all but those with a reserved word."""
        return sum(self._words.values()) - sum(self._words[word] for word in reserved)

    def accounts(self) -> Iterator[tuple[str, int]]:
        """Every account that has units, with their number."""
        return ((account, sum(own.values())) for account, own in self._units.items() if own)

    def classes(self) -> dict[str, int]:
        """Every class with how many units of it were ever born, here or by import."""
        return {unit_class: born for unit_class, born in sorted(self._born.items()) if born}

    def letters(self, activity: str) -> list[str]:
        """The authorizations that name an activity, or did."""
        return sorted(self._letters.get(activity, ()))

    def adjustments(self) -> Mapping[str, Mapping[str, int]]:
        """The adjustment book: amounts by account, by commodity."""
        return self._adjustments
