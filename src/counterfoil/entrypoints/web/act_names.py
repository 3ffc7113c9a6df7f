"""Acts by what people call them: a fault names the command, as programs do; a page says the title of its form."""

import re
from functools import cache

from counterfoil.application.commands.table import BY_NAME
from counterfoil.entrypoints.language import Texts


def with_titles(text: str, texts: Texts) -> str:
    """The text with each name of a command replaced by the title of the act; a command without a form stays."""

    def title(found: re.Match[str]) -> str:
        told = texts.known(f"web.act.{found[0]}")
        return found[0] if told is None else texts("web.act.quoted", act=told)

    return _commands().sub(title, text)


@cache
def _commands() -> re.Pattern[str]:
    """Names of two words or more: `Issue` and `Cancel` are words of sentences too."""
    names = (name for name in BY_NAME if sum(letter.isupper() for letter in name) > 1)
    return re.compile(rf"\b(?:{'|'.join(sorted(names))})\b")
