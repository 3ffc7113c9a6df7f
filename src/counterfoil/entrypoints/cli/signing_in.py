"""A person at the command line: signed in for one command with password and one-time code, and out again after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

from counterfoil.application.office import sessions, sign_in
from counterfoil.application.office.ports import Office
from counterfoil.application.office.sessions import SignedIn
from counterfoil.application.office.sign_in import Device
from counterfoil.entrypoints.cli.reading import told
from counterfoil.entrypoints.cli.screen import Screen

DEVICE: Final = Device(name="counterfoil command line")
CODE_DIGITS: Final = 6
"""A one-time code has so many digits; anything longer is read as a recovery code."""


@contextmanager
def signed_in(
    office: Office, screen: Screen, *, mail: str, organisation: str, secrets: Path | None
) -> Iterator[SignedIn]:
    """Somebody signed in, acting for one of their organisations (empty: where their first role is).

    Args:
        organisation: Its number; `NUMBER@PERSON` acts under a mandate in the place of that person.
        secrets: A file with the password on its first line and the code on the second; left out, both are asked for.

    Raises:
        Fault: `sign_in.refused`, `sign_in.wait`, or `person.not_a_member`.
    """
    password, code = _secrets(screen, secrets)
    halfway = told(sign_in.with_password(office, mail=mail, password=password, device=DEVICE))
    second = sign_in.with_code if len(code) <= CODE_DIGITS else sign_in.with_recovery_code
    found = told(second(office, step=halfway.secret, code=code, device=DEVICE))
    try:
        body, _, giver = organisation.partition("@")
        if organisation:
            told(sessions.act_for(office, found.session, body, giver))
        yield found
    finally:
        sessions.end(office, found.session, found.session.handle)


def _secrets(screen: Screen, file: Path | None) -> tuple[str, str]:
    if file is None:
        password = click.prompt(screen.texts("cli.sign_in.password"), hide_input=True, err=True)
        return str(password), str(click.prompt(screen.texts("cli.sign_in.code"), hide_input=True, err=True)).strip()
    password, _, rest = file.read_text("utf-8").partition("\n")
    return password, rest.partition("\n")[0].strip()
