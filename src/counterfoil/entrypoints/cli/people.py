"""`people`: who works with the registry. The folder's owner may do here what an administrator does over HTTP."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.cli.usage import Day
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.application.office.admin_request import AdminRequest
    from counterfoil.application.office.ports import Office, Person
    from counterfoil.domain.kernel.refusal import Refusal


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {
        "list": _list,
        "invite": _invite,
        "suspend": _suspend,
        "resume": _resume,
        "erase": _erase,
        "requests": _requests,
        "trail": _trail,
    }
    return Contents(texts, "cli.people", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _list(texts: Texts) -> Command:
    return Command(texts, "cli.people.list", run_list, [click.Option(["--after"], default="", metavar="PERSON")])


def _invite(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.people.invite",
        run_invite,
        [
            click.Argument(["mail"], metavar="MAIL"),
            click.Option(["--name"], metavar="NAME", required=True),
            click.Option(["--role"], metavar="ROLE", required=True),
            click.Option(["--organisation"], metavar="NUMBER", default=""),
            click.Option(["--until"], type=Day()),
        ],
    )


def _suspend(texts: Texts) -> Command:
    return Command(texts, "cli.people.suspend", run_suspend, [_person()])


def _resume(texts: Texts) -> Command:
    return Command(texts, "cli.people.resume", run_resume, [_person()])


def _erase(texts: Texts) -> Command:
    return Command(texts, "cli.people.erase", run_erase, [_person()])


def _requests(texts: Texts) -> Command:
    return Command(texts, "cli.people.requests", run_requests)


def _trail(texts: Texts) -> Command:
    names = ("--actor", "--act", "--subject")
    options = [click.Option([name], default="", metavar="TEXT") for name in names]
    after = click.Option(["--after"], default=0, type=click.IntRange(min=0), metavar="NUMBER")
    return Command(texts, "cli.people.trail", run_trail, [*options, after])


def _person() -> click.Argument:
    return click.Argument(["person"], metavar="PERSON")


def run_list(desk: Desk, *, after: str) -> int:
    """Everybody, the erased ones too, with the roles that they hold today."""
    from counterfoil.application.office.trail import day_of
    from counterfoil.entrypoints.cli.office_at_work import ROWS_MAX, moment, office_at_work, show_rows

    with office_at_work(desk.directory) as office:
        today = day_of(office.clock.now_ms())
        rows = [
            {
                "person": each.person,
                "name": each.name,
                "mail": each.mail,
                "state": each.state.value,
                "roles": ", ".join(_role(held) for held in office.store.memberships.of(each.person, on=today)),
                "enrolled": moment(each.enrolled_ms),
            }
            for each in office.store.people.listed(after=after, limit=ROWS_MAX)
        ]
    show_rows(desk, rows, "cli.people.list.nothing")
    return OK


def run_invite(desk: Desk, *, mail: str, name: str, role: str, organisation: str, until: date | None) -> int:
    """Invite somebody for a role. `--until` is the role's last day."""
    from counterfoil.application.office.admin_request import AdminRequest
    from counterfoil.application.office.invitations import Guest
    from counterfoil.application.office.two_administrators import invite
    from counterfoil.entrypoints.cli.admin import show_invitation
    from counterfoil.entrypoints.cli.office_at_work import office_at_work
    from counterfoil.entrypoints.cli.reading import told
    from counterfoil.entrypoints.personnel_at_hand import personnel_of

    last = None if until is None else until.isoformat()
    with office_at_work(desk.directory) as office:
        guest = Guest(name, mail, role, organisation, last_day=last)
        found = invite(personnel_of(office), guest)
    if isinstance(found, AdminRequest):
        return _waits(desk, found)
    show_invitation(desk, told(found))
    return OK


def run_suspend(desk: Desk, *, person: str) -> int:
    from counterfoil.application.office.people import suspend

    return _changed(desk, "cli.people.suspend.done", lambda office: suspend(office, person, actor="local"))


def run_resume(desk: Desk, *, person: str) -> int:
    from counterfoil.application.office.people import resume

    return _changed(desk, "cli.people.resume.done", lambda office: resume(office, person, actor="local"))


def run_erase(desk: Desk, *, person: str) -> int:
    """Forget who somebody is; the pseudonym and the trail stay."""
    from counterfoil.application.office.two_administrators import erase
    from counterfoil.entrypoints.personnel_at_hand import personnel_of

    return _changed(desk, "cli.people.erase.done", lambda office: erase(personnel_of(office), person))


def run_requests(desk: Desk) -> int:
    """What waits for a second administrator. Confirming takes a session: it is done over HTTP."""
    from counterfoil.application.office.two_administrators import OPEN_MAX
    from counterfoil.entrypoints.cli.office_at_work import moment, office_at_work, show_rows
    from counterfoil.entrypoints.personnel_at_hand import personnel_of

    with office_at_work(desk.directory) as office:
        now = office.clock.now_ms()
        rows = [
            {
                "request": each.id,
                "act": each.act.value,
                "by": each.actor,
                "about": each.person or each.mail,
                "role": f"{each.role} {each.organisation}".strip(),
                "until": moment(each.ends_ms),
            }
            for each in personnel_of(office).requests.listed(limit=OPEN_MAX)
            if now < each.ends_ms
        ]
    show_rows(desk, rows, "cli.people.requests.nothing")
    return OK


def run_trail(desk: Desk, *, actor: str, act: str, subject: str, after: int) -> int:
    """What was done with people and their powers; the chain is checked as well, and a break ends with status 1."""
    from counterfoil.application.office.ports import TrailQuestion
    from counterfoil.application.office.trail import broken_row
    from counterfoil.entrypoints.cli.office_at_work import ROWS_MAX, moment, office_at_work, show_rows

    with office_at_work(desk.directory) as office:
        question = TrailQuestion(actor, act, subject, after=after)
        rows = [
            {
                "number": row.number,
                "at": moment(row.at_ms),
                "actor": row.actor,
                "act": row.act,
                "subject": row.subject,
                "facts": row.facts,
            }
            for row in office.store.trail.rows(question, limit=ROWS_MAX)
        ]
        broken = broken_row(office.store)
    show_rows(desk, rows, "cli.people.trail.nothing")
    if broken is not None:
        desk.screen.note("cli.people.trail.broken", number=broken)
        return 1
    return OK


def _role(held: Any) -> str:
    return f"{held.role} {held.organisation}".strip()


def _waits(desk: Desk, request: "AdminRequest") -> int:
    """Say that another administrator has to confirm."""
    if desk.screen.as_json:
        desk.screen.json({"request": request.id, "act": request.act.value, "state": request.state.value})
    else:
        desk.screen.say("cli.people.waits", request=request.id)
    return OK


def _changed(desk: Desk, key: str, change: "Callable[[Office], Person | AdminRequest | Refusal]") -> int:
    from counterfoil.application.office.admin_request import AdminRequest
    from counterfoil.entrypoints.cli.office_at_work import office_at_work
    from counterfoil.entrypoints.cli.reading import told

    with office_at_work(desk.directory) as office:
        found = change(office)
    if isinstance(found, AdminRequest):
        return _waits(desk, found)
    person: Person = told(found)
    if desk.screen.as_json:
        desk.screen.json({"person": person.person, "state": person.state.value})
    desk.screen.say(key, person=person.person)
    return OK
