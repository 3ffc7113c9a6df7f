"""`counterfoil serve` as a process of its own on a free port of loopback, and its end."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SECONDS_MAX: Final = 900
"""A server that a test forgot ends by itself."""


@dataclass
class Server:
    """A server that listens. `address` has no slash at its end."""

    process: subprocess.Popen[str]
    address: str

    @property
    def by_name(self) -> str:
        """The same by the name that passkeys want: they know no numbers."""
        return self.address.replace("127.0.0.1", "localhost")

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@contextmanager
def serving(*options: str, folder: Path | None = None) -> Iterator[Server]:
    """`counterfoil serve` with these options; killed at the end if it has not ended before."""
    command = [
        sys.executable,
        "-m",
        "counterfoil",
        "serve",
        "--port",
        "0",
        "--for",
        str(SECONDS_MAX),
        "--json",
        *options,
    ]
    if folder is not None:
        command += ["--dir", str(folder)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "COUNTERFOIL_LANG": "en"}
    ) as process:
        try:
            yield Server(process, listening(process))
        finally:
            if process.poll() is None:
                process.terminate()
            try:
                process.communicate(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()


def listening(process: subprocess.Popen[str]) -> str:
    """The address that the server says first."""
    assert process.stdout is not None and process.stderr is not None
    for line in process.stdout:
        if "http://" in line:
            message = str(json.loads(line)["message"])
            return message[message.index("http://") :].split(maxsplit=1)[0].rstrip("/")
    raise AssertionError(process.stderr.read())
