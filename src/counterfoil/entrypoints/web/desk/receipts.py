"""The receipt of an act: what was done, by whom, when, where it stands in the journal, and how to prove it."""

import re
from typing import Any, Final

from counterfoil.application.queries.letters import RETIRING
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.entry import from_leaf
from counterfoil.domain.reporting.filing import REPORT
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.web.forms.value_words import worded
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.visit import Visit

RECORDS_MAX: Final = 50
_FORM: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
_DRAFT: Final = re.compile(r"/(desk)/(reports)/(draft)/([a-z-]{1,20})/(\d{4})(?:/|\Z)")


def rows() -> tuple[PageRow, ...]:
    return (PageRow("/desk/receipts/{seq}", reading(_receipt)),)


def _receipt(sight: Sight, visit: Visit) -> Reply | Refusal:
    number = visit.path["seq"]
    row = sight.reading.row(int(number)) if number.isdecimal() and len(number) <= 15 else None
    if row is None:
        return Refusal(HttpFault.NOT_FOUND, {"path": visit.request.url.path[:200]})
    leaf = sight.codec.decode(row.leaf)
    journal_entry = from_leaf(leaf)
    entry, last = journal_entry.entry, sight.reading.last_checkpoint()
    facts: dict[str, Any] = {
        "seq": row.seq,
        "act": visit.texts.known(f"act.{entry.act.value}") or entry.act.value,
        "leaf_hash": row.leaf_hash.hex(),
        "recorded_at": leaf["at"],
        "on": entry.effective_on.isoformat(),
        "by": leaf.get("by", ""),
        "command_id": row.command,
        "moves": entry.moves,
        "records": [(each.kind, each.key) for each in entry.records[:RECORDS_MAX]],
        "because": entry.because or "",
        "details": [(name, worded(name, value, visit.texts)) for name, value in (entry.details or {}).items()],
        "size": 0 if last is None else last.size,
        "certified": entry.act in RETIRING,
        "form": _form_named(visit),
        "report": next((each.key for each in entry.records if each.kind == REPORT), ""),
        "draft": _draft_named(visit),
    }
    return Shown("desk/receipt.html", facts, kept=False)


def _form_named(visit: Visit) -> str:
    """Where the form stood that this act came from, so that the browser forgets what was typed in it."""
    form, path = visit.query.get("of", ""), visit.query.get("at", "")
    return f"{path}#{form}" if form and set(form) <= _FORM and path.startswith("/desk/") else ""


def _draft_named(visit: Visit) -> tuple[str, ...]:
    """The draft of a report from which the form of this act was opened."""
    found = _DRAFT.match(visit.query.get("at", ""))
    return () if found is None else found.groups()
