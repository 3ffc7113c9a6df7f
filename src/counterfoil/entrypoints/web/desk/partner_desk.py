"""The desk of an officer for partners: each link with what waits, what lies dead, cases, and comparing the books now.

Read next: `links_at_hand.py`, `reconciler_at_hand.py`. Source: 2/CMA.3 annex para. 31; ADR-0033.
"""

import asyncio
import base64
from collections.abc import Mapping
from itertools import islice
from typing import Any, Final

from counterfoil.application.commands.abroad import TRANSFER, TransferState
from counterfoil.application.federation.discovery import fingerprint
from counterfoil.application.federation.letter_book import Delivery, Queue
from counterfoil.application.ports import Outage
from counterfoil.application.queries.cases import cases
from counterfoil.application.queries.show import ShowFault
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.federation.link import PARTNER
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.reconciler_at_hand import told
from counterfoil.entrypoints.web.page import Gone, PageRow, Reply, Shown
from counterfoil.entrypoints.web.visit import Visit

PATH: Final = "/desk/partners"
PARTNERS_MAX: Final = 300
DEAD_MAX: Final = 1_000
LOOKED_MAX: Final = 5_000
"""Transfers that are looked through for those in flight."""
SHOWN: Final = 100
FLYING: Final = frozenset({TransferState.PROPOSED.value, TransferState.ACCEPTED.value})


def rows() -> tuple[PageRow, ...]:
    return (PageRow(PATH, _list), PageRow(f"{PATH}/{{key}}", _one, _change))


def _queues(visit: Visit) -> dict[str, Queue]:
    """What waits, by partner. Asked only where there are partners, so that a look makes no letter book."""
    return {each.partner: each for each in visit.ground.links.book().queues()}


def _dead(visit: Visit, party: str) -> list[Delivery]:
    found = visit.ground.links.book().dead(after=(party, ""), limit=DEAD_MAX)
    return [each for each in found if each.partner == party]


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
        facts = {"partners": listed, "cases": open_by["cases"][:SHOWN], "may_link": visit.may("LinkPartner")}
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
    dead = await visit.aside(lambda: _dead(visit, key)) if queue is not None and queue.dead else []

    def drawn(sight: Sight) -> Any:
        status = 200 if fault is None else 422
        facts = {**_facts(sight, visit, key, known), "queue": queue, "dead": dead[:SHOWN], "fault": fault, "ran": ran}
        return visit.rendered(Shown("desk/partners/partner.html", facts, status=status, kept=False), sight)

    page: Reply = await visit.ask(drawn)
    return page


def _facts(sight: Sight, visit: Visit, key: str, known: Mapping[str, Any]) -> dict[str, Any]:
    found = cases(sight, every=False)
    return {
        "partner": {"state": "live", **known, "key": key},
        "fingerprint": fingerprint(base64.b64decode(known["public_key"])),
        "flying": _flying(sight, key),
        "cases": [each for each in found["cases"] if each["partner"] == key][:SHOWN],
        "compared": next((each for each in found["reconciliations"] if each["partner"] == key), None),
        "done": visit.query.get("done", ""),
        "may_run": visit.may(f"POST {PATH}/{{key}}"),
        "acts": [name for name in ("ChangeLink", "RecordRecognition", "RecordAgreedTransfer") if visit.may(name)],
        "may_void": visit.may("VoidTransfer"),
        "may_close": visit.may("CloseCase"),
    }


def _flying(sight: Sight, key: str) -> list[dict[str, Any]]:
    """Transfers with a partner that are not over, both ways."""
    looked = islice(sight.records(TRANSFER, limit=LOOKED_MAX), LOOKED_MAX)
    found = ({"key": name, **value} for name, value in looked if value["partner"] == key and value["state"] in FLYING)
    return list(islice(found, SHOWN))


async def _change(visit: Visit) -> Reply | Refusal:
    """Compare the books now, or try again what lies dead."""
    key, do = visit.path["key"], visit.form.get("do")
    if do == "reconcile":
        try:
            # It waits for another registry: not in the office's threads, where everybody's sessions are looked up.
            outcome = await asyncio.to_thread(visit.ground.reconciler.run, key)
        except Outage as outage:
            return await _page(visit, outage)
        return await (_page(visit, outcome) if isinstance(outcome, Refusal) else _page(visit, ran=told(outcome)))
    if do != "retry":
        return Refusal(HttpFault.REQUEST_UNREADABLE)
    await visit.aside(lambda: _revive(visit, key))
    return Gone(visit.url("desk", "partners", key, done="retried"))


def _revive(visit: Visit, key: str) -> int:
    chosen = [(key, each.transfer) for each in _dead(visit, key)]
    book = visit.ground.links.book()
    with book.change():
        return book.revive(chosen, now_ms=visit.now_ms)
