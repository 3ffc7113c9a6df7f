"""Provisions in the words of a language; the code and the packs cite them in one English form.

A pack names a place in its source: `annex, para. 4(a)`, `arts. 10-11`, or in words, such as `four gaps`. Words that
have no text stay in the language of the pack, as the names of laws do.
"""

import re
from collections.abc import Callable
from typing import Final

_CITED: Final = re.compile(
    r"(?P<decision>\d{1,3}/CMA\.\d{1,2}|\d{1,3}/CP\.\d{1,2}|A6\.4-[A-Z]{2,9}-[A-Z]{2,9}-\d{3})"
    r"(?: (?P<annex>main|annex(?: (?:VI{0,2}|I{1,3}|IV))?))?"
    r"(?: (?P<paras>paras?\.) (?P<numbers>[0-9a-z()]+(?:(?:, |-)[0-9a-z()]+)*))?",
    re.ASCII,
)
_PLACE: Final = re.compile(
    r"(?P<annex>annex(?: (?:VI{0,2}|I{1,3}|IV))?|appendix(?: 1)?)?(?:(?<=.), )?"
    r"(?:(?P<kind>arts?|paras?)\. (?P<numbers>[0-9a-z()]+(?:(?:, |-)[0-9a-z()]+)*))?",
    re.ASCII,
)
_REQUIREMENTS: Final = re.compile(r"requirements? (?P<names>[RS][A-Z0-9-]+(?:, [RS][A-Z0-9-]+)*)", re.ASCII)
_KINDS: Final = {"art": "article", "arts": "articles", "para": "para", "paras": "paras"}
_NOT_A_WORD: Final = re.compile(r"[^a-z0-9]+")


def provision_text(provision: str, text: Callable[..., str]) -> str:
    """The same provision as a reader of the language cites it. What is cited in another way stays as it is.

    Args:
        text: The texts of the language by their keys.
    """
    return text("report.semicolon").join(_told(cited, text) for cited in provision.split("; "))


def _told(cited: str, text: Callable[..., str]) -> str:
    found = _CITED.fullmatch(cited)
    if found is None:
        return _place(cited, text)
    annex, paras = found["annex"], found["paras"]
    place = found["decision"]
    if annex:
        place = text("provision.annex", decision=place, annex=text(f"provision.of.{annex.replace(' ', '_')}"))
    if paras is None:
        return place
    numbers = text("report.comma").join(found["numbers"].split(", "))
    return text("provision.paragraph" if paras == "para." else "provision.paragraphs", place=place, numbers=numbers)


def _place(cited: str, text: Callable[..., str]) -> str:
    """A place in the source of a pack."""
    asked = _REQUIREMENTS.fullmatch(cited)
    if asked is not None:
        names = asked["names"].split(", ")
        key = "provision.requirement" if len(names) == 1 else "provision.requirements"
        return text(key, names=text("report.comma").join(names))
    found = _PLACE.fullmatch(cited)
    if found is None or not cited:
        key = f"provision.words.{_NOT_A_WORD.sub('_', cited.lower()).strip('_')}"
        told = text(key)
        return cited if told == key else told
    annex, kind = found["annex"], found["kind"]
    whole = text(f"provision.of.{annex.replace(' ', '_')}") if annex else ""
    if not kind:
        return whole
    numbers = text("report.comma").join(found["numbers"].split(", "))
    place = text(f"provision.{_KINDS[kind]}", numbers=numbers)
    return text("provision.in_annex", annex=whole, place=place) if annex else place
