"""On what a value or a rule stands: whose pack, which version, from which day, by which provision, and how sure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Confidence(StrEnum):
    """How well a dated row is founded. Order: surest first."""

    SEED = "seed"
    """Stated in the texts that the pack was written from."""
    FOUND = "found"
    """Found in a public secondary page; to be checked against the official text."""
    GENERAL = "general"
    """General knowledge, not looked up."""
    PLACEHOLDER = "placeholder"
    """Chosen by us, without a source in law. Never to be relied on."""


DOUBTFUL = frozenset({Confidence.GENERAL, Confidence.PLACEHOLDER})


@dataclass(frozen=True, slots=True)
class Text:
    """A text in both languages."""

    en: str
    zh_hant: str

    def in_language(self, language: str) -> str:
        return self.zh_hant if language == "zh-Hant" else self.en


@dataclass(frozen=True, slots=True)
class Span:
    """First to last day, both included; without a last day it still holds."""

    first: date
    last: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    def meets(self, other: "Span") -> bool:
        """Whether the two share a day."""
        return (self.last is None or other.first <= self.last) and (other.last is None or self.first <= other.last)


@dataclass(frozen=True, slots=True)
class Basis:
    """Where one answer, or one number in it, comes from. `name` is a rule, or a value such as `value.tax_rate`."""

    pack: str
    version: str
    name: str
    label: Text
    span: Span
    source: str
    provision: str
    confidence: Confidence
    note: Text | None = None
    """What the writer of the pack wants a lawyer to know, such as a day that is still to be checked."""

    @property
    def doubtful(self) -> bool:
        return self.confidence in DOUBTFUL
