"""The front page: who keeps this register, where it stands, and how to read it. No script, nothing from elsewhere."""

import base64
import hashlib
import tomllib
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib import resources
from typing import Any, Final

from counterfoil import __version__

_LISTS: Final = ("authorizations", "activities", "approaches", "accounts", "transfers")


@cache
def style() -> str:
    """The page's style, which stands in the page itself."""
    return (resources.files(__package__) / "front.css").read_text("utf-8").strip()


@cache
def style_digest() -> str:
    """For the page's content security policy: this style and no other."""
    return f"sha256-{base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()}"


@cache
def look() -> str:
    """Names what every page here has besides the register: program, style and texts.

    A browser that keeps a page across an upgrade would else show it under the policy of another style, so without any.
    """
    pages = resources.files(__package__)
    parts = [__version__, *((pages / name).read_text("utf-8") for name in ("front.css", "front.toml", "letter.toml"))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


@cache
def texts() -> Mapping[str, Mapping[str, str]]:
    """The page's texts by key, read once."""
    return tomllib.loads((resources.files(__package__) / "front.toml").read_text("utf-8"))


def front_page(facts: Mapping[str, Any], language: str) -> str:
    """The page for what `/api/v1/registry` says, or for a registry that is not founded when it says nothing."""

    def say(key: str, **fill: str) -> str:
        return escape(texts()[key][language].format(**fill))

    name = str(facts.get("name", "Counterfoil"))
    other = "en" if language == "zh-Hant" else "zh-Hant"
    body = _register(facts, say) if facts else f"<p>{say('unfounded')}</p>"
    banner = ""
    if facts.get("demonstration"):
        # Both languages at once: nobody may take a simulated act for a real one.
        both = "・".join(escape(texts()["demonstration"][each]) for each in ("en", "zh-Hant"))
        banner = f'<p class="demo" role="note">{both}</p>'
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>{say('title', name=name)}</title>\n<style>{style()}</style>\n</head>\n<body>\n"
        f'<header><a href="/?lang={other}" hreflang="{other}" lang="{other}">{say("other_language")}</a></header>\n'
        f"<main>\n{banner}\n<h1>{escape(name)}</h1>\n<p>{say('lead')}</p>\n{body}\n{_program(say)}\n</main>\n"
        f"</body>\n</html>\n"
    )


def _register(facts: Mapping[str, Any], say: Any) -> str:
    note = facts.get("checkpoint")
    party = escape(str(facts.get("party", "")))
    held = (
        f"<pre>{escape(str(note))}</pre>\n<p>{say('checkpoint_why')}</p>" if note else f"<p>{say('no_checkpoint')}</p>"
    )
    links = "\n".join(f'<li><a href="/api/v1/{key}">{say(key)}</a></li>' for key in _LISTS)
    return (
        f"<dl>\n<dt>{say('keeper')}</dt><dd>{party}</dd>\n"
        f"<dt>{say('identifier')}</dt><dd>{escape(str(facts.get('registry', '')))}</dd>\n"
        f"<dt>{say('entries')}</dt><dd>{facts.get('entries', 0):,}</dd>\n</dl>\n"
        f"<h2>{say('read')}</h2>\n<ul>\n{links}\n"
        f'<li><a href="/api/v1/balances/{party}">{say("balance")}</a></li>\n'
        f'<li><a href="/api/v1/entries">{say("journal")}</a></li>\n</ul>\n'
        f'<h2><a href="/api/v1/checkpoint">{say("checkpoint")}</a></h2>\n{held}'
    )


def _program(say: Any) -> str:
    return (
        f"<h2>{say('use')}</h2>\n<p>{say('use_read')}</p>\n<p>{say('use_write')}</p>\n"
        f'<p><a href="/api/v1/openapi.json">{say("openapi")}</a></p>'
    )
