"""The OpenAPI 3.1 document, made from the command dataclasses and the table of queries: it says what is served."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

import msgspec

import counterfoil
from counterfoil.application.commands.table import BY_HAND, FOR_ADMINISTRATORS
from counterfoil.application.queries.show import LIMIT_MAX
from counterfoil.application.receipt import Receipt
from counterfoil.entrypoints.http.activity_finding import finding_paths
from counterfoil.entrypoints.http.openapi_federation import federation_paths
from counterfoil.entrypoints.http.openapi_office import SESSION, office_paths, office_schemas
from counterfoil.entrypoints.http.openapi_overlaps import overlap_paths
from counterfoil.entrypoints.http.openapi_parts import BYTES, IN_CHINESE, REFERENCE, asked, parameter, ref, refused
from counterfoil.entrypoints.http.openapi_pathways import pathway_paths
from counterfoil.entrypoints.http.openapi_reports import check_paths, report_paths
from counterfoil.entrypoints.http.queries import LIMIT, Query, queries
from counterfoil.entrypoints.http.reconciliation import reconciliation_paths

API: Final = "/api/v1"
_BOTH: Final[Mapping[str, Any]] = {
    "type": "object",
    "properties": {"en": {"type": "string"}, "zh-Hant": {"type": "string"}},
    "required": ["en", "zh-Hant"],
}
_PROBLEM: Final[Mapping[str, Any]] = {
    "type": "object",
    "title": "Problem",
    "description": "A problem document (RFC 9457): the fault's code, which never changes, and texts in both languages.",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string", "examples": ["units.not_held"]},
        "message": _BOTH,
        "fix": _BOTH,
        "retry": {"enum": ["never", "later", "after_fix"]},
        "facts": {"type": "object"},
    },
    "required": ["type", "title", "status", "detail", "code", "message", "fix", "retry", "facts", "instance"],
}
_INTRODUCTION: Final = (
    "A registry and book of account for units under Article 6 of the Paris Agreement. Reading is open to all; acts "
    "need a bearer token with the scope `write`, some with `admin`. An act is answered after it is durable. The same "
    "id with the same content gives the first receipt again, so an act may always be repeated. Amounts are whole "
    "units, days ISO 8601. Acts that only a partner registry's signed message may cause are not served here."
)
_REFUSALS: Final[Mapping[str, str]] = {
    "400": "The request cannot be read.",
    "401": "No token, or one that is unknown, expired or revoked.",
    "403": "The token does not allow acts.",
    "409": "The registry refuses the act; `code` says why and `fix` what to do.",
    "413": "The body is too large.",
    "415": "The body is not JSON.",
    "500": "A fault in the registry; `facts.reference` is the number to quote.",
    "503": "The registry cannot take the act now; repeat it with the same id after `Retry-After` seconds.",
}
_ELSEWHERE: Final[Mapping[str, str]] = {
    "404": "There is no such thing in the register.",
    "429": "Too many attempts; `facts.seconds` and `Retry-After` say how long to wait.",
}


@cache
def document() -> bytes:
    """The document's bytes."""
    return msgspec.json.format(msgspec.json.encode(described()), indent=1)


def _paths() -> dict[str, Any]:
    """Every path; one of the register may have methods of the office as well."""
    paths: dict[str, Any] = {
        **_act_paths(),
        **_query_paths(),
        **report_paths(),
        **check_paths(),
        **overlap_paths(),
        **finding_paths(),
        **pathway_paths(),
        **_service_paths(),
        **_log_paths(),
        **federation_paths(),
        **reconciliation_paths(),
    }
    for path, methods in office_paths().items():
        paths[path] = {**paths.get(path, {}), **methods}
    return paths


def described() -> dict[str, Any]:
    """The document as JSON values."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Counterfoil",
            "version": counterfoil.__version__,
            "summary": "Registry API",
            "description": _INTRODUCTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/", "description": "This registry"}],
        "tags": [
            {"name": "acts", "description": "Commands: everything that changes the register."},
            {"name": "register", "description": "Queries: everything that is public in the register."},
            {"name": "log", "description": "The log in the C2SP tlog-tiles form, and the signatures of its witnesses."},
            {"name": "federation", "description": "Between registries: discovery, and signed messages."},
            {"name": "office", "description": "Signing in, one's own sessions and factors, and the people."},
            {"name": "service", "description": "Reports, documents, and the state of the service."},
        ],
        "paths": _paths(),
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API token; acts need the scope `write`.",
                },
                "session": SESSION,
            },
            "responses": {
                status: {"description": text, "content": {"application/problem+json": {"schema": ref("Problem")}}}
                for status, text in {**_REFUSALS, **_ELSEWHERE}.items()
            },
        },
    }


@cache
def examples() -> Mapping[str, Mapping[str, Any]]:
    """One example of every command, by its name."""
    data = (resources.files(__package__) / "examples.json").read_bytes()
    return {
        name: {"command": name, "id": f"example:{number}", **fields}
        for number, (name, fields) in enumerate(msgspec.json.decode(data, type=dict[str, dict[str, Any]]).items(), 1)
    }


def _schemas() -> dict[str, Any]:
    """The commands with their member `command`, what they are made of, and what answers them."""
    _, components = msgspec.json.schema_components([*BY_HAND.values(), Receipt], ref_template=REFERENCE)
    schemas: dict[str, Any] = dict(sorted(components.items()))
    for name in BY_HAND:
        schema = schemas[name]
        schema["properties"] = {"command": {"const": name}, **schema["properties"]}
        schema["required"] = ["command", *schema.get("required", ())]
        schema["additionalProperties"] = False
        schema["examples"] = [examples()[name]]
    receipt = schemas["Receipt"]
    receipt["properties"] = {"status": {"const": "accepted"}, **receipt["properties"]}
    receipt["required"] = ["status", *receipt["required"]]
    schemas["Command"] = {
        "title": "Command",
        "description": "Any command; `command` says which.",
        "oneOf": [ref(name) for name in BY_HAND],
        "discriminator": {
            "propertyName": "command",
            "mapping": {name: REFERENCE.format(name=name) for name in BY_HAND},
        },
    }
    line = {"line": {"type": "integer", "minimum": 1}}
    said = {name: _PROBLEM["properties"][name] for name in ("code", "message", "fix", "retry", "facts")}
    schemas["LineAnswer"] = {
        "title": "LineAnswer",
        "description": "The answer to one line of a bulk request: a receipt, or why there is none.",
        "oneOf": [
            {"allOf": [ref("Receipt")], "properties": line, "required": ["line"]},
            {
                "type": "object",
                "properties": {**line, "status": {"enum": ["refused", "failed"]}, **said},
                "required": ["line", "status", *said],
            },
        ],
    }
    schemas["Problem"] = dict(_PROBLEM)
    schemas.update(office_schemas())
    return schemas


def _act_paths() -> dict[str, Any]:
    example = examples()["Transfer"]
    bulk = {
        "tags": ["acts"],
        "operationId": "bulk",
        "summary": "Many acts: one command a line, one answer a line, in the same order",
        "description": "Each line has its own outcome. Empty lines are passed over. At most 1,000,000 lines of 1 MiB.",
        "security": [{"token": []}],
        "requestBody": {
            "required": True,
            "content": {
                "application/x-ndjson": {"schema": {"type": "string"}, "example": msgspec.json.encode(example).decode()}
            },
        },
        "responses": {
            "200": {
                "description": "One answer a line (schema LineAnswer), streamed.",
                "content": {"application/x-ndjson": {"schema": ref("LineAnswer")}},
            },
            **refused("401", "403", "415", "503"),
        },
    }
    return {
        f"{API}/commands": {
            "post": _act("act", "One act", "Any command, named by its member `command`.", "Command", example)
        },
        f"{API}/commands:bulk": {"post": bulk},
        **{
            f"{API}/commands/{name}": {
                "post": _act(
                    f"act{name}",
                    (cls.__doc__ or name).partition("\n")[0],
                    "The member `command` may be left out of the body."
                    + (" The token needs the scope `admin`." if cls in FOR_ADMINISTRATORS else ""),
                    name,
                    examples()[name],
                )
            }
            for name, cls in BY_HAND.items()
        },
    }


def _act(operation: str, summary: str, description: str, schema: str, example: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "tags": ["acts"],
        "operationId": operation,
        "summary": summary,
        "description": description,
        "security": [{"token": []}],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": ref(schema), "example": example}},
        },
        "responses": {
            "201": {
                "description": "The act is in the journal.",
                "headers": {"Location": {"schema": {"type": "string"}, "description": "Its public leaf."}},
                "content": {"application/json": {"schema": ref("Receipt")}},
            },
            **refused(*_REFUSALS),
        },
    }


def _query_paths() -> dict[str, Any]:
    return {f"{API}{query.template}": {"get": _question(query)} for query in queries()}


def _question(query: Query) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = []
    for name, example in query.parameters:
        parameters.append(parameter(name, "path", {"type": "string"}, example=example))
    if query.paged:
        limit = {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT}
        parameters.append(parameter("limit", "query", limit))
        parameters.append(parameter("after", "query", {"type": "string", "description": "`next` of the page before"}))
    for name in query.filters:
        parameters.append(parameter(name, "query", {"type": "string"}))
    schema: dict[str, Any] = {"type": "object"}
    if query.paged and not query.parameter:
        schema |= {
            "properties": {
                "items": {"type": "array", "items": {"type": "object"}},
                "next": {"type": ["string", "null"], "description": "The cursor of the next page; null at the end."},
            },
            "required": ["items", "next"],
        }
    described_by = {"description": query.summary["zh-Hant"], IN_CHINESE: query.summary["zh-Hant"]}
    return {**asked(query.operation, query.summary["en"], parameters, schema=schema), **described_by}


def _service_paths() -> dict[str, Any]:
    code = [parameter("code", "path", {"type": "string"}, example="command.id_taken")]
    gets = {
        "/checkpoint": asked("checkpoint", "The last checkpoint as a signed note (C2SP)", kind="text/plain"),
        "/faults/{code}": asked("showFault", "What a fault's code means, and the way out", code),
        "/openapi.json": asked("openapi", "This document"),
        "/health": asked("health", "Whether the writer answers and the books can be read"),
    }
    gets["/health"]["responses"]["503"] = {"description": "The writer does not answer, or the books cannot be read."}
    return {f"{API}{path}": {"get": {**get, "tags": ["service"]}} for path, get in gets.items()}


def _log_paths() -> dict[str, Any]:
    tile = [parameter("tile", "path", {"type": "string", "description": "`L/N` or `entries/N`"}, example="0/000")]
    gets = {
        "/log/checkpoint": asked("logCheckpoint", "The published checkpoint with its cosignatures", kind="text/plain"),
        "/log/keys": asked("logKeys", "The key history, with the handover from each key to the next"),
        "/log/tile/{tile}": asked("logTile", "Hashes of a tile, or the entries below it", tile, kind=BYTES),
    }
    cosign = {
        "tags": ["log"],
        "operationId": "cosign",
        "summary": "Hand in a witness's signature lines",
        "description": "The note with its lines, or the bare lines that a witness answers add-checkpoint with.",
        "security": [{"token": []}],
        "requestBody": {"required": True, "content": {"text/plain": {"schema": {"type": "string"}}}},
        "responses": {
            "200": {
                "description": "The lines are kept beside their checkpoint; `new` says how many were not there yet.",
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
            **refused("401", "403", "409", "413", "503"),
        },
    }
    paths: dict[str, Any] = {path: {"get": {**get, "tags": ["log"]}} for path, get in gets.items()}
    return {**paths, "/log/cosignatures": {"post": cosign}}
