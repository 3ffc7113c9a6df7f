"""The program as a process: locks, servers, signals, pipes, terminals, and a quick start."""

import csv
import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from counterfoil.adapters.lock import RegistryLock
from counterfoil.entrypoints.cli import main
from counterfoil.entrypoints.cli.columns import width
from tests.cli.conftest import HISTORY, STATEMENT, UNIT, Counterfoil, ndjson, program


def test_a_lock_held_elsewhere_is_a_refusal_that_names_its_holder(issued: Path, counterfoil: Counterfoil) -> None:
    lock = RegistryLock(issued).acquire("a night job")
    assert isinstance(lock, RegistryLock)
    try:
        for arguments in (("do",), ("erase", "4", "price", "--yes"), ("serve", "--port", "0")):
            told = counterfoil(*arguments, "--dir", issued, stdin=ndjson(HISTORY[0]))
            assert told.status == 1 and "[registry.locked]" in told.err
            assert "a night job" in told.err and str(os.getpid()) in told.err
        machine = counterfoil("do", "--dir", issued, "--json", stdin=ndjson(HISTORY[0]))
        assert (machine.status, machine.json["code"]) == (1, "registry.locked")
        for reading in (("show", "unit", UNIT), ("trace", UNIT), ("verify",)):
            assert counterfoil(*reading, "--dir", issued).status == 0
    finally:
        lock.release()
    assert counterfoil("do", "--dir", issued, stdin=ndjson({**HISTORY[0], "account": "tha:x"})).status == 0


def test_a_server_tells_programs_its_address_as_json(issued: Path) -> None:
    server = program("serve", "--dir", issued, "--port", "0", "--for", "1", "--json")
    out, _ = server.communicate(timeout=30)
    assert server.returncode == 0
    assert "http://127.0.0.1:" in json.loads(out)["message"]


def test_commands_go_through_a_running_server(issued: Path, counterfoil: Counterfoil) -> None:
    server = program("serve", "--dir", issued, "--port", "0", "--for", "60")
    try:
        assert server.stdout is not None and b"http://127.0.0.1:" in server.stdout.readline()
        acts = ndjson({**HISTORY[0], "account": "tha:x"}, {**HISTORY[0], "account": "tha:x"})
        told = counterfoil("do", "--dir", issued, "--json", stdin=acts)
        assert told.status == 1
        assert [line["status"] for line in told.lines] == ["accepted", "refused"]
        assert told.lines[0]["act"] == "AccountOpened"
        assert counterfoil("show", "account", "tha:x", "--dir", issued).status == 0
        assert counterfoil("verify", issued).status == 0
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=30)
    assert server.returncode == 0


STARTED_TICKS = 10
"""Hundredths of a second of processor time that a start takes at least."""


def wait_until_it_reads(process: subprocess.Popen[bytes]) -> None:
    """Wait until a program waits for its input.

    The system says what a process waits in. Where it does not, a second without processor time, after some, must do.
    """
    stat, waits = Path(f"/proc/{process.pid}/stat"), Path(f"/proc/{process.pid}/wchan")
    seen: list[int] = []
    until = time.monotonic() + 30
    while time.monotonic() < until:
        time.sleep(0.25)
        place = waits.read_text() if waits.exists() else ""
        if "pipe" in place:
            return
        if place not in ("", "0"):
            continue
        seen.append(sum(map(int, stat.read_text().split()[13:15])) if stat.exists() else 1)
        if len(seen) > 4 and seen[-1] == seen[-5] and (seen[-1] >= STARTED_TICKS or not stat.exists()):
            return


def test_an_interrupt_ends_with_one_line_and_status_130(registry: Path) -> None:
    def heeds() -> None:
        # A shell lets what it starts in the background ignore interrupts, and a program inherits that.
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    process = program("do", "--dir", registry, stdin=subprocess.PIPE, preexec_fn=heeds)
    wait_until_it_reads(process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, b"")
    assert b"Interrupted." in err and b"Traceback" not in err


def test_an_interrupt_that_came_as_the_cause_of_another_error_is_an_interrupt(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> int:
        raise RuntimeError("Error calling __set_name__") from KeyboardInterrupt()

    monkeypatch.setattr(main, "_called", broken)
    assert main.run(["faults"]) == 130
    assert "Interrupted." in capsys.readouterr().err


def test_a_reader_that_goes_away_is_no_fault() -> None:
    process = program("faults", "--json")
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    with process.stderr as errors:
        assert errors.read() == b""
    assert process.wait(30) == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device on this system")
def test_an_output_that_is_full_is_told(issued: Path) -> None:
    for flags in ((), ("--json",)):
        with Path("/dev/full").open("wb") as full:
            found = subprocess.run(
                [sys.executable, "-m", "counterfoil", "show", "registry", "--dir", issued, *flags],
                stdout=full, stderr=subprocess.PIPE, check=False,
            )  # fmt: skip
        assert found.returncode == 2 and b"[storage.disk_full]" in found.stderr and b"Traceback" not in found.stderr


def test_a_terminal_without_chinese_gets_escapes_and_json_is_always_utf8(issued: Path) -> None:
    latin = {"PYTHONIOENCODING": "iso-8859-1", "PYTHONUTF8": "0"}
    told = program("show", "activity", "THA-BUS", "--dir", issued, env=latin)
    out, err = told.communicate(timeout=30)
    assert told.returncode == 0 and b"Electric buses" in out and b"Traceback" not in err
    out, _ = program("show", "activity", "THA-BUS", "--dir", issued, "--json", env=latin).communicate(timeout=30)
    assert json.loads(out.decode("utf-8"))["title"] == "Electric buses 電動巴士"


def on_a_terminal(
    *arguments: str | Path, columns: int = 80, language: str = "en", typed: bytes = b""
) -> tuple[int, str]:
    """Status and everything written when both outputs are one terminal."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(columns), "COUNTERFOIL_LANG": language, "TERM": "xterm"}
    process = subprocess.Popen(
        [sys.executable, "-m", "counterfoil", *map(str, arguments)],
        stdin=theirs, stdout=theirs, stderr=theirs, env=environment, close_fds=True,
    )  # fmt: skip
    os.close(theirs)
    os.write(ours, typed)
    data = b""
    while select.select([ours], [], [], 30)[0]:
        try:
            piece = os.read(ours, 65_536)
        except OSError:
            break
        if not piece:
            break
        data += piece
    os.close(ours)
    return process.wait(30), data.decode()


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_nothing_is_wider_than_a_narrow_terminal(issued: Path, language: str) -> None:
    for arguments in (
        ("show", "authorization", "THA-LOA-1"), ("list", "activity"), ("list", "authorization"),
        ("show", "activity", "THA-BUS"), ("trace", UNIT), ("show", "account", "tha:dev"), ("show", "nothing", "x"),
    ):  # fmt: skip
        _, screen = on_a_terminal(*arguments, "--dir", issued, columns=80, language=language)
        # A digest is never broken: it is there to be copied.
        assert max(width(line) for line in screen.splitlines() if STATEMENT not in line) <= 80, arguments


def test_progress_is_drawn_on_a_terminal_and_wiped_away(issued: Path, counterfoil: Counterfoil) -> None:
    status, screen = on_a_terminal("verify", issued)
    assert status == 0 and "Verifying" in screen and "█" in screen
    assert "█" not in screen.rsplit("\r", 2)[-1]
    assert "Verifying" not in counterfoil("verify", issued).err


def test_erasing_at_a_terminal_asks_and_takes_only_a_clear_yes(issued: Path, counterfoil: Counterfoil) -> None:
    for answer, status, erased in ((b"n\n", 1, False), (b"\n", 1, False), ("是\n".encode(), 0, True)):
        found, screen = on_a_terminal("erase", "4", "price", "--dir", issued, typed=answer)
        assert (found, "Erase price of entry #4?" in screen) == (status, True)
        again = counterfoil("erase", "4", "price", "--yes", "--dir", issued) if erased else None
        assert again is None or again.status == 1


def test_the_program_starts_without_what_it_does_not_need(issued: Path) -> None:
    script = """
import sys
from counterfoil.entrypoints.cli.main import run
status = run(sys.argv[1:])
heavy = "starlette uvicorn uvloop xlsxwriter python_calamine counterfoil.entrypoints.http openpyxl".split()
print(status, [name for name in heavy if name in sys.modules], "counterfoil.entrypoints.bootstrap" in sys.modules)
"""
    for arguments, opens in ((("--version",), False), (("--help",), False), (("show", "unit", UNIT), True)):
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments, *(("--dir", str(issued)) if opens else ())],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout.splitlines()[-1] == f"0 [] {opens}"


def test_the_folder_is_named_by_option_then_variable_then_where_one_stands(
    issued: Path, counterfoil: Counterfoil, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(issued)
    assert counterfoil("show", "registry").status == 0
    monkeypatch.setenv("COUNTERFOIL_DIR", str(tmp_path / "nowhere"))
    assert counterfoil("show", "registry").status == 2
    assert counterfoil("show", "registry", "--dir", issued).status == 0
    assert counterfoil("--dir", issued, "show", "registry").status == 0
    assert counterfoil("--json", "--dir", issued, "show", "registry").json["party"] == "THA"


def test_no_stored_text_reaches_the_terminal_as_an_order_to_it(registry: Path, counterfoil: Counterfoil) -> None:
    holder = "a\x1b]0;title\x07\x9b31m\u202egpj.exe\u2066"
    assert counterfoil("do", "--dir", registry, stdin=ndjson({**HISTORY[0], "holder": holder})).status == 0
    for arguments in (("show", "account", "tha:dev"), ("list", "account")):
        shown = counterfoil(*arguments, "--dir", registry).out
        assert not set("\x1b\x07\x9b\u202e\u2066") & set(shown)
        assert "\\x1b]0;title" in shown and "\\u202egpj" in shown
        machine = counterfoil(*arguments, "--dir", registry, "--json")
        assert not set("\x1b\x07\x9b\u202e\u2066") & set(machine.out)
        assert holder in _texts(machine.json)


def test_an_export_gives_a_spreadsheet_no_formula_and_strangers_no_confidential_field(
    registry: Path, counterfoil: Counterfoil, tmp_path: Path
) -> None:
    act = {**HISTORY[0], "holder": "=HYPERLINK(1)", "confidential": {"price": "CHF 30"}}
    assert counterfoil("do", "--dir", registry, stdin=ndjson(act)).status == 0
    out = tmp_path / "out"
    assert counterfoil("export", "--dir", registry, "--out", out, "--with-confidential").status == 0
    sheet, lines = out / "openings.csv", out / "openings.ndjson"
    sheets = [path.read_text("utf-8").splitlines() for path in out.rglob("*.csv")]
    cells = [cell for lines_of in sheets for row in csv.reader(lines_of) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not [cell for cell in cells if cell[:1] in "=+@" and cell]
    assert json.loads(lines.read_text("utf-8"))["field"] == "price"
    assert [path.stat().st_mode & 0o077 for path in (sheet, lines)] == [0, 0]


def _texts(value: object) -> str:
    if isinstance(value, dict):
        return "".join(map(_texts, value.values()))
    return "".join(map(_texts, value)) if isinstance(value, list) else str(value)
