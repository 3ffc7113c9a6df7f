"""Run as a module: start several registries' processes at the price of one start of Python.

It reads from its input what each is to serve, loads the program once, forks a process for each, says their numbers,
and ends. Each of them is a session of its own, and does what `counterfoil serve` does.
"""

import gc
import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

Serve = Callable[..., int]


def _forked(row: Mapping[str, Any], serve: Serve) -> int:
    """The number of the process that serves."""
    pid = os.fork()
    return pid if pid else _serving(row, serve)


def _serving(row: Mapping[str, Any], serve: Serve) -> NoReturn:
    """In the new process: what it says goes into its log, and nothing of the terminal stays."""
    from counterfoil.application.ports import Outage
    from counterfoil.entrypoints.bootstrap import Folder

    status = 1
    try:
        os.setsid()
        nowhere = os.open(os.devnull, os.O_RDONLY)
        told = os.open(row["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        for number, file in ((0, nowhere), (1, told), (2, told)):
            os.dup2(file, number)
        os.close(nowhere)
        os.close(told)
        status = serve(Folder(Path(row["folder"])), port=int(row["port"]), for_seconds=int(row["seconds"]))
    except Outage as outage:
        sys.stderr.write(f"{outage.code} {dict(outage.facts)}\n")
    except Exception:  # noqa: BLE001  nobody else would tell of our own mistake: it belongs into the log
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def main() -> None:
    """Fork a process for each row of the input: `folder`, `port`, `seconds`, and `log`, the file for what it says."""
    rows = json.load(sys.stdin)
    # What every one of them needs is loaded before there is more than one process; nothing here starts a thread.
    from counterfoil.entrypoints.serving import serve

    gc.freeze()
    json.dump([_forked(row, serve) for row in rows], sys.stdout)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
