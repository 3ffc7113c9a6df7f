"""The page behind the QR code of a letter: what the journal says to its claim. No script, nothing from elsewhere."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib import resources
from typing import Any, Final
from urllib.parse import quote, urlencode

from counterfoil.entrypoints.letters.claim import Claim
from counterfoil.entrypoints.letters.standing import Says, Standing
from counterfoil.entrypoints.web.front import style

_COMMAND: Final = re.compile("`([^`]+)`")
"""A command in a text of the page, as such texts write it."""


@cache
def letter_texts() -> Mapping[str, Mapping[str, str]]:
    """The page's texts by key, read once."""
    return tomllib.loads((resources.files(__package__) / "letter.toml").read_text("utf-8"))


def letter_page(claim: Claim | None, found: Standing | None, facts: Mapping[str, Any], language: str) -> str:
    """The page for a claim and what the journal says to it; without a claim it says that there is none.

    `facts` are those of the registry's view.
    """

    def say(key: str, **fill: str) -> str:
        return escape(letter_texts()[key][language].format(**fill))

    other = "en" if language == "zh-Hant" else "zh-Hant"
    if claim is None or found is None:
        query, body = urlencode({"lang": other}), f"<p>{say('unreadable')}</p>{_listed(_own(facts, language), say)}"
    else:
        query = f"{_query(claim)}&{urlencode({'lang': other})}"
        body = _told(claim, found, _own(facts, language), say)
    banner = ""
    if facts.get("demonstration"):
        both = "・".join(escape(letter_texts()["demonstration"][each]) for each in ("en", "zh-Hant"))
        banner = f'<p class="demo" role="note">{both}</p>\n'
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>{say('title')}</title>\n<style>{style()}</style>\n</head>\n<body>\n"
        f'<header><a href="?{escape(query)}" hreflang="{other}" lang="{other}">{say("other_language")}</a></header>\n'
        f"<main>\n{banner}<h1>{say('title')}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _told(claim: Claim, found: Standing, own: Mapping[str, str], say: Any) -> str:
    verdict = say(found.says.value, **({"origin": claim.origin} if found.says is Says.NOT_OURS else {}))
    mark = "good" if found.says is Says.STANDS else "demo"
    shown = f'<p class="{mark}" role="status"><strong>{verdict}</strong></p>'
    if found.says is Says.NOT_OURS:
        return f"{shown}{_listed(own, say)}"
    if found.says is Says.DIFFERS:
        return f"{shown}{_listed(own, say)}\n<p>{say('ask')}</p>"
    rows = {
        "kind": say(claim.kind.value),
        "of": escape(claim.of),
        "on": found.on.isoformat() if found.on else "",
        "units": "" if found.units is None else f"{found.units:,}",
        "entry": f'<a href="/api/v1/entries/{claim.entry}">{claim.entry}</a>',
        "checkpoint": str(claim.checkpoint),
        **own,
    }
    today = ""
    if found.record is not None:
        kind, key = found.record
        today = f'\n<p><a href="/api/v1/{kind}/{quote(key, safe="")}">{say("today")}</a></p>'
    compare = _COMMAND.sub(r"<code>\1</code>", say("compare"))
    return f"{shown}{_listed(rows, say)}\n<p>{compare}</p>{today}"


def _own(facts: Mapping[str, Any], language: str) -> Mapping[str, str]:
    """The row that says which registry answers, on every page: who holds a forgery must know whom to ask."""
    name = escape(str(facts.get("name", "")))
    return {"registry": f'<a href="/?lang={language}">{name}</a>'} if name else {}


def _listed(rows: Mapping[str, str], say: Any) -> str:
    listed = "\n".join(f"<dt>{say(key)}</dt><dd>{value}</dd>" for key, value in rows.items() if value)
    return f"\n<dl>\n{listed}\n</dl>" if listed else ""


def _query(claim: Claim) -> str:
    return claim.text.partition("?")[2]
