"""`link conform`: whether a partner's implementation answers as the protocol says."""

from collections.abc import Mapping
from typing import Final

from counterfoil.entrypoints.cli import link_change
from counterfoil.entrypoints.cli.contents import Build, Command, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED
from counterfoil.entrypoints.language import Texts


def _conform(texts: Texts) -> Command:
    return Command(texts, "cli.link.conform", run_conform, [link_change.party()])


BUILDS: Final[Mapping[str, Build]] = {"conform": _conform}


def run_conform(desk: Desk, *, party: str) -> int:
    """Play every case to the partner. Status 1 when an answer is not that of the protocol."""
    from counterfoil.adapters.clock.system import SystemClock
    from counterfoil.adapters.peers.http_peer import HttpPeer
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.link_conformance import conform
    from counterfoil.entrypoints.link_settings import read_link_settings
    from counterfoil.entrypoints.link_trial import sealer

    partner = link_change.partner_of(desk.directory, party)
    peer = HttpPeer(partner.address, read_link_settings(desk.directory).way)
    try:
        verdicts = conform(peer, sealer(Folder(desk.directory)), partner, now_ms=SystemClock().now_ms())
    finally:
        peer.close()
    screen = desk.screen
    failed = sum(not each.holds for each in verdicts)
    if screen.as_json:
        screen.json({"party": party, "cases": [each.json() for each in verdicts], "failed": failed})
    for each in verdicts:
        key = "cli.link.conform.holds" if each.holds else "cli.link.conform.fails"
        screen.say(key, check=each.check, name=each.name, expected=each.expected, found=each.found)
    screen.say("cli.link.conform.done", cases=len(verdicts), failed=failed)
    return REFUSED if failed else OK
