"""Where a term of the glossary comes from, in the words of a language: decisions, the treaty, laws by their names."""

import re
from collections.abc import Callable
from typing import Final

from counterfoil.entrypoints.provision_text import provision_text

_TREATY: Final = re.compile(r"Paris Agreement, Articles? (?P<numbers>[0-9.()a-z, -]+?(?: and [0-9.()a-z]+)?)", re.ASCII)
_LAW: Final = re.compile(
    r"Taiwan, (?P<law>[^()]+?) \((?P<of>[0-9-]+)\)(?:, articles? (?P<numbers>[0-9()-]+))?", re.ASCII
)
_LONG: Final = ((", annex", " annex"), (", paragraphs ", " paras. "), (", paragraph ", " para. "))
_SEVERAL: Final = re.compile(r",|-| and ")
_SLUG: Final = re.compile(r"[^a-z0-9]+")


def source_text(source: str, text: Callable[..., str]) -> str:
    """A source as `glossary.toml` writes it, as a reader of the language cites it; a note in words stays as it is.

    Args:
        text: The texts of the language by their keys.
    """
    return text("report.semicolon").join(_told(part, text) for part in source.split("; "))


def _told(part: str, text: Callable[..., str]) -> str:
    treaty, law = _TREATY.fullmatch(part), _LAW.fullmatch(part)
    if treaty is not None:
        key = "source.treaties" if _SEVERAL.search(treaty["numbers"]) else "source.treaty"
        return text(key, numbers=_numbers(treaty["numbers"], text))
    if law is not None:
        name = text(f"source.law.{_SLUG.sub('_', law['law'].lower())}", of=law["of"])
        if law["numbers"] is None:
            return name
        key = "source.articles" if _SEVERAL.search(law["numbers"]) else "source.article"
        return text(key, law=name, numbers=law["numbers"])
    for long, short in _LONG:
        part = part.replace(long, short)
    return provision_text(_joined(part), text)


def _joined(part: str) -> str:
    """`paras. 1 and 3` as the provisions of packs have it: `paras. 1, 3`."""
    return part.replace(" and ", ", ") if " paras. " in part or " para. " in part else part


def _numbers(numbers: str, text: Callable[..., str]) -> str:
    return text("report.comma").join(re.split(r", | and ", numbers))
