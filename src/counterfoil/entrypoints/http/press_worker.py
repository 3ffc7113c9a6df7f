"""The process in which one order of the press is made; `press.py` starts it, with the bounds that it lays on itself.

Arguments: seconds, MiB, the registry's folder, and a folder that holds the order and takes what is made.
Status 0: it is there. Status 3: the fault is there. Anything else: it was ended, or broke a bound.
"""

import os
import resource
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from counterfoil.adapters.storage_fault import of_system
from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.press import FAULT, MADE, ORDER, REFUSED, Order, Product

NICE: Final = 5
"""The writer goes first."""


def main(arguments: Sequence[str]) -> int:
    seconds, megabytes, folder, place = arguments
    _bound(int(seconds), int(megabytes))
    order = msgspec.json.decode((Path(place) / ORDER).read_bytes(), type=Order)
    try:
        refusal = _make(Path(folder), order, Path(place) / MADE)
    except Outage as outage:
        return _told(Path(place), outage)
    except OSError as error:
        return _told(Path(place), of_system(error, Path(place) / MADE))
    return 0 if refusal is None else _told(Path(place), refusal)


def _bound(seconds: int, megabytes: int) -> None:
    """No more memory and time than this, also when nobody is left who would end us."""
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    signal.alarm(seconds + 1)
    os.nice(NICE)


def _make(folder: Path, order: Order, target: Path) -> Refusal | None:
    """Makers are imported here: their libraries are what the server does not load."""
    if order.product in (Product.CHECK, Product.DIFF):
        from counterfoil.entrypoints.http.press_checks import compared, examined

        make = examined if order.product is Product.CHECK else compared
        return make(folder, order.facts, sys.stdin.buffer, target)
    if order.product is Product.OVERLAPS:
        from counterfoil.entrypoints.http.press_overlaps import met

        return met(folder, order.facts, sys.stdin.buffer, target)
    if order.product is Product.LETTER:
        from counterfoil.entrypoints.http.press_letters import drawn

        return drawn(folder, order.facts, target)
    if order.product is Product.LETTER_CHECK:
        from counterfoil.entrypoints.http.press_letters import looked_at

        return looked_at(folder, order.facts, sys.stdin.buffer, target)
    if order.product is Product.FILING:
        from counterfoil.entrypoints.http.press_filing import made_ready

        return made_ready(folder, order.facts, target)
    if order.product is Product.DRAFT:
        from counterfoil.entrypoints.http.press_drafts import drafted

        return drafted(folder, order.facts, target)
    from counterfoil.entrypoints.http.press_reports import printed

    return printed(folder, order, target)


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
