"""The texts of faults: message and way out in both languages, looked up by code and filled with the facts."""

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.language import LANGUAGES, said


@dataclass(frozen=True, slots=True)
class FaultText:
    """What the catalogue says of one code. `retry` is never, later or after_fix."""

    message: Mapping[str, str]
    fix: Mapping[str, str]
    retry: str


class Catalogue:
    """All fault texts by code."""

    def __init__(self, texts: Mapping[str, FaultText]) -> None:
        self._texts = texts

    def __getitem__(self, code: str) -> FaultText:
        return self._texts[code]

    def message(self, fault: Refusal | Outage, language: str) -> str:
        """What happened, in one language."""
        text = said(self._texts[str(fault.code)].message, language, f"fault.{fault.code}.message")
        return _filled(text, fault.facts)

    def fix(self, fault: Refusal | Outage, language: str) -> str:
        """The way out, in one language."""
        return _filled(said(self._texts[str(fault.code)].fix, language, f"fault.{fault.code}.fix"), fault.facts)

    def problem(self, fault: Refusal | Outage) -> dict[str, Any]:
        """Code, facts and texts in both languages, for machines."""
        return {
            "code": str(fault.code),
            "message": {language: self.message(fault, language) for language in LANGUAGES},
            "fix": {language: self.fix(fault, language) for language in LANGUAGES},
            "retry": self._texts[str(fault.code)].retry,
            "facts": dict(fault.facts),
        }


@cache
def catalogue() -> Catalogue:
    """The catalogue of the package, read once."""
    source = resources.files("counterfoil") / "catalogue" / "faults.toml"
    table = tomllib.loads(source.read_text("utf-8"))
    return Catalogue({code: FaultText(text["message"], text["fix"], text["retry"]) for code, text in table.items()})


class _Plain(string.Formatter):
    """Fills `{name}` with text only: no attribute, index or format is reached through a fact."""

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> tuple[Any, str]:
        return kwargs.get(field_name, ""), field_name


def _filled(text: str, facts: Mapping[str, Any]) -> str:
    return _Plain().vformat(text, (), {name: str(value) for name, value in facts.items()})
