"""`link`: the links to partner registries, and what is still to be delivered over them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from counterfoil.entrypoints.cli import link_change, link_conform
from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.adapters.peers.links_file import LinksFile
    from counterfoil.application.federation.letter_book import Delivery

ROWS_MAX = 1_000


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {
        "list": _list,
        "show": _show,
        **link_change.BUILDS,
        "resend": _resend,
        "dead-letters": _dead,
        "retry": _retry,
        **link_conform.BUILDS,
    }
    return Contents(texts, "cli.link", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _list(texts: Texts) -> Command:
    return Command(texts, "cli.link.list", run_list)


def _show(texts: Texts) -> Command:
    return Command(texts, "cli.link.show", run_show, [link_change.party()])


def _resend(texts: Texts) -> Command:
    return Command(texts, "cli.link.resend", run_resend, [click.Argument(["transfer"], metavar="TRANSFER")])


def _dead(texts: Texts) -> Command:
    return Command(texts, "cli.link.dead-letters", run_dead)


def _retry(texts: Texts) -> Command:
    transfer = click.Argument(["transfer"], required=False, metavar="[TRANSFER]")
    return Command(texts, "cli.link.retry", run_retry, [link_change.party(), transfer])


@contextmanager
def letter_book(directory: Path) -> Iterator["LinksFile"]:
    """The letter book of a founded registry; laid out when it is not there."""
    from counterfoil.adapters.peers.links_file import FILE, LinksFile
    from counterfoil.entrypoints.cli.reading import founded

    book = LinksFile(founded(directory) / FILE)
    try:
        yield book
    finally:
        book.close()


def run_list(desk: Desk) -> int:
    """One line for each link, with what waits for it."""
    from counterfoil.domain.federation.link import PARTNER
    from counterfoil.entrypoints.cli.office_at_work import show_rows
    from counterfoil.entrypoints.cli.reading import looking

    with looking(desk.directory) as sight, letter_book(desk.directory) as book:
        queues = {each.partner: each for each in book.queues()}
        rows = []
        for row in sight.reading.records(PARTNER):
            value, queue = sight.codec.decode(row.value), queues.get(row.key)
            rows.append(
                {
                    "party": row.key,
                    "registry": value["registry"],
                    "state": value.get("state", "live"),
                    "address": value.get("address", ""),
                    "waiting": queue.waiting if queue else 0,
                    "dead": queue.dead if queue else 0,
                }
            )
    show_rows(desk, rows, "cli.link.list.nothing")
    return OK


def run_show(desk: Desk, *, party: str) -> int:
    """One link in full: its key with the fingerprint, and how its messages fared."""
    import base64

    from counterfoil.application.federation.discovery import fingerprint
    from counterfoil.domain.federation.jws import key_id
    from counterfoil.domain.kernel.record import to_json
    from counterfoil.entrypoints.cli.render import Renderer

    partner = link_change.partner_of(desk.directory, party)
    key = base64.b64decode(partner.public_key)
    with letter_book(desk.directory) as book:
        queue = next((each for each in book.queues() if each.partner == party), None)
        counts = [each._asdict() for each in book.counts() if each.partner == party]
    shown = to_json(partner)
    assert isinstance(shown, dict)
    view: dict[str, Any] = {
        **shown,
        "key_id": key_id(key),
        "fingerprint": fingerprint(key),
        "waiting": queue.waiting if queue else 0,
        "dead": queue.dead if queue else 0,
        "messages": counts,
    }
    screen = desk.screen
    if screen.as_json:
        screen.json(view)
    else:
        for line in Renderer(screen.texts, screen.columns).mapping(view):
            screen.line(line)
    return OK


def run_resend(desk: Desk, *, transfer: str) -> int:
    """Owe what this side has to say about a transfer, or a notice, once more, from now on."""
    from counterfoil.adapters.clock.system import SystemClock
    from counterfoil.application.commands.abroad import TRANSFER, AbroadFault
    from counterfoil.application.federation.letter_book import Delivery
    from counterfoil.domain.federation.notice import NOTICE, is_notice
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.cli.reading import looking, told

    kind = NOTICE if is_notice(transfer) else TRANSFER
    with looking(desk.directory) as sight:
        known: Mapping[str, Any] = told(
            sight.record(kind, transfer) or Refusal(AbroadFault.UNKNOWN, {"transfer": transfer})
        )
    with letter_book(desk.directory) as book, book.change():
        book.owe([Delivery(known["partner"], transfer, 0, SystemClock().now_ms())])
    if desk.screen.as_json:
        desk.screen.json({"transfer": transfer, "partner": known["partner"]})
    desk.screen.say("cli.link.resend.done", transfer=transfer, partner=known["partner"])
    return OK


def run_dead(desk: Desk) -> int:
    """What was set aside after its last try."""
    from counterfoil.entrypoints.cli.office_at_work import show_rows

    with letter_book(desk.directory) as book:
        rows = [_row(each) for each in book.dead(after=("", ""), limit=ROWS_MAX)]
    show_rows(desk, rows, "cli.link.dead-letters.nothing")
    return OK


def run_retry(desk: Desk, *, party: str, transfer: str | None) -> int:
    """Try again what was set aside for a partner: one transfer, or all of them."""
    from counterfoil.adapters.clock.system import SystemClock

    with letter_book(desk.directory) as book:
        dead = [each for each in book.dead(after=(party, ""), limit=ROWS_MAX) if each.partner == party]
        chosen = [(party, each.transfer) for each in dead if transfer in (None, each.transfer)]
        with book.change():
            revived = book.revive(chosen, now_ms=SystemClock().now_ms())
    if desk.screen.as_json:
        desk.screen.json({"revived": revived})
    desk.screen.say("cli.link.retry.done", count=revived)
    return OK


def _row(delivery: "Delivery") -> dict[str, Any]:
    from counterfoil.entrypoints.cli.office_at_work import moment

    told = delivery._asdict()
    return {
        **{name: value for name, value in told.items() if not name.endswith("_ms")},
        "next": moment(delivery.next_ms),
        "expires_at": moment(delivery.expires_ms or None),
    }
