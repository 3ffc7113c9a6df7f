"""What `make bench` does: each measurement but `growth`, on each engine, at full size, as one JSON object each."""

import sys
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from counterfoil.application.ports import Outage
from counterfoil.entrypoints.bench.run import bench

_KINDS: Final = ("ledger", "verify", "start", "http")
_ENGINES: Final = ("sqlite", "postgres")


def everything(*, quick: bool = False) -> int:
    """Measure; an engine that is not here is left out, and that is said on the standard error."""
    for engine in _ENGINES:
        for what in _KINDS:
            try:
                found = bench(what, engine=engine, quick=quick)
            except Outage as outage:
                sys.stderr.write(f"{engine} is left out: {outage.code} {outage.facts.get('detail', '')}\n")
                break
            _print(found)
    # Annual reports are files: no engine has a part in them.
    _print(bench("aef", engine=_ENGINES[0], quick=quick))
    _print(bench("activities", engine=_ENGINES[0], quick=quick))
    _print(bench("web", engine=_ENGINES[0], quick=quick))
    _print(bench("network", engine=_ENGINES[0], quick=quick))
    return 0


def _print(found: Mapping[str, Any]) -> None:
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(found)).decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(everything(quick="--quick" in sys.argv[1:]))
