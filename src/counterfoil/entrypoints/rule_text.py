"""What a rule of a law says, in words for people: one part of it on one line."""

from collections.abc import Mapping
from typing import Any

from counterfoil.entrypoints.language import Texts


def key_text(key: str, texts: Texts) -> str:
    """A key of a rule in words; a key that the pack made itself, such as the name of a fact, stands as it is."""
    return texts.known(f"rule.key.{key}") or key


def shown(said: Any, texts: Texts, *, in_words: bool = False) -> str:
    """A part of a rule on one line; its keys in words, or as lawyers write them in a pack."""
    if isinstance(said, Mapping):
        if set(said) == {"en", "zh-Hant"}:
            return str(said[texts.language])
        return ", ".join(_pair(key, item, texts, in_words=in_words) for key, item in said.items())
    if isinstance(said, list):
        return ", ".join(shown(item, texts, in_words=in_words) for item in said)
    if isinstance(said, bool):
        return texts("cli.packs.yes" if said else "cli.packs.no")
    return str(said)


def _pair(key: str, said: Any, texts: Texts, *, in_words: bool) -> str:
    """One key of a table; several words stand in brackets, so that it is seen where they end."""
    several = (isinstance(said, list) and len(said) > 1) or (
        isinstance(said, Mapping) and set(said) != {"en", "zh-Hant"}
    )
    name, value = key_text(key, texts) if in_words else key, shown(said, texts, in_words=in_words)
    return f"{name} = [{value}]" if several else f"{name} = {value}"
