"""Free text may hold anything: every engine keeps a title or a sealed value with a NUL, and gives it back alike."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.register import RegisterEntity
from counterfoil.application.ports import Store
from counterfoil.application.verification import audit
from counterfoil.domain.kernel.refusal import Refusal
from tests.application.office import Office

ODD = "A\0B\u2028C\x7f\ufffe 甲"


@pytest.fixture
def office(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr("tests.application.office.MemoryStore", lambda: store)
    yield Office()


def kept(office: Office, kind: str, key: str) -> str:
    with closing(office.store.reading()) as reading:
        row = reading.record(kind, key)
    return "" if row is None else row.value


def test_a_title_and_a_sealed_value_with_control_characters_are_kept(office: Office) -> None:
    office.do(
        RegisterEntity(entity="E-1", name=ODD, country=ODD),
        OpenAccount(account="xaa:odd", holder=ODD, confidential={"person": ODD}),
    )
    codec = office.world.codec
    assert codec.decode(kept(office, "entity", "E-1"))["name"] == ODD
    assert codec.decode(kept(office, "account", "xaa:odd"))["holder"] == ODD
    with closing(office.store.reading()) as reading:
        audited = audit(reading, codec, verify=office.world.verify, public_key=office.signer.public_key)
    assert not audited.findings


@pytest.mark.parametrize("name", ["A\0", "x" * 5_000, ""])
def test_a_name_that_one_engine_could_not_keep_is_refused_by_all_and_harms_nobody(office: Office, name: str) -> None:
    """PostgreSQL keeps no NUL in a text and no key of many thousand bytes: the whole batch would pay for it."""
    outcomes = office.ask(
        RegisterEntity(entity="E-1", name="E", country="XAA"),
        RegisterEntity(entity=name, name="E", country="XAA"),
        RegisterEntity(entity="E-2", name="E", country="XAA"),
    )
    refused = [outcome.code for outcome in outcomes if isinstance(outcome, Refusal)]
    assert refused == ["command.key_unfit"]
    assert kept(office, "entity", "E-2")
