"""Credentials and claims of letters: against the vector of the standard, and against other spellings."""

from datetime import date
from typing import Any

import pytest

from counterfoil.adapters.signing.ed25519 import verify
from counterfoil.application.queries.letters import LetterKind
from counterfoil.domain.policy.kinds.presentation import Era
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.letters import credential
from counterfoil.entrypoints.letters.claim import Claim, read_claim
from counterfoil.entrypoints.letters.credential import base58, secured, unbase58
from counterfoil.entrypoints.letters.speech import Speech
from counterfoil.entrypoints.reports.words import Words

KEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"]
DOCUMENT: dict[str, Any] = {
    "@context": CONTEXT,
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
PROOF: dict[str, Any] = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-jcs-2022",
    "created": "2023-02-24T23:36:38Z",
    "verificationMethod": f"did:key:{KEY}#{KEY}",
    "proofPurpose": "assertionMethod",
    "@context": CONTEXT,
}
VALUE = "2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"
"""The test vector of W3C Data Integrity EdDSA Cryptosuites 1.0, appendix on eddsa-jcs-2022."""
CLAIM = Claim(
    LetterKind.ISSUANCE, "56", "demo.example/tha", 56, "ab" * 32, 12, "cd" * 32, ("zh-Hant", "en"), "minguo", ""
)


def test_what_is_hashed_and_signed_is_that_of_the_standard() -> None:
    public_key = unbase58(KEY[1:], 34)[2:]
    signature = unbase58(VALUE, 64)
    assert credential.did_key(public_key) == f"did:key:{KEY}"
    hashed = credential._hashed(DOCUMENT, PROOF)
    assert hashed.hex().startswith("66ab154f5c2890a1")
    assert verify(public_key=public_key, message=hashed, signature=signature)
    assert not verify(public_key=public_key, message=hashed[::-1], signature=signature)


def test_a_proof_names_the_key_and_repeats_the_context() -> None:
    made = secured(DOCUMENT, public_key=b"k" * 32, sign=lambda _: b"\0" + b"s" * 63)
    assert made["proof"]["@context"] == CONTEXT
    assert made["proof"]["proofValue"].startswith("z1")
    assert unbase58(made["proof"]["proofValue"][1:], 64) == b"\0" + b"s" * 63


@pytest.mark.parametrize("text", ["0OIl", "1", base58(b"\0" * 3), "z" * 300, "2" * 90])
def test_base58_refuses_other_letters_lengths_and_spellings(text: str) -> None:
    with pytest.raises(ValueError):
        unbase58(text, 2)


@pytest.mark.parametrize("base", ["", "https://registry.example/check"])
def test_a_claim_reads_back_as_it_was_written(base: str) -> None:
    claim = Claim(CLAIM.kind, "id & = # 授權 +", CLAIM.origin, 0, CLAIM.leaf, 1, CLAIM.root, ("en",), "common", base)
    assert read_claim(claim.text) == claim
    assert read_claim(CLAIM.text) == CLAIM


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kind=issuance", "kind=other"),
        ("entry=56", "entry=056"),
        ("entry=56", "entry=-1"),
        ("zh-Hant%2Ben", "en%2Ben"),
        ("zh-Hant%2Ben", "fr"),
        ("minguo", "moon"),
        ("ab", "AB"),
        ("&era=minguo", "&era=minguo&more=1"),
        ("counterfoil:letter", "javascript:alert"),
        ("?", ""),
    ],
)
def test_another_spelling_of_a_claim_is_none(old: str, new: str) -> None:
    assert old in CLAIM.text
    assert read_claim(CLAIM.text.replace(old, new)) is None
    assert read_claim("x" * 10_000) is None


@pytest.mark.parametrize(
    ("era", "year", "english", "chinese"),
    [
        (Era.MINGUO, 2026, "22 November 2026 (Minguo 115)", "民國115年11月22日（西元2026年）"),
        (Era.BUDDHIST, 2026, "22 November 2026 (B.E. 2569)", "2026年11月22日（佛曆2569年）"),
        (Era.REIWA, 2026, "22 November 2026 (Reiwa 8)", "2026年11月22日（令和8年）"),
        (Era.REIWA, 2018, "22 November 2018", "2018年11月22日"),
        (Era.MINGUO, 1912, "22 November 1912 (Minguo 1)", "民國1年11月22日（西元1912年）"),
        (Era.BUDDHIST, 1941, "22 November 1941 (B.E. 2484)", "1941年11月22日（佛曆2484年）"),
        (Era.BUDDHIST, 1940, "22 November 1940", "1940年11月22日"),
        (Era.MINGUO, 1911, "22 November 1911", "1911年11月22日"),
        (Era.COMMON, 2026, "22 November 2026", "2026年11月22日"),
    ],
)
def test_a_day_has_the_year_of_the_countrys_own_era(era: Era, year: int, english: str, chinese: str) -> None:
    day = date(year, 11, 22)
    assert Speech([Words(Texts("en"))], era).day(day) == english
    assert Speech([Words(Texts("zh-Hant")), Words(Texts("en"))], era).day(day) == f"{chinese} · {english}"
