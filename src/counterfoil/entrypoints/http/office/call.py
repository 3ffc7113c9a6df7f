"""One request to the office, as its handlers see it, and what they answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from counterfoil.application.office.ports import Office, Session
from counterfoil.application.office.sessions import Bearer
from counterfoil.application.office.sign_in import Device
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.exchange import Header


class Access(StrEnum):
    """Who may come: everybody, whoever is signed in, or those whom the permission table names."""

    OPEN = "open"
    SIGNED_IN = "signed in"
    BY_TABLE = "by table"


@dataclass(frozen=True, slots=True)
class Call:
    """`actor` is the name in the trail; `browser` the errand's secret; `path` and `query` are texts, as sent."""

    actor: str
    device: Device
    bearer: Bearer | None
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any = None
    browser: str = ""

    @property
    def session(self) -> Session:
        assert self.bearer is not None, "the route asks for a session"
        return self.bearer.session


@dataclass(frozen=True, slots=True)
class Answer:
    """JSON with its status and headers; a status of 303 has no body. Bytes are a file, of `kind` where one is named."""

    value: Any = None
    status: int = 200
    headers: tuple[Header, ...] = ()
    kind: bytes = b""


@dataclass(frozen=True, slots=True)
class OfficeRoute:
    """One route of the office: served, described and guarded from this one row. `body` is the shape that is sent.

    With `lays_out`, the office's file is made where there is none yet. With `takes_file`, the body is the bytes of a
    file, handed on as an open file without a name.
    """

    method: str
    path: str
    operation: str
    summary: Mapping[str, str]
    run: Callable[[Office, Call], Answer | Refusal]
    access: Access = Access.BY_TABLE
    body: type | None = None
    hashing: bool = False
    lays_out: bool = False
    takes_file: bool = False
    answers: Mapping[str, Any] = field(default_factory=lambda: {"type": "object"})

    @property
    def action(self) -> str:
        """The name of its row in the permission table."""
        return f"{self.method} {self.path}"


def said(english: str, chinese: str) -> Mapping[str, str]:
    return {"en": english, "zh-Hant": chinese}
