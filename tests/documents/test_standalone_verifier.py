"""The verifier in the documentation: at most a hundred lines, nothing of ours, and it agrees with check-proof."""

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from nacl.signing import SigningKey

from counterfoil.adapters.codec import JsonCodec
from counterfoil.adapters.signing.ed25519 import verify
from counterfoil.application.command import Units
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.queries.prove import bundle_bytes, check, prove
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.bundle import Proven
from counterfoil.domain.ledger.checkpoint import verifier_key
from counterfoil.domain.ledger.key_history import key_text
from tests.application.office import APPROACH, Office
from tests.application.ring import NAME, Rotating

SCRIPT = Path(__file__).parents[2] / "docs" / "reference" / "verify_bundle.py"
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_bundle", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def office() -> Office:
    office = Office()
    office.activity()
    office.issued()
    office.do(OpenAccount(account="xaa:b", holder="b"))
    for first, last, source, target in ((50, 100, office.holder, "xaa:b"), (60, 90, "xaa:b", office.holder)):
        units = Units(f"{APPROACH}-XAA01-XAA-#-2023", first, last)
        office.do(Transfer(units=units, source=source, target=target))
    return office


def a_bundle(office: Office, about: str) -> bytes:
    made = prove(office.sight(), about, public_key=office.signer.public_key, verify=verify)
    assert not isinstance(made, Refusal), made
    return bundle_bytes(made, JsonCodec())


UNIT = f"{APPROACH}-XAA01-XAA-71-2023"


def test_it_has_at_most_a_hundred_lines_and_needs_the_standard_library_only() -> None:
    text = SCRIPT.read_text("utf-8")
    assert len(text.splitlines()) <= 100
    imported = {name.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import) for name in node.names}
    assert imported == {"base64", "hashlib", "json", "sys"}
    assert not [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)]


def test_it_runs_alone_and_says_what_is_proven(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "bundle.json"
    file.write_bytes(a_bundle(office, UNIT))
    named = verifier_key(office.signer.name, office.signer.public_key)
    for key, status in ((office.public_key, 0), (named, 0), (verifier_key("x", office.signer.public_key), 1), ("x", 2)):
        # -I and -S: neither this package nor any other can be imported.
        command = [sys.executable, "-I", "-S", SCRIPT, file, key]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ran.returncode == status, ran.stderr
        assert not status or ran.stderr.startswith("Not proven")
        assert status or ("Issued" in ran.stdout and ran.stdout.count("Transferred") == 2)


@pytest.mark.parametrize("about", ["0", "3", UNIT, f"{APPROACH}-XAA01-XAA-1000-2023"])
def test_it_agrees_with_check_proof(script: ModuleType, office: Office, about: str) -> None:
    data = a_bundle(office, about)
    checked = check(data, key=office.public_key, codec=JsonCodec(), verify=verify)
    assert isinstance(checked, Proven)
    lines = script.proven(data, office.public_key)
    assert [line.split("  ")[1] for line in lines[1:]] == [deed.act for deed in checked.deeds]


def refuses(script: ModuleType, data: bytes, key: str) -> bool:
    try:
        script.proven(data, key)
    except UNREADABLE:
        return True
    return False


def test_it_refuses_every_changed_byte_that_check_proof_refuses(script: ModuleType, office: Office) -> None:
    """Leaves, paths, note and all the rest: one bit of each byte, where the two must agree."""
    data = a_bundle(office, UNIT)
    for at in range(len(data)):
        changed = bytearray(data)
        changed[at] ^= 1 << at % 7
        ours = check(bytes(changed), key=office.public_key, codec=JsonCodec(), verify=verify)
        assert refuses(script, bytes(changed), office.public_key) == isinstance(ours, Refusal), at


def test_it_follows_the_keys_of_a_log_as_check_proof_does(script: ModuleType) -> None:
    """With any key of the history; with a stranger's never; and with every byte of keys and handovers changed."""
    office = Rotating()
    office.do(office.rotate(1), OpenAccount(account="xaa:a", holder="a"), office.rotate(2))
    office.open("b")
    made = prove(office.sight(), "2", public_key=office.key(2), verify=verify)
    assert not isinstance(made, Refusal), made
    data = bundle_bytes(made, JsonCodec())
    for number in range(3):
        assert len(script.proven(data, key_text(office.key(number)))) == 2
        assert len(script.proven(data, verifier_key(NAME, office.key(number)))) == 2
    assert refuses(script, data, key_text(bytes(32)))
    for at in range(data.index(b'"handovers"') + 12, data.index(b'"subject"'), 3):
        changed = bytearray(data)
        changed[at] ^= 1 << at % 7
        assert refuses(script, bytes(changed), key_text(office.key(0))), at


def test_its_ed25519_agrees_with_libsodium(script: ModuleType) -> None:
    key = SigningKey(bytes(range(32)))
    public = bytes(key.verify_key)
    message = b"a checkpoint"
    signature = key.sign(message).signature
    assert script.signed(public, message, signature)
    order = 2**252 + 27742317777372353535851937790883648493
    second = signature[:32] + (int.from_bytes(signature[32:], "little") + order).to_bytes(32, "little")
    cases = [second, bytes(64), signature[:-1], signature + b"\0", signature[:31] + b"\xff" + signature[32:]]
    cases += [bytes([*signature[:at], signature[at] ^ 4, *signature[at + 1 :]]) for at in range(0, 64, 5)]
    for case in cases:
        try:
            found = script.signed(public, message, case)
        except ValueError:
            found = False
        assert found is verify(public_key=public, message=message, signature=case) is False
