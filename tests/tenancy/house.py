"""An installation with several sections, and its supervisor in a process of its own."""

import base64
import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from counterfoil.adapters.durable import made_folder
from counterfoil.application.command import NdcPeriod
from counterfoil.application.commands.found import Found
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, Writable, create_key, open_for_writing
from counterfoil.entrypoints.http.tokens import new_token
from counterfoil.entrypoints.tenancy.installation import Installation, Section, write_installation
from counterfoil.entrypoints.tenancy.standing import Running, SectionStanding, Standing, read_standing
from tests.http.desk import act

LONGEST_SECONDS = 120
SUPERVISE = (
    "import sys; from pathlib import Path; from counterfoil.entrypoints.tenancy.supervisor import supervise; "
    "supervise(Path(sys.argv[1]), host='127.0.0.1', port=0, for_seconds=int(sys.argv[2]), language='en', "
    "tell=lambda line: print(line, flush=True))"
)


def founded(path: Path, party: str) -> Folder:
    """A small registry of a Party, with one account."""
    folder = Folder(path)
    made_folder(path)
    path.chmod(0o700)
    signer = create_key(folder, name=f"{party.lower()}/registry")
    opened = open_for_writing(folder, "test", create=True)
    assert isinstance(opened, Writable)
    with opened as writable:
        founding = Found(
            registry=f"{party}01",
            party=Party(party),
            name=f"Registry of {party}",
            origin=f"{party.lower()}/registry",
            public_key=base64.b64encode(signer.public_key).decode(),
            ndc_periods=(NdcPeriod(2021, 2030, 2032),),
        )
        act(writable, founding, OpenAccount(account=f"{party.lower()}:one", holder="one"))
    return folder


def installed(directory: Path, *parties: str, **terms: dict[str, Any]) -> Installation:
    """An installation with a founded section for each Party; `terms` are further fields of a section, by Party."""
    made_folder(directory)
    installation = Installation(directory.absolute(), "Hosted registries")
    for party in parties:
        folder = founded(installation.folder_of(party), party)
        grown = installation.with_section(Section(Party(party), folder.path, **terms.get(party, {})))
        assert not isinstance(grown, Refusal), grown
        installation = grown
    write_installation(installation)
    return installation


def token(installation: Installation, party: str, name: str = "client") -> dict[str, str]:
    """The header of a new token of one section."""
    made = new_token(installation.folder_of(party), name=name, scopes=("admin",))
    assert not isinstance(made, Refusal), made
    return {"authorization": f"Bearer {made.text}"}


def opening(account: str, **changes: Any) -> dict[str, Any]:
    return {"command": "OpenAccount", "account": account, "holder": "somebody", **changes}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Supervised:
    """An installation that is served: its supervisor's process, and where its door is."""

    installation: Installation
    process: subprocess.Popen[str]
    port: int

    def ask(self, path: str, method: str = "GET", body: Any = None, **headers: str) -> Answer:
        """One request to the door. A body that is no bytes is sent as JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        kind = {"content-type": "application/json"} if data is not None else {}
        try:
            connection.request(method, path, data, {**kind, **headers})
            response = connection.getresponse()
            named = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, named, response.read())
        finally:
            connection.close()

    def do(self, party: str, command: dict[str, Any], **headers: str) -> Answer:
        return self.ask(f"/s/{party}/api/v1/commands", "POST", command, **headers)

    def health(self, party: str) -> int:
        return self.ask(f"/s/{party}/api/v1/health").status

    def standing(self) -> Standing:
        found = read_standing(self.installation.directory)
        assert found is not None
        return found

    def section(self, party: str) -> SectionStanding:
        return next(each for each in self.standing().sections if each.party == party)

    def until(self, true: Callable[[], bool], seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, self.standing()
            time.sleep(0.05)

    def running(self, party: str) -> bool:
        return self.section(party).running is Running.RUNNING

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@contextlib.contextmanager
def supervised(installation: Installation, *, for_seconds: int = LONGEST_SECONDS) -> Iterator[Supervised]:
    command = [sys.executable, "-c", SUPERVISE, str(installation.directory), str(for_seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        line = process.stdout.readline()
        assert "http://" in line, process.stderr.read()
        served = Supervised(installation, process, int(line.rsplit(":", 1)[1]))
        try:
            yield served
        finally:
            if process.poll() is None:
                # Its sections end by themselves when it is gone; asked first, they end in order.
                process.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(30)
            if process.poll() is None:
                process.kill()
            process.communicate()


def alive(pid: int) -> bool:
    """Whether a process runs: one that has ended and that nobody has asked about does not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
