"""The words of a letter: one language, or two side by side, with the years of the country's own era."""

from collections.abc import Callable, Sequence
from datetime import date

from counterfoil.application.paper import Paragraph
from counterfoil.domain.policy.kinds.presentation import Era, era_year
from counterfoil.entrypoints.reports.words import DASH, Words


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

    def parties(self, codes: Sequence[str]) -> str:
        """Jurisdictions by name and code: one list in each language."""
        return self.each(lambda words: words.listed([words.party(code) for code in codes]))

    def yes(self, value: bool) -> str:  # noqa: FBT001  the value is what is said
        return self.said("letter.yes" if value else "letter.no")

    def listed(self, items: Sequence[str]) -> str:
        return ", ".join(items) if items else DASH

    def day(self, day: date | None) -> str:
        """A day with its year in the country's own era, where that has one, and in the common era."""
        if day is None:
            return DASH
        return self.each(lambda words: self._day(words, day))

    def _day(self, words: Words, day: date) -> str:
        year = era_year(day, self.era)
        if year is None:
            return words.day(day)
        month = words(f"report.month.{day.month}")
        return words(f"letter.era.{self.era.value}", day=day.day, month=month, common=day.year, year=year)
