"""The pathways' part of the OpenAPI document."""

from typing import Any

from counterfoil.entrypoints.http.openapi_parts import parameter, refused
from counterfoil.entrypoints.http.pathways import PLACE, QUESTIONS
from counterfoil.entrypoints.pathway_answers import BYTES_MAX


def pathway_paths() -> dict[str, Any]:
    """The questions, and the placement of an activity."""
    day = {"type": "string", "format": "date", "description": "The legal day; left out: today"}
    code = {"type": "string", "pattern": "^[A-Z]{3}$"}
    asked = [
        {**parameter("jurisdiction", "query", code, example="THA"), "required": True},
        parameter("on", "query", day, example="2026-01-01"),
    ]
    body = {
        "type": "object",
        "properties": {"jurisdiction": code, "on": day, "answers": {"type": "object"}},
        "required": ["jurisdiction"],
        "additionalProperties": False,
    }
    example = {"jurisdiction": "THA", "on": "2026-01-01", "answers": {"transfer": "none", "paid_for": "results"}}
    sent = {"required": True, "content": {"application/json": {"schema": body, "example": example}}}
    questions = _operation("pathwayQuestions", "The questions that place an activity in a pathway")
    place = _operation("placeActivity", "The pathways that are open to an activity, with reasons")
    return {
        QUESTIONS: {"get": {**questions, "parameters": asked}},
        PLACE: {"post": {**place, "requestBody": sent}},
    }


def _operation(operation: str, summary: str) -> dict[str, Any]:
    return {
        "tags": ["service"],
        "operationId": operation,
        "summary": summary,
        "description": f"Open to all; nothing is kept. A body is at most {BYTES_MAX // 1024} KiB.",
        "security": [],
        "responses": {
            "200": {
                "description": "What the command line says with --json.",
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
            **refused("400", "404", "409", "413", "500", "503"),
        },
    }
