"""Problems as documents (RFC 9457): a status, the fault's code, and its texts in both languages.

The status is chosen here, at the edge; the code and the texts are the catalogue's. A problem never carries a trace.
"""

import logging
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from pathlib import PurePath
from typing import Any, Final

import msgspec

from counterfoil.application.command import CommandFault
from counterfoil.application.office.admin_request import AdminRequestFault
from counterfoil.application.office.fault import OfficeFault
from counterfoil.application.office.grievance_letter import LetterFault
from counterfoil.application.office.proposal import ProposalFault
from counterfoil.application.ports import Outage, OutageFault
from counterfoil.application.queries.earlier import EarlierFault
from counterfoil.domain.activities.grievance import GrievanceFault
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.four_eyes import ApprovalFault
from counterfoil.domain.people.mandate import DeputyFault
from counterfoil.domain.people.permission import PermissionFault
from counterfoil.entrypoints.faults import catalogue
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.federation_fault import FederationFault
from counterfoil.entrypoints.language import LANGUAGES, language_named, said
from counterfoil.entrypoints.pathway_answers import AnswersFault

MEDIA_TYPE: Final = b"application/problem+json"
RETRY_SECONDS: Final = 1
FAULT_PAGE: Final = "/api/v1/faults/"

_STATUSES: Final[Mapping[str, int]] = {
    CommandFault.UNREADABLE: 400,
    CommandFault.UNKNOWN: 400,
    CommandFault.FIELD_UNKNOWN: 400,
    CommandFault.ID_UNREADABLE: 400,
    CommandFault.ID_RESERVED: 400,
    HttpFault.NAME_DIFFERS: 400,
    HttpFault.PARAMETER_UNREADABLE: 400,
    EarlierFault.NOT_YET: 400,
    EarlierFault.NOW_ONLY: 400,
    HttpFault.REQUEST_UNREADABLE: 400,
    HttpFault.UPLOAD_UNREADABLE: 400,
    AnswersFault.UNREADABLE: 400,
    HttpFault.TOKEN_MISSING: 401,
    HttpFault.TOKEN_REFUSED: 401,
    OfficeFault.SIGN_IN_REFUSED: 401,
    OfficeFault.STEP_OVER: 401,
    OfficeFault.SINGLE_SIGN_ON_REFUSED: 401,
    OfficeFault.SESSION_NEEDED: 401,
    OfficeFault.REQUEST_FORGED: 403,
    OfficeFault.SESSION_OLD: 403,
    OfficeFault.BODY_UNREADABLE: 400,
    OfficeFault.PERSON_UNKNOWN: 404,
    OfficeFault.ORGANISATION_UNKNOWN: 404,
    OfficeFault.SESSION_UNKNOWN: 404,
    OfficeFault.FACTOR_UNKNOWN: 404,
    OfficeFault.SINGLE_SIGN_ON_OFF: 404,
    OfficeFault.SIGN_IN_WAIT: 429,
    HttpFault.ALLOWANCE_SPENT: 429,
    LetterFault.WAIT: 429,
    FederationFault.FLOOD: 429,
    LetterFault.UNCLEAR: 400,
    LetterFault.SECRET_UNKNOWN: 404,
    GrievanceFault.UNKNOWN: 404,
    CommandFault.FROM_PARTNERS_ONLY: 403,
    HttpFault.SCOPE_MISSING: 403,
    PermissionFault.ROLE_MISSING: 403,
    PermissionFault.NOT_OWN: 403,
    ApprovalFault.SECOND_PERSON_NEEDED: 403,
    ApprovalFault.SAME_PERSON: 403,
    ApprovalFault.SAME_MANDATE: 403,
    DeputyFault.NO_MANDATE: 403,
    DeputyFault.NOT_IN_FORCE: 403,
    DeputyFault.GIVER_GONE: 403,
    DeputyFault.UNKNOWN: 404,
    ApprovalFault.PERSON_NEEDED: 403,
    AdminRequestFault.UNKNOWN: 404,
    ProposalFault.NOT_INITIATOR: 403,
    ProposalFault.ORGANISATION_SUSPENDED: 403,
    ProposalFault.UNKNOWN: 404,
    HttpFault.NOT_FOUND: 404,
    AnswersFault.NO_LAW: 404,
    HttpFault.METHOD_NOT_ALLOWED: 405,
    HttpFault.TOO_SLOW: 408,
    HttpFault.BODY_TOO_LARGE: 413,
    HttpFault.LINE_TOO_LONG: 413,
    HttpFault.UPLOAD_TOO_LARGE: 413,
    HttpFault.TOO_MANY_LINES: 413,
    HttpFault.CONTENT_TYPE: 415,
    HttpFault.HEAD_TOO_LARGE: 431,
    HttpFault.MISTAKE: 500,
    HttpFault.BUSY: 503,
    HttpFault.REPORT_UNFINISHED: 503,
}
_TITLES: Final[Mapping[int, Mapping[str, str]]] = {
    400: {"en": "Unreadable request", "zh-Hant": "無法讀取的請求"},
    401: {"en": "Who are you?", "zh-Hant": "未經驗證"},
    403: {"en": "Not permitted", "zh-Hant": "權限不足"},
    404: {"en": "Not found", "zh-Hant": "找不到"},
    405: {"en": "Method not allowed", "zh-Hant": "不允許的方法"},
    408: {"en": "Too slow", "zh-Hant": "請求逾時"},
    409: {"en": "Refused", "zh-Hant": "已拒絕"},
    413: {"en": "Too large", "zh-Hant": "內容過大"},
    415: {"en": "Unsupported content type", "zh-Hant": "不支援的內容類型"},
    431: {"en": "Request head too large", "zh-Hant": "請求標頭過大"},
    429: {"en": "Too many attempts", "zh-Hant": "嘗試次數過多"},
    500: {"en": "A fault in the registry", "zh-Hant": "登錄系統內部錯誤"},
    503: {"en": "Not now", "zh-Hant": "暫時無法處理"},
}
_LOG: Final = logging.getLogger("counterfoil.http")


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer that says no: the status, the document's bytes, and headers of its own."""

    status: int
    body: bytes
    language: str
    headers: tuple[tuple[bytes, bytes], ...] = ()


def problem(
    fault: Refusal | Outage, *, instance: str, language: str = "en", asked: bool = False, allow: str = ""
) -> Problem:
    """The document of a fault.

    Args:
        instance: The path of the request.
        language: The language of `title` and `detail`; `message` and `fix` carry both in any case.
        asked: True for a question, where a refusal means that there is no such thing; an act is refused with 409.
        allow: The methods that the path takes, when the method was wrong.
    """
    fault = outward(fault)
    status = status_of(fault, asked=asked)
    told = catalogue().problem(fault)
    document = {
        "type": f"{FAULT_PAGE}{told['code']}",
        "title": said(_TITLES[status], language, f"http.status.{status}"),
        "status": status,
        "detail": catalogue().message(fault, language),
        **told,
        "instance": instance,
    }
    headers: list[tuple[bytes, bytes]] = []
    if status == HTTPStatus.UNAUTHORIZED:
        headers.append((b"www-authenticate", b'Bearer realm="counterfoil"'))
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append((b"retry-after", str(RETRY_SECONDS).encode()))
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        headers.append((b"retry-after", str(fault.facts["seconds"]).encode()))
    if allow:
        headers.append((b"allow", allow.encode()))
    return Problem(status, msgspec.json.encode(document, enc_hook=str), language, tuple(headers))


def status_of(fault: Refusal | Outage, *, asked: bool = False) -> int:
    """The HTTP status of a fault: 409 for a refused act, 404 for a question about what is not there."""
    known = _STATUSES.get(fault.code)
    if known is not None:
        return known
    if isinstance(fault, Outage):
        return 503 if fault.retry else 500
    if not asked:
        return 409
    return 400 if str(fault.code).endswith("unreadable") else 404


def mistake(error: BaseException) -> Outage:
    """Our own mistake as the caller sees it: a number to quote. What happened goes to the operator's log, with it."""
    reference = secrets.token_hex(6)
    _LOG.error("mistake %s", reference, exc_info=error)
    return Outage(HttpFault.MISTAKE, {"reference": reference})


def outward(fault: Refusal | Outage) -> Refusal | Outage:
    """A fault without what only the operator may know: folders of the machine, and the inside of a mistake."""
    if isinstance(fault, Refusal):
        return fault
    if fault.code == OutageFault.WRITER_MISTAKE:
        return mistake(RuntimeError(fault.facts.get("detail")))
    facts = {
        name: PurePath(value).name if name in ("path", "folder", "directory") else value
        for name, value in fault.facts.items()
    }
    return Outage(fault.code, facts, retry=fault.retry)


def language_of(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """English or Traditional Chinese, whichever the request likes better; English when it does not say."""
    for name, value in headers:
        if name == b"accept-language":
            return _preferred(value)
    return LANGUAGES[0]


@lru_cache(maxsize=256)
def _preferred(value: bytes) -> str:
    liked: list[tuple[int, int, str]] = []
    for place, part in enumerate(value[:200].decode("latin-1").lower().split(",")):
        tag, _, parameter = part.strip().partition(";")
        language = _spoken(tag)
        if language and (quality := _quality(parameter)) > 0:
            liked.append((-quality, place, language))
    return min(liked)[2] if liked else LANGUAGES[0]


def _spoken(tag: str) -> str:
    """A language of ours for a tag of the browser's; every kind of Chinese is better served by ours than by English."""
    first = tag.partition("-")[0]
    return {"zh": "zh-Hant", "*": LANGUAGES[0]}.get(first) or language_named(tag) or ""


def _quality(parameter: str) -> int:
    """The weight of a language in thousandths; 1000 when it is left out, 0 when it cannot be read."""
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1000
    whole, _, fraction = value.strip().partition(".")
    digits = f"{whole or '0'}{fraction[:3]:0<3}"
    return int(digits) if digits.isdecimal() and len(digits) == 4 else 0


def fault_page(code: str) -> Mapping[str, Any] | Refusal:
    """What the catalogue says of a code, for `type` of a problem to lead somewhere."""
    try:
        text = catalogue()[code]
    except KeyError:
        return Refusal(HttpFault.NOT_FOUND, {"path": f"{FAULT_PAGE}{code[:80]}"})
    return {"code": code, "message": text.message, "fix": text.fix, "retry": text.retry}
