"""The proof in the visitor's own browser: it holds for what is true, and for nothing that was changed on the way."""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Page, Route, expect

from counterfoil.entrypoints.language import Texts
from tests.browser.serving import Server
from tests.browser.window import Windows

ENTRY = 58
GOOD, BAD = re.compile(r"\bgood\b"), re.compile(r"\bbad\b")


def opened(page: Page, host: Server, entry: int = ENTRY) -> Page:
    page.goto(f"{host.address}/transparency?entry={entry}")
    return page


def verdict(page: Page, kind: re.Pattern[str]) -> str:
    """What the page says in the end; it must be of that kind."""
    status = page.locator("#proof [role=status]")
    expect(status).to_have_class(kind)
    return status.inner_text()


def said(key: str, language: str = "en", **facts: object) -> str:
    return Texts(language)(f"web.proof.{key}").format(**facts)


@pytest.mark.parametrize("visitor", [("en", "desktop"), ("zh-Hant", "phone")], ids="-".join)
def test_the_browser_proves_an_entry_step_by_step(
    page_for: Windows,
    host: Server,
    axe: Callable[[Page], list[str]],
    shot: Callable[[Page, str], Path],
    visitor: tuple[str, str],
) -> None:
    language, size = visitor
    page = opened(page_for(language, size), host)
    told = verdict(page, GOOD)
    with urlopen(f"{host.address}/log/checkpoint") as answer:
        origin, entries, root, *_ = answer.read().decode().split("\n")
    assert told == said("good", language, entry=ENTRY, size=entries)
    steps = page.locator("#proof ol.path li")
    texts = steps.all_inner_texts()
    assert base64.b64decode(root).hex() in texts[0] and origin in texts[0]
    assert said("signed", language) in texts[1]
    with urlopen(f"{host.address}/api/v1/entries/{ENTRY}") as answer:
        leaf = json.load(answer)
    assert leaf["leaf_hash"] in texts[2]
    assert base64.b64decode(root).hex() in texts[-1] and said("root", language) in texts[-1]
    page.locator("#proof summary").click()
    assert json.loads(page.locator("#proof pre").inner_text())["seq"] == ENTRY
    assert not axe(page)
    shot(page, "proof")


def test_every_entry_of_the_log_is_proven(page_for: Windows, host: Server) -> None:
    page = page_for()
    with urlopen(f"{host.address}/log/checkpoint") as answer:
        entries = int(answer.read().decode().split("\n")[1])
    for entry in (0, 1, 63, 64, entries - 1):
        verdict(opened(page, host, entry), GOOD)


def test_one_changed_bit_is_found(page_for: Windows, host: Server) -> None:
    page = opened(page_for(), host)
    verdict(page, GOOD)
    page.locator("#proof-tamper").click()
    assert verdict(page, BAD) == said("bad")
    assert said("other") in page.locator("#proof ol.path li").last.inner_text() or said("other") in page.inner_text(
        "#proof"
    )
    page.locator("#proof-tamper").click()
    verdict(page, GOOD)


def _changed(pattern: bytes, by: bytes) -> Callable[[Route], None]:
    """A server or a line in between that changes what it sends."""

    def change(route: Route) -> None:
        body = route.fetch().body()
        assert pattern in body
        route.fulfill(body=body.replace(pattern, by, 1), content_type="application/octet-stream")

    return change


def _root_bit(route: Route) -> None:
    lines = route.fetch().text().split("\n")
    root = bytearray(base64.b64decode(lines[2]))
    root[0] ^= 1
    lines[2] = base64.b64encode(root).decode()
    route.fulfill(body="\n".join(lines), content_type="text/plain")


def _hash_bit(route: Route) -> None:
    body = bytearray(route.fetch().body())
    body[32 * (ENTRY - 1) + 5] ^= 0x80
    route.fulfill(body=bytes(body), content_type="application/octet-stream")


@pytest.mark.parametrize(
    "place, change, told",
    [
        ("**/log/tile/entries/**", _changed(b'"act":"FirstTransferred"', b'"act":"FirstTransferrex"'), "other"),
        ("**/log/tile/0/**", _hash_bit, "other"),
        ("**/log/checkpoint", _root_bit, "unsigned"),
    ],
)
def test_what_is_changed_on_the_way_is_not_proven(
    page_for: Windows, host: Server, place: str, change: Callable[[Route], None], told: str
) -> None:
    page = page_for()
    page.route(place, change)
    assert verdict(opened(page, host), BAD) == said("bad")
    assert said(told) in page.inner_text("#proof")


def test_another_key_than_the_one_that_is_trusted_proves_nothing(page_for: Windows, host: Server) -> None:
    page = opened(page_for(), host)
    verdict(page, GOOD)
    name = page.locator("#proof-key").input_value().partition("+")[0]
    raw = b"\x01" + Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    hint = hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()[:8]
    page.locator("#proof-key").fill(f"{name}+{hint}+{base64.b64encode(raw).decode()}")
    page.locator("[data-run]").click()
    verdict(page, BAD)
    assert said("unsigned") in page.inner_text("#proof")


def test_a_log_that_was_rewritten_since_the_last_visit_is_found(page_for: Windows, host: Server) -> None:
    page = opened(page_for(), host)
    verdict(page, GOOD)
    page.reload()
    verdict(page, GOOD)
    name = page.evaluate("Object.keys(localStorage).find(each => each.startsWith('counterfoil-log:'))")
    kept = json.loads(page.evaluate("name => localStorage.getItem(name)", name))
    assert said("grew", size=kept["size"]) in page.inner_text("#proof")
    for other, told in ((kept["size"] - 7, "rewritten"), (kept["size"], "rewritten"), (kept["size"] + 1, "shrunk")):
        forged = {"size": other, "root": base64.b64encode(b"x" * 32).decode()}
        page.evaluate("([name, value]) => localStorage.setItem(name, value)", [name, json.dumps(forged)])
        page.reload()
        verdict(page, BAD)
        assert said(told, size=other) in page.inner_text("#proof")


def test_without_script_the_page_says_how_to_check(
    page_for: Windows, host: Server, shot: Callable[[Page, str], Path]
) -> None:
    page = opened(page_for(script=False), host)
    assert said("noscript") in page.inner_text("main") and "verify_bundle.py" in page.inner_text("main")
    assert not page.locator("#proof").is_visible()
    shot(page, "proof")


def test_the_hashes_are_those_of_the_standard(page_for: Windows, host: Server) -> None:
    page = opened(page_for(), host)
    for size in (0, 1, 3, 55, 56, 63, 64, 65, 111, 112, 127, 128, 129, 1_000, 70_001):
        data = bytes((7 * at + size) % 256 for at in range(size))
        for name in ("sha256", "sha512"):
            ours = page.evaluate(
                "([name, data]) => counterfoilProof.hex(counterfoilProof[name](Uint8Array.from(data)))",
                [name, list(data)],
            )
            assert ours == hashlib.new(name, data).hexdigest(), (name, size)
    assert page.evaluate("counterfoilProof.hex(counterfoilProof.sha256(counterfoilProof.utf8('abc')))") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-4, example
    )


def test_the_signatures_are_those_of_the_standard(page_for: Windows, host: Server) -> None:
    page = opened(page_for(), host)
    check = """([key, message, signature]) =>
        counterfoilProof.signed(...[key, message, signature].map(each => Uint8Array.from(each)))"""
    for size in (0, 1, 2, 300):
        private, message = Ed25519PrivateKey.generate(), bytes(range(256))[:size] * (1 + size // 256)
        key, signature = private.public_key().public_bytes_raw(), private.sign(message)
        assert page.evaluate(check, [list(key), list(message), list(signature)])
        for place in (0, 31, 32, 63):
            wrong = bytearray(signature)
            wrong[place] ^= 1
            assert not page.evaluate(check, [list(key), list(message), list(wrong)])
        assert not page.evaluate(check, [list(key), [*message, 0], list(signature)])
    # RFC 8032, section 7.1, test 2.
    key = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert page.evaluate(check, [list(key), [0x72], list(signature)])
