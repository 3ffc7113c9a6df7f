"""What the trail of the office tells of a happening, in words: each fact with its label."""

from collections.abc import Mapping
from typing import Any

from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.permission_table import organisation_kinds, permission_table
from counterfoil.entrypoints.web.wording import Wording


def happened(facts: Mapping[str, Any], texts: Texts, words: Wording) -> str:
    """The facts in a row; those that say nothing are left out, and what has no word stays as it is."""
    said = ((name, _said(name, value, texts, words)) for name, value in facts.items() if value not in (None, "", []))
    told = (texts("ctf4.with_part", text=_label(name, texts), part=each) for name, each in said)
    return texts("report.semicolon").join(told)


def _label(name: str, texts: Texts) -> str:
    return texts.known(f"trail.field.{name}") or texts.known(f"field.{name}") or name


def _said(name: str, value: Any, texts: Texts, words: Wording) -> str:
    if isinstance(value, list):
        return words.listed(_said(name, each, texts, words) for each in value)
    if isinstance(value, bool):
        return texts("web.form.yes" if value else "web.form.no")
    if isinstance(value, int):
        return words.moment(value) if name.endswith("_ms") else words.number(value)
    text = str(value)
    match name:
        case "role":
            known = permission_table().permissions.roles.get(text)
            return text if known is None else known.label.in_language(texts.language)
        case "command":
            return texts.known(f"web.act.{text}") or text
        case "method":
            return texts.known(f"trail.method.{text}") or text
        case "kind":
            kind = organisation_kinds().get(text)
            return text if kind is None else kind.label.in_language(texts.language)
    return words.day(text)
