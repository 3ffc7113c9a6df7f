"""What every question has in common: the mark by which its answer is known again, and how it is refused."""

from hashlib import blake2b
from urllib.parse import urlencode

from starlette.requests import Request

from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.fault import HttpFault


class Told(Exception):
    """A refusal or an outage on its way to the one place that makes problems of them."""

    def __init__(self, fault: Refusal | Outage) -> None:
        super().__init__(fault.code)
        self.fault = fault


def mark_of(request: Request, moment: str) -> bytes:
    """The ETag: the last commit, and the question without its spelling."""
    question = f"{request.url.path}?{urlencode(sorted(request.query_params.multi_items()))}"
    return f'"{moment}-{blake2b(question.encode(), digest_size=6).hexdigest()}"'.encode()


def has(request: Request, mark: bytes) -> bool:
    """Whether the client holds this very answer already (RFC 9110, If-None-Match)."""
    sent = request.headers.get("if-none-match", "")
    return sent == "*" or mark.decode() in (part.strip().removeprefix("W/") for part in sent.split(","))


def unreadable(parameter: str, value: str) -> Told:
    return Told(Refusal(HttpFault.PARAMETER_UNREADABLE, {"parameter": parameter[:40], "value": value[:60]}))
