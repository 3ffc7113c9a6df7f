"""What a browser's form sends: read within bounds, and only with the token of the page it stood on.

A handler of a change never sees fields that did not pass here. Source: OWASP ASVS 5.0 section 3.5.
"""

import hmac
from dataclasses import dataclass, field
from typing import Final

from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from counterfoil.application.office.fault import OfficeFault
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.asked import Told
from counterfoil.entrypoints.http.exchange import header
from counterfoil.entrypoints.http.fault import HttpFault

FIELDS_MAX: Final = 2_000
FILES_MAX: Final = 64
"""Also those that were left empty: a browser sends each file field of a form, chosen or not."""
FIELD_BYTES_MAX: Final = 512 * 1024
BODY_BYTES_MAX: Final = 64 * 1024 * 1024
PLAIN_BYTES_MAX: Final = 2 * 1024 * 1024
"""Of a form without files."""
TOKEN_FIELD: Final = "csrf"  # noqa: S105  the name of a field
TYPED_BY: Final = "typed-by"
"""The hidden field that says for whom a page was made: what is typed there is brought back to nobody else."""


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form in their order, a name possibly several times, and its files."""

    fields: tuple[tuple[str, str], ...] = ()
    files: dict[str, UploadFile] = field(default_factory=dict)
    sent: tuple[tuple[str, UploadFile], ...] = ()
    """All files in their order; of one field, several."""

    def get(self, name: str, default: str = "") -> str:
        """The last value of a name, without blanks around it."""
        return next((value.strip() for key, value in reversed(self.fields) if key == name), default)

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.fields if key == name)

    def __contains__(self, name: str) -> bool:
        return any(key == name for key, _ in self.fields)

    async def file(self, name: str, *, bytes_max: int) -> tuple[str, bytes] | Refusal | None:
        """A file's name and bytes; None where none was chosen, a refusal where it is too large."""
        sent = self.files.get(name)
        if sent is None or not sent.filename:
            return None
        data = await sent.read(bytes_max + 1)
        if len(data) > bytes_max:
            return Refusal(HttpFault.UPLOAD_TOO_LARGE, {"mib_max": max(1, bytes_max // 1024 // 1024)})
        return sent.filename[-120:], data


async def read_form(request: Request, token: str, *, stranger: bool = False) -> Form:
    """The form of a change. `token` is the one of the session; empty where nobody is signed in.

    Of a stranger no more is taken than a form without files may have, whatever kind it says to be.

    Raises:
        Told: `http.content_type`, `http.body_too_large`, `http.request_unreadable`, or `session.request_forged` where
            the token of the page is missing or another's.
    """
    kind, said_of_kind = parse_options_header(header(request.scope, b"content-type") or b"")
    # Browsers spell forms in UTF-8. Other spellings are not tried: some take the square of their length to read.
    spelled = said_of_kind.get(b"charset", b"utf-8").lower() == b"utf-8"
    if kind not in (b"application/x-www-form-urlencoded", b"multipart/form-data") or not spelled:
        facts = {"found": kind.decode("latin-1")[:80] or "-", "expected": "application/x-www-form-urlencoded"}
        raise Told(Refusal(HttpFault.CONTENT_TYPE, facts))
    bytes_max = PLAIN_BYTES_MAX if stranger or kind.startswith(b"application/") else BODY_BYTES_MAX
    said = header(request.scope, b"content-length") or b""
    if not said.isdigit() or int(said) > bytes_max:
        # Every browser says how much it sends; what does not say so is not taken.
        raise Told(Refusal(HttpFault.BODY_TOO_LARGE, {"bytes_max": bytes_max}))
    try:
        data = await request.form(max_files=FILES_MAX, max_fields=FIELDS_MAX, max_part_size=FIELD_BYTES_MAX)
    except HTTPException as error:
        raise Told(Refusal(HttpFault.REQUEST_UNREADABLE)) from error
    form = _form(data)
    if not of_page(form, token):
        raise Told(Refusal(OfficeFault.REQUEST_FORGED))
    return form


def of_page(form: Form, token: str) -> bool:
    """Whether a form carries the token of a session; always, where there is none."""
    return not token or hmac.compare_digest(form.get(TOKEN_FIELD).encode(), token.encode())


def _form(data: FormData) -> Form:
    fields: list[tuple[str, str]] = []
    sent: list[tuple[str, UploadFile]] = []
    for name, value in data.multi_items():
        if isinstance(value, str):
            fields.append((name, value))
        else:
            sent.append((name, value))
    return Form(tuple(fields), dict(sent), tuple(sent))
