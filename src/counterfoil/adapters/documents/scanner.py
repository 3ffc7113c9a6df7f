"""The operator's scanner as a command: it gets the bytes on its standard input, and its exit status is the answer.

0 is clean, 1 is a finding; anything else, or no answer in time, is a failure, and nothing is kept.
"""

import subprocess
from dataclasses import dataclass
from typing import Final

from counterfoil.application.documents.ports import ScanState
from counterfoil.application.ports import Outage
from counterfoil.domain.people.document import DocumentFault

SECONDS_MAX: Final = 300
_CLEAN, _FOUND = 0, 1


@dataclass(frozen=True, slots=True)
class CommandScanner:
    """`command` is a program and its arguments; no shell is between, and none of our environment is handed on."""

    command: tuple[str, ...]
    seconds: int

    def scan(self, data: bytes) -> ScanState:
        try:
            done = subprocess.run(  # noqa: S603  the operator's own words, from a file of the folder
                self.command,
                input=data,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=self.seconds,
                env={"PATH": "/usr/local/bin:/usr/bin:/bin"},
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise _failed(f"no answer after {self.seconds} seconds") from error
        except (OSError, ValueError) as error:
            raise _failed(type(error).__name__) from error
        if done.returncode not in (_CLEAN, _FOUND):
            raise _failed(f"status {done.returncode}")
        return ScanState.CLEAN if done.returncode == _CLEAN else ScanState.FOUND


def _failed(detail: str) -> Outage:
    return Outage(DocumentFault.SCAN_FAILED, {"detail": detail}, retry=True)
