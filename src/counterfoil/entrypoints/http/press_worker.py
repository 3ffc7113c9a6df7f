"""The process in which one annual report is made; `press.py` starts it, with the bounds that it lays on itself.

Arguments: seconds, MiB, the registry's folder, an empty folder for what is made, and the facts of the order.
Status 0: the workbook is there. Status 3: the fault is there. Anything else: it was ended, or broke a bound.
"""

import os
import resource
import signal
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from counterfoil.application.ports import Outage, OutageFault
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.press import FAULT, REFUSED, WORKBOOK, Order

if TYPE_CHECKING:
    from counterfoil.application.queries.sight import Sight

NICE: Final = 5
"""The writer goes first."""


def main(arguments: Sequence[str]) -> int:
    seconds, megabytes, folder, place, party, year, version, on = arguments
    _bound(int(seconds), int(megabytes))
    order = Order(party, int(year), version, date.fromisoformat(on) if on else None)
    try:
        refusal = _make(Path(folder), order, Path(place) / WORKBOOK)
    except Outage as outage:
        return _told(Path(place), outage)
    return 0 if refusal is None else _told(Path(place), refusal)


def _bound(seconds: int, megabytes: int) -> None:
    """No more memory and time than this, also when nobody is left who would end us."""
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    signal.alarm(seconds + 1)
    os.nice(NICE)


def _make(folder: Path, order: Order, target: Path) -> Refusal | None:
    from counterfoil.adapters.documents.aef_xlsx import write_workbook
    from counterfoil.application.queries.aef_submission import aef_submission
    from counterfoil.application.queries.sight import Sight
    from counterfoil.domain.reporting.aef_layout import aef_layout
    from counterfoil.entrypoints.bootstrap import Folder, aef_format, open_for_reading

    with open_for_reading(Folder(folder)) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)
        day = order.on or _last_day(sight)
        submission = aef_submission(sight, party=order.party, year=order.year, version=order.version, submitted_on=day)
    if isinstance(submission, Refusal):
        return submission
    return write_workbook(aef_layout(submission, aef_format()), target, created=day)


def _last_day(sight: "Sight") -> date:
    """The day of the last commit, so that the same books give the same file."""
    from counterfoil.domain.ledger.checkpoint import read_checkpoint
    from counterfoil.domain.ledger.note import read_note

    row = sight.reading.last_checkpoint()
    note = None if row is None else read_note(row.note)
    checkpoint = None if note is None else read_checkpoint(note.text)
    if checkpoint is None:
        raise Outage(OutageFault.NOT_FOUNDED, {"folder": ""})
    return date.fromisoformat(checkpoint.recorded_at[:10])


def _told(place: Path, fault: Refusal | Outage) -> int:
    told = {
        "code": fault.code,
        "facts": fault.facts,
        "outage": isinstance(fault, Outage),
        "retry": isinstance(fault, Outage) and fault.retry,
    }
    (place / FAULT).write_bytes(msgspec.json.encode(told, enc_hook=str))
    return REFUSED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
