"""What a rule of a law says, in words for people: one part of it on one line."""

from collections.abc import Mapping
from typing import Any

from counterfoil.entrypoints.language import Texts


def shown(said: Any, texts: Texts) -> str:
    """A part of a rule on one line."""
    if isinstance(said, Mapping):
        if set(said) == {"en", "zh-Hant"}:
            return str(said[texts.language])
        return ", ".join(_pair(key, item, texts) for key, item in said.items())
    if isinstance(said, list):
        return ", ".join(shown(item, texts) for item in said)
    if isinstance(said, bool):
        return texts("cli.packs.yes" if said else "cli.packs.no")
    return str(said)


def _pair(key: str, said: Any, texts: Texts) -> str:
    """One key of a table; several words stand in brackets, so that it is seen where they end."""
    several = (isinstance(said, list) and len(said) > 1) or (
        isinstance(said, Mapping) and set(said) != {"en", "zh-Hant"}
    )
    return f"{key} = [{shown(said, texts)}]" if several else f"{key} = {shown(said, texts)}"
