"""A command line that has loaded the program already: the guides run hundreds of commands, and each would load it anew.

Run as a module, it listens at a socket. The `counterfoil` that `installed` writes sends what it was asked, where, in
which environment, and its three open files; a fork of the warm process runs `main`, as a start of its own would.
"""

import atexit
import contextlib
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import NoReturn

WHERE = "COUNTERFOIL_WARM"
ASKED_MAX = 1 << 20
CALL = """#!{python} -IS
import json, os, shutil, signal, socket, sys
if {played!r} and sys.argv[1:] == ["demo", "--out", "demo"]:
    sys.exit(shutil.copytree({played!r}, "demo") != "demo")
line = socket.socket(socket.AF_UNIX)
line.connect({where!r})
asked = json.dumps([sys.argv, os.getcwd(), dict(os.environ)]).encode()
socket.send_fds(line, [len(asked).to_bytes(4, "big")], [0, 1, 2])
line.sendall(asked)
with line.makefile("r") as said:
    pid = int(said.readline())
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(each, lambda number, frame: os.kill(pid, number))
    sys.exit(int(said.readline()))
"""


@contextmanager
def installed(folder: Path, played: Path | None = None) -> Iterator[Path]:
    """A folder for the path with a warm `counterfoil`, for as long as it is open.

    Args:
        played: What `counterfoil demo` left somewhere else; who asks for it once more gets a copy.
    """
    where = folder / "warm"
    program = folder / "bin" / "counterfoil"
    program.parent.mkdir()
    copied = None if played is None else str(played)
    program.write_text(CALL.format(python=sys.executable, where=str(where), played=copied), "utf-8")
    program.chmod(0o755)
    command = [sys.executable, "-m", __name__, str(where)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "warm\n"
        try:
            yield program.parent
        finally:
            process.terminate()


def main() -> NoReturn:
    where = sys.argv[1]
    from counterfoil.entrypoints import cli, serving  # noqa: F401

    for module in iter_modules(cli.__path__, f"{cli.__name__}."):
        import_module(module.name)
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(where)
        listening.listen(16)
        print("warm", flush=True)
        while True:
            line, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                _answer(line)
            line.close()


def _answer(line: socket.socket) -> NoReturn:
    """Run one command in a process of its own, wait for its end, and say its number and its status."""
    status = 70
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        head, files, _, _ = socket.recv_fds(line, 4, 3)
        with line.makefile("rb") as said:
            arguments, folder, environment = json.loads(said.read(min(int.from_bytes(head, "big"), ASKED_MAX)))
        pid = os.fork()
        if pid == 0:
            line.close()
            _run(files, arguments, folder, environment)
        for file in files:
            os.close(file)
        line.sendall(f"{pid}\n".encode())
        _, ended = os.waitpid(pid, 0)
        code = os.waitstatus_to_exitcode(ended)
        status = code if code >= 0 else 128 - code
        with contextlib.suppress(BrokenPipeError):
            line.sendall(f"{status}\n".encode())
    except Exception:
        traceback.print_exc()
        raise
    finally:
        os._exit(status)


def _run(files: list[int], arguments: list[str], folder: str, environment: dict[str, str]) -> NoReturn:
    status: object = 70
    try:
        for number, file in enumerate(files):
            os.dup2(file, number)
            os.close(file)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        time.tzset()
        sys.argv[:] = arguments
        sys.stdin = open(0, encoding="utf-8", closefd=False)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)
        sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)
        from counterfoil.entrypoints.cli.main import main as command

        try:
            status = command()
        except SystemExit as ended:
            status = ended.code
        atexit._run_exitfuncs()
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.flush()
            sys.stderr.flush()
    except Exception:
        traceback.print_exc()
        raise
    finally:
        os._exit(status if isinstance(status, int) else 0 if status is None else 1)


if __name__ == "__main__":
    main()
