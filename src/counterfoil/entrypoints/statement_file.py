"""A file with a Party's answers, as JSON: each has the fields of `RecordStatement`.

    {"party": "THA", "statements": [{"element": "I.A", "attested": true, "text": {"en": "...", "zh-Hant": "..."}}, ...]}

A text that is too long for the journal is kept in the evidence store, and its beginning stands in the answer. What the
register already says in the same words is left out, so that a file may be imported again after one answer changed.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

import msgspec

from counterfoil.application.commands.record_statement import RecordStatement
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.narrative.statement import TEXT_MAX
from counterfoil.entrypoints.wire import command_of

BYTES_MAX: Final = 16 * 1024 * 1024
STATEMENTS_MAX: Final = 2_000
FULL_TEXT_MAX: Final = 200_000
"""Characters of one long text."""
SUMMARY: Final = 600
"""Characters of the beginning of a long text that stands in the journal."""
_MEMBERS: Final = frozenset({"party", "statements"})


class StatementFileFault(StrEnum):
    UNREADABLE = "statement_file.unreadable"


@dataclass(frozen=True, slots=True)
class LongText:
    """A text that goes into the evidence store: which answer and language it belongs to."""

    statement: int
    language: str
    data: bytes


def read_statement_file(data: bytes, name: str) -> tuple[list[RecordStatement], list[LongText]] | Refusal:
    """The commands of a file with their long texts taken out; the first unreadable answer refuses it whole."""
    value = _parsed(data, name)
    if isinstance(value, Refusal):
        return value
    commands: list[RecordStatement] = []
    texts: list[LongText] = []
    for number, fields in enumerate(value["statements"]):
        if not isinstance(fields, dict):
            return Refusal(
                StatementFileFault.UNREADABLE, {"file": name, "detail": f"statement {number + 1}: no object"}
            )
        shortened = dict(fields)
        if isinstance(fields.get("text"), dict):
            found = list(_long(number, fields["text"]))
            texts += found
            shortened["text"] = _summaries(fields["text"])
        command = command_of({"command": RecordStatement.__name__, "party": value.get("party"), **shortened})
        if isinstance(command, Refusal):
            facts = {**command.facts, "detail": f"statement {number + 1}: {command.facts.get('detail', '')}"}
            return Refusal(command.code, facts)
        assert isinstance(command, RecordStatement)
        commands.append(command)
    return commands, texts


def _parsed(data: bytes, name: str) -> dict[str, Any] | Refusal:
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        return Refusal(StatementFileFault.UNREADABLE, {"file": name, "detail": str(wrong)[:200]})
    members = ", ".join(sorted(_MEMBERS))
    if not isinstance(value, dict) or set(value) - _MEMBERS or not isinstance(value.get("statements"), list):
        return Refusal(StatementFileFault.UNREADABLE, {"file": name, "detail": f"members: {members}"})
    if len(value["statements"]) > STATEMENTS_MAX:
        return Refusal(StatementFileFault.UNREADABLE, {"file": name, "detail": f"more than {STATEMENTS_MAX} answers"})
    return value


def _long(number: int, texts: Mapping[str, Any]) -> Iterator[LongText]:
    for language, text in texts.items():
        if isinstance(text, str) and TEXT_MAX < len(text) <= FULL_TEXT_MAX:
            yield LongText(number, language, text.encode("utf-8", "replace"))


def _summaries(texts: Mapping[str, Any]) -> dict[str, Any]:
    """Long texts by their beginnings. One too long for the store as well stays, and is refused by its length."""
    return {
        language: f"{text[:SUMMARY].rstrip()} …"
        if isinstance(text, str) and TEXT_MAX < len(text) <= FULL_TEXT_MAX
        else text
        for language, text in texts.items()
    }


def kept(commands: list[RecordStatement], texts: list[LongText], put: Callable[[bytes], str]) -> list[RecordStatement]:
    """The commands with the digests of their long texts; `put` keeps bytes and gives their SHA-256."""
    found = list(commands)
    for text in texts:
        command = found[text.statement]
        full = {**command.full_text, text.language: put(text.data)}
        found[text.statement] = replace(command, full_text=full)
    return found
