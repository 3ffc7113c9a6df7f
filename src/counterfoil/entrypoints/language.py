"""The language of one run of the command line, and its texts by stable key."""

import gettext
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Final

LANGUAGES: Final = ("en", "zh-Hant")
"""The languages of this registry's own papers: every text of the package is there in both."""
_TRADITIONAL: Final = ("zh_tw", "zh_hk", "zh_mo", "zh_hant")


@cache
def spoken() -> tuple[str, ...]:
    """Every language of screens: our two, then each further one whose catalogue lies in the locale folder.

    A further language is one file, `locale/th/LC_MESSAGES/counterfoil.po`; what it leaves out is said in English.
    """
    folder = _locales()
    found = (each.name.replace("_", "-") for each in folder.iterdir() if _file(each.name.replace("_", "-")).is_file())
    return (*LANGUAGES, *sorted(set(found) - set(LANGUAGES)))


def said(texts: Mapping[str, str], language: str, key: str = "") -> str:
    """A text that a table has in our two languages. A further language has it in its file under `key`, or in English.

    >>> said({"en": "a letter", "zh-Hant": "授權書"}, "zh-Hant")
    '授權書'
    """
    own = texts.get(language)
    if own is not None:
        return own
    return (Texts(language).own(key) if key else None) or texts["en"]


class Texts:
    """The texts of one language. A key that has no text is shown as it is, so that nothing is ever hidden."""

    def __init__(self, language: str) -> None:
        assert language in spoken(), language
        self.language = language
        self._catalogue = _catalogue(language)

    def __call__(self, key: str, /, **facts: Any) -> str:
        text = self._catalogue.gettext(key)
        return text.format(**facts) if facts else text

    def known(self, key: str) -> str | None:
        """The text of a key that need not be there, such as the label of a field of a free record."""
        text = self._catalogue.gettext(key)
        return None if text == key else text

    def own(self, key: str) -> str | None:
        """The text of a key in this language itself, without falling back to another."""
        text = _alone(self.language).gettext(key)
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
    """One of the languages of screens by its tag; common spellings are understood, others are not guessed.

    >>> language_named("zh_TW.UTF-8"), language_named("en-GB"), language_named("fr")
    ('zh-Hant', 'en', None)
    """
    plain = _plain(name)
    if plain.startswith(_TRADITIONAL):
        return "zh-Hant"
    tag = plain.partition(".")[0]
    known = {each.casefold().replace("-", "_"): each for each in spoken()}
    return known.get(tag) or known.get(tag.partition("_")[0])


def _plain(name: str) -> str:
    return name.replace("-", "_").casefold()


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """A language's own texts, and behind them the English ones where it is neither of our two."""
    if language in LANGUAGES:
        return _alone(language)
    found = _read(language)
    found.add_fallback(_alone("en"))
    return found


@cache
def _alone(language: str) -> gettext.NullTranslations:
    return _read(language)


def _read(language: str) -> gettext.NullTranslations:
    source = _file(language)
    if not source.is_file():
        return gettext.NullTranslations()
    with source.open("rb") as file:
        return gettext.GNUTranslations(file)


def _file(language: str) -> Traversable:
    return _locales() / language.replace("-", "_") / "LC_MESSAGES" / "counterfoil.mo"


def _locales() -> Traversable:
    return resources.files("counterfoil") / "locale"
