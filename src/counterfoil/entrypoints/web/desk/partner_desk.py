"""The desk of an officer for partners: what waits for consent, each link with its messages, and comparing the books.

Read next: `links_at_hand.py`, `reconciler_at_hand.py`. Source: 2/CMA.3 annex para. 31; ADR-0033.
"""

import asyncio
import base64
from collections.abc import Mapping
from itertools import islice
from typing import Any, Final

from counterfoil.application.commands.abroad import TRANSFER, TransferState
from counterfoil.application.federation.discovery import fingerprint
from counterfoil.application.federation.letter_book import Queue
from counterfoil.application.ports import Outage
from counterfoil.application.queries.cases import cases
from counterfoil.application.queries.show import ShowFault
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.federation.link import PARTNER, LinkState
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.reconciler_at_hand import told
from counterfoil.entrypoints.web.desk import partner_arrivals, partner_cases, partner_notices
from counterfoil.entrypoints.web.desk.partner_messages import SHOWN, dead_to, resend, revive, waiting_for
from counterfoil.entrypoints.web.page import Gone, PageRow, Reply, Shown
from counterfoil.entrypoints.web.visit import Visit

PATH: Final = "/desk/partners"
PARTNERS_MAX: Final = 300
LOOKED_MAX: Final = 5_000
"""Transfers that are looked through for those in flight."""
FLYING: Final = frozenset({TransferState.PROPOSED.value, TransferState.ACCEPTED.value})


def rows() -> tuple[PageRow, ...]:
    return (
        *partner_notices.rows(),
        *partner_arrivals.rows(),
        *partner_cases.rows(),
        PageRow(PATH, _list),
        PageRow(f"{PATH}/{{key}}", _one, _change),
    )


def _queues(visit: Visit) -> dict[str, Queue]:
    """What waits, by partner. Asked only where there are partners, so that a look makes no letter book."""
    return {each.partner: each for each in visit.ground.links.book().queues()}


def _partners(sight: Sight) -> list[dict[str, Any]]:
    found = islice(sight.records(PARTNER, limit=PARTNERS_MAX), PARTNERS_MAX)
    return [{"state": "live", **value, "key": key} for key, value in found]


async def _list(visit: Visit) -> Reply | Refusal:
    partners = await visit.ask(_partners)
    queues = await visit.aside(lambda: _queues(visit)) if partners else {}

    def drawn(sight: Sight) -> Any:
        open_by = cases(sight, every=False)
        compared = {each["partner"]: each for each in open_by["reconciliations"]}
        listed = [_row(each, queues.get(each["key"]), compared.get(each["key"])) for each in partners]
        facts = {
            "partners": listed,
            "arriving": list(islice(partner_arrivals.waiting(sight), SHOWN)),
            "cases": open_by["cases"][:SHOWN],
            "may_link": visit.may("LinkPartner"),
        }
        return visit.rendered(Shown("desk/partners/list.html", facts, kept=False), sight)

    page: Reply = await visit.ask(drawn)
    return page


def _row(partner: Mapping[str, Any], queue: Queue | None, compared: Mapping[str, Any] | None) -> dict[str, Any]:
    waiting, dead = (0, 0) if queue is None else (queue.waiting, queue.dead)
    return {**partner, "waiting": waiting, "dead": dead, "compared": compared}


async def _one(visit: Visit) -> Reply | Refusal:
    return await _page(visit)


async def _page(visit: Visit, fault: Refusal | Outage | None = None, ran: Mapping[str, Any] | None = None) -> Reply:
    """One partner; with what comparing the books found, or why it could not be done."""
    key = visit.path["key"]
    known = await visit.ask(lambda sight: sight.record(PARTNER, key))
    if known is None:
        raise visit.refuse(Refusal(ShowFault.NOT_FOUND, {"what": PARTNER, "key": key[:120]}))
    queue = (await visit.aside(lambda: _queues(visit))).get(key)
    dead = await visit.aside(lambda: dead_to(visit, key)) if queue is not None and queue.dead else []
    waiting = await visit.aside(lambda: waiting_for(visit, key)) if queue is not None and queue.waiting else []

    def drawn(sight: Sight) -> Any:
        status = 200 if fault is None else 422
        facts = {**_facts(sight, visit, key, known), "dead": dead[:SHOWN], "fault": fault, "ran": ran}
        facts |= {"messages": waiting, "more_waiting": 0 if queue is None else max(0, queue.waiting - len(waiting))}
        return visit.rendered(Shown("desk/partners/partner.html", facts, status=status, kept=False), sight)

    page: Reply = await visit.ask(drawn)
    return page


def _facts(sight: Sight, visit: Visit, key: str, known: Mapping[str, Any]) -> dict[str, Any]:
    found = cases(sight, every=False)
    return {
        "partner": {"state": "live", **known, "key": key},
        "fingerprint": _fingerprint(known["public_key"]),
        "earlier": _fingerprint(known.get("earlier_key", "")),
        "arriving": list(partner_arrivals.waiting(sight, key)),
        "flying": visit.ground.folds.ask(sight, ("flying", key), lambda: _flying(sight, key)),
        "cases": [each for each in found["cases"] if each["partner"] == key][:SHOWN],
        "compared": next((each for each in found["reconciliations"] if each["partner"] == key), None),
        "done": visit.query.get("done", ""),
        "may_run": visit.may(f"POST {PATH}/{{key}}"),
        # A link that is only proposed has not shown yet that its key answers at its address.
        "may_compare": bool(known.get("address")) and known.get("state", "live") != LinkState.PROPOSED,
        "acts": [name for name in ("ChangeLink", "RecordRecognition", "RecordAgreedTransfer") if visit.may(name)],
        "may_void": visit.may("VoidTransfer"),
        "may_close": visit.may("CloseCase"),
    }


def _fingerprint(key: str) -> str:
    return fingerprint(base64.b64decode(key)) if key else ""


def _flying(sight: Sight, key: str) -> list[dict[str, Any]]:
    """Transfers with a partner that are not over, both ways."""
    looked = islice(sight.records(TRANSFER, limit=LOOKED_MAX), LOOKED_MAX)
    found = ({"key": name, **value} for name, value in looked if value["partner"] == key and value["state"] in FLYING)
    return list(islice(found, SHOWN))


async def _change(visit: Visit) -> Reply | Refusal:
    """Compare the books now, send one message again, or try again all that was set aside."""
    key, do = visit.path["key"], visit.form.get("do")
    if do == "reconcile":
        try:
            # It waits for another registry: not in the office's threads, where everybody's sessions are looked up.
            outcome = await asyncio.to_thread(visit.ground.reconciler.run, key)
        except Outage as outage:
            return await _page(visit, outage)
        return await (_page(visit, outcome) if isinstance(outcome, Refusal) else _page(visit, ran=told(outcome)))
    if do == "resend":
        refusal = await resend(visit, key, visit.form.get("transfer"))
        return (
            Gone(visit.url("desk", "partners", key, done="resent")) if refusal is None else await _page(visit, refusal)
        )
    if do != "retry":
        return Refusal(HttpFault.REQUEST_UNREADABLE)
    await revive(visit, key)
    return Gone(visit.url("desk", "partners", key, done="retried"))
