"""`link discover`, `propose`, `test`, `live` and `suspend`: how a link comes about, and how it ends."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from counterfoil.entrypoints.cli.contents import Build, Command, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED
from counterfoil.entrypoints.cli.usage import Whole
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.application.command import Command as Act
    from counterfoil.domain.federation.link import LinkState, Partner
    from counterfoil.entrypoints.link_trial import Found

HOURS: Final = 72


def party() -> click.Argument:
    return click.Argument(["party"], metavar="PARTY")


def _discover(texts: Texts) -> Command:
    return Command(texts, "cli.link.discover", run_discover, [click.Argument(["address"], metavar="URL")])


def _propose(texts: Texts) -> Command:
    options = [
        click.Argument(["address"], metavar="URL"),
        click.Option(["--fingerprint"], required=True, metavar="DIGITS"),
        click.Option(["--hours"], type=Whole(0, 24 * 366), default=HOURS),
        click.Option(["--by-hand"], is_flag=True),
    ]
    return Command(texts, "cli.link.propose", run_propose, options)


def _test(texts: Texts) -> Command:
    return Command(texts, "cli.link.test", run_test, [party()])


def _live(texts: Texts) -> Command:
    return Command(texts, "cli.link.live", run_live, [party(), _reason(texts), _terms()])


def _suspend(texts: Texts) -> Command:
    return Command(texts, "cli.link.suspend", run_suspend, [party(), _reason(texts)])


def _reason(texts: Texts) -> click.Option:
    return click.Option(["--reason"], required=True, metavar=texts("cli.place.text"))


def _terms() -> click.Option:
    return click.Option(["--by-hand/--at-once"], default=None)


BUILDS: Final[Mapping[str, Build]] = {
    "discover": _discover,
    "propose": _propose,
    "test": _test,
    "live": _live,
    "suspend": _suspend,
}


def run_discover(desk: Desk, *, address: str) -> int:
    """Show what the registry at an address says of itself, with the fingerprint to compare by voice."""
    _show(desk, _found(desk, address))
    desk.screen.say("cli.link.discover.compare")
    return OK


def run_propose(desk: Desk, *, address: str, fingerprint: str, hours: int, by_hand: bool) -> int:
    """Link the registry at an address, after its authority has said the fingerprint of its key."""
    from counterfoil.application.commands.link import LinkPartner
    from counterfoil.domain.federation.link import LinkState
    from counterfoil.domain.kernel.ids import Party
    from counterfoil.entrypoints.cli.reading import told
    from counterfoil.entrypoints.link_trial import vouched

    found = _found(desk, address)
    told(vouched(found, fingerprint))
    link = LinkPartner(
        party=Party(found.party),
        registry=found.registry,
        origin=found.origin,
        public_key=found.public_key,
        address=found.address,
        state=LinkState.PROPOSED,
        answer_hours=hours,
        # A partner that is linked again keeps a consent by hand: `link live --at-once` ends it in so many words.
        by_hand=by_hand or None,
    )
    return _sent(desk, link)


def run_test(desk: Desk, *, party: str) -> int:
    """Try a link both ways. One that was only proposed is being tested from now on."""
    from counterfoil.adapters.clock.system import SystemClock
    from counterfoil.application.commands.link import ChangeLink
    from counterfoil.domain.federation.link import LinkState
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cli.reading import told
    from counterfoil.entrypoints.link_settings import read_link_settings
    from counterfoil.entrypoints.link_trial import tried

    partner = partner_of(desk.directory, party)
    way = read_link_settings(desk.directory).way
    found = told(tried(Folder(desk.directory), partner, way, now_ms=SystemClock().now_ms()))
    if partner.state is LinkState.PROPOSED:
        change = ChangeLink(party=partner.party, reason="link test", state=LinkState.TESTING)
        status = _sent(desk, change, quiet=True)
        if status != OK:
            return status
    if desk.screen.as_json:
        desk.screen.json({"party": party, "answers": True, "fingerprint": found.fingerprint})
    desk.screen.say("cli.link.test.done", party=party)
    return OK


def run_live(desk: Desk, *, party: str, reason: str, by_hand: bool | None) -> int:
    """Let units move over a link; `by_hand` says whether a person consents to each that comes, None leaves it."""
    from counterfoil.domain.federation.link import LinkState

    return _changed(desk, party, LinkState.LIVE, reason, by_hand=by_hand)


def run_suspend(desk: Desk, *, party: str, reason: str) -> int:
    """Stop a link: nothing goes, nothing is taken, and what is in flight stays in its source."""
    from counterfoil.domain.federation.link import LinkState

    return _changed(desk, party, LinkState.SUSPENDED, reason)


def partner_of(directory: Path, party: str) -> "Partner":
    """The link to a Party; one that is not there ends the command."""
    from counterfoil.application.federation.opening import partner_of as known
    from counterfoil.domain.federation.link import LinkFault
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.cli.reading import looking, told

    with looking(directory) as sight:
        found = known(sight.reading, sight.codec, party)
    return told(found or Refusal(LinkFault.UNKNOWN, {"partner": party[:20]}))


def _found(desk: Desk, address: str) -> "Found":
    from counterfoil.entrypoints.cli.reading import founded, told
    from counterfoil.entrypoints.link_settings import read_link_settings
    from counterfoil.entrypoints.link_trial import found_at

    return told(found_at(address.rstrip("/"), read_link_settings(founded(desk.directory)).way))


def _show(desk: Desk, found: "Found") -> None:
    from counterfoil.entrypoints.cli.render import Renderer

    screen = desk.screen
    if screen.as_json:
        screen.json(found.json())
    else:
        for line in Renderer(screen.texts, screen.columns).mapping(found.json()):
            screen.line(line)


def _changed(desk: Desk, party: str, state: "LinkState", reason: str, *, by_hand: bool | None = None) -> int:
    from counterfoil.application.commands.link import ChangeLink

    partner = partner_of(desk.directory, party)
    return _sent(desk, ChangeLink(party=partner.party, reason=reason, state=state, by_hand=by_hand))


def _sent(desk: Desk, act: "Act", *, quiet: bool = False) -> int:
    from counterfoil.entrypoints.cli.answers import answered
    from counterfoil.entrypoints.cli.writing import writing

    with writing(desk.directory, "link") as send:
        answers: list[Mapping[str, Any]] = list(send([act]))
    done = all(answer["status"] == "accepted" for answer in answers)
    answered(desk.screen, answers, quiet=quiet and done)
    return OK if done else REFUSED
