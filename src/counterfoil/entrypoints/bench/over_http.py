"""Durable acts per second over HTTP, single and in bulk, beside an empty application and the same acts in process."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from counterfoil.application.driver import Driver
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bench.ground import Disk, Ground
from counterfoil.entrypoints.bench.http_client import Emptiness, Lane, Load, in_bulk, single, unseen_writes
from counterfoil.entrypoints.bench.http_server import Served, server
from counterfoil.entrypoints.bench.report import Report
from counterfoil.entrypoints.bench.subject import begin, settle_garbage, writer_on
from counterfoil.entrypoints.bench.workload import Workload
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.http.tokens import new_token

CLIENTS: Final = (1, 8, 32)
BULK: Final = 1_000
_BULK_CLIENTS: Final = 2
_LANES: Final = 32
_GROWTH: Final = {100_000: "at_100k_vs_1k", 1_000_000: "at_1m_vs_1k"}


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured.

    Attributes:
        blocks: Registries of so many blocks; the first gives the headline figures, the others the growth.
        acts: Acts of a run of 8 or 32 clients; a lone client sends a quarter of them.
        run_s: Seconds after which a run is stopped.
        budget_s: No repetition is begun after so many seconds.
    """

    blocks: tuple[int, ...]
    accounts: int
    acts: int
    bulk_acts: int
    run_s: float
    times: int
    budget_s: float


FULL: Final = Size(
    blocks=(1_000, 100_000, 1_000_000),
    accounts=2_000,
    acts=16_000,
    bulk_acts=20_000,
    run_s=20,
    times=5,
    budget_s=3_600,
)
QUICK: Final = Size(blocks=(1_000,), accounts=500, acts=2_000, bulk_acts=4_000, run_s=1.5, times=3, budget_s=18)


@dataclass(slots=True)
class _Subject:
    """A registry of so many blocks, the ways into it, and what was found at it."""

    blocks: int
    name: str
    folder: Folder
    token: str
    singles: list[Lane]
    bulks: list[Lane]
    inside: list[Workload]
    single: dict[int, list[Load]] = field(default_factory=lambda: {clients: [] for clients in CLIENTS})
    bulk: list[Load] = field(default_factory=list)
    in_process: list[float] = field(default_factory=list)
    unseen: int = 0


def over_http(place: Ground, *, delay_ms: int, size: Size) -> Report:
    """Load generator and server share the processors; registries and baselines take turns in each repetition.

    All acts are transfers inside the registry: what settles a first transfer comes from a partner, not by a token.
    """
    end = time.monotonic() + size.budget_s
    disk = place.disk(delay_ms)
    pause_ms = round(disk.pause_s * 1_000)
    subjects = [_prepared(place, disk, blocks, size) for blocks in size.blocks]
    empty: dict[int, list[Load]] = {clients: [] for clients in CLIENTS}
    for number in range(size.times):
        if number and time.monotonic() > end:
            break
        place.look_at_disk()
        with server("empty") as served:
            for clients in CLIENTS:
                acts = [Emptiness(_share(clients, size.acts) // clients) for _ in range(clients)]
                empty[clients].append(single(served.port, acts, clients=clients, seconds=size.run_s))
        for subject in subjects:
            _in_process(place, disk, subject, size)
            with server("serve", str(subject.folder.path), str(pause_ms)) as served:
                _served(subject, served, size)
    return _report(subjects, empty)


def _share(clients: int, acts: int) -> int:
    return acts if clients > 1 else acts // 4


def _prepared(place: Ground, disk: Disk, blocks: int, size: Size) -> _Subject:
    load = Workload(blocks=blocks, accounts=size.accounts, first_transfers=0)
    name = f"http_{blocks}"
    with writer_on(place, name, place.disk(0)) as (writer, _):
        begin(writer, load.beginning())
    folder = place.folder(name, disk)
    token = new_token(folder.path, name="bench")
    assert not isinstance(token, Refusal)
    parts = load.parts(_LANES + 2 * _BULK_CLIENTS + 1)
    lanes = [Lane(part) for part in parts[: _LANES + 2 * _BULK_CLIENTS]]
    return _Subject(blocks, name, folder, token.text, lanes[:_LANES], lanes[_LANES:], parts[len(lanes) :])


def _in_process(place: Ground, disk: Disk, subject: _Subject, size: Size) -> None:
    """The same acts without HTTP, in batches of a bulk request, each of them waited for."""
    waiting = [Submission(act.command, "bench") for part in subject.inside for act in part.acts(size.bulk_acts)]
    with writer_on(place, subject.name, disk) as (writer, _):
        settle_garbage()
        driver = Driver(writer)
        begun = time.perf_counter()
        for start in range(0, len(waiting), BULK):
            outcomes = driver.do(waiting[start : start + BULK])
            assert all(isinstance(outcome, Receipt) for outcome in outcomes)
        subject.in_process.append(len(waiting) / (time.perf_counter() - begun))
        driver.close()


def _served(subject: _Subject, served: Served, size: Size) -> None:
    port, token = served.port, subject.token
    for clients in CLIENTS:
        for lane in subject.singles:
            lane.prepare(-(-_share(clients, size.acts) // _LANES))
        load = single(port, subject.singles, clients=clients, seconds=size.run_s, token=token)
        subject.single[clients].append(load)
    acts = size.bulk_acts
    bulk = in_bulk(port, subject.bulks, acts=acts, lines=BULK, clients=_BULK_CLIENTS, token=token)
    subject.bulk.append(bulk)
    subject.unseen += unseen_writes(port, subject.singles[:8], acts=size.acts // 10, token=token)


def _report(subjects: Sequence[_Subject], empty: dict[int, list[Load]]) -> Report:
    report = Report()
    first = subjects[0]
    loads = [load for subject in subjects for found in (*subject.single.values(), subject.bulk) for load in found]
    report.figures = {
        "blocks_at_beginning": first.blocks,
        "repetitions": len(first.bulk),
        "refused": sum(load.refused for load in loads),
        "lost": sum(load.lost for load in loads),
        "own_writes_unseen": sum(subject.unseen for subject in subjects),
    }
    for clients in CLIENTS:
        _clients_in(report, clients, first.single[clients], empty[clients])
    busiest = CLIENTS[-1]
    report.ratio("http_single_vs_empty", _rates(first.single[busiest]), _rates(empty[busiest]))
    report.baseline("empty_asgi", _rates(empty[busiest]))
    report.figure("bulk_acts_per_s", _rates(first.bulk))
    report.baseline("in_process", first.in_process)
    report.ratio("bulk_vs_in_process", _rates(first.bulk), first.in_process)
    for name in _GROWTH.values():
        report.ratios[name] = None
    for subject in subjects[1:]:
        _growth_in(report, subject, first)
    return report


def _clients_in(report: Report, clients: int, loads: Sequence[Load], empty: Sequence[Load]) -> None:
    which = f"{clients}_clients"
    report.figure(f"acts_per_s_{which}", _rates(loads))
    report.figure(f"p50_ms_{which}", [load.p50_ms for load in loads], 2)
    report.figure(f"p99_ms_{which}", [load.p99_ms for load in loads], 2)
    report.figure(f"generator_cpu_share_{which}", [load.cpu_s / load.seconds for load in loads], 3)
    report.baseline(f"empty_asgi_{which}", _rates(empty))
    report.ratio(f"http_single_vs_empty_{which}", _rates(loads), _rates(empty))
    p50 = statistics.median(load.p50_ms for load in loads)
    p99 = statistics.median(load.p99_ms for load in loads)
    report.ratios[f"p99_over_p50_{which}"] = round(p99 / p50, 2) if p50 else None


def _growth_in(report: Report, subject: _Subject, first: _Subject) -> None:
    """The rates of a larger registry, and the share that is left of the smallest one's, at the most clients."""
    for clients in CLIENTS:
        report.figure(f"acts_per_s_{clients}_clients_at_{subject.blocks}_blocks", _rates(subject.single[clients]))
    name = _GROWTH.get(subject.blocks, f"at_{subject.blocks}_vs_{first.blocks}")
    busiest = CLIENTS[-1]
    report.ratio(name, _rates(subject.single[busiest]), _rates(first.single[busiest]))
    for clients in CLIENTS[:-1]:
        report.ratio(f"{name}_{clients}_clients", _rates(subject.single[clients]), _rates(first.single[clients]))


def _rates(loads: Sequence[Load]) -> list[float]:
    return [load.per_second for load in loads]
