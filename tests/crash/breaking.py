"""A server whose disk the test can break: it takes orders by a file in the registry's folder.

An order says that a system call fails from now on, on the open files whose names end so, or on all of them.
"""

import http.client
import json
import threading
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx

from counterfoil.entrypoints.bootstrap import Folder
from tests.crash.failing_calls import fail
from tests.http.desk import Served, served

ROOT = Path(__file__).parents[2]
CODE = (
    f"import sys; sys.path.insert(0, {str(ROOT)!r}); "
    "from tests.crash.breaking import main; sys.exit(main(sys.argv[1], int(sys.argv[2])))"
)


def breakable(folder: Folder) -> AbstractContextManager[Served]:
    return served(folder, code=CODE)


def break_disk(server: Served, folder: Folder, call: str, error: int, file: str = "*") -> None:
    """Give the order, and wait until it is carried out."""
    done = folder.path / "broken"
    order = folder.path / "order"
    order.write_text(json.dumps([call, error, file]))
    order.rename(folder.path / "break")  # it appears whole
    while not done.exists():
        assert server.process.poll() is None
    done.unlink()


def ask(server: Served, headers: dict[str, str], act: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """One act and its answer."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("POST", "/api/v1/commands", json.dumps(act), headers)
    answer = connection.getresponse()
    told: dict[str, Any] = json.loads(answer.read())
    connection.close()
    return answer.status, told


def health(server: Served) -> int:
    return httpx.get(f"{server.address}/api/v1/health", timeout=30).status_code


def main(folder: str, seconds: int) -> int:
    from counterfoil.entrypoints.serving import serve

    threading.Thread(target=obey, args=(Path(folder),), daemon=True).start()
    return serve(Folder(Path(folder)), port=0, for_seconds=seconds)


def obey(folder: Path) -> None:
    """Carry out orders as they come. A filter once laid stays."""
    pause = threading.Event()
    while True:
        if (folder / "break").exists():
            call, error, name = json.loads((folder / "break").read_text())
            for file in [None] if name == "*" else open_files(name):
                fail(call, error=error, file=file)
            (folder / "break").unlink()
            (folder / "broken").touch()
        pause.wait(0.005)


def open_files(name: str) -> list[int]:
    """The descriptors of this process on files whose names end so."""
    found = []
    for link in Path("/proc/self/fd").iterdir():
        try:
            if str(link.readlink()).endswith(name):
                found.append(int(link.name))
        except OSError:
            continue
    assert found, name
    return found
