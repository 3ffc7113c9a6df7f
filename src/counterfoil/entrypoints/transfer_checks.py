"""The checks of the receiving side, read from their catalogue: what each asks, and the codes it answers with."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class TransferCheck:
    """One check. `title` and `asks` are told in every language; `answers` are fault codes."""

    code: str
    title: Mapping[str, str]
    asks: Mapping[str, str]
    provision: str
    answers: tuple[str, ...]


@cache
def transfer_checks() -> tuple[TransferCheck, ...]:
    """Every check, in the order in which they are made."""
    text = (resources.files("counterfoil") / "catalogue" / "transfer_checks.toml").read_text("utf-8")
    return tuple(
        TransferCheck(code, each["title"], each["asks"], each["provision"], tuple(each["answers"]))
        for code, each in tomllib.loads(text).items()
    )
