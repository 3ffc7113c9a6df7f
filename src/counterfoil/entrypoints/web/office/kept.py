"""What somebody had typed when their session ended: carried through signing in, and shown to them again.

It is brought back to nobody else: each form says for whom its page was made, and who signs in after them at the same
screen is told that a form waited, and sees nothing of it. Nothing of it is done without them: whoever takes a form back
shows it filled in (`resume=yes`), and never acts on it.
Read next: `signing_in.py`, which carries it, and `web/forms/flow.py`, which takes it back.
"""

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlencode

from counterfoil.entrypoints.web.form import TOKEN_FIELD, TYPED_BY, Form

KEPT: Final = "kept:"
"""How the hidden fields are named that carry the fields of a form."""
KEPT_PATH: Final = "kept-path"
"""The hidden field that carries the address to which the form was sent."""
RESUME: Final = "resume"
FIELDS_MAX: Final = 1_500
CHARACTERS_MAX: Final = 400_000
_NOT_KEPT: Final = frozenset({TOKEN_FIELD, RESUME, "password", "code", "secret"})
"""What belonged to the session, and what no page writes out again."""


def kept_fields(form: Form) -> tuple[tuple[str, str], ...]:
    """The fields to be carried, by their own names. Beyond the bounds nothing is carried: half a form misleads."""
    found = tuple((name, value) for name, value in form.fields if name not in _NOT_KEPT and not name.startswith(KEPT))
    size = sum(len(name) + len(value) for name, value in found)
    return found if len(found) <= FIELDS_MAX and size <= CHARACTERS_MAX else ()


def of_another(fields: Iterable[tuple[str, str]], own: str) -> bool:
    """Whether a form was typed by somebody else than who is signed in; what a page for nobody sent is anybody's.

    Args:
        own: The mark of who is signed in (`Visit.typed_by`).
    """
    return any(name == TYPED_BY and value != own for name, value in fields if value)


def kept_path(path: str, query: dict[str, str]) -> str:
    """The address to which the form goes back, as it was asked for."""
    return f"{path}?{urlencode(query)}" if query else path
