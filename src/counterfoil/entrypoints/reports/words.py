"""The words of one language for a report: texts by key, headings of elements, days, numbers and units."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any, Final, Protocol

from counterfoil.application.paper import Titles
from counterfoil.domain.accounting.ctf_lines import TONNES
from counterfoil.domain.accounting.figure import shown
from counterfoil.domain.reporting.narrative.money import Money
from counterfoil.entrypoints.country_codes import country_names
from counterfoil.entrypoints.provision_text import provision_text

LANGUAGES: Final = ("en", "zh-Hant")
DASH: Final = "–"


class Text(Protocol):
    """The texts of one language by their keys, as the entrypoint has them."""

    language: str

    def __call__(self, key: str, /, **facts: Any) -> str: ...

    def known(self, key: str) -> str | None: ...


class Words:
    """How one language says what stands in a report."""

    def __init__(self, text: Text) -> None:
        self.language = text.language
        self.text = text

    def __call__(self, key: str, /, **facts: Any) -> str:
        return self.text(key, **facts)

    def title(self, key: str) -> str:
        """The heading of an element or chapter."""
        return elements()[key]["title"][self.language]

    def asks(self, key: str) -> str:
        """What an answer to the element has to say."""
        return elements()[key].get("asks", {}).get(self.language, "")

    def day(self, day: date | None) -> str:
        if day is None:
            return DASH
        return self.text("report.day", day=day.day, month=self.text(f"report.month.{day.month}"), year=day.year)

    def party(self, code: str) -> str:
        """A jurisdiction by its name and code; one without a name here is shown by its code alone."""
        names = country_names().get(code)
        return code if names is None else self.text("report.party", name=names[self.language], code=code)

    def provision(self, text: str) -> str:
        """A provision in the words of this language, such as `2/CMA.3 annex para. 23(a)`."""
        return provision_text(text, self.text)

    def number(self, value: int | Fraction) -> str:
        """A number with groups of three digits; a fraction rounded half-even to a hundredth, for the eye only."""
        whole, point, part = shown(Fraction(value)).partition(".")
        return f"{int(whole):,}{point}{part}" if whole != "-0" else f"{whole}{point}{part}"

    def percent(self, share: str) -> str:
        """A decimal share such as `0.30` as a percentage; a text that is no number stays as it is."""
        try:
            return f"{self.number(Fraction(share) * 100)} %"
        except (ValueError, ZeroDivisionError):
            return share

    def years(self, first: int, last: int) -> str:
        return f"{first}{DASH}{last}"

    def unit(self, unit: str) -> str:
        """The name of a unit: t CO2 eq in words, others as the Party names them."""
        return self.text("ctf4.tonnes") if unit == TONNES else unit

    def money(self, money: Money) -> str:
        whole, point, part = money.plain.partition(".")
        return f"{money.currency} {int(whole):,}{point}{part}"

    def source(self, text: str) -> str:
        """Where the figures of a table come from."""
        return self.text("report.source", text=text)

    def listed(self, items: list[str]) -> str:
        return self.text("report.comma").join(items) if items else DASH

    def named(self, key: str, name: str) -> str:
        """A code by its word in this language where it has one; a new code is shown as it is, rather than hidden."""
        return self.text.known(f"{key}.{name}") or name

    def sector(self, name: str) -> str:
        """A sector of the common nomenclatures by its word in this language; another is shown as it was written."""
        return self.text.known(f"report.crt_sector.{_slug(name)}") or name

    def target(self, name: str) -> str:
        """What the NDC calls a target, in words where the name is one of the usual ones."""
        return self.text.known(f"report.target.{_slug(name)}") or name

    def assumed(self, texts: Iterable[str]) -> str:
        """What a demonstration supposes, such as `method = averaging`, as words; a free text stays as it is."""
        return self.text("report.semicolon").join(dict.fromkeys(map(self._supposed, texts)))

    def _supposed(self, text: str) -> str:
        name, given, value = text.partition(" = ")
        label = self.text.known(f"report.supposed.{_slug(name)}") or name
        if not given:
            first, _, rest = text.partition(" ")
            about = self.text.known(f"report.supposed.{_slug(first)}") if rest else None
            return f"{about} {rest}" if about and label == name else label
        kind = _slug(name)
        known = (f"report.supposed_value.{_slug(value)}", f"method.{value}", f"word.{kind}.{value}")
        told = next((found for found in map(self.text.known, known) if found), value)
        return self.text("ctf4.with_part", text=label, part=told)

    @property
    def titles(self) -> Titles:
        """The words that a printer adds by itself."""
        texts = {name: self.text.known(f"report.titles.{name}") for name in Titles.__dataclass_fields__}
        return Titles(**{name: text for name, text in texts.items() if text is not None})


def _slug(name: str) -> str:
    return name.strip().casefold().replace(" ", "_")


def label(key: str) -> Mapping[str, str]:
    """The heading of an element in every language."""
    return {language: elements()[key]["title"][language] for language in LANGUAGES}


@cache
def elements() -> dict[str, dict[str, dict[str, str]]]:
    """The catalogue of elements, read once."""
    source = resources.files("counterfoil") / "catalogue" / "report_elements.toml"
    return tomllib.loads(source.read_text("utf-8"))
