"""`proposal`: acts that wait for a second person, from the command line. Who acts signs in for the one command."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click

from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.cli.usage import OneOf, Whole
from counterfoil.entrypoints.language import Texts

STATES: Final = ("open", "approving", "done", "rejected", "withdrawn", "expired")
DAYS_MAX: Final = 90
LIMIT: Final = 1_000


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {
        "list": _list,
        "show": _show,
        "make": _make,
        "approve": _approve,
        "reject": _reject,
        "withdraw": _withdraw,
    }
    return Contents(texts, "cli.proposal", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _list(texts: Texts) -> Command:
    return Command(texts, "cli.proposal.list", run_list, [click.Option(["--state"], type=OneOf(*STATES))])


def _show(texts: Texts) -> Command:
    return Command(texts, "cli.proposal.show", run_show, [_proposal()])


def _make(texts: Texts) -> Command:
    text = texts("cli.place.text")
    own = [
        click.Option(["--why"], default="", metavar=text),
        click.Option(["--days"], type=Whole(1, DAYS_MAX), default=14),
    ]
    file = click.Argument(["file"], metavar="FILE|-")
    return Command(texts, "cli.proposal.make", run_make, [file, *own, *_person()])


def _approve(texts: Texts) -> Command:
    preview = click.Option(["--preview"], required=True, metavar="SHA256")
    return Command(texts, "cli.proposal.approve", run_approve, [_proposal(), preview, *_person()])


def _reject(texts: Texts) -> Command:
    reason = click.Option(["--reason"], required=True, metavar=texts("cli.place.text"))
    return Command(texts, "cli.proposal.reject", run_reject, [_proposal(), reason, *_person()])


def _withdraw(texts: Texts) -> Command:
    return Command(texts, "cli.proposal.withdraw", run_withdraw, [_proposal(), *_person()])


def _proposal() -> click.Argument:
    return click.Argument(["proposal"], metavar="PROPOSAL")


def _person() -> list[click.Parameter]:
    return [
        click.Option(["--as", "mail"], required=True, metavar="MAIL"),
        click.Option(["--for", "organisation"], default="", metavar="ENTITY"),
        click.Option(["--secrets"], type=click.Path(dir_okay=False, path_type=Path), metavar="FILE"),
    ]


def run_list(desk: Desk, *, state: str | None) -> int:
    """One line for each proposal, newest first. Needs no lock."""
    from counterfoil.application.office.proposal import ProposalState
    from counterfoil.entrypoints.cli.columns import table
    from counterfoil.entrypoints.cli.proposal_desk import opened_office
    from counterfoil.entrypoints.cli.reading import founded
    from counterfoil.entrypoints.office_at_hand import FILE
    from counterfoil.entrypoints.proposal_view import listed

    screen, texts = desk.screen, desk.screen.texts
    items: list[dict[str, Any]] = []
    if (founded(desk.directory) / FILE).exists():
        with opened_office(desk.directory) as (at_hand, office):
            now = office.clock.now_ms()
            wanted = None if state is None else ProposalState(state)
            found = at_hand.proposals().listed(state=wanted, organisation=None, now_ms=now, before=2**62, limit=LIMIT)
            items = [listed(proposal, proposal.at(now)) for _, proposal in found]
    if screen.as_json:
        screen.json({"items": items})
        return OK
    if not items:
        screen.say("cli.proposal.nothing")
        return OK
    rows = [
        [item["proposal"], texts(f"proposal.{item['state']}"), item["command"], _behind(item), item["why"]]
        for item in items
    ]
    heads = [texts(f"cli.proposal.column.{name}") for name in ("proposal", "state", "command", "persons", "why")]
    for line in table([heads, *rows]):
        screen.line(line)
    return OK


def run_show(desk: Desk, *, proposal: str) -> int:
    """Everything that it would change, in the reader's language, and the hash with which it is approved."""
    from counterfoil.entrypoints.cli.proposal_desk import asking

    with asking(desk.directory) as ask:
        found = ask("GET", "/{id}", proposal, None)
    _told(desk, found)
    return OK


def run_make(desk: Desk, *, file: str, why: str, days: int, **person: Any) -> int:
    """Propose the one command of a file."""
    from counterfoil.application.command import CommandFault
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.cli.command_file import Unreadable, read_commands
    from counterfoil.entrypoints.cli.screen import UNUSABLE, Fault
    from counterfoil.entrypoints.wire import command_json

    read = read_commands(file)
    for each in read:
        if isinstance(each, Unreadable):
            raise Fault(each.fault, UNUSABLE)
    if len(read) != 1:
        facts = {"detail": f"{len(read)} commands, where one is proposed at a time", "command": ""}
        raise Fault(Refusal(CommandFault.UNREADABLE, facts), UNUSABLE)
    (one,) = read
    assert not isinstance(one, Unreadable)
    act = {name: value for name, value in command_json(one.command).items() if name != "id" or value}
    return _done(desk, person, "", "", {"command": act, "why": why, "days": days})


def run_approve(desk: Desk, *, proposal: str, preview: str, **person: Any) -> int:
    """Approve what was seen. The act is done when enough persons stand behind it."""
    return _done(desk, person, "/{id}/approve", proposal, {"preview": preview})


def run_reject(desk: Desk, *, proposal: str, reason: str, **person: Any) -> int:
    return _done(desk, person, "/{id}/reject", proposal, {"reason": reason})


def run_withdraw(desk: Desk, *, proposal: str, **person: Any) -> int:
    return _done(desk, person, "/{id}/withdraw", proposal, {})


def _done(desk: Desk, person: Mapping[str, Any], path: str, proposal: str, body: Mapping[str, Any]) -> int:
    from counterfoil.entrypoints.cli.proposal_desk import asking

    with asking(desk.directory, desk.screen, **person) as ask:
        found = ask("POST", path, proposal, body)
    _told(desk, found)
    return OK


def _told(desk: Desk, found: Mapping[str, Any]) -> None:
    screen, texts = desk.screen, desk.screen.texts
    if screen.as_json:
        screen.json(found)
        return
    if "seq" in found:
        screen.say("cli.proposal.done", entry=found["seq"], act=texts(f"act.{found['act']}"))
        return
    screen.say(
        "cli.proposal.head",
        proposal=found["proposal"],
        command=found["command"],
        state=texts(f"proposal.{found['state']}"),
    )
    screen.say("cli.proposal.persons", persons=_behind(found))
    preview = found["preview"]
    if preview is not None:
        for line in preview["said"][texts.language]:
            screen.line(f"  {line}")
        screen.say("cli.proposal.preview", persons=preview["persons"], sha256=preview["sha256"])
    if found["refusal"] is not None:
        screen.say("cli.proposal.would_be_refused", message=found["refusal"]["message"][texts.language])
    if found["reason"]:
        screen.say("cli.proposal.reason", person=found["closed_by"] or "–", reason=found["reason"])


def _behind(item: Mapping[str, Any]) -> str:
    return ", ".join(each["person"] for each in (item["initiator"], *item["approvals"]))
