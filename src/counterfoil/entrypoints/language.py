"""The language of one run of the command line, and its texts by stable key."""

import gettext
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, Final

LANGUAGES: Final = ("en", "zh-Hant")
_LOCALES: Final = {"en": "en", "zh-Hant": "zh_Hant"}
_TRADITIONAL: Final = ("zh_tw", "zh_hk", "zh_mo", "zh_hant")


class Texts:
    """The texts of one language. A key that has no text is shown as it is, so that nothing is ever hidden."""

    def __init__(self, language: str) -> None:
        assert language in LANGUAGES, language
        self.language = language
        self._catalogue = _catalogue(language)

    def __call__(self, key: str, /, **facts: Any) -> str:
        text = self._catalogue.gettext(key)
        return text.format(**facts) if facts else text

    def known(self, key: str) -> str | None:
        """The text of a key that need not be there, such as the label of a field of a free record."""
        text = self._catalogue.gettext(key)
        return None if text == key else text


def chosen_language(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """`--lang` wins, then COUNTERFOIL_LANG, then the locale of the terminal; English where none of them says.

    The arguments are looked at before they are parsed, because the help and the complaints about them need it too.

    >>> chosen_language(["show", "--lang=zh-Hant"], {}), chosen_language([], {"LANG": "zh_TW.UTF-8"})
    ('zh-Hant', 'zh-Hant')
    """
    for number, argument in enumerate(arguments):
        option, equals, value = argument.partition("=")
        if option == "--":
            break
        if option == "--lang":
            named = value if equals else next(iter(arguments[number + 1 : number + 2]), "")
            if (language := language_named(named)) is not None:
                return language
    own = language_named(environment.get("COUNTERFOIL_LANG", ""))
    if own is not None:
        return own
    locale = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG") or ""
    return "zh-Hant" if _plain(locale).startswith(_TRADITIONAL) else "en"


def language_named(name: str) -> str | None:
    """One of our languages by its tag; common spellings of it are understood, others are not guessed.

    >>> language_named("zh_TW.UTF-8"), language_named("en-GB"), language_named("fr")
    ('zh-Hant', 'en', None)
    """
    plain = _plain(name)
    if plain == "en" or plain.startswith("en_"):
        return "en"
    return "zh-Hant" if plain.startswith(_TRADITIONAL) else None


def _plain(name: str) -> str:
    return name.replace("-", "_").casefold()


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    source = resources.files("counterfoil") / "locale" / _LOCALES[language] / "LC_MESSAGES" / "counterfoil.mo"
    if not source.is_file():
        return gettext.NullTranslations()
    with source.open("rb") as file:
        return gettext.GNUTranslations(file)
