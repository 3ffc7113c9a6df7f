"""What an act would change, as lines for people, in either language: units, balances, records, facts."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from counterfoil.domain.kernel.canonical import canonical
from counterfoil.entrypoints.language import LANGUAGES, Texts

LINES_MAX: Final = 200
VALUE_MAX: Final = 160


def said(changes: Mapping[str, Any]) -> dict[str, list[str]]:
    """The lines in both languages."""
    return {language: lines(changes, Texts(language)) for language in LANGUAGES}


def lines(changes: Mapping[str, Any], texts: Texts) -> list[str]:
    """The act first, then everything that it would change. What is beyond the bound is counted, not hidden."""
    found = list(_lines(changes, texts))
    if len(found) <= LINES_MAX:
        return found
    return [*found[:LINES_MAX], texts("preview.more", count=len(found) - LINES_MAX)]


def _lines(changes: Mapping[str, Any], texts: Texts) -> Iterator[str]:
    yield texts("preview.act", act=texts(f"act.{changes['act']}"), on=changes["on"])
    for move in changes["units"]:
        yield texts("preview.units", **move)
    for balance in changes["balances"]:
        book = texts.known(f"preview.book.{balance['book']}") or balance["book"]
        yield texts("preview.balance", **{**balance, "book": book})
    for record in changes["records"]:
        yield from _record(record, texts)
    for change in changes["facts"]:
        told = ", ".join(f"{name} = {_shown(value)}" for name, value in change["set"].items())
        yield texts("preview.facts", **{**change, "set": told, "before": ""})


def _record(record: Mapping[str, Any], texts: Texts) -> Iterator[str]:
    """A new record in one line; of a changed one, each field that is another."""
    before, after = record["before"], record["after"]
    facts = {"kind": record["kind"], "key": record["key"]}
    if before is None:
        yield texts("preview.record.new", **facts, value=_shown(after))
        return
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        yield texts("preview.record.changed", **facts, field="–", before=_shown(before), after=_shown(after))
        return
    for field in dict.fromkeys((*before, *after)):
        was, now = before.get(field), after.get(field)
        if was != now:
            yield texts("preview.record.changed", **facts, field=field, before=_shown(was), after=_shown(now))


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else canonical(value).decode()
    return text if len(text) <= VALUE_MAX else f"{text[: VALUE_MAX - 1]}…"
