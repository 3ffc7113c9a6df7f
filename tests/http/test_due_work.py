"""A server does what is due by itself, once; what is refused holds up nobody."""

import time

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.application.queries.due import requests
from counterfoil.application.queries.sight import Sight
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, Writable, open_for_reading, open_for_writing, verify_folder
from counterfoil.entrypoints.due_clerk import DueClerk
from counterfoil.entrypoints.http.local import send
from counterfoil.entrypoints.wire import command_of
from tests.http.desk import HELD, OTHER, served
from tests.http.test_server import holder_address

SECONDS = 30


def asked(name: str, first: int, last: int) -> dict[str, object]:
    units = {"unit_class": "BR-#", "first": first, "last": last}
    return {"command": "RequestTransfer", "request": name, "units": units, "source": HELD, "target": OTHER}


def sent_to(writable: Writable, sent: dict[str, object]) -> None:
    command = command_of(sent)
    assert not isinstance(command, Refusal), command
    outcomes = writable.driver.do([Submission(command, "test")])
    assert all(isinstance(each, Receipt) for each in outcomes), outcomes


def states(folder: Folder) -> dict[str, str]:
    with open_for_reading(folder) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)
        return {each["id"]: each["state"] for each in requests(sight)}


def test_a_running_server_does_a_transfer_that_is_due_without_being_asked(folder: Folder) -> None:
    with served(folder) as running:
        told = send(holder_address(folder), [asked("R-1", 1, 10), asked("R-2", 11, 20)])
        assert [each["status"] for each in told] == ["accepted", "accepted"], told
        until = time.monotonic() + SECONDS
        while set(states(folder).values()) != {"executed"} and time.monotonic() < until:
            time.sleep(0.2)
        assert states(folder) == {"R-1": "executed", "R-2": "executed"}
        assert running.stop() == 0
    assert not verify_folder(folder).findings


def test_what_is_refused_is_left_for_a_while_and_the_rest_is_done(folder: Folder) -> None:
    opened = open_for_writing(folder, "test")
    assert isinstance(opened, Writable)
    with opened as writable:
        suspended = {"command": "SuspendAccount", "account": HELD, "authority": "Ministry", "reason": "asked"}
        for sent in (asked("R-1", 1, 10), suspended):
            sent_to(writable, sent)
        clerk = DueClerk(folder, writable.driver, SystemClock(), by="local")
        assert clerk.round() == 0 and clerk.round() == 0
        resumed = {"command": "ResumeAccount", "account": HELD, "authority": "Ministry", "reason": "over"}
        sent_to(writable, resumed)
        assert clerk.round() == 0, "it was refused a moment ago, and is tried again later"
        assert DueClerk(folder, writable.driver, SystemClock(), by="local").round() == 1
    assert states(folder) == {"R-1": "executed"}
