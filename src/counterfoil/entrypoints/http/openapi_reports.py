"""Reports and checks in the OpenAPI document."""

from collections.abc import Mapping
from typing import Any, Final

from counterfoil.entrypoints.http.checks import CHECK, DIFF, PARAMETERS
from counterfoil.entrypoints.http.openapi_parts import XLSX, asked, parameter, refused
from counterfoil.entrypoints.http.press import Product
from counterfoil.entrypoints.http.reports import PATH, TYPES
from counterfoil.entrypoints.http.upload import BYTES_MAX, FILES_MAX, KINDS
from counterfoil.entrypoints.language import LANGUAGES

_PARTY: Final = parameter("party", "path", {"type": "string", "pattern": "^[A-Z]{3}$"}, example="THA")
_TITLES: Final[Mapping[Product, tuple[str, str, str]]] = {
    Product.INITIAL: ("reportInitial", "The initial report, as of a day", "初始報告（截至某日）"),
    Product.UPDATED_INITIAL: (
        "reportUpdatedInitial",
        "The updated initial report of one further approach, as of a day",
        "單一新增合作方法之更新初始報告（截至某日）",
    ),
    Product.REGULAR: ("reportRegular", "The regular information, as of a day", "定期資訊（截至某日）"),
    Product.SUMMARY: (
        "showSummary",
        "CTF table 4 of a Party and year, from all acts up to a day",
        "締約方某年度之共同表格第4表（截至某日）",
    ),
}
_CHECKS: Final[Mapping[Product, tuple[str, str, str, str]]] = {
    Product.CHECK: (
        CHECK,
        "checkAef",
        "The consistency checks on files of any origin, one by one and against each other",
        "Nothing of the files is kept. With `imported` they are checked against all submissions that are known here. "
        "A file sent as `records` (the name of its part, or the member `as`) is JSON that stands beside the workbooks.",
    ),
    Product.DIFF: (
        DIFF,
        "diffAef",
        "What a new version of a submission changes, field by field and row by row",
        "Two files: the old, then the new. Nothing of them is kept.",
    ),
}


def report_paths() -> dict[str, Any]:
    """One path for each report."""
    annual = [
        _PARTY,
        parameter("year", "path", {"type": "integer"}, example=2025),
        parameter("version", "query", {"type": "string", "default": "1.0"}),
        parameter("submitted_on", "query", {"type": "string", "format": "date"}),
    ]
    told = asked("reportAef", "The annual information in the agreed electronic format", annual, kind=XLSX)
    return {
        f"{PATH}/aef/{{party}}/{{year}}": {"get": {**told, "tags": ["service"]}},
        **{f"{PATH}/{product}/{{party}}/{{year}}/{{as_of}}": {"get": _of_a_day(product)} for product in _TITLES},
    }


def _of_a_day(product: Product) -> dict[str, Any]:
    operation, summary, description = _TITLES[product]
    day = {"type": "string", "description": "A day, or a year, which means its last day"}
    parameters = [
        _PARTY,
        parameter("year", "path", {"type": "integer"}, example=2025),
        parameter("as_of", "path", day, example="2026-11-01"),
        parameter("format", "query", {"enum": list(TYPES), "default": next(iter(TYPES))}),
        parameter("language", "query", {"enum": list(LANGUAGES), "default": LANGUAGES[0]}),
    ]
    if product is not Product.SUMMARY:
        approach = {
            "type": "string",
            "description": "Only this cooperative approach; an updated initial report needs it",
        }
        parameters.append(parameter("approach", "query", approach))
    told = asked(operation, summary, parameters)
    content: dict[str, Any] = {kind.decode(): {} for kind in TYPES.values()}
    content["application/json"] = {"schema": {"type": "object"}}
    told["responses"]["200"]["content"] = content
    return {**told, "description": description, "tags": ["service"]}


def check_paths() -> dict[str, Any]:
    """The two checks of uploaded files."""
    return {_CHECKS[product][0]: {"post": _check(product)} for product in _CHECKS}


def _check(product: Product) -> dict[str, Any]:
    _, operation, summary, description = _CHECKS[product]
    xlsx, json, multipart = KINDS
    file = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "base64": {"type": "string"}, "as": {"enum": ["records"]}},
    }
    bounds = f" At most {FILES_MAX} files and {BYTES_MAX // 1024 // 1024} MiB; any good token may ask."
    return {
        "tags": ["service"],
        "operationId": operation,
        "summary": summary,
        "description": description + bounds,
        "security": [{"token": []}],
        "parameters": [
            parameter(name, "query", {"enum": list(values), "default": values[0]})
            for name, values in PARAMETERS[product].items()
        ],
        "requestBody": {
            "required": True,
            "content": {
                multipart: {"schema": {"type": "object", "additionalProperties": {"contentMediaType": xlsx}}},
                json: {"schema": {"type": "array", "items": file}},
                **({xlsx: {}} if product is Product.CHECK else {}),
            },
        },
        "responses": {
            "200": {
                "description": "What the command line says with --json.",
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
            **refused("400", "401", "403", "409", "413", "415", "500", "503"),
        },
    }
