"""The registry's writer as approvals use it: they wait for its thread, in which nothing comes between look and act."""

from counterfoil.application.command import Command
from counterfoil.application.driver import Driver
from counterfoil.application.guard import Guard
from counterfoil.application.preview import Preview, agreed, preview
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.wire import read_command


class WriterRegister:
    """A register over a running driver. A call blocks, so no event loop calls one itself."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def read(self, text: str) -> Command | Refusal:
        return read_command(text)

    def preview(self, submission: Submission, guard: Guard) -> Preview | Receipt | Refusal:
        return self._driver.aside(lambda _: preview(self._driver.writer, submission, guard)).result()

    def agreed(self, submission: Submission, guard: Guard, *, seen: str) -> Receipt | Refusal | Preview:
        return self._driver.aside(lambda _: agreed(self._driver.writer, submission, guard, seen=seen)).result()
