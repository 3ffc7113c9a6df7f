"""The words of a letter: one language, or two side by side, with the years of the country's own era."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from counterfoil.application.paper import Paragraph
from counterfoil.domain.policy.kinds.presentation import Era
from counterfoil.entrypoints.reports.words import DASH, Words

SINCE: Final = {Era.BUDDHIST: date(1, 1, 1), Era.MINGUO: date(1912, 1, 1), Era.REIWA: date(2019, 5, 1)}
"""The first day of each era that can be shown; an earlier day is shown in the common era alone."""
YEARS_BEFORE: Final = {Era.BUDDHIST: -543, Era.MINGUO: 1911, Era.REIWA: 2018}
"""What is taken from a common year to get the era's year."""


class Speech:
    """How a letter says things: every text in each of its languages, in their order."""

    def __init__(self, words: Sequence[Words], era: Era = Era.COMMON) -> None:
        assert words
        self.words = tuple(words)
        self.era = era

    @property
    def first(self) -> Words:
        return self.words[0]

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(each.language for each in self.words)

    def label(self, key: str) -> str:
        """A short text, such as a heading: the languages one behind the other."""
        return self.each(lambda words: words(key), between=" ")

    def said(self, key: str, /, **facts: object) -> str:
        """A value in words; said once where both languages say the same."""
        return self.each(lambda words: words(key, **facts))

    def paragraphs(self, key: str, /, **facts: object) -> tuple[Paragraph, ...]:
        return tuple(Paragraph(words(key, **facts)) for words in self.words)

    def each(self, say: Callable[[Words], str], *, between: str = " · ") -> str:
        """One text from one in each language, without saying the same twice."""
        return between.join(dict.fromkeys(say(words) for words in self.words))

    def named(self, key: str, name: str) -> str:
        """A code with its word in each language; a code without a word is shown as it is."""
        return self.each(lambda words: words.named(key, name))

    def terms(self, key: str, names: Sequence[str]) -> str:
        """Several codes by their words: one list in each language."""
        return self.each(lambda words: words.listed([words.named(key, name) for name in names]))

    def yes(self, value: bool) -> str:  # noqa: FBT001  the value is what is said
        return self.said("letter.yes" if value else "letter.no")

    def listed(self, items: Sequence[str]) -> str:
        return ", ".join(items) if items else DASH

    def day(self, day: date | None) -> str:
        """A day in the common era, and its year in the country's own."""
        if day is None:
            return DASH
        return self.each(
            lambda words: f"{words.day(day)}{self._era_year(words, day.year)}" if self._shown(day) else words.day(day)
        )

    def _shown(self, day: date) -> bool:
        return self.era is not Era.COMMON and day >= SINCE[self.era]

    def _era_year(self, words: Words, year: int) -> str:
        return words(f"letter.era.{self.era.value}", year=year - YEARS_BEFORE[self.era])
