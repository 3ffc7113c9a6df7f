"""`counterfoil serve --set-up` as a process of its own, and the link that it prints."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

SECONDS_MAX: Final = 300


@contextmanager
def setting_up(folder: Path, *options: str) -> Iterator[str]:
    """Gives the link; the server is killed at the end if it has not ended before."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "counterfoil", "--dir", str(folder), "serve", "--set-up", "--port", "0"]
    command += ["--for", str(SECONDS_MAX), "--json", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        link = next(said for line in lines if "key=" in (said := str(json.loads(line)["message"])))
        try:
            yield link
        finally:
            if process.poll() is None:
                process.terminate()
            process.communicate(timeout=30)
