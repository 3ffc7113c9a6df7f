"""What every operation of the OpenAPI document is put together from."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

REFERENCE: Final = "#/components/schemas/{name}"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BYTES: Final = "application/octet-stream"
BINARY: Final = (XLSX, BYTES)
IN_CHINESE: Final = "x-summary-zh-hant"
"""Where an operation's summary stands in Chinese beside the English one; readers of OpenAPI pass over such names."""


def asked(
    operation: str,
    summary: str,
    parameters: Sequence[Mapping[str, Any]] = (),
    *,
    kind: str = "application/json",
    schema: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    shape = schema or ({"type": "object"} if kind == "application/json" else {"type": "string"})
    return {
        "tags": ["register"],
        "operationId": operation,
        "summary": summary,
        "security": [],
        "parameters": list(parameters),
        "responses": {
            "200": {
                "description": "What the register says.",
                "headers": {"ETag": {"schema": {"type": "string"}, "description": "Send it as If-None-Match."}},
                "content": {kind: {} if kind in BINARY else {"schema": shape}},
            },
            "304": {"description": "Nothing has been committed since."},
            **refused("400", "404", "500", "503"),
        },
    }


def parameter(name: str, place: str, schema: Mapping[str, Any], example: Any = None) -> dict[str, Any]:
    found = {"name": name, "in": place, "required": place == "path", "schema": dict(schema)}
    return found if example is None else {**found, "example": example}


def refused(*statuses: str) -> dict[str, Any]:
    return {status: {"$ref": f"#/components/responses/{status}"} for status in statuses}


def ref(name: str) -> dict[str, str]:
    return {"$ref": REFERENCE.format(name=name)}
