"""Which submission counts: versions in the order in which they arrived, C04 and C05.

A correction is a new version that replaces the older one as a whole. Arrival is by date of submission, and within one
day by version and then by file name: the order in which files are given never decides what counts.

Source: 4/CMA.6 para. 32; 2/CMA.3 annex para. 34; rulebook 4.7.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from counterfoil.domain.reporting.filed import Filed
from counterfoil.domain.reporting.finding import Observation


@dataclass(frozen=True, slots=True)
class Arrived:
    """The active submissions, one per Party and reported year, and what was seen about the others."""

    active: tuple[Filed, ...]
    duplicates: tuple[Observation, ...]
    obsolete: tuple[Observation, ...]


def arrived(filed: Sequence[Filed]) -> Arrived:
    """Put submissions in order and keep the latest accepted version of each Party and year."""
    active: dict[tuple[str, int], Filed] = {}
    duplicates: list[Observation] = []
    obsolete: list[Observation] = []
    for one in sorted(filed, key=lambda filed: (filed.submission.submitted_on, filed.version, filed.file)):
        latest = active.get((one.party, one.year))
        if latest is not None and one.version <= latest.version:
            facts: dict[str, str | int] = {
                "party": one.party,
                "year": one.year,
                "version": one.submission.version,
                "latest": latest.submission.version,
                "other": latest.file,
            }
            kind, case = (duplicates, "again") if one.version == latest.version else (obsolete, "older")
            kind.append(Observation(case, one.heading_place("version"), facts))
            continue
        active[one.party, one.year] = one
    kept = {id(one) for one in active.values()}
    return Arrived(tuple(one for one in filed if id(one) in kept), tuple(duplicates), tuple(obsolete))
