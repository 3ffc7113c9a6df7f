"""The published vectors and schemas: what another implementation is built by, held against this one and a library."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import OKPKey
from nacl.signing import SigningKey

from counterfoil.application.command import Registry
from counterfoil.application.federation.opening import Opened, Opener
from counterfoil.domain.federation import message as messages
from counterfoil.domain.federation.jws import read_compact
from counterfoil.domain.federation.message import Envelope, MessageKind
from counterfoil.domain.kernel.instant import utc_ms
from counterfoil.domain.kernel.refusal import Refusal
from tests.application.office import Office
from tools.update import federation_files

VECTORS: dict[str, Any] = json.loads((federation_files.PLACE / "vectors.json").read_text("utf-8"))


@pytest.mark.parametrize("path", sorted(federation_files.files()), ids=lambda path: path.name)
def test_a_generated_file_is_current(path: Path) -> None:
    assert path.read_text("utf-8") == federation_files.files()[path], "run `python -m tools.update`"


@pytest.fixture
def office() -> Office:
    """A registry XBB that has linked the test key as that of XAA."""
    from counterfoil.application.commands.link import LinkPartner
    from counterfoil.domain.kernel.ids import Party

    office = Office("XBB", today=date(2026, 11, 22))
    x = VECTORS["key"]["x"].translate(str.maketrans("-_", "+/")) + "="
    office.do(LinkPartner(party=Party("XAA"), registry="XAA01", origin="example/xaa", public_key=x))
    return office


def opened(office: Office, compact: str) -> Opened | Refusal:
    envelope = read_compact(compact.encode())
    if not isinstance(envelope, Envelope):
        return envelope
    now = utc_ms(VECTORS["now"])
    assert now is not None
    registry: Registry = office.writer.registry
    opener = Opener(registry, office.world.codec, office.world.verify, lambda: now)
    reading = office.store.reading()
    try:
        return opener.open(envelope, reading)
    finally:
        reading.close()


@pytest.mark.parametrize("vector", VECTORS["good"], ids=lambda vector: vector["name"])
def test_a_good_vector_opens_here_and_in_a_library_and_its_content_is_canonical(office: Office, vector: Any) -> None:
    found = opened(office, vector["compact"])
    assert isinstance(found, Opened), found
    assert found.message.content().decode() == vector["content"]
    key = OKPKey.import_key({name: VECTORS["key"][name] for name in ("kty", "crv", "x")})
    assert jws.deserialize_compact(vector["compact"], key, algorithms=["Ed25519"]).payload.decode() == vector["content"]


@pytest.mark.parametrize("vector", VECTORS["bad"], ids=lambda vector: vector["name"])
def test_a_bad_vector_is_refused_with_its_code(office: Office, vector: Any) -> None:
    found = opened(office, vector["compact"])
    assert isinstance(found, Refusal) and found.code == vector["code"], found


def test_the_vectors_are_signed_with_the_key_that_they_name() -> None:
    x = bytes(SigningKey(federation_files.SEED).verify_key)
    assert VECTORS["key"]["x"] == federation_files._text(x)
    assert VECTORS["key"]["kid"] == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", "RFC 8037 appendix A.3"


def test_the_schema_of_messages_has_every_kind_with_the_members_that_the_code_asks_for() -> None:
    schema = federation_files.message_schema()
    told = {each["if"]["properties"]["kind"]["const"]: each["then"]["properties"]["body"] for each in schema["allOf"]}
    assert set(told) == {kind.value for kind in MessageKind} == set(schema["properties"]["kind"]["enum"])
    for kind in MessageKind:
        assert told[kind.value]["required"] == list(messages._BODIES[kind])
    for vector in VECTORS["good"]:
        content = json.loads(vector["content"])
        assert set(content) == set(schema["required"])
        assert set(told[content["kind"]]["required"]) <= set(content["body"])
