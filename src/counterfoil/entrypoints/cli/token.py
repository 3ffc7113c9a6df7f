"""`token`: who may send acts over HTTP. A secret is shown once, when it is made."""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import click

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
        ],
    )


def _list(texts: Texts) -> Command:
    return Command(texts, "cli.token.list", run_list)


def _revoke(texts: Texts) -> Command:
    return Command(texts, "cli.token.revoke", run_revoke, [click.Argument(["name"], metavar="NAME")])


def run_new(desk: Desk, *, name: str, scopes: tuple[str, ...], until: date | None) -> int:
    """Make a token. `--until` is its last day, which ends at 24:00 UTC."""
    from counterfoil.entrypoints.cli.reading import founded, told
    from counterfoil.entrypoints.http.tokens import new_token

    expires = None if until is None else datetime.combine(until, time(), UTC) + timedelta(days=1)
    made = told(new_token(founded(desk.directory), name=name, scopes=scopes or ("write",), expires=expires))
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
    }
