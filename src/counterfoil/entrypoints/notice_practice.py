"""Reads the sorts of notices and the dated offsets of reminders from the package's catalogue."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from counterfoil.application.notices.audience import known_word
from counterfoil.application.notices.ports import Practice, Sort
from counterfoil.domain.people.notice import Offsets
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.permission_table import permission_table
from counterfoil.entrypoints.provision_text import provision_text


def notice_word(language: str, key: str, facts: Mapping[str, str]) -> str:
    """The name of an act, a duty or a role in a language, or a provision; what has no name shows as it is."""
    texts = Texts(language)
    kind, _, name = key.partition(".")
    match kind:
        case "role":
            role = permission_table().permissions.roles.get(name)
            return name if role is None else role.label.in_language(language)
        case "command":
            return texts.known(f"web.act.{name}") or name
        case "actor" | "by":
            return texts.known(f"actor.{name}") or name
        case "provision":
            return provision_text(name, texts)
    return texts(key, **facts)


@cache
def notice_practice() -> Practice:
    """The practice; a sort for an audience that nobody knows stops here."""
    source = resources.files("counterfoil") / "catalogue" / "notices.toml"
    return read_practice(source.read_text("utf-8"))


def read_practice(text: str) -> Practice:
    """The practice from its text.

    Raises:
        ValueError: it names an audience, or a role, that does not exist, or lacks a language.
    """
    content = tomllib.loads(text)
    roles = permission_table().permissions.roles
    sorts = {}
    for name, raw in content["sort"].items():
        unknown = [word for word in raw["to"] if not known_word(word, roles)]
        if unknown or any(set(raw[part]) != {"en", "zh-Hant"} for part in ("title", "body")):
            raise ValueError(f"{name}: unknown {unknown}, or a language is missing")
        sorts[name] = Sort(name, tuple(raw["to"]), raw.get("always") is True, raw["title"], raw["body"])
    offsets = [
        Offsets(row["from"], tuple(row["before_days"]), tuple(row["after_days"]), row["escalate_to"])
        for row in content["reminders"]
    ]
    if any(each.escalate_to not in roles for each in offsets):
        raise ValueError("reminders escalate to a role that does not exist")
    return Practice(sorts, tuple(offsets))
