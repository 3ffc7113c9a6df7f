"""Look at an act, sign it, or put it before a second person: what a page asks of the writer and of the office.

Every call waits for the writer's thread, so pages ask it in the threads of the office, never on the event loop.
"""

import json
import secrets
from typing import Any, Final

from counterfoil.application.command import Command
from counterfoil.application.office import proposals
from counterfoil.application.office.approval_desk import ApprovalDesk
from counterfoil.application.office.fault import OfficeFault
from counterfoil.application.office.proposals import Seen
from counterfoil.application.preview import Preview
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.four_eyes import ApprovalFault
from counterfoil.entrypoints.approvals_at_hand import approval_desk
from counterfoil.entrypoints.proposal_register import WriterRegister
from counterfoil.entrypoints.web.visit import Visit
from counterfoil.entrypoints.wire import command_json, command_of

ID_PREFIX: Final = "web-"
WHY_MAX: Final = 500


def new_id() -> str:
    """The id of an act, made when its form is first shown: however often the form is sent, the act happens once."""
    return f"{ID_PREFIX}{secrets.token_hex(12)}"


def command_from(visit: Visit, name: str, value: dict[str, Any]) -> Command | Refusal:
    """The command that a form says, by somebody whose roles may use it at all."""
    command = command_of({"command": name, **value})
    if isinstance(command, Refusal):
        return command
    assert visit.caller is not None, "acts are closed to strangers"
    return visit.caller.permitted(command) or command


async def look(visit: Visit, command: Command) -> Preview | Receipt | Refusal:
    """What the act would change now; its receipt where it is done already; or why it would be refused."""
    return await visit.aside(lambda: _register(visit).preview(*_submission(visit, command)))


async def sign(visit: Visit, command: Command, *, seen: str) -> Receipt | Refusal | Preview:
    """Do the act as it was seen; the preview as it is now, where the books changed meanwhile."""
    return await visit.aside(lambda: _register(visit).agreed(*_submission(visit, command), seen=seen))


async def propose(visit: Visit, command: Command, *, why: str) -> Seen | Receipt | Refusal:
    """Put the act before other persons, once, however often the form is sent."""
    standing = visit.standing
    if standing is None:
        return Refusal(ApprovalFault.PERSON_NEEDED)
    text = json.dumps(command_json(command), ensure_ascii=False)

    def work() -> Seen | Receipt | Refusal:
        desk = desk_of(visit)
        if isinstance(desk, Refusal):
            return desk
        return proposals.propose(desk, standing, command, text, why=why[:WHY_MAX], once=True)

    return await visit.aside(work)


def desk_of(visit: Visit) -> ApprovalDesk | Refusal:
    """The approval desk of this registry. Use it in the office's threads."""
    ground = visit.ground
    office = ground.door.at_hand.office()
    if office is None:
        return Refusal(OfficeFault.SESSION_NEEDED)
    return approval_desk(ground.door.at_hand, office, ground.desk.driver, ground.gate)


def _register(visit: Visit) -> WriterRegister:
    return WriterRegister(visit.ground.desk.driver)


def _submission(visit: Visit, command: Command) -> tuple[Submission, Any]:
    """The act in the name of who is signed in, and who asks whether they may."""
    assert visit.caller is not None and visit.caller.standing is not None, "acts are for persons"
    submission = visit.caller.submission(command)
    guard = visit.ground.gate.guard(visit.caller.standing)
    assert guard is not None, "a person always has a guard"
    return submission, guard
