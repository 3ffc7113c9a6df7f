"""`token`: who may send acts over HTTP. A secret is shown once, when it is made."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.cli.usage import Day, OneOf
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.entrypoints.http.tokens import Token


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {"new": _new, "list": _list, "revoke": _revoke}
    return Contents(texts, "cli.token", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _new(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.token.new",
        run_new,
        [
            click.Argument(["name"], metavar="NAME"),
            click.Option(["--scope", "scopes"], type=OneOf("read", "write", "admin"), multiple=True),
            click.Option(["--until"], type=Day()),
            click.Option(["--organisation"], metavar="NUMBER", default=""),
            click.Option(["--role", "roles"], metavar="ROLE", multiple=True),
        ],
    )


def _list(texts: Texts) -> Command:
    return Command(texts, "cli.token.list", run_list)


def _revoke(texts: Texts) -> Command:
    return Command(texts, "cli.token.revoke", run_revoke, [click.Argument(["name"], metavar="NAME")])


def run_new(
    desk: Desk, *, name: str, scopes: tuple[str, ...], until: date | None, organisation: str, roles: tuple[str, ...]
) -> int:
    """Make a token. `--until` is its last day, which ends at 24:00 UTC. Roles must be those of the body's kind."""
    from counterfoil.entrypoints.cli.reading import founded, told
    from counterfoil.entrypoints.http.tokens import new_token

    expires = None if until is None else datetime.combine(until, time(), UTC) + timedelta(days=1)
    directory = founded(desk.directory)
    if roles or organisation:
        told(_roles_fit(directory, organisation, roles, until))
    given = scopes or ("write",)
    made = told(new_token(directory, name=name, scopes=given, expires=expires, organisation=organisation, roles=roles))
    screen = desk.screen
    if screen.as_json:
        screen.json({**_public(made.token), "token": made.text})
        return OK
    screen.line(made.text)
    screen.note("cli.token.new.once", name=name)
    return OK


def run_list(desk: Desk) -> int:
    """Every token, the revoked ones too; never a secret."""
    from counterfoil.entrypoints.cli.reading import founded
    from counterfoil.entrypoints.cli.render import Renderer
    from counterfoil.entrypoints.http.tokens import list_tokens

    screen = desk.screen
    tokens = [_public(token) for token in list_tokens(founded(desk.directory))]
    if screen.as_json:
        screen.json(tokens)
    elif not tokens:
        screen.say("cli.token.list.nothing")
    else:
        for line in Renderer(screen.texts, screen.columns).rows(tokens):
            screen.line(line)
    return OK


def run_revoke(desk: Desk, *, name: str) -> int:
    from counterfoil.entrypoints.cli.reading import founded, told
    from counterfoil.entrypoints.http.tokens import revoke_token

    token = told(revoke_token(founded(desk.directory), name))
    if desk.screen.as_json:
        desk.screen.json(_public(token))
    desk.screen.say("cli.token.revoke.done", name=name, moment=token.revoked)
    return OK


def _public(token: "Token") -> dict[str, Any]:
    """A token without the hash of its secret."""
    return {
        "name": token.name,
        "scopes": [scope.value for scope in token.scopes],
        "created": token.created,
        "expires": token.expires,
        "revoked": token.revoked,
        "organisation": token.organisation,
        "roles": list(token.roles),
    }


def _roles_fit(directory: Path, organisation: str, roles: tuple[str, ...], until: date | None) -> bool | Refusal:
    """Whether a body of this kind may hold these roles. A body without a role is no bound at all, so one is needed."""
    from counterfoil.application.office.invitations import kind_of
    from counterfoil.domain.people.organisation import membership
    from counterfoil.entrypoints.cli.office_at_work import office_at_work

    with office_at_work(directory) as office:
        kind = kind_of(office, organisation)
    if isinstance(kind, Refusal):
        return kind
    found = (membership(kind, role=role, until=until) for role in roles or ("",))
    return next((refusal for refusal in found if refusal is not None), True)
