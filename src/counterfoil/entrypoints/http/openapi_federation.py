"""The two routes between registries in the OpenAPI document."""

from typing import Any

from counterfoil.application.federation.discovery import DISCOVERY, MESSAGES
from counterfoil.application.federation.exchange import BUNDLE_BYTES_MAX, BUNDLE_MESSAGES_MAX
from counterfoil.entrypoints.http.metrics import METRICS
from counterfoil.entrypoints.http.openapi_parts import asked, refused


def federation_paths() -> dict[str, Any]:
    """How registries find each other, and hand each other messages."""
    document = asked("discoverRegistry", "What this registry says of itself to those who would link it")
    numbers = asked("metrics", "The service in numbers, as Prometheus reads them", kind="text/plain")
    return {
        METRICS: {"get": {**numbers, "tags": ["service"], "security": [{"token": []}]}},
        DISCOVERY: {"get": {**document, "tags": ["federation"]}},
        MESSAGES: {
            "post": {
                "tags": ["federation"],
                "operationId": "handInMessages",
                "summary": "Hand in signed messages of a linked registry, one a line",
                "description": "JSON Web Signatures in compact form, at most "
                f"{BUNDLE_MESSAGES_MAX} of {BUNDLE_BYTES_MAX // 1024 // 1024} MiB together. The signature says who "
                "sends. Each line of the answer is one outcome, in order, with the messages in return.",
                "security": [],
                "requestBody": {"required": True, "content": {"application/jose": {"schema": {"type": "string"}}}},
                "responses": {
                    "200": {
                        "description": "One line for each message: `outcome` (done, refused or unavailable), `code`, "
                        "`facts`, `text` and `fix` where it was not done, and `answers`, signed messages in return.",
                        "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
                    },
                    **refused("413", "415", "429", "500", "503"),
                },
            }
        },
    }
