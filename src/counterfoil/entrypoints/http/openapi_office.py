"""The part of the OpenAPI document that is the office's: made from the same table that serves it."""

from typing import Any, Final

import msgspec

from counterfoil.entrypoints.http.office.call import Access, OfficeRoute
from counterfoil.entrypoints.http.office.desk import office_routes
from counterfoil.entrypoints.http.office.grievances import described as grievance_routes
from counterfoil.entrypoints.http.office.proposals import described as proposal_routes
from counterfoil.entrypoints.http.openapi_parts import IN_CHINESE, REFERENCE, parameter, ref, refused

SESSION: Final = {
    "type": "apiKey",
    "in": "cookie",
    "name": "__Host-counterfoil",
    "description": "A session. Changes also need the header `X-CSRF-Token`, with the value that signing in answered.",
}
_EXAMPLES: Final = {
    "person": "P-ABCDEFGH",
    "organisation": "201912345A",
    "handle": "00112233aabbccdd",
    "number": "1",
    "id": "Q-7KDM3XWA",
}
_QUERY: Final = {
    "listPeople": ("limit", "after"),
    "listOrganisations": ("limit", "after"),
    "listProposals": ("state", "limit", "before"),
    "listTrail": ("limit", "after", "actor", "act", "subject", "since_ms", "until_ms"),
    "signInProviderReturn": ("state", "code"),
    "listDocuments": ("about", "after"),
    "readDocument": ("version",),
    "keepDocument": ("name", "series", "about", "level", "parties", "basis", "retain_until"),
    "reviseDocument": ("name",),
    "listAudit": ("limit", "after", "person", "organisation", "act", "account", "since", "until", "format"),
    "listNotices": ("limit", "before", "unread"),
    "listDeliveries": ("state", "after"),
    "listGrievanceLetters": ("after",),
}
_MAKES: Final = frozenset(
    {
        "invitePerson",
        "addOrganisation",
        "propose",
        "approveProposal",
        "giveMandate",
        "sendGrievance",
        "keepDocument",
        "reviseDocument",
    }
)
_NUMBERS: Final = frozenset({"limit", "before", "since_ms", "until_ms"})


def office_paths() -> dict[str, Any]:
    """The paths of the office."""
    paths: dict[str, Any] = {}
    for route in _every_route():
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return paths


def _every_route() -> tuple[OfficeRoute, ...]:
    return (*office_routes(), *proposal_routes(), *grievance_routes())


def office_schemas() -> dict[str, Any]:
    """The shapes of what is sent."""
    shapes = [route.body for route in _every_route() if route.body is not None]
    _, components = msgspec.json.schema_components(shapes, ref_template=REFERENCE)
    return dict(components)


def _operation(route: OfficeRoute) -> dict[str, Any]:
    named = [part[1:-1] for part in route.path.split("/") if part.startswith("{")]
    asked = _QUERY.get(route.operation, ())
    place = {"type": "string"}
    parameters = [parameter(name, "path", place, example=_EXAMPLES[name]) for name in named]
    parameters += [parameter(name, "query", {"type": "integer"} if name in _NUMBERS else place) for name in asked]
    status = "303" if route.operation == "signInProviderReturn" else _made(route)
    told: dict[str, Any] = {"description": route.summary["en"]}
    if status != "303":
        told["content"] = {"application/json": {"schema": dict(route.answers)}}
    operation: dict[str, Any] = {
        "tags": ["office"],
        "operationId": route.operation,
        "summary": route.summary["en"],
        "description": route.summary["zh-Hant"],
        IN_CHINESE: route.summary["zh-Hant"],
        "security": [] if route.access is Access.OPEN else [{"session": []}],
        "parameters": parameters,
        "responses": {status: told, **refused("400", "401", "403", "404", "409", "413", "415", "429", "500", "503")},
    }
    if route.body is not None:
        content = {"application/json": {"schema": ref(route.body.__name__)}}
        operation["requestBody"] = {"required": True, "content": content}
    if route.takes_file:
        file = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
        operation["requestBody"] = {"required": True, "content": file}
    return operation


def _made(route: OfficeRoute) -> str:
    return "201" if route.operation in _MAKES else "200"
