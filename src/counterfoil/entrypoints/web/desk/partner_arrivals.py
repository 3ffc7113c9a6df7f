"""A transfer that waits for consent, as an officer sees it: what is offered, by which checks it came, and two ways on.

Read next: `transfer_checks.py`. Source: 2/CMA.3 annex para. 18(g); ADR-0032.
"""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.application.commands.abroad import TRANSFER, TransferState
from counterfoil.application.commands.clearance import AGREEMENTS_WITH
from counterfoil.application.commands.waiting import ARRIVING, WAITING
from counterfoil.application.federation.discovery import fingerprint
from counterfoil.application.federation.letter_book import Direction
from counterfoil.application.queries.show import ShowFault
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.federation.jws import read_compact
from counterfoil.domain.federation.link import PARTNER
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units.identifier import UnitClass, identifier, unit_class
from counterfoil.entrypoints.transfer_checks import TransferCheck, transfer_checks
from counterfoil.entrypoints.web.page import Gone, PageRow, Reply, Shown
from counterfoil.entrypoints.web.visit import Visit

PATH: Final = "/desk/partners/arriving"
LETTERS_MAX: Final = 16
PARTS_SHOWN: Final = 50
NOT_FOR_PROPOSALS: Final = frozenset({"T02", "T26", "T27", "T28"})
"""Checks that ask about other messages, or about how many there are."""
PASSED: Final = "passed"
ASKED: Final = "asked"


@dataclass(frozen=True, slots=True)
class Looked:
    """A check with what it looked at. The last one is asked of the officer."""

    check: TransferCheck
    at: str
    state: str = PASSED


def rows() -> tuple[PageRow, ...]:
    return (PageRow(f"{PATH}/{{key:path}}", _page),)


def waiting(sight: Sight, party: str = "") -> Iterator[dict[str, Any]]:
    """The transfers that wait for consent, of one partner or of all: read by the partners' short lists."""
    listed = ((party, sight.record(WAITING, party)),) if party else sight.records(WAITING)
    for _, names in listed:
        for name in names or ():
            value = sight.record(TRANSFER, name)
            yield {"key": name, **value, "quantity": quantity(value)}


def quantity(transfer: Mapping[str, Any]) -> int:
    return sum(part["last"] - part["first"] + 1 for part in transfer["parts"])


async def _page(visit: Visit) -> Reply | Refusal:
    key = visit.path["key"]
    known = await visit.ask(lambda sight: sight.record(TRANSFER, key))
    if known is None or known["direction"] != "in":
        return Refusal(ShowFault.NOT_FOUND, {"what": TRANSFER, "key": key[:120]})
    if known["state"] != TransferState.OFFERED:
        return Gone(visit.url("transfers", key))
    message = await visit.aside(lambda: _message(visit, key))

    def drawn(sight: Sight) -> Any:
        return visit.rendered(
            Shown("desk/partners/arriving.html", _facts(sight, visit, key, message), kept=False), sight
        )

    page: Reply = await visit.ask(drawn)
    return page


def _message(visit: Visit, transfer: str) -> dict[str, Any]:
    """The partner's proposal as it was kept, with its size in bytes; empty where the letter book lost it."""
    for letter in visit.ground.links.book().letters(transfer, limit=LETTERS_MAX):
        read = read_compact(letter.signed)
        if letter.direction is Direction.IN and letter.kind == "proposal" and not isinstance(read, Refusal):
            return {**json.loads(read.content), "bytes": len(letter.signed)}
    return {}


def _facts(sight: Sight, visit: Visit, key: str, message: Mapping[str, Any]) -> dict[str, Any]:
    row = sight.reading.record(TRANSFER, key)
    assert row is not None
    transfer = sight.codec.decode(row.value)
    offered = sight.record(ARRIVING, key) or {"parts": [], "authorizations": [], "approaches": [], "proposal": ""}
    partner = sight.record(PARTNER, transfer["partner"])
    agreements = sight.record(AGREEMENTS_WITH, transfer["partner"]) or ()
    return {
        "transfer": {"key": key, **transfer},
        "entry": row.seq,
        "quantity": quantity(transfer),
        "spans": [_part(part) for part in transfer["parts"][:PARTS_SHOWN]],
        "spans_more": max(0, len(transfer["parts"]) - PARTS_SHOWN),
        "letters": offered["authorizations"],
        "approaches": offered["approaches"],
        "checks": list(_looked(visit, transfer, offered, partner, message, agreements)),
        "may_consent": visit.may("ConsentToTransfer"),
        "may_refuse": visit.may("RefuseTransfer"),
    }


def _part(part: Mapping[str, Any]) -> dict[str, Any]:
    first, last = (identifier(part["unit_class"], part[end]) for end in ("first", "last"))
    return {"first_id": first, "last_id": last, "quantity": part["last"] - part["first"] + 1}


def _approach_and_vintage(key: str) -> str:
    of = unit_class(key)
    return f"{of.cooperative_approach or '–'} · {of.vintage or '–'}" if isinstance(of, UnitClass) else key


def _born(key: str) -> str:
    """The registry that issued units of a class."""
    of = unit_class(key)
    return str(of.registry) if isinstance(of, UnitClass) else key


def _looked(  # noqa: PLR0917  each check looks at something else
    visit: Visit,
    transfer: Mapping[str, Any],
    offered: Mapping[str, Any],
    partner: Any,
    message: Mapping[str, Any],
    agreements: Sequence[str],
) -> Iterator[Looked]:
    """Every check of a proposal with what it looked at, in the order in which they were made."""
    t, n = visit.texts, visit.wording.number
    proof = message.get("body", {}).get("proof", {})
    letters = ", ".join(each["id"] for each in offered["authorizations"])
    parts = offered["parts"] or transfer["parts"]
    ends = visit.wording.moment(transfer["expires_at"]) if transfer["expires_at"] else t("web.arriving.no_end")
    at = {
        "T01": t("web.arriving.bytes", n=n(message["bytes"])) if message else "",
        "T03": "Ed25519",
        "T04": offered["proposal"],
        "T05": str(message.get("version", "")),
        "T06": str(message.get("recipient", "")),
        "T07": f"{transfer['partner']} · {partner['registry']}",
        "T08": fingerprint(base64.b64decode(partner["public_key"])),
        "T09": offered["proposal"],
        "T10": t(f"web.link.{partner['state']}"),
        "T11": t("web.arriving.sent", at=visit.wording.moment(message["sent_at"]) if message else "–", ends=ends),
        "T12": transfer["id"],
        "T13": t("web.arriving.their_entry", entry=n(proof["seq"])) if proof else "",
        "T14": t("web.arriving.parts", n=n(len(parts))),
        "T15": transfer["target"],
        "T16": ", ".join(dict.fromkeys(part["unit_class"] for part in parts)),
        "T17": ", ".join(dict.fromkeys(_approach_and_vintage(part["unit_class"]) for part in parts)),
        "T18": t("web.arriving.units", n=n(quantity(transfer))),
        "T19": t("web.arriving.born", registries=", ".join(dict.fromkeys(_born(part["unit_class"]) for part in parts))),
        "T20": ", ".join([letters, *(str(each["id"]) for each in offered["approaches"])]),
        "T21": letters,
        "T22": f"{partner['party']} → {transfer['target']} · {transfer['entity'] or '–'}",
        "T23": " · ".join(str(each["adjustment_commitment"]) for each in offered["authorizations"]),
        "T24": ", ".join(agreements),
        "T25": t("web.arriving.no_retire") if transfer["retire"] is None else str(transfer["retire"]["year"]),
    }
    for check in transfer_checks():
        if check.code not in NOT_FOR_PROPOSALS:
            asked = check.code == "T29"
            yield Looked(check, at.get(check.code, ""), ASKED if asked else PASSED)
