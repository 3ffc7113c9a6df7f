"""The page behind the QR code of a letter: what the journal says to its claim. No script, nothing from elsewhere."""

import tomllib
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib import resources
from typing import Any
from urllib.parse import quote, urlencode

from counterfoil.entrypoints.letters.claim import Claim
from counterfoil.entrypoints.letters.standing import Says, Standing
from counterfoil.entrypoints.web.front import style


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
        query, body = urlencode({"lang": other}), f"<p>{say('unreadable')}</p>"
    else:
        query = f"{_query(claim)}&{urlencode({'lang': other})}"
        body = _told(claim, found, facts, say)
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


def _told(claim: Claim, found: Standing, facts: Mapping[str, Any], say: Any) -> str:
    verdict = say(found.says.value, **({"origin": claim.origin} if found.says is Says.NOT_OURS else {}))
    mark = ' class="demo"' if found.says is not Says.STANDS else ""
    shown = f'<p{mark} role="status"><strong>{verdict}</strong></p>'
    if found.says in (Says.NOT_OURS, Says.DIFFERS):
        return shown
    rows = {
        "kind": say(claim.kind.value),
        "of": escape(claim.of),
        "on": found.on.isoformat() if found.on else "",
        "units": "" if found.units is None else f"{found.units:,}",
        "entry": f'<a href="/api/v1/entries/{claim.entry}">{claim.entry}</a>',
        "checkpoint": str(claim.checkpoint),
        "registry": escape(str(facts.get("name", ""))),
    }
    listed = "\n".join(f"<dt>{say(key)}</dt><dd>{value}</dd>" for key, value in rows.items() if value)
    today = ""
    if found.record is not None:
        kind, key = found.record
        today = f'\n<p><a href="/api/v1/{kind}/{quote(key, safe="")}">{say("today")}</a></p>'
    return f"{shown}\n<dl>\n{listed}\n</dl>\n<p>{say('compare')}</p>{today}"


def _query(claim: Claim) -> str:
    return claim.text.partition("?")[2]
