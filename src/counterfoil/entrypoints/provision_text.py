"""Provisions of decisions of the CMA in the words of a language; the code cites them in one English form."""

import re
from collections.abc import Callable
from typing import Final

_CITED: Final = re.compile(
    r"(?P<decision>\d{1,3}/CMA\.\d{1,2})"
    r"(?: (?P<annex>annex(?: (?:VI{0,2}|I{1,3}|IV))?))?"
    r"(?: (?P<paras>paras?\.) (?P<numbers>[0-9a-z()]+(?:(?:, |-)[0-9a-z()]+)*))?",
    re.ASCII,
)


def provision_text(provision: str, text: Callable[..., str]) -> str:
    """The same provision as a reader of the language cites it. What is cited in another way stays as it is.

    Args:
        text: The texts of the language by their keys.
    """
    return text("report.semicolon").join(_told(cited, text) for cited in provision.split("; "))


def _told(cited: str, text: Callable[..., str]) -> str:
    found = _CITED.fullmatch(cited)
    if found is None:
        return cited
    annex, paras = found["annex"], found["paras"]
    place = found["decision"]
    if annex:
        place = text("provision.annex", decision=place, annex=text(f"provision.of.{annex.replace(' ', '_')}"))
    if paras is None:
        return place
    numbers = text("report.comma").join(found["numbers"].split(", "))
    return text("provision.paragraph" if paras == "para." else "provision.paragraphs", place=place, numbers=numbers)
