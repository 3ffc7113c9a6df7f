"""The happy path, command by command, and what each command refuses."""

import csv
import hashlib
import json
from pathlib import Path

import pytest

from counterfoil.application.ports import Outage
from counterfoil.entrypoints.cli.render import ASSUMED
from counterfoil.entrypoints.cli.trace import tree
from counterfoil.entrypoints.language import Texts
from tests.cli.conftest import HISTORY, INIT, UNIT, Counterfoil, ndjson


def test_init_founds_a_registry_and_leaves_nothing_when_it_is_refused(tmp_path: Path, counterfoil: Counterfoil) -> None:
    folder = tmp_path / "new" / "tha"
    founded = counterfoil("init", "--dir", folder, *INIT, "--json")
    assert founded.status == 0
    assert founded.json["registry"] == "THA01" and founded.json["origin"] == "tha/tha01"
    again = counterfoil("init", "--dir", folder, *INIT, "--json")
    assert (again.status, again.json["code"]) == (1, "registry.already_founded")
    refused = counterfoil("init", "--dir", tmp_path / "x", "--party", "thai", "--registry", "THA01", "--name", "n")
    assert refused.status == 1 and "[registry.party_unreadable]" in refused.err
    assert not (tmp_path / "x").exists()


def test_an_interrupted_founding_is_finished_with_the_same_key(tmp_path: Path, counterfoil: Counterfoil) -> None:
    from counterfoil.entrypoints.bootstrap import Folder, create_key

    create_key(Folder(tmp_path), name="tha/tha01")
    key = (tmp_path / "keys" / "registry.key").read_bytes()
    assert counterfoil("init", "--dir", tmp_path, *INIT).status == 0
    assert (tmp_path / "keys" / "registry.key").read_bytes() == key
    assert counterfoil("verify", tmp_path).status == 0


def test_the_periods_and_the_years_of_their_reports_go_together(tmp_path: Path, counterfoil: Counterfoil) -> None:
    periods = ("--ndc-period", "2021-2030", "--ndc-period", "2031-2035", "--final-btr-year", "2033")
    assert counterfoil("init", "--dir", tmp_path, *INIT[:6], *periods).status == 0
    shown = counterfoil("show", "registry", "--dir", tmp_path, "--json").json
    assert [period["final_btr_year"] for period in shown["ndc_periods"]] == [2033, 2038]


def test_do_answers_in_the_order_of_the_commands_and_goes_on_after_a_refusal(
    registry: Path, counterfoil: Counterfoil
) -> None:
    twice = ndjson(HISTORY[0], HISTORY[0], HISTORY[1])
    result = counterfoil("do", "--dir", registry, "--json", stdin=twice)
    assert result.status == 1
    assert [line["status"] for line in result.lines] == ["accepted", "refused", "accepted"]
    assert result.lines[1]["code"] == "account.already_open"
    assert set(result.lines[1]["message"]) == {"en", "zh-Hant"}
    assert [line.get("where") for line in result.lines] == [None, "<stdin>:2", None]


def test_a_refusal_names_its_line_and_its_way_out(registry: Path, counterfoil: Counterfoil, tmp_path: Path) -> None:
    file = tmp_path / "acts.ndjson"
    file.write_text(ndjson(HISTORY[0]) + "\n" + ndjson(HISTORY[0]))
    result = counterfoil("do", file, "--dir", registry)
    assert result.status == 1
    assert f"✗ {file}:3: " in result.err and "→ " in result.err and "[account.already_open]" in result.err
    assert "1 accepted, 1 not." in result.err


@pytest.mark.parametrize(
    "write",
    [
        lambda acts: ndjson(*acts),
        json.dumps,
        lambda acts: json.dumps(acts, indent=2),
        lambda acts: "\ufeff" + ndjson(*acts).replace("\n", "\r\n\r\n"),
    ],
)
def test_commands_come_as_lines_or_as_an_array(registry: Path, counterfoil: Counterfoil, write) -> None:  # type: ignore[no-untyped-def]
    result = counterfoil("do", "-", "--dir", registry, "--json", stdin=write(list(HISTORY)))
    assert (result.status, len(result.lines)) == (0, len(HISTORY))


def test_one_object_may_stand_on_many_lines(registry: Path, counterfoil: Counterfoil) -> None:
    assert counterfoil("do", "--dir", registry, stdin=json.dumps(HISTORY[0], indent=4)).status == 0


@pytest.mark.parametrize(
    "arguments, expected",
    [
        (("show", "registry"), "Thailand"),
        (("show", "checkpoint"), "tha/tha01"),
        (("show", "activity", "THA-BUS"), "Electric buses 電動巴士"),
        (("show", "authorization", "THA-LOA-1"), "letter of 2022"),
        (("show", "unit", UNIT), "held"),
        (("show", "account", "tha:dev"), "1,916"),
        (("show", "balance"), "THA"),
        (("show", "balance", "THA"), "THA"),
        (("show", "entry", "7"), "issued:THA-BUS"),
        (("list", "account"), "Energy Absolute"),
        (("list", "hold"), "nothing"),
        (("trace", UNIT), "issued:THA-BUS → tha:dev"),
    ],
)
def test_a_query_tells_people_and_machines_the_same(
    issued: Path, counterfoil: Counterfoil, arguments: tuple[str, ...], expected: str
) -> None:
    told = counterfoil(*arguments, "--dir", issued)
    assert told.status == 0 and expected in told.out
    assert "Demonstration: simulated acts" in told.out
    machine = counterfoil(*arguments, "--dir", issued, "--json")
    assert machine.status == 0 and isinstance(machine.json, dict)


def test_a_list_pages_by_key(issued: Path, counterfoil: Counterfoil) -> None:
    more = [{"command": "OpenAccount", "account": f"tha:a{number}", "holder": "h"} for number in range(5)]
    assert counterfoil("do", "--dir", issued, stdin=ndjson(*more)).status == 0
    seen, after = [], ""
    while after is not None:
        page = counterfoil("list", "account", "--dir", issued, "--limit", "2", "--after", after, "--json").json
        seen += [item["key"] for item in page["items"]]
        after = page["next"]
    assert seen == sorted([*(each["account"] for each in more), "tha:dev"])
    assert "--after" in counterfoil("list", "account", "--dir", issued, "--limit", "2").err


@pytest.mark.parametrize(
    "arguments, code",
    [
        (("show", "unit", "XX"), "identifier.unreadable"),
        (("show", "unit", "CA9001-THA01-THA-9999-2022"), "show.unit_unknown"),
        (("show", "nothing", "x"), "show.kind_unknown"),
        (("show", "activity", "x"), "show.not_found"),
        (("show", "entry", "99"), "show.not_found"),
        (("show", "entry", "01"), "show.not_found"),
        (("show", "balance", "CHE"), "balance.other_party"),
        (("list", "nothing"), "show.kind_unknown"),
        (("trace", "CA9001-THA01-THA-9999-2022"), "show.unit_unknown"),
        (("report", "aef", "--party", "CHE", "--year", "2023"), "aef.other_party"),
        (("report", "aef", "--party", "THA", "--year", "2040"), "aef.no_period"),
        (("report", "aef", "--party", "THA", "--year", "2023", "--version", "../1.0"), "aef.version_unreadable"),
        (("erase", "3", "price", "--yes"), "opening.unknown"),
        (("token", "revoke", "nobody"), "token.unknown"),
    ],
)
def test_a_refused_question_has_status_1_and_its_code(
    issued: Path, counterfoil: Counterfoil, arguments: tuple[str, ...], code: str
) -> None:
    assert f"[{code}]" in counterfoil(*arguments, "--dir", issued).err
    machine = counterfoil(*arguments, "--dir", issued, "--json")
    assert (machine.status, machine.json["code"], machine.json["status"]) == (1, code, "refused")


def test_trace_marks_what_is_assumed_in_both_languages(issued: Path, counterfoil: Counterfoil) -> None:
    view = counterfoil("trace", UNIT, "--dir", issued, "--json").json
    assert view["assumed"] == ["activity type = Transport"]
    for language in ("en", "zh-Hant"):
        told = counterfoil("trace", UNIT, "--dir", issued, "--lang", language).out
        assert f"Transport  ({ASSUMED})" in told
    view["steps"][0]["activity"]["assumed"] = ["weather = dry"]
    assert any("weather = dry" in line and ASSUMED in line for line in tree(view, Texts("en"), 100))


def test_a_report_is_written_and_passes_its_own_check(issued: Path, counterfoil: Counterfoil, tmp_path: Path) -> None:
    arguments = ("report", "aef", "--party", "THA", "--year", "2023", "--submitted-on", "2024-03-31", "--out", tmp_path)
    report = counterfoil(*arguments, "--dir", issued, "--json").json
    file = Path(report["file"])
    assert file.name == "aef-THA-2023-v1.0.xlsx"
    assert report["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert report["rows"] == {"authorizations": 1, "actions": 0, "holdings": 1, "entities": 0}
    assert counterfoil("aef", "check", file, "--json").json == {"status": "CONSISTENT", "findings": []}
    assert "CONSISTENT" in counterfoil("aef", "check", file).out


def test_aef_check_has_a_status_for_contradictions_and_one_for_unreadable_files(
    issued: Path, counterfoil: Counterfoil, tmp_path: Path
) -> None:
    late = ("report", "aef", "--dir", issued, "--party", "THA", "--out", tmp_path, "--year", "2023")
    counterfoil(*late, "--submitted-on", "2023-03-31")
    contradiction = counterfoil("aef", "check", tmp_path / "aef-THA-2023-v1.0-preview.xlsx", "--json")
    assert (contradiction.status, contradiction.json["status"]) == (1, "INCONSISTENT")
    wanted = {"check", "severity", "file", "cell", "message", "fix"}
    assert all(set(row) >= wanted for row in contradiction.json["findings"])
    (tmp_path / "text.xlsx").write_text("no workbook")
    for bad in (tmp_path / "text.xlsx", tmp_path / "absent.xlsx", tmp_path):
        unreadable = counterfoil("aef", "check", bad, "--json")
        assert (unreadable.status, len(unreadable.json["findings"])) == (2, 1)
        assert str(bad) in counterfoil("aef", "check", bad, "--lang", "zh-Hant").out


def test_verify_names_the_first_entry_that_does_not_fit(issued: Path, counterfoil: Counterfoil) -> None:
    import sqlite3

    sound = counterfoil("verify", issued, "--json")
    assert sound.status == 0
    assert list(sound.json) == ["status", "checked", "entries", "checkpoints", "blocks", "root", "findings"]
    assert (sound.json["status"], sound.json["entries"], sound.json["findings"]) == ("sound", 1 + len(HISTORY), [])
    with sqlite3.connect(issued / "ledger.db") as ledger:
        ledger.execute("UPDATE block SET last = last + 1")
    ledger.close()
    broken = counterfoil("verify", "--dir", issued, "--json")
    assert (broken.status, broken.json["status"], broken.json["findings"][0]["code"]) == (1, "broken", "verify.block")
    assert "block #7" in counterfoil("verify", issued).out


def test_verify_calls_a_file_that_is_no_ledger_broken(registry: Path, counterfoil: Counterfoil) -> None:
    for left in ("ledger.db-wal", "ledger.db-shm"):
        (registry / left).unlink(missing_ok=True)
    (registry / "ledger.db").write_bytes(b"not a database" * 1000)
    broken = counterfoil("verify", registry, "--json")
    assert (broken.status, broken.json["findings"][0]["table"]) == (1, "ledger")


def test_verify_without_the_public_key_is_unusable_and_no_traceback(registry: Path, counterfoil: Counterfoil) -> None:
    (registry / "keys" / "registry.pub").unlink()
    result = counterfoil("verify", registry)
    assert result.status == 2 and "registry.pub" in result.err and "Traceback" not in result.err


def test_erase_needs_a_confirmation_and_leaves_every_proof(issued: Path, counterfoil: Counterfoil) -> None:
    asked = counterfoil("erase", "4", "price", "--dir", issued)
    assert asked.status == 2 and "[opening.not_confirmed]" in asked.err
    assert counterfoil("erase", "4", "price", "--yes", "--dir", issued).status == 0
    assert counterfoil("verify", issued).status == 0


def test_a_token_is_shown_once_and_listed_without_its_secret(issued: Path, counterfoil: Counterfoil) -> None:
    made = counterfoil("token", "new", "clerk", "--scope", "write", "--until", "2999-12-31", "--dir", issued)
    secret = made.out.strip()
    listed = counterfoil("token", "list", "--dir", issued, "--json")
    assert made.status == 0 and secret not in listed.out
    assert listed.json[0]["name"] == "clerk" and listed.json[0]["expires"] == "3000-01-01T00:00:00Z"
    assert counterfoil("token", "revoke", "clerk", "--dir", issued).status == 0
    assert "revoked" in counterfoil("token", "list", "--dir", issued).out


def test_faults_explains_a_code(counterfoil: Counterfoil) -> None:
    assert "[registry.locked]" in counterfoil("faults", "registry.locked").out
    listed = counterfoil("faults", "usage.", "--json").json
    assert all(each["code"].startswith("usage.") for each in listed) and len(listed) > 5
    assert counterfoil("faults", "nothing.such").status == 2


def test_our_own_mistake_is_named_and_no_traceback(counterfoil: Counterfoil, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("counterfoil.entrypoints.bootstrap.open_for_reading", broken)
    monkeypatch.setattr("counterfoil.entrypoints.cli.reading.open_for_reading", broken)
    result = counterfoil("show", "registry")
    assert result.status == 2 and "boom" in result.err and "[writer.mistake]" in result.err


def test_an_outage_without_texts_is_still_told(counterfoil: Counterfoil, monkeypatch: pytest.MonkeyPatch) -> None:
    def out(*_: object) -> None:
        raise Outage("no.such_code", {"detail": 7})

    monkeypatch.setattr("counterfoil.entrypoints.cli.reading.open_for_reading", out)
    result = counterfoil("show", "registry")
    assert result.status == 2 and result.json == {"status": "failed", "code": "no.such_code", "facts": {"detail": 7}}


def test_an_export_is_complete_deterministic_and_checkable_without_us(
    issued: Path, counterfoil: Counterfoil, tmp_path: Path
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    assert counterfoil("export", "--dir", issued, "--out", one).status == 0
    assert counterfoil("export", "--dir", issued, "--out", two).status == 0
    files = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert all((one / name).read_bytes() == (two / name).read_bytes() for name in files)
    leaves = (one / "journal.ndjson").read_bytes().splitlines()
    with (one / "leaves.csv").open() as file:
        hashes = [row["leaf_hash"] for row in csv.DictReader(file)]
    assert hashes == [hashlib.sha256(b"\0" + leaf).hexdigest() for leaf in leaves]
    for line in (one / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((one / name).read_bytes()).hexdigest() == digest
    assert not (one / "openings.csv").exists() and "CHF 30" not in "".join(
        (one / name).read_text("utf-8") for name in files
    )
    again = counterfoil("export", "--dir", issued, "--out", one)
    assert again.status == 1 and "[export.not_empty]" in again.err


def test_an_export_with_confidential_fields_opens_their_seals(
    issued: Path, counterfoil: Counterfoil, tmp_path: Path
) -> None:
    from counterfoil.domain.kernel.sealed import Opening

    out = tmp_path / "out"
    assert counterfoil("export", "--dir", issued, "--out", out, "--with-confidential").status == 0
    [opening] = [json.loads(line) for line in (out / "openings.ndjson").read_text().splitlines()]
    leaf = json.loads((out / "journal.ndjson").read_text().splitlines()[opening["entry"]])
    seal = Opening(opening["field"], bytes.fromhex(opening["salt"]), opening["value"]).seal()
    assert opening["value"] == "CHF 30" and leaf["sealed"]["price"] == seal


def test_the_dictionary_of_an_export_has_every_column(issued: Path, counterfoil: Counterfoil, tmp_path: Path) -> None:
    out = tmp_path / "out"
    counterfoil("export", "--dir", issued, "--out", out, "--with-confidential")
    with (out / "dictionary.csv").open() as file:
        described = {(row["table"], row["column"]) for row in csv.DictReader(file)}
    leaves = map(json.loads, (out / "journal.ndjson").read_text().splitlines())
    found = {("journal", name) for leaf in leaves for name in leaf}
    for path in out.glob("*.csv"):
        if path.stem != "dictionary":
            with path.open() as file:
                found |= {(path.stem, name) for name in next(csv.reader(file))}
    assert found <= described
