"""Forms as JSON Schema: made from a command's own fields, with labels in both languages and a law's further questions.

Every version that a form had can still be asked for, and compared with another field by field. What is confidential
says on which basis.
"""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, Final

import msgspec

from counterfoil.application.commands.table import BY_NAME
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.facts import Fact, FactType
from counterfoil.domain.policy.law import Law

LANGUAGES: Final = ("en", "zh-Hant")
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_REF: Final = "#/$defs/{name}"
_TYPES: Final[Mapping[FactType, Mapping[str, Any]]] = {
    FactType.YES_NO: {"type": "boolean"},
    FactType.TONNES: {"type": "integer"},
    FactType.COUNT: {"type": "integer"},
    FactType.MONEY: {"type": "integer"},
    FactType.YEAR: {"type": "integer"},
    FactType.NUMBER: {"type": "string"},
    FactType.DAY: {"type": "string", "format": "date"},
    FactType.WORD: {"type": "string"},
    FactType.WORDS: {"type": "array", "items": {"type": "string"}},
    FactType.CODE: {"type": "string", "pattern": "^[A-Z]{3}$"},
}


class FormFault(StrEnum):
    UNKNOWN = "form.unknown"


@cache
def forms() -> Mapping[str, Any]:
    """The catalogue of forms, read once."""
    return tomllib.loads((resources.files("counterfoil") / "catalogue" / "forms.toml").read_text("utf-8"))


def form_list() -> dict[str, Any]:
    """Every form with its title, its versions, and the command that it fills in."""
    return {
        "forms": [
            {
                "form": name,
                "title": said["title"],
                "command": said["command"],
                "versions": [int(v) for v in said["version"]],
            }
            for name, said in forms().items()
        ]
    }


def form_schema(name: str, version: str, law: Law | None) -> dict[str, Any] | Refusal:
    """One version of a form as JSON Schema. `version` is its number, or `latest`.

    Args:
        law: The adopted law, whose own facts are asked under `answers`; None where the registry has none.
    """
    said = forms().get(name)
    number = max(said["version"], key=int) if said is not None and version == "latest" else version
    if said is None or number not in said["version"]:
        return Refusal(FormFault.UNKNOWN, {"form": name[:60], "version": version[:20]})
    schema, defs = _command_schema(said["command"])
    chosen = said["version"][number]["fields"]
    properties = {field: _labelled(schema["properties"][field], said["field"][field]) for field in chosen}
    properties["answers"] = _answers(law, said["act"])
    properties["confidential"] = _confidential(said["confidential"])
    return {
        "$schema": DIALECT,
        "$id": f"urn:counterfoil:form:{name}:{number}",
        "title": said["title"]["en"],
        "x-titles": said["title"],
        "x-command": said["command"],
        "x-version": int(number),
        "type": "object",
        "properties": properties,
        "required": [field for field in chosen if field in schema.get("required", ())],
        "additionalProperties": False,
        "$defs": defs,
    }


def form_difference(name: str, before: str, after: str) -> dict[str, Any] | Refusal:
    """What a later version of a form asks beyond an earlier one, and what it no longer asks."""
    read = [form_schema(name, version, None) for version in (before, after)]
    for each in read:
        if isinstance(each, Refusal):
            return each
    old, new = (list(each["properties"]) for each in read if not isinstance(each, Refusal))
    said = forms()[name]["field"]
    return {
        "form": name,
        "added": [{"field": field, "label": said[field]} for field in new if field not in old],
        "removed": [{"field": field, "label": said[field]} for field in old if field not in new],
    }


@cache
def _command_schema(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The schema of a command, and those of what it is made of."""
    _, components = msgspec.json.schema_components([BY_NAME[name]], ref_template=_REF)
    schema: dict[str, Any] = components.pop(name)
    return schema, components


def _labelled(schema: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    return {**schema, "title": labels["en"], "x-labels": dict(labels)}


def _answers(law: Law | None, act: str) -> dict[str, Any]:
    """What the adopted law asks beyond the form; a law that declares nothing of its own leaves it empty."""
    asked = {} if law is None or not act else {fact.name: _fact(fact) for fact in law.facts.values()}
    pack = {} if law is None else {"x-pack": law.pack, "x-pack-version": law.version}
    return {"type": "object", "properties": asked, **pack}


def _fact(fact: Fact) -> dict[str, Any]:
    labels = {"en": fact.label.en, "zh-Hant": fact.label.zh_hant}
    return {**_TYPES[fact.type], "title": labels["en"], "x-labels": labels}


def _confidential(fields: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Fields of which the journal shows a salted hash only, each with the basis on which it is kept back."""
    return {
        "type": "object",
        "properties": {
            name: {
                "type": ["string", "integer"],
                "title": said["en"],
                "x-labels": {language: said[language] for language in LANGUAGES},
                "x-basis": said["basis"],
            }
            for name, said in fields.items()
        },
    }
