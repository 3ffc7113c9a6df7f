"""What the repetitions of the ledger's measurement found, and the report that is made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from counterfoil.application.writer import BATCH_MAX
from counterfoil.entrypoints.bench.latency import Latency
from counterfoil.entrypoints.bench.report import Report, over
from counterfoil.entrypoints.bench.rival import Contest

BATCHES: Final = tuple(sorted({batch for batch in (64, 1_024, 2_048, 8_192) if batch <= BATCH_MAX}))
TOP: Final = BATCHES[-1]
"""What the writer takes at once when enough waits: the batch of the headline figures."""
CONNECTIONS: Final = 8


@dataclass(slots=True)
class Rates:
    """What each repetition found: acts per second by size of batch, and the shares beside them."""

    acts: dict[int, list[float]] = field(default_factory=lambda: {batch: [] for batch in BATCHES})
    raw: dict[int, list[float]] = field(default_factory=lambda: {batch: [] for batch in BATCHES})
    tree: dict[int, list[float]] = field(default_factory=lambda: {batch: [] for batch in BATCHES})
    transfers: list[float] = field(default_factory=list)
    first_transfers: list[float] = field(default_factory=list)
    slow: list[float] = field(default_factory=list)
    writer_cpu_us: list[float] = field(default_factory=list)
    generator_cpu_us: list[float] = field(default_factory=list)
    act_bytes: int = 420


def report_of(rates: Rates, contests: Mapping[str, Contest], late: Mapping[str, Contest], latency: Latency) -> Report:
    """Medians, baselines and ratios. `late` are the rivals on the disk that is a millisecond slower."""
    report = Report()
    report.figures = {
        "durable": bool(contests),
        "repetitions": len(rates.transfers),
        "batch": TOP,
        "journal_bytes_per_act": rates.act_bytes,
    }
    report.figure("acts_per_s", rates.acts[TOP])
    for batch in BATCHES:
        report.figure(f"acts_per_s_batch_{batch}", rates.acts[batch])
        report.baseline(f"raw_insert_batch_{batch}", rates.raw[batch])
        report.ratio(f"vs_raw_insert_batch_{batch}", rates.acts[batch], rates.raw[batch])
        report.figure(f"merkle_share_batch_{batch}", rates.tree[batch], 3)
    report.figure("transfers_only_per_s", rates.transfers)
    report.figure("first_transfers_only_per_s", rates.first_transfers)
    report.figure("acts_per_s_1ms", rates.slow)
    report.figure("writer_cpu_us_per_act", rates.writer_cpu_us, 1)
    report.figure("generator_cpu_us_per_act", rates.generator_cpu_us, 1)
    _rivals_in(report, rates, contests, late)
    report.baseline("raw_insert", rates.raw[TOP])
    report.ratio("vs_raw_insert", rates.acts[TOP], rates.raw[TOP])
    report.ratio("merkle_share", rates.tree[TOP], [1.0] * len(rates.tree[TOP]))
    _latency_in(report, latency)
    return report


def _rivals_in(report: Report, rates: Rates, contests: Mapping[str, Contest], late: Mapping[str, Contest]) -> None:
    """Each rival, and of the tuned ones the faster, which is the one that counts."""
    orm = next((contest.rates for kind, contest in contests.items() if kind.startswith("orm")), [])
    report.baseline("orm_per_request", orm)
    report.ratio("vs_orm", rates.acts[TOP], orm, 1)
    for suffix, found, own in (("", contests, rates.acts[TOP]), ("_1ms", late, rates.slow)):
        tuned = {kind: contest for kind, contest in found.items() if kind.startswith("tuned")}
        best = max(tuned.values(), key=lambda contest: contest.median, default=None)
        report.baseline(f"tuned_per_request{suffix}", best.rates if best else [])
        report.ratio(f"vs_tuned{suffix}", own, best.rates if best else [], 1)
        for kind, lanes in (("tuned_pg_1", 1), ("tuned_pg_8", CONNECTIONS)):
            if kind in tuned:
                report.baseline(f"tuned_per_request{suffix}_{lanes}_connections", tuned[kind].rates)
                report.ratio(f"vs_tuned{suffix}_{lanes}_connections", own, tuned[kind].rates, 1)


def _latency_in(report: Report, latency: Latency) -> None:
    report.figures |= {
        "latency_acts": latency.acts,
        "latency_rate_per_s": round(latency.rate_per_s),
        "p50_ms": latency.p50_ms,
        "p99_ms": latency.p99_ms,
        "max_ms": latency.max_ms,
        "late": latency.late,
        "lost": latency.lost,
        "latency_generator_cpu_us_per_act": latency.generator_cpu_us,
    }
    report.ratios["p99_over_p50"] = over(latency.p99_ms, latency.p50_ms)
