"""What a reader looks up: the glossary, the API for people, what may be claimed, how accessible the pages are."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

import msgspec

from counterfoil.domain.compliance.claim import MAY, EndStatus, Statement
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.glossary import glossary
from counterfoil.entrypoints.http.openapi import document
from counterfoil.entrypoints.http.openapi_parts import IN_CHINESE
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.source_text import source_text
from counterfoil.entrypoints.web.page import PageRow, Reply, Sent, Shown
from counterfoil.entrypoints.web.visit import Visit

PROVISIONAL: Final = "J"
"""The basis of a term that is this project's judgement until an expert confirms it."""
FIRST_TAG: Final = "register"
METHODS: Final = ("get", "post", "put", "delete")


def rows() -> tuple[PageRow, ...]:
    return (
        PageRow("/glossary", _glossary),
        PageRow("/api", _api),
        PageRow("/claims", _claims),
        PageRow("/accessibility", _accessibility),
        PageRow("/robots.txt", _robots),
    )


async def _glossary(visit: Visit) -> Reply | Refusal:
    """The terms whose words hold what is looked for, in either language."""
    looked = visit.query.get("text", "").strip()
    found = [term for term in terms() if _holds(term, looked.casefold())]
    other = next(each for each in ("en", "zh-Hant") if each != visit.language)
    facts = {"terms": found, "source_of": lambda term: _source(str(term["source"]), visit.language)}
    return Shown("portal/glossary.html", {**facts, "looked": looked, "all": len(terms()), "other": other})


@cache
def terms() -> tuple[Mapping[str, Any], ...]:
    """Every term with its key; `provisional` where its Chinese word waits for an expert."""
    return tuple(
        {
            "key": key,
            "abbreviation": "",
            "also": [],
            **term,
            "provisional": bool(term.get("provisional")) or term.get("basis") == [PROVISIONAL],
        }
        for key, term in glossary().items()
    )


@cache
def _source(source: str, language: str) -> str:
    """Where a term is defined, in a reader's language; there are few languages, and a few hundred terms."""
    return source_text(source, Texts(language))


def _holds(term: Mapping[str, Any], looked: str) -> bool:
    texts = (term["en"], term["zh-Hant"], term.get("abbreviation", ""), *term.get("also", ()), term["key"])
    return any(looked in str(text).casefold() for text in texts)


async def _api(visit: Visit) -> Reply | Refusal:
    """The operations of one tag, or of the first one: the whole document would be half a megabyte."""
    told = api()
    tag = visit.query.get("tag", FIRST_TAG)
    shown = told["operations"].get(tag)
    if shown is None:
        tag, shown = FIRST_TAG, told["operations"][FIRST_TAG]
    facts = {
        "tags": told["tags"],
        "tag": tag,
        "operations": shown,
        "version": told["version"],
        "introduction": told["introduction"],
        "counts": {name: len(found) for name, found in told["operations"].items()},
    }
    return Shown("portal/api.html", facts)


@cache
def api() -> Mapping[str, Any]:
    """The OpenAPI document as people read it: the operations by tag."""
    told = msgspec.json.decode(document())
    found: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in told["tags"]}
    for operation in _operations(told):
        found.setdefault(operation["tag"], []).append(operation)
    return {
        "version": told["info"]["version"],
        "introduction": told["info"]["description"],
        "tags": [tag for tag in told["tags"] if found[tag["name"]]],
        "operations": found,
    }


def _operations(told: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for path, methods in told["paths"].items():
        for method in METHODS:
            if (each := methods.get(method)) is None:
                continue
            content = each.get("requestBody", {}).get("content", {})
            example = next((body["example"] for body in content.values() if "example" in body), None)
            yield {
                "path": path,
                "method": method.upper(),
                "tag": each.get("tags", [FIRST_TAG])[0],
                "name": each["operationId"],
                "summary": each.get("summary", ""),
                "in_chinese": each.get(IN_CHINESE, ""),
                "description": "" if IN_CHINESE in each else each.get("description", ""),
                "token": bool(each.get("security")),
                "parameters": each.get("parameters", []),
                "example": example if isinstance(example, str) or example is None else _pretty(example),
                "statuses": sorted(each["responses"]),
                "address": _example_address(path, each.get("parameters", [])) if method == "get" else "",
            }


def _pretty(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def _example_address(path: str, parameters: list[Mapping[str, Any]]) -> str:
    for each in parameters:
        if each["in"] == "path":
            path = path.replace(f"{{{each['name']}}}", str(each.get("example", f"{{{each['name']}}}")))
    return path


async def _claims(_visit: Visit) -> Reply | Refusal:
    """What units carry by how they ended. Source: `domain/compliance/claim.py`."""
    found = [
        {
            "status": status.value,
            "may": [each.value for each in Statement if each in MAY[status]],
            "may_not": [each.value for each in Statement if each not in MAY[status]],
        }
        for status in EndStatus
    ]
    return Shown("portal/claims.html", {"statuses": found})


async def _accessibility(_visit: Visit) -> Reply | Refusal:
    return Shown("portal/accessibility.html")


async def _robots(_visit: Visit) -> Reply | Refusal:
    """Search engines may read the register; desks, signing in and endless pages of lists are not for them."""
    lines = ("User-agent: *", "Disallow: /desk/", "Disallow: /sign-in", "Disallow: /*?*after=", "Disallow: /api/", "")
    return Sent("\n".join(lines).encode(), "text/plain; charset=utf-8")
