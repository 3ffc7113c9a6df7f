"""Letters and certificates: what they say, that they come out the same each time, and that a forged one is found."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pypdf import PdfReader

from counterfoil.adapters.documents.letter_pdf import printed_seal, sign_box
from counterfoil.adapters.documents.pades import open_signer
from counterfoil.domain.kernel.refusal import Refusal
from tests.cli.conftest import HISTORY, INIT, Counterfoil, Result, ndjson
from tests.documents.authority import PASSWORD, Authority, authority

ACTS = (
    {
        "command": "RegisterActivity",
        "activity": "THA-HOME",
        "title": "Cooling at home",
        "mitigation_type": "reduction",
        "sector": "Waste",
        "activity_type": "Transport",
        "on": "2023-03-02",
        "assumed": ["activity type = Transport"],
    },
    {
        "command": "RecordAcknowledgement",
        "acknowledgement": "LoAck-1",
        "activity": "THA-HOME",
        "authority": "Ministry <script>alert(1)</script>",
        "statement": "Outside \u202eepocs\u202c of authorization. " + "x" * 9_000,
        "later": "after",
        "day": "2030-12-31",
        "on": "2023-03-02",
    },
    {
        "command": "Cancel",
        "units": {"unit_class": "CA9001-THA01-THA-#-2022", "first": 1, "last": 16},
        "account": "tha:dev",
        "purpose": "OMGE",
        "beneficiary": "A reader",
        "on": "2023-03-03",
    },
)


@pytest.fixture
def told(issued: Path, counterfoil: Counterfoil) -> Path:
    """The registry with an acknowledgement and a cancellation."""
    assert counterfoil("do", "--dir", issued, stdin=ndjson(*ACTS)).status == 0
    return issued


@pytest.fixture
def made(told: Path, tmp_path: Path, counterfoil: Counterfoil) -> Callable[..., Result]:
    """Draw a letter of the registry up, into the folder `out`."""

    def make(*arguments: str | Path, out: str = "out") -> Result:
        return counterfoil("letter", *arguments, "--dir", told, "--out", tmp_path / out, "--json")

    return make


@pytest.fixture
def ours(tmp_path: Path) -> Authority:
    return authority(tmp_path / "ours")


def signed(made: Callable[..., Result], ours: Authority, out: str = "signed") -> Path:
    """A signed letter of authorization in both languages."""
    key = ("--sign", ours.p12, "--password-file", ours.password)
    result = made("authorization", "THA-LOA-1", "--layout", "together", *key, out=out)
    assert result.status == 0, result.err
    return Path(result.json["files"][0]["file"])


@pytest.fixture
def check(told: Path, counterfoil: Counterfoil) -> Callable[..., Result]:
    def call(file: Path, *trust: Path) -> Result:
        roots = [each for path in trust for each in ("--trust", path)]
        return counterfoil("letter", "check", file, *roots, "--dir", told, "--json")

    return call


def text(file: str | Path) -> str:
    """What the pages of a PDF say, without any space: lines end where they must."""
    return "".join("".join(page.extract_text() for page in PdfReader(file).pages).split())


def pdfs(result: Result) -> list[Path]:
    assert result.status == 0, result.out + result.err
    return [Path(each["file"]) for each in result.json["files"] if each["file"].endswith(".pdf")]


def test_a_letter_of_authorization_has_every_content_element_in_both_languages(made: Callable[..., Result]) -> None:
    english, chinese = map(text, pdfs(made("authorization", "THA-LOA-1")))
    for clause in "abcdefghijklmn":
        assert f"({clause})" in english
        assert f"({clause})" in chinese
    for said in ("CA9001", "THA-LOA-1v1", "2022,2023", "letterof2022", "Transportation", "CO2", "31December2032"):
        assert said in english
    assert "anyParty" in english
    assert "任何締約方" in chinese
    assert "Correspondingadjustmentsareappliedtowhatisfirsttransferred." in english
    assert "相應調整" in chinese


def test_a_letter_names_the_entry_the_checkpoint_and_the_root_it_rests_on(made: Callable[..., Result]) -> None:
    result = made("authorization", "THA-LOA-1")
    said = text(pdfs(result)[0])
    for name in ("leaf", "root", "number"):
        assert result.json[name] in said
    assert f"No.{result.json['checkpoint']}," in said


def test_the_same_unsigned_letter_has_the_same_bytes_each_time(
    made: Callable[..., Result], told: Path, counterfoil: Counterfoil
) -> None:
    first = made("authorization", "THA-LOA-1", out="one").json["files"]
    later = {"command": "OpenAccount", "account": "tha:late", "holder": "Later", "on": "2023-04-01"}
    assert counterfoil("do", "--dir", told, stdin=ndjson(later)).status == 0
    second = made("authorization", "THA-LOA-1", out="two").json["files"]
    assert [each["sha256"] for each in first] == [each["sha256"] for each in second]
    assert len(first) == 3


def test_certificates_say_how_many_units_which_and_for_whom(made: Callable[..., Result]) -> None:
    issuance = text(pdfs(made("issuance", "CA9001-THA01-THA-71-2022"))[0])
    assert "1,916unitswereissued" in issuance
    assert "CA9001-THA01-THA-1-2022–CA9001-THA01-THA-1916-2022" in issuance
    assert made("issuance", "CA9001-THA01-THA-1-2022").json["entry"] == made("issuance", "7").json["entry"]
    english, chinese = map(text, pdfs(made("retirement", "CA9001-THA01-THA-16-2022")))
    assert "Certificateofcancellation" in english
    assert "Areader" in english
    assert "註銷證明" in chinese
    assert "全球排放整體減緩" in chinese


def test_a_statement_of_an_old_checkpoint_does_not_know_what_came_later(made: Callable[..., Result]) -> None:
    before = made("issuance", "CA9001-THA01-THA-71-2022").json["checkpoint"]
    now = text(pdfs(made("statement", "tha:dev"))[0])
    then = text(pdfs(made("statement", "tha:dev", "--checkpoint", str(before)))[0])
    assert ("Unitsheld1,900" in now, "-16" in now) == (True, True)
    assert ("Unitsheld1,916" in then, "-16" in then) == (True, False)


def test_script_and_turned_writing_and_long_texts_stand_in_a_letter_as_plain_text(made: Callable[..., Result]) -> None:
    said = text(pdfs(made("acknowledgement", "LoAck-1"))[0])
    assert "<script>alert(1)</script>" in said
    assert "‹U+202E›" in said
    assert "\u202e" not in said
    assert said.count("x" * 8) > 1_000
    assert "notbefore31December2030haspassed" in said


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("authorization", "THA-LOA-9"), "show.not_found"),
        (("authorization", "THA-LOA-1@2"), "show.not_found"),
        (("authorization", "../../etc/passwd"), "show.not_found"),
        (("acknowledgement", ""), "show.not_found"),
        (("issuance", "999999999999999999"), "show.not_found"),
        (("issuance", "0"), "letter.not_an_issuance"),
        (("retirement", "CA9001-THA01-THA-71-2022"), "letter.not_a_retirement"),
        (("statement", "tha:nobody"), "show.not_found"),
        (("authorization", "THA-LOA-1", "--check-url", "javascript:alert(1)"), "letter.check_address_unusable"),
    ],
)
def test_a_letter_is_refused_for(made: Callable[..., Result], arguments: tuple[str, ...], code: str) -> None:
    result = made(*arguments)
    assert (result.status, result.json["code"]) == (1, code)


def test_the_code_holds_the_operators_address_where_one_is_given(
    made: Callable[..., Result], check: Callable[..., Result]
) -> None:
    file = pdfs(made("issuance", "CA9001-THA01-THA-71-2022", "--check-url", "https://registry.example/letters"))[0]
    assert str(PdfReader(file).metadata["/Keywords"]).startswith("https://registry.example/letters?kind=issuance")  # type: ignore[index]
    assert check(file).json["journal"] == "same"


def test_a_signed_letter_is_intact_trusted_and_what_the_journal_says(
    made: Callable[..., Result], ours: Authority, check: Callable[..., Result]
) -> None:
    result = check(signed(made, ours), ours.certificate)
    assert result.status == 0
    one = result.json["signatures"][0]
    assert (one["wholeness"], one["trust"], result.json["journal"]) == ("intact", "trusted", "same")
    assert "環境主管機關 Authority" in one["subject"]


def test_a_key_as_pem_signs_as_well(made: Callable[..., Result], ours: Authority, check: Callable[..., Result]) -> None:
    key = ("--sign", ours.key, "--certificate", ours.certificate, "--password-file", ours.password)
    file = pdfs(made("authorization", "THA-LOA-1", *key))[0]
    assert check(file, ours.certificate).json["good"]


def test_signing_is_refused_with_a_wrong_password_an_expired_or_a_future_certificate(
    made: Callable[..., Result], ours: Authority, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("not it\n")
    old, new = authority(tmp_path / "old", first=-9, last=-1), authority(tmp_path / "new", first=3)
    for key, password, code, status in (
        (ours.p12, wrong, "signing.key_unopened", 2),
        (ours.certificate, ours.password, "signing.key_unopened", 2),
        (tmp_path / "none.p12", ours.password, "signing.key_absent", 2),
        (old.p12, ours.password, "signing.certificate_expired", 1),
        (new.p12, ours.password, "signing.certificate_not_yet_valid", 1),
    ):
        result = made("authorization", "THA-LOA-1", "--sign", key, "--password-file", password, out="refused")
        assert (result.json["code"], result.status) == (code, status)
    assert not (tmp_path / "refused").exists()


def test_a_letter_signed_by_somebody_else_is_not_trusted(
    made: Callable[..., Result], ours: Authority, check: Callable[..., Result], tmp_path: Path
) -> None:
    other = authority(tmp_path / "other")
    result = check(signed(made, other), ours.certificate)
    assert (result.status, result.json["findings"]) == (1, ["untrusted"])


def test_a_changed_byte_anywhere_in_a_signed_letter_is_found(
    made: Callable[..., Result], ours: Authority, check: Callable[..., Result], tmp_path: Path
) -> None:
    whole = signed(made, ours).read_bytes()
    signature = whole.index(b"/Contents <") + 40
    places = {
        "the header": 6,
        "the first page": 900,
        "the middle": len(whole) // 2,
        "the end of the first revision": whole.index(b"%%EOF") - 6,
        "the signature": signature,
        "the byte range": whole.index(b"/ByteRange") + 14,
        "the last trailer": len(whole) - 12,
    }
    file = tmp_path / "tampered.pdf"
    for place, at in places.items():
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        result = check(file, ours.certificate)
        assert result.status in (1, 2), place
        assert result.json["findings"], place
    for added in (b"\n% more\n", b"\x00" * 8):
        file.write_bytes(whole + added)
        assert check(file, ours.certificate).status in (1, 2)
    file.write_bytes(whole[: len(whole) // 2])
    assert check(file, ours.certificate).status == 2


def test_a_letter_whose_signer_changed_the_page_differs_from_the_journal(
    made: Callable[..., Result], ours: Authority, check: Callable[..., Result], tmp_path: Path
) -> None:
    signer = open_signer(ours.p12, certificate=None, password=PASSWORD)
    assert not isinstance(signer, Refusal)
    seal = printed_seal("Signed", ["by the authority"], chinese=False)
    original = pdfs(made("authorization", "THA-LOA-1"))[0].read_bytes()
    writer = IncrementalPdfFileWriter(BytesIO(original))
    page = writer.root["/Pages"]["/Kids"].raw_get(0).reference
    page.get_object()["/Rotate"] = generic.NumberObject(180)
    writer.mark_update(page)
    turned = BytesIO()
    writer.write(turned)
    forged = tmp_path / "forged.pdf"
    for document, box in ((turned.getvalue(), sign_box()), (original, (0, 0, 595, 842))):
        forged.write_bytes(signer.signed(document, box=box, seal=seal, reason="forged"))
        assert check(forged, ours.certificate).json["findings"] == ["differs"]
    forged.write_bytes(signer.signed(original, box=sign_box(), seal=seal, reason="good"))
    assert check(forged, ours.certificate).json["findings"] == []


def test_an_unsigned_letter_with_another_quantity_differs_from_the_journal(
    made: Callable[..., Result], counterfoil: Counterfoil, tmp_path: Path, check: Callable[..., Result]
) -> None:
    """A forger founds a registry of the same name and prints a letter about more units from it."""
    honest = pdfs(made("issuance", "7"))[0]
    assert check(honest).json["findings"] == []
    folder = tmp_path / "forger"
    assert counterfoil("init", "--dir", folder, *INIT).status == 0
    *before, verified, issue = HISTORY
    more = ({**verified, "verified": [{"vintage": 2022, "quantity": 2000}]}, {**issue, "quantity": 1999})
    assert counterfoil("do", "--dir", folder, stdin=ndjson(*before, *more)).status == 0
    forged = counterfoil("letter", "issuance", "7", "--dir", folder, "--out", tmp_path / "forged", "--json")
    assert "1,999unitswereissued" in text(pdfs(forged)[0])
    assert check(pdfs(forged)[0]).json["findings"] == ["not_signed", "differs"]
    credential = Path(forged.json["files"][-1]["file"])
    assert check(credential).json["findings"] == ["key_foreign", "differs"]
    tampered = tmp_path / "tampered.pdf"
    tampered.write_bytes(honest.read_bytes() + b"%")
    assert "differs" in check(tampered).json["findings"]


def test_an_incoming_letter_is_known_by_the_hash_that_the_journal_holds(
    told: Path, counterfoil: Counterfoil, check: Callable[..., Result], tmp_path: Path, ours: Authority
) -> None:
    signer = open_signer(ours.p12, certificate=None, password=PASSWORD)
    assert not isinstance(signer, Refusal)
    seal = printed_seal("A letter of another Party", ["of another shape"], chinese=False)
    incoming = tmp_path / "incoming.pdf"
    incoming.write_bytes(signer.signed(seal, box=(1, 1, 50, 50), seal=seal, reason="LoA"))
    before = check(incoming, ours.certificate)
    assert (before.status, before.json["findings"]) == (1, ["not_recorded"])
    letter = {**ACTS[1], "acknowledgement": "LoAck-2", "statement": "Outside.", "document": before.json["sha256"]}
    assert counterfoil("do", "--dir", told, stdin=ndjson(letter)).status == 0
    after = check(incoming, ours.certificate)
    assert (after.status, after.json["recorded"]) == (0, [{"kind": "acknowledgement", "key": "LoAck-2"}])


def test_a_credential_is_checked_offline_and_a_changed_word_breaks_its_proof(
    made: Callable[..., Result], check: Callable[..., Result], tmp_path: Path, counterfoil: Counterfoil
) -> None:
    result = made("authorization", "THA-LOA-1")
    file = next(Path(each["file"]) for each in result.json["files"] if each["file"].endswith(".vc.json"))
    good = check(file)
    assert (good.status, good.json["journal"]) == (0, "same")
    credential: dict[str, Any] = json.loads(file.read_text())
    credential["credentialSubject"]["said"]["authorization"]["host"] = "CHE"
    forged = tmp_path / "forged.vc.json"
    forged.write_text(json.dumps(credential))
    assert check(forged).json["findings"] == ["proof_broken"]
    forged.write_bytes(b'{"proof": {}, "proof": 1}')
    assert check(forged).json["findings"] == ["proof_broken"]
    alone = counterfoil("letter", "check", file, "--dir", tmp_path / "nothing", "--json")
    assert (alone.status, alone.json["findings"]) == (1, ["trust_not_asked"])


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"%PDF-1.7\n" + b"[" * 50_000, b"<script>", b"\x00" * 1_000])
def test_what_is_no_letter_is_unreadable(check: Callable[..., Result], tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "any.pdf"
    file.write_bytes(data)
    result = check(file)
    assert (result.status, result.json["findings"]) == (2, ["unreadable"])


def test_a_certificate_of_an_entry_that_was_corrected_is_refused_and_an_old_one_is_found(
    made: Callable[..., Result], told: Path, counterfoil: Counterfoil, check: Callable[..., Result]
) -> None:
    old = pdfs(made("retirement", "10"))[0]
    correction = {
        "command": "Correct",
        "entry": 10,
        "authority": "Ministry",
        "reason": "The wrong units",
        "on": "2023-03-04",
    }
    result = counterfoil("do", "--dir", told, "--json", stdin=ndjson(correction))
    assert result.status == 0, result.out
    assert made("retirement", "10").json["code"] == "letter.entry_corrected"
    assert check(old).json["findings"] == ["corrected"]


def test_the_adopted_pack_chooses_the_era_and_the_languages(
    made: Callable[..., Result], told: Path, counterfoil: Counterfoil, check: Callable[..., Result]
) -> None:
    adopt = {"command": "AdoptPack", "pack": "tha", "version": "1.1.0", "on": "2023-03-05"}
    result = counterfoil("do", "--dir", told, "--json", stdin=ndjson(adopt))
    assert result.status == 0, result.out
    english, chinese = pdfs(made("authorization", "THA-LOA-1"))
    assert "1June2022(B.E.2565)" in text(english)
    assert "2022年6月1日（佛曆2565年）" in text(chinese)
    assert check(chinese).json["journal"] == "same"
    together = pdfs(made("authorization", "THA-LOA-1", "--layout", "together"))
    assert len(together) == 1
    said = text(together[0])
    assert ("授權書" in said, "Letterofauthorization" in said) == (True, True)


def test_both_languages_say_who_signed(
    made: Callable[..., Result], ours: Authority, told: Path, counterfoil: Counterfoil
) -> None:
    file = signed(made, ours)
    arguments = ("letter", "check", file, "--trust", ours.certificate, "--dir", told)
    assert "✓ intact" in counterfoil(*arguments).out
    assert "✓ 完整" in counterfoil(*arguments, "--lang", "zh-Hant").out
