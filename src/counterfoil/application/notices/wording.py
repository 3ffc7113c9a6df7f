"""The words of a notice in a reader's language. Facts are filled in as plain text: no markup, no line of their own."""

import json
from typing import Final

from counterfoil.application.notices.notice_desk import NoticeDesk
from counterfoil.application.notices.ports import Notice

FACT_MAX: Final = 200
TITLE_MAX: Final = 160
NAMED: Final = ("act", "duty", "role", "command", "provision", "actor", "by")
"""Facts that have a name in each language."""


def worded(desk: NoticeDesk, notice: Notice, language: str) -> tuple[str, str]:
    """Title and body. A notice whose sort the practice no longer has shows its name."""
    sort = desk.practice.sorts.get(notice.sort)
    if sort is None:
        return notice.sort, ""
    facts = {name: plain(value) for name, value in json.loads(notice.facts).items()}
    about = {"about": facts.get("about", "-")}
    facts |= {name: desk.word(language, f"{name}.{facts[name]}", about) for name in NAMED if name in facts}
    if facts.get("organisation") == "":
        # The registry's own people belong to no body of the office.
        facts["organisation"] = desk.word(language, "notice.this_registry", about)
    return _filled(sort.title[language], facts)[:TITLE_MAX], _filled(sort.body[language], facts)


def plain(value: object) -> str:
    """A fact as one harmless line: what cannot be printed, and what could end a line, becomes a space."""
    text = "".join(char if char.isprintable() else " " for char in str(value))
    return text[:FACT_MAX]


def _filled(text: str, facts: dict[str, str]) -> str:
    return text.format_map(_Facts(facts))


class _Facts(dict[str, str]):
    """A fact that an older notice does not have is a dash."""

    def __missing__(self, key: str) -> str:
        return "-"
