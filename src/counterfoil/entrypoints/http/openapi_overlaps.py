"""The check of a boundary in the OpenAPI document."""

from typing import Any

from counterfoil.entrypoints.http.openapi_parts import parameter, refused
from counterfoil.entrypoints.http.overlaps import BYTES_MAX, KINDS, OVERLAPS, TEXT_MAX


def overlap_paths() -> dict[str, Any]:
    """The one route about boundaries."""
    text = {"type": "string", "maxLength": TEXT_MAX}
    day = {"type": "string", "format": "date"}
    return {
        OVERLAPS: {
            "post": {
                "tags": ["service"],
                "operationId": "checkOverlaps",
                "summary": "What a boundary would share with those of all activities",
                "description": "Takes GeoJSON (RFC 7946) and keeps nothing of it. Sector or methodology, and the days "
                "that would be credited, tell a conflict from two uses of one ground. "
                f"At most {BYTES_MAX // 1024 // 1024} MiB; any good token may ask.",
                "security": [{"token": []}],
                "parameters": [
                    parameter("sector", "query", text),
                    parameter("methodology", "query", text),
                    parameter("from", "query", day),
                    parameter("to", "query", day),
                ],
                "requestBody": {"required": True, "content": {kind: {"schema": {"type": "object"}} for kind in KINDS}},
                "responses": {
                    "200": {
                        "description": "What the command line says with --json.",
                        "content": {"application/json": {"schema": {"type": "object"}}},
                    },
                    **refused("400", "401", "403", "409", "413", "415", "500", "503"),
                },
            }
        }
    }
