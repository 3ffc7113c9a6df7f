"""Letters with a number of a series, with the years of a country's era, and of accounts that Parties authorized."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from counterfoil.application.queries.letters import LetterKind, letter
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.kinds.presentation import Era
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.letters import files
from counterfoil.entrypoints.letters.drawing_up import drawn_up
from tests.cli.conftest import Counterfoil, Result, ndjson
from tests.cli.test_letter import pdfs, text


@pytest.fixture
def made(issued: Path, tmp_path: Path, counterfoil: Counterfoil) -> Callable[..., Result]:
    """Draw a letter of the registry up, into a folder of its own."""

    def make(*arguments: str | Path, out: str = "out") -> Result:
        return counterfoil("letter", *arguments, "--dir", issued, "--out", tmp_path / out, "--json")

    return make


@pytest.fixture
def check(issued: Path, counterfoil: Counterfoil) -> Callable[..., Result]:
    return lambda file: counterfoil("letter", "check", file, "--dir", issued, "--json")


def test_a_letter_takes_the_next_number_of_a_series_and_is_kept_under_it(
    made: Callable[..., Result], check: Callable[..., Result], issued: Path, counterfoil: Counterfoil
) -> None:
    results = [made("authorization", "THA-LOA-1", "--series", "LOA", out=out) for out in ("one", "two")]
    numbers = [result.json["number"] for result in results]
    assert [number[-5:] for number in numbers] == ["-0001", "-0002"], "no number is left out"
    (file,) = pdfs(results[1])
    assert (numbers[1] in text(file), "授權書" in text(file), "Letterofauthorization" in text(file)) == (True,) * 3
    assert check(file).json["findings"] == []
    kept = counterfoil("document", "show", numbers[1], "--dir", issued, "--json").json
    assert [each["sha256"] for each in kept["versions"]] == [check(file).json["sha256"]]
    credential = json.loads(Path(results[1].json["files"][-1]["file"]).read_text())
    assert credential["credentialSubject"]["number"] == numbers[1]
    assert check(Path(results[1].json["files"][-1]["file"])).json["findings"] == []
    assert made("issuance", "0", "--series", "LOA", out="none").json["code"] == "letter.not_an_issuance"
    assert made("issuance", "7", "--series", "../x", out="none").json["code"] == "document.series_unreadable"
    assert made("issuance", "7", "--series", "LOA", out="three").json["number"].endswith("-0003")


def test_a_letter_under_a_number_that_it_never_got_is_found(
    made: Callable[..., Result], check: Callable[..., Result], issued: Path
) -> None:
    assert made("issuance", "7", "--series", "ISS").status == 0
    with open_for_reading(Folder(issued)) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)
        found = letter(sight, LetterKind.ISSUANCE, "7")
        assert not isinstance(found, Refusal)
        forged = drawn_up(found, [Texts("en")], era=Era.COMMON, number="ISS-2020-0001")
    file = issued.parent / "forged.pdf"
    file.write_bytes(forged)
    assert check(file).json["findings"] == ["number_not_kept"]


def test_a_certificate_has_the_years_of_the_republic_where_the_law_counts_them(
    made: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "era_of", lambda _sight, *, on: Era.MINGUO if on.year == 2023 else Era.COMMON)
    english, chinese = pdfs(made("issuance", "7"))
    assert "March2023(Minguo112)" in text(english)
    assert "民國112年3月" in text(chinese)


def test_an_account_keeps_the_parties_that_authorized_its_holder_and_older_records_stay_as_they_were(
    made: Callable[..., Result], issued: Path, counterfoil: Counterfoil
) -> None:
    opened = {"command": "OpenAccount", "account": "tha:klik", "holder": "KLIK", "authorized_by": ["THA", "CHE", "THA"]}
    assert counterfoil("do", "--dir", issued, stdin=ndjson(opened)).status == 0
    shown = counterfoil("show", "account", "tha:klik", "--dir", issued, "--json").json
    assert shown["authorized_by"] == ["CHE", "THA"]
    plain = counterfoil("show", "account", "tha:dev", "--dir", issued, "--json").json
    assert "authorized_by" not in plain
    english, chinese = map(text, pdfs(made("statement", "tha:klik", out="klik")))
    assert "AuthorizedbySwitzerland(CHE),Thailand(THA)" in english
    assert "授權締約方" in chinese
    assert "Authorizedby" not in text(pdfs(made("statement", "tha:dev", out="dev"))[0])
