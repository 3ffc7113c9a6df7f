"""`reconcile`: compare the books with a partner's now, here or in the server that has the registry open."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, Fault, Screen
from counterfoil.entrypoints.language import Texts


def command(texts: Texts) -> Command:
    return Command(texts, "cli.reconcile", run, [click.Argument(["partner"], metavar="PARTNER")])


def run(desk: Desk, *, partner: str) -> int:
    """Compare, and show what was found. The status is 1 while something differs or a case is open."""
    view = compared(desk.directory, partner)
    if desk.screen.as_json:
        desk.screen.json(view)
    else:
        _show(desk.screen, view)
    return OK if view["agreed"] and not view["open_cases"] else REFUSED


def compared(directory: Path, partner: str) -> Mapping[str, Any]:
    """How the books compared.

    Raises:
        Fault: it was refused, or nobody who holds the registry takes requests.
        Outage: the partner cannot be reached.
    """
    from counterfoil.entrypoints.bootstrap import Folder, open_for_writing

    opened = open_for_writing(Folder(directory), "reconcile")
    if isinstance(opened, Refusal):
        return _by_the_holder(opened, partner)
    from counterfoil.entrypoints.link_settings import read_link_settings
    from counterfoil.entrypoints.own_side import WriterSide
    from counterfoil.entrypoints.reconciler_at_hand import ReconcilerAtHand, told

    with opened as writable:
        side = WriterSide(writable.driver)
        reconciler = ReconcilerAtHand(writable.driver, side, read_link_settings(directory).way)
        outcome = reconciler.run(partner)
    if isinstance(outcome, Refusal):
        raise Fault(outcome, REFUSED)
    return told(outcome)


def _by_the_holder(refusal: Refusal, partner: str) -> Mapping[str, Any]:
    from counterfoil.adapters.lock import LockFault
    from counterfoil.entrypoints.http.local import post
    from counterfoil.entrypoints.http.reconciliation import RECONCILIATIONS

    address = refusal.facts.get("address")
    if refusal.code != LockFault.LOCKED or not address:
        raise Fault(refusal, REFUSED)
    view = post(str(address), RECONCILIATIONS, partner.encode())
    if view.get("status") != "reconciled":
        raise Fault(Refusal(str(view.get("code")), view.get("facts", {})), REFUSED)
    return view


def _show(screen: Screen, view: Mapping[str, Any]) -> None:
    key = "cli.reconcile.agreed" if view["agreed"] else "cli.reconcile.differs"
    shown = {name: f"{view[name]:,}" for name in ("units_out", "units_in", "questions", "differing", "under_way")}
    screen.say(key, partner=view["partner"], **shown)
    if not view["complete"]:
        screen.note("cli.reconcile.more")
    for case in view["opened"]:
        screen.say("cli.reconcile.opened", case=case)
    for case in view["confirmed"]:
        screen.say("cli.reconcile.confirmed", case=case)
    log = view["log"]
    if log["refused"]:
        screen.note("cli.reconcile.log_refused", code=log["refused"])
    elif log["cosigned"]:
        screen.say("cli.reconcile.cosigned", shown=f"{log['shown']:,}", seen=f"{log['seen']:,}")
    if view["recovered"]:
        screen.say("cli.reconcile.recovered", partner=view["partner"])
    if view["open_cases"]:
        screen.note("cli.reconcile.open_cases", cases=view["open_cases"])
