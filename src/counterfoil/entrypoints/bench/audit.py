"""How long the audit takes, in entries per second, beside the bare hashing that no audit can do without."""

import time
from collections.abc import Sequence

from counterfoil.adapters.signing.ed25519 import verify
from counterfoil.adapters.signing.trusted_key import trusted_key
from counterfoil.application.verification import audit_hashes
from counterfoil.domain.ledger.merkle import Frontier, leaf_hash
from counterfoil.entrypoints.bench.filled import Size, filled
from counterfoil.entrypoints.bench.ground import Ground
from counterfoil.entrypoints.bench.report import Report
from counterfoil.entrypoints.bootstrap import Folder, open_for_reading, verify_folder


def verification(place: Ground, *, size: Size) -> Report:
    """The whole audit, the pass over the hashes alone, and the rate at which one core hashes the leaves into a tree."""
    end = time.monotonic() + size.budget_s
    folder = filled(place, "audited", size)
    with open_for_reading(folder) as readable:
        leaves = [row.leaf for row in readable.reading.journal()]
    audits: list[float] = []
    passes: list[float] = []
    bare: list[float] = []
    for number in range(size.times):
        if number and time.monotonic() > end:
            break
        place.look_at_disk()
        audits.append(len(leaves) / _audited(folder))
        passes.append(len(leaves) / _hashes_passed(folder))
        bare.append(len(leaves) / _hashed(leaves))
    report = Report(figures={"entries": len(leaves), "repetitions": len(audits)})
    report.figure("audit_entries_per_s", audits)
    report.figure("hashes_only_entries_per_s", passes)
    report.baseline("leaf_hashes", bare)
    report.ratio("audit_vs_hash", audits, bare)
    report.ratio("verify_vs_hash", passes, bare)
    return report


def _audited(folder: Folder) -> float:
    """Seconds for everything: decode, encode again, hash, replay, compare every table."""
    begun = time.perf_counter()
    found = verify_folder(folder)
    seconds = time.perf_counter() - begun
    assert not found.findings, found.findings
    return seconds


def _hashes_passed(folder: Folder) -> float:
    """Seconds for reading the journal, hashing it again and checking each signed checkpoint."""
    public_key = trusted_key(folder.public_key)
    begun = time.perf_counter()
    with open_for_reading(folder) as readable:
        found = audit_hashes(readable.reading, readable.codec, verify=verify, public_key=public_key)
    seconds = time.perf_counter() - begun
    assert not found.findings, found.findings
    return seconds


def _hashed(leaves: Sequence[bytes]) -> float:
    begun = time.perf_counter()
    Frontier().extended([leaf_hash(leaf) for leaf in leaves]).root()
    return time.perf_counter() - begun
