"""Bad input of every kind: status 2, a code, the place, a way out; nothing done, and never a traceback."""

import json
from pathlib import Path

import pytest

from counterfoil.entrypoints.cli import command_file
from tests.cli.conftest import HISTORY, Counterfoil, ndjson

GOOD = json.dumps(HISTORY[0])


@pytest.mark.parametrize(
    "arguments, code",
    [
        (("nothing",), "usage.command_unknown"),
        (("aef", "nothing"), "usage.command_unknown"),
        (("show",), "usage.option_missing"),
        (("aef", "check"), "usage.option_missing"),
        (("init", "--registry", "THA01"), "usage.option_missing"),
        (("show", "registry", "--nothing"), "usage.option_unknown"),
        (("show", "registry", "--dir"), "usage.value_missing"),
        (("show", "registry", "--json=1"), "usage.value_unexpected"),
        (("do", "one", "two"), "usage.argument_extra"),
        (("show", "account", "x", "--limit", "0"), "usage.not_a_number"),
        (("show", "account", "x", "--limit", "9" * 30), "usage.not_a_number"),
        (("show", "account", "x", "--limit", "1e3"), "usage.not_a_number"),
        (("show", "account", "x", "--limit", "１２"), "usage.not_a_number"),
        (("erase", "-1", "price"), "usage.option_unknown"),
        (("report", "aef", "--party", "THA", "--year", "2020"), "usage.not_a_number"),
        (("report", "aef", "--party", "THA", "--year", "2023", "--submitted-on", "2023-02-29"), "usage.not_a_day"),
        (("report", "aef", "--party", "THA", "--year", "2023", "--submitted-on", "20240331"), "usage.not_a_day"),
        (("init", "--party", "T", "--registry", "T", "--name", "n", "--ndc-period", "2030-2021"), "usage.not_a_period"),
        (("show", "registry", "--lang", "fr"), "usage.not_one_of"),
        (("show", "registry"), "registry.not_founded"),
        (("verify", "/no/such/folder"), "registry.not_founded"),
        (("token", "list"), "registry.not_founded"),
        (("serve", "--port", "0"), "registry.not_founded"),
        (("do", "/no/such/file"), "input.absent"),
        (("do", "."), "input.a_folder"),
        (("do", "a\0b"), "input.unreadable"),
    ],
)
def test_a_wrong_call_is_status_2_and_says_what_is_wrong(
    counterfoil: Counterfoil,
    arguments: tuple[str, ...],
    code: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    told = counterfoil(*arguments)
    assert (told.status, told.out) == (2, "")
    assert f"[{code}]" in told.err and "✗ " in told.err and "→ " in told.err and "Traceback" not in told.err
    if "--json=1" not in arguments:
        machine = counterfoil(*arguments[:1], "--json", *arguments[1:])
        assert (machine.status, machine.json["code"]) == (2, code)
        assert set(machine.json["message"]) == set(machine.json["fix"]) == {"en", "zh-Hant"}


LARGE = "input.number_too_large"

BAD = {
    "empty": (b"", None, "input.empty"),
    "blank": (b" \n\n ", None, "input.empty"),
    "an empty array": (b"[]", 1, "input.not_commands"),
    "binary": (b"\0\1\2\3", 1, "input.not_json"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", 1, "input.not_utf8"),
    "UTF-16": (GOOD.encode("utf-16"), 1, "input.not_utf8"),
    "Big5 on line 2": (GOOD.encode() + b"\n" + '{"command": "許"}'.encode("big5"), 2, "input.not_utf8"),
    "a broken line": (GOOD.encode() + b'\n{"command": \n' + GOOD.encode(), 2, "input.not_json"),
    "a broken document": (b'{\n "command": "Found",\n "party" "THA"}', 3, "input.not_json"),
    "half an array": (b'[{"command": "Transfer"},\n', 1, "input.not_json"),
    "CSV": (b"command,account\nOpenAccount,tha:x\n", 1, "input.not_json"),
    "too deep": (b"[" * 200_000, 1, "input.not_json"),
    "a number": (b"5", 1, "input.not_json"),
    "a text in an array": (b'[\n' + GOOD.encode() + b',\n"x"]', 3, "input.not_json"),
    "half a character": (b'{"command": "OpenAccount", "account": "a:b", "holder": "\\ud800"}', 1, "input.not_json"),
    "not a number": (b'{"command": "Issue", "quantity": NaN}', 1, "input.not_json"),
    "64 bits": (GOOD.encode() + b'\n{"command": "Issue", "quantity": 9223372036854775808}', 2, LARGE),
    "64 bits, deep": (b'{"command": "Verify", "verified": [{"quantity": -9223372036854775808}]}', 1, LARGE),
    "unknown command": (b'[\n{"command": "Nope"}]', 2, "command.unknown"),
    "no command": (b'{"account": "tha:x"}', 1, "command.unknown"),
    "unknown field": (b'{"command": "OpenAccount", "acount": "a:b", "holder": "h"}', 1, "command.field_unknown"),
    "missing field": (b'{"command": "OpenAccount", "account": "a:b"}', 1, "command.unreadable"),
    "wrong type": (b'{"command": "OpenAccount", "account": 5, "holder": "h"}', 1, "command.unreadable"),
    "a fraction": (b'{"command": "UseTowardsNdc", "units": {"unit_class": "x", "first": 1.5, "last": 2}, '
                   b'"account": "a:b", "year": 2024}', 1, "command.unreadable"),
    "unknown word": (b'{"command": "RegisterActivity", "activity": "A", "title": "t", "mitigation_type": "both", '
                     b'"sector": "s", "activity_type": "t"}', 1, "command.unreadable"),
    "no such day": (b'{"command": "OpenAccount", "account": "a:b", "holder": "h", "on": "2023-02-29"}', 1,
                    "command.unreadable"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_unreadable_input_names_file_and_line_and_does_nothing(
    registry: Path, counterfoil: Counterfoil, tmp_path: Path, case: str
) -> None:
    data, line, code = BAD[case]
    file = tmp_path / "input.json"
    file.write_bytes(data)
    before = counterfoil("show", "registry", "--dir", registry, "--json").json["entries"]
    told = counterfoil("do", file, "--dir", registry)
    assert (told.status, told.out) == (2, "")
    assert f"[{code}]" in told.err and str(file) in told.err and "Traceback" not in told.err
    assert "Nothing was done." in told.err
    if line is not None:
        assert f"✗ {file}:{line}: " in told.err
    machine = counterfoil("do", file, "--dir", registry, "--json")
    assert (machine.status, machine.lines[0]["code"]) == (2, code)
    assert counterfoil("show", "registry", "--dir", registry, "--json").json["entries"] == before


def test_twenty_complaints_are_told_and_the_others_counted(registry: Path, counterfoil: Counterfoil) -> None:
    told = counterfoil("do", "--dir", registry, stdin=ndjson(*({"command": "Nope"} for _ in range(33))))
    assert told.err.count("[command.unknown]") == 20
    assert "<stdin>:20: " in told.err and "13 more" in told.err


def test_input_beyond_the_bounds_is_refused(
    registry: Path, counterfoil: Counterfoil, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(command_file, "COMMANDS_MAX", 2)
    many = counterfoil("do", "--dir", registry, stdin=ndjson(*HISTORY[:1] * 3))
    assert many.status == 2 and "[input.too_many]" in many.err
    long = ndjson(HISTORY[0]) + '{"command": "OpenAccount", "holder": "' + "x" * 1_100_000 + '"}'
    line = counterfoil("do", "--dir", registry, stdin=long)
    assert line.status == 2 and "<stdin>:2: " in line.err and len(line.err) < 1_000


def test_a_folder_that_cannot_be_written_is_a_clear_refusal(issued: Path, counterfoil: Counterfoil) -> None:
    (issued / "file").write_text("x")
    for arguments in (
        ("export", "--out", issued / "file" / "x"),
        ("report", "aef", "--party", "THA", "--year", "2023", "--out", issued / "file"),
        ("init", "--party", "THA", "--registry", "THA01", "--name", "n", "--dir", issued / "file"),
    ):
        told = counterfoil(*arguments, *(() if "--dir" in arguments else ("--dir", issued)))
        assert told.status in (1, 2) and "Traceback" not in told.err and "[storage." in told.err, told.err


def test_the_calendar_of_another_party_is_not_told_by_words_about_a_balance(
    issued: Path, counterfoil: Counterfoil
) -> None:
    refused = counterfoil("calendar", "--party", "XXX", "--dir", issued)
    assert refused.status == 1
    assert "balance of" not in refused.err and "THA" in refused.err and "XXX" in refused.err


def test_a_misspelt_name_is_answered_with_the_few_that_look_most_like_it(counterfoil: Counterfoil) -> None:
    for called, meant in ((("shwo",), "Nearest: show, "), (("balance", "--clas", "x"), "Nearest: --class, ")):
        told = counterfoil(*called)
        assert meant in told.err and told.err.splitlines()[0].count(", ") < 6


def test_a_folder_left_out_is_told_in_words_and_not_by_a_dot(counterfoil: Counterfoil) -> None:
    for language, words in (("en", "Left out: the current folder."), ("zh-Hant", "省略時為目前目錄。")):
        told = counterfoil("report", "aef", "--help", "--lang", language)
        assert words.replace(" ", "") in "".join(told.out.split()) and ".." not in told.out
