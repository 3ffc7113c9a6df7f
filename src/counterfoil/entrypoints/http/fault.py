"""What can be wrong with a request before the registry is asked: the codes of the HTTP edge."""

from enum import StrEnum


class HttpFault(StrEnum):
    NOT_FOUND = "http.not_found"
    METHOD_NOT_ALLOWED = "http.method_not_allowed"
    TOKEN_MISSING = "http.token_missing"  # noqa: S105  a fault's code, no secret
    TOKEN_REFUSED = "http.token_refused"  # noqa: S105
    SCOPE_MISSING = "http.scope_missing"
    BODY_TOO_LARGE = "http.body_too_large"
    LINE_TOO_LONG = "http.line_too_long"
    TOO_MANY_LINES = "http.too_many_lines"
    CONTENT_TYPE = "http.content_type"
    NAME_DIFFERS = "http.name_differs"
    PARAMETER_UNREADABLE = "http.parameter_unreadable"
    REQUEST_UNREADABLE = "http.request_unreadable"
    HEAD_TOO_LARGE = "http.head_too_large"
    TOO_SLOW = "http.too_slow"
    BUSY = "http.busy"
    ALLOWANCE_SPENT = "http.allowance_spent"
    REPORT_UNFINISHED = "http.report_unfinished"
    MISTAKE = "http.mistake"
    ADDRESS_IN_USE = "http.address_in_use"
    NOT_PUBLISHED = "http.not_published"
    UPLOAD_TOO_LARGE = "http.upload_too_large"
    UPLOAD_UNREADABLE = "http.upload_unreadable"
    LOCAL_UNREACHABLE = "http.local_unreachable"
