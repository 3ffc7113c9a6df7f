"""The OpenAPI document says what is served: every command, every query, with shapes that the examples keep."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from counterfoil.application.commands.table import BY_HAND
from counterfoil.application.federation.discovery import MESSAGES, RECONCILIATION
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.http.metrics import METRICS
from counterfoil.entrypoints.http.openapi import described, examples
from counterfoil.entrypoints.http.pathways import PLACE
from counterfoil.entrypoints.http.queries import queries
from counterfoil.entrypoints.permission_table import permission_table
from counterfoil.entrypoints.wire import command_of
from tests.http.desk import asking, open_site

API = "/api/v1"


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def references(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for name, item in value.items():
                if name == "$ref":
                    yield item
                else:
                    yield from references(item)
        case list():
            for item in value:
                yield from references(item)


def resolved(reference: str) -> Any:
    found: Any = described()
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    return found


def test_every_command_has_a_path_a_shape_and_an_example() -> None:
    paths, schemas = described()["paths"], described()["components"]["schemas"]
    for name in BY_HAND:
        post = paths[f"{API}/commands/{name}"]["post"]
        body = post["requestBody"]["content"]["application/json"]
        assert body["schema"] == {"$ref": f"#/components/schemas/{name}"}
        assert set(schemas[name]["properties"]) == {"command", *BY_HAND[name].__dataclass_fields__}
        assert schemas[name]["description"]
        assert schemas["Command"]["discriminator"]["mapping"][name] == f"#/components/schemas/{name}"
    assert set(examples()) == set(BY_HAND)


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_an_example_is_a_command_that_can_be_read(name: str) -> None:
    command = command_of(dict(examples()[name]))
    assert not isinstance(command, Refusal), command
    schema = described()["components"]["schemas"][name]
    assert set(schema["required"]) <= set(examples()[name]) <= set(schema["properties"])


def test_every_query_has_a_path() -> None:
    paths = described()["paths"]
    assert all("get" in paths[f"{API}{query.template}"] for query in queries())


def test_every_reference_leads_somewhere() -> None:
    document = described()
    found = set(references(document))
    assert found
    for reference in found:
        assert resolved(reference)


def test_every_operation_has_its_own_name_and_answers_with_problems() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(names) == len(set(names))
    for path, method, operation in operations():
        assert operation["summary"] and operation["responses"], path
        refused = [status for status in operation["responses"] if status >= "4"]
        assert refused, path
        own = operation["tags"] == ["office"]
        closed = (method == "post" and path not in (PLACE, MESSAGES, RECONCILIATION)) or path == METRICS
        assert own or operation["security"] == ([{"token": []}] if closed else []), path
        assert not own or operation["security"] in ([], [{"session": []}]), path


@pytest.mark.parametrize("path", [PLACE, MESSAGES, RECONCILIATION])
def test_an_open_post_is_open_in_the_table_of_permissions_too(path: str) -> None:
    assert permission_table().routes[f"POST {path}"].public


def test_the_parameters_of_a_path_are_those_in_its_template() -> None:
    for path, _, operation in operations():
        named = set(re.findall(r"{(\w+)}", path))
        declared = {each["name"] for each in operation.get("parameters", ()) if each["in"] == "path"}
        assert declared == named, path
        assert all(each["required"] for each in operation.get("parameters", ()) if each["in"] == "path")


def test_the_document_has_the_parts_that_the_standard_demands() -> None:
    document = described()
    assert document["openapi"].startswith("3.1.")
    assert document["info"]["title"] and document["info"]["version"]
    assert document["components"]["securitySchemes"]["token"] == {
        "type": "http",
        "scheme": "bearer",
        "description": "An API token; acts need the scope `write`.",
    }
    for _, _, operation in operations():
        for status, response in operation["responses"].items():
            assert re.fullmatch(r"[1-5]\d\d", status)
            assert "$ref" in response or response["description"]


PAGES = ("/letter",)
"""What is for the eyes of people, and no part of the interface for programs."""


@pytest.mark.anyio
async def test_everything_in_the_document_is_served_and_the_reverse(folder: Folder) -> None:
    documented = {(path, method) for path, method, _ in operations()}
    served = set()
    async with open_site(folder) as site:
        for route in site.routes:
            path = route.path.replace(":path}", "}")
            if path == f"{API}/commands/{{name}}":
                served |= {(f"{API}/commands/{name}", "post") for name in BY_HAND}
            elif path not in PAGES:
                served |= {(path, method.lower()) for method in route.methods or () if method != "HEAD"}
    assert documented == served


@pytest.mark.anyio
async def test_the_document_is_served_with_an_etag(folder: Folder) -> None:
    async with asking(folder) as client:
        answer = await client.get(f"{API}/openapi.json")
        again = await client.get(f"{API}/openapi.json", headers={"if-none-match": answer.headers["etag"]})
    assert answer.json() == httpx.Response(200, json=described()).json()
    assert again.status_code == 304
