"""A value of a record as people read it: words of closed lists, countries by name, days, yes and no."""

from collections.abc import Mapping
from typing import Any, Final

from counterfoil.domain.kernel.canonical import canonical
from counterfoil.entrypoints.country_codes import country_names
from counterfoil.entrypoints.language import Texts, said
from counterfoil.entrypoints.web.wording import Wording

VOCABULARIES: Final = {
    "stage": "Stage",
    "mitigation_type": "MitigationType",
    "mitigation": "MitigationType",
    "permitted_use": "PermittedUse",
    "metric": "MetricKind",
    "reversibility": "Reversibility",
    "unit_type": "UnitType",
    "first_transfer_definition": "FirstTransferDefinition",
    "method": "Method",
    "trigger": "Trigger",
    "ending": "Ending",
    "component": "Component",
    "components": "Component",
    "missing_components": "Component",
    "purposes": "Purpose",
    "purpose": "CancellationPurpose",
    "sector": "sector",
    "sectors": "sector",
    "activity_type": "activity_type",
    "activity_types": "activity_type",
    "methodology": "methodology",
    "standard": "standard",
    "verifier": "verifier",
}
"""Fields of records whose words are of one list, wherever they stand."""
COUNTRIES: Final = frozenset(
    {"host", "party", "parties", "partner", "country", "authorized_parties", "beneficiary_party", "participants"}
)
STATES: Final = frozenset({"state", "status", "outcome"})
VALUE_MAX: Final = 240
DEPTH_MAX: Final = 4


def worded(name: str, value: Any, texts: Texts) -> str:
    """The value of a field in a cell; a word that no list has, and a text, stay as they are."""
    text = _told(name, value, texts, 0)
    return text if len(text) <= VALUE_MAX else f"{text[: VALUE_MAX - 1]}…"


def label(name: str, texts: Texts) -> str:
    """What a field is called."""
    return texts.known(f"field.{name}") or name


def _told(name: str, value: Any, texts: Texts, depth: int) -> str:
    match value:
        case None | "":
            return ""
        case bool():
            return texts("web.form.yes" if value else "web.form.no")
        case str():
            return _word(name, value, texts)
        case list() if depth < DEPTH_MAX:
            between = texts("report.semicolon" if any(isinstance(each, dict) for each in value) else "report.comma")
            return between.join(_told(name, each, texts, depth + 1) for each in value)
        case Mapping() if depth < DEPTH_MAX:
            parts = ((part, _told(part, each, texts, depth + 1)) for part, each in value.items())
            return texts("report.comma").join(
                texts("ctf4.with_part", text=label(part, texts), part=each) for part, each in parts if each
            )
    return canonical(value).decode()


def _word(name: str, value: str, texts: Texts) -> str:
    if name in COUNTRIES and value in country_names():
        return texts("report.party", name=said(country_names()[value], texts.language, f"country.{value}"), code=value)
    if name == "assumed":
        return texts.known(f"report.supposed.{value.casefold().replace(' ', '_')}") or value
    known = texts.known(f"word.{VOCABULARIES.get(name, '-')}.{value}")
    if known is None and name in STATES:
        known = texts.known(f"value.{value}")
    return known or Wording(texts.language).day(value)
