"""Evidence for a border adjustment, as an exporter writes it and a stranger checks it."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from counterfoil.adapters.signing.ed25519 import verify
from counterfoil.entrypoints.letters.credential import read_credential
from tests.cli.conftest import Counterfoil, Result, ndjson
from tests.cli.test_compliance import ACTS

REBATE = {"liability": "FEE-2025", "amount": 5, "currency": "TWD", "on": "2026-01-01", "document": "1" * 64}
Write = Callable[..., Result]


@pytest.fixture
def charged(tmp_path: Path, counterfoil: Counterfoil) -> Path:
    """Taiwan's registry with a fee of 2025, a part of it covered with 10,000 units, and a voluntary credit."""
    folder = tmp_path / "twn"
    assert counterfoil("init", "--dir", folder, "--jurisdiction", "twn").status == 0
    done = counterfoil("do", "--dir", folder, stdin=ndjson(*ACTS))
    assert done.status == 0, done.out + done.err
    return folder


@pytest.fixture
def receipt(charged: Path, tmp_path: Path, counterfoil: Counterfoil) -> str:
    (tmp_path / "receipt.txt").write_text("Paid.", encoding="utf-8")
    assert counterfoil("evidence", "add", tmp_path / "receipt.txt", "--dir", charged).status == 0
    return hashlib.sha256(b"Paid.").hexdigest()


@pytest.fixture
def write(charged: Path, tmp_path: Path, receipt: str, counterfoil: Counterfoil) -> Write:
    """Write the evidence of a declaration into the folder `out`."""

    def call(*more: str | Path, **changes: Any) -> Result:
        paid = {"liability": "FEE-2025", "amount": 2_640_000_000, "currency": "TWD", "on": "2026-05-31"}
        said = {
            "declarant": "Importer", "installation": "Mill 2", "operator": "Steel Works", "country": "TWN",
            "goods": [{"cn_code": "72081000", "quantity_kg": 5_000_000, "embedded_kg": 9_500_001}],
            "liabilities": ["FEE-2025"], "payments": [{**paid, "document": receipt}], **changes,
        }  # fmt: skip
        (tmp_path / "said.json").write_text(json.dumps(said), encoding="utf-8")
        asked = ("compliance", "cbam", tmp_path / "said.json", "--out", tmp_path / "out")
        return counterfoil(*asked, "--dir", charged, *more)

    return call


def test_the_evidence_counts_what_was_paid_and_shows_units_with_their_true_status(write: Write) -> None:
    view = write("--json").json
    (fee,) = view["liabilities"]
    assert (fee["due_before_units"], fee["due_after_units"]) == (3_000_000_000, 2_640_000_000)
    assert (fee["carbon_price"], fee["per_tonne"]) == (2_640_000_000, {"numerator": 21_120, "denominator": 1})
    assert fee["goods"] == [200_640_021], "9,500.001 t at 21,120 minor units, rounded down"
    (units,) = fee["units"]
    assert (units["quantity_t"], units["status"], units["authorizations"]) == (10_000, "domestic", [])
    assert units["last"] == "TWN01-TWN_REDUCTION-10000-2025"
    assert view["doubtful"] == ["border_price_counts", "border_rebates", "border_units"]


def test_the_files_are_whole_proven_and_signed_and_the_same_every_time(
    write: Write, charged: Path, tmp_path: Path, receipt: str, counterfoil: Counterfoil
) -> None:
    out = tmp_path / "out"
    assert "Wrote 8 files" in write("--on", "2026-11-22").out
    sums = [line.partition("  ") for line in (out / "SHA256SUMS").read_text("utf-8").splitlines()]
    listed = {name: digest for digest, _, name in sums}
    for name, digest in listed.items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    assert (out / "documents" / receipt).read_bytes() == b"Paid."
    for proof in (out / "proofs").iterdir():
        result = counterfoil("check-proof", proof, "--key", out / "registry.pub", "--json")
        assert result.json["status"] == "proven"
    signed = (out / "carbon-price.vc.json").read_bytes()
    shown = read_credential(signed, verify=verify)
    assert shown is not None
    files = {each["file"]: each["sha256"] for each in shown.unsecured["credentialSubject"]["files"]}
    assert files["carbon-price.json"] == listed["carbon-price.json"]
    assert read_credential(signed.replace(b"registry.pub", b"registry.pdf"), verify=verify) is None
    with zipfile.ZipFile(tmp_path / "out.zip") as package:
        assert set(package.namelist()) == {*listed, "SHA256SUMS"}
    first = (tmp_path / "out.zip").read_bytes()
    out.rename(tmp_path / "first")
    assert write("--on", "2026-11-22").status == 0
    assert (tmp_path / "out.zip").read_bytes() == first
    assert counterfoil("show", "registry", "--dir", charged).status == 0


def test_a_paper_stands_in_each_language(write: Write, tmp_path: Path) -> None:
    assert write("--lang", "zh-Hant").status == 0
    for language in ("en", "zh-Hant"):
        assert (tmp_path / "out" / f"carbon-price.{language}.pdf").read_bytes().startswith(b"%PDF")


def test_another_law_counts_units_as_the_charge(write: Write, tmp_path: Path) -> None:
    place = tmp_path / "packs" / "xaa-border"
    (place / "law").mkdir(parents=True)
    (place / "pack.toml").write_text(
        'id = "xaa-border"\nversion = "1.0.0"\nkind = "programme"\ntitle = { en = "B", zh-Hant = "邊" }\n'
        '[[source]]\nid = "act"\ntitle = { en = "A", zh-Hant = "法" }\n',
        encoding="utf-8",
    )
    values = {"border_price_counts": "effectively_paid", "border_rebates": "deducted", "border_units": "as_charge"}
    text = "".join(
        f'[value.{name}]\nunit = "word"\nlabel = {{ en = "V", zh-Hant = "值" }}\n[[value.{name}.dated]]\n'
        f'from = 2020-01-01\nvalue = "{word}"\nsource = "act"\nprovision = "art. 1"\nconfidence = "found"\n'
        for name, word in values.items()
    )
    (place / "law" / "law.toml").write_text(text, encoding="utf-8")
    view = write("--law", place, "--json").json
    assert (view["liabilities"][0]["carbon_price"], view["doubtful"]) == (3_000_000_000, [])


@pytest.mark.parametrize(
    ("changes", "code", "status"),
    [
        ({"liabilities": ["VCS-1"], "payments": []}, "border.voluntary_excluded", 1),
        ({"liabilities": ["FEE-1"], "payments": []}, "compliance.liability_unknown", 1),
        ({"goods": []}, "border.declaration_unclear", 1),
        ({"tonnes": 5}, "border.file_unreadable", 2),
        ({"goods": "steel"}, "border.file_unreadable", 2),
        (
            {
                "rebates": [
                    {"liability": "FEE-2025", "amount": 5, "currency": "TWD", "on": "2026-01-01", "document": "1" * 64}
                ]
            },
            "border.document_missing",
            1,
        ),
    ],
)
def test_evidence_is_refused_when(
    changes: dict[str, Any], code: str, status: int, write: Write, tmp_path: Path
) -> None:
    result = write("--json", **changes)
    assert (result.status, result.json["code"]) == (status, code)
    assert not (tmp_path / "out").exists()


def test_a_declaration_that_says_a_member_twice_is_refused(
    write: Write, tmp_path: Path, charged: Path, counterfoil: Counterfoil
) -> None:
    assert write("--json").status == 0
    said = tmp_path / "said.json"
    said.write_text(said.read_text("utf-8").replace("{", '{"country": "DEU", ', 1), encoding="utf-8")
    asked = ("compliance", "cbam", said, "--out", tmp_path / "again", "--dir", charged, "--json")
    result = counterfoil(*asked)
    assert (result.status, result.json["code"]) == (2, "border.file_unreadable")
    assert "country" in result.json["facts"]["detail"]


def test_amounts_in_another_currency_a_law_that_is_silent_and_a_full_folder_are_refused(
    write: Write, receipt: str, tmp_path: Path
) -> None:
    paid = {"liability": "FEE-2025", "amount": 5, "currency": "EUR", "on": "2026-01-01", "document": receipt}
    assert write("--json", payments=[paid]).json["code"] == "border.currency_differs"
    assert write("--json", "--law", "twn").json["code"] == "border.rule_missing"
    assert write("--json", "--on", "2020-01-01").json["code"] == "border.rule_missing"
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "x").touch()
    assert write("--json").json["code"] == "export.not_empty"


@pytest.mark.parametrize(("language", "word"), [("en", "was charged on 125000000 kg"), ("zh-Hant", "計收")])
def test_goods_never_bear_more_than_was_paid(write: Write, language: str, word: str) -> None:
    """All emissions of the year bear the whole price; a kilogram more, and the claim would exceed the payment."""
    most = {"cn_code": "72081000", "quantity_kg": 1, "embedded_kg": 125_000_000}
    refused = write("--lang", language, goods=[most, {**most, "embedded_kg": 1}])
    assert refused.status != 0
    assert "border.goods_exceed" in refused.err
    assert word in refused.err
    (fee,) = write("--json", goods=[most]).json["liabilities"]
    assert fee["goods"] == [fee["carbon_price"]] == [fee["paid"]]


def test_one_payment_is_not_counted_twice(write: Write, receipt: str) -> None:
    half = {
        "liability": "FEE-2025",
        "amount": 1_320_000_000,
        "currency": "TWD",
        "on": "2026-05-31",
        "document": receipt,
    }
    assert "border.declaration_unclear" in write(payments=[half, half]).err
    (fee,) = write("--json", payments=[half, {**half, "on": "2026-06-30"}]).json["liabilities"]
    assert fee["paid"] == 2_640_000_000
