"""Which serials our own cross-checks propose to hold, and whose results a new version may change.

A proposal is a value in a report. Only the imported result of the secretariat, or the authority, places a hold, on
exactly these serials, and releases it with a public reason.

Source: 4/CMA.6 paras. 39-40; rulebook 5.1, 5.3 (run order).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_rows import Submission
from counterfoil.domain.reporting.consistency.registered import BY_ID
from counterfoil.domain.reporting.consistency.world import parsed_id
from counterfoil.domain.reporting.finding import Finding, Serials, Severity
from counterfoil.domain.units.identifier import identifier


@dataclass(frozen=True, slots=True)
class ProposedHold:
    """Serials of one class, both ends included, and the checks that found them inconsistent."""

    key: str
    first: int
    last: int
    checks: tuple[str, ...]

    @property
    def first_id(self) -> str:
        return identifier(self.key, self.first)

    @property
    def last_id(self) -> str:
        return identifier(self.key, self.last)


def proposed_holds(findings: Iterable[Finding]) -> tuple[ProposedHold, ...]:
    """The inconsistent serials of all findings, overlapping and adjacent ranges of one class as one.

    Source: 4/CMA.6 para. 40.
    """
    found: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for finding in findings:
        if finding.severity is Severity.INCONSISTENT and BY_ID[finding.check].proposes_hold:
            serials = finding.serials or _of_row(finding)
            if serials is not None:
                found[serials[0]].append((serials[1], serials[2], finding.check))
    return tuple(hold for key in sorted(found) for hold in _joined(key, sorted(found[key])))


def _of_row(finding: Finding) -> Serials | None:
    first, last = parsed_id(finding.place.first_id or ""), parsed_id(finding.place.last_id or "")
    if isinstance(first, Refusal) or isinstance(last, Refusal) or first.key != last.key:
        return None
    return (first.key, first.serial, last.serial) if first.serial <= last.serial else None


def _joined(key: str, ranges: list[tuple[int, int, str]]) -> Iterator[ProposedHold]:
    low, high, checks = ranges[0][0], ranges[0][1], {ranges[0][2]}
    for first, last, check in ranges[1:]:
        if first > high + 1:
            yield ProposedHold(key, low, high, tuple(sorted(checks)))
            low, high, checks = first, last, {check}
        else:
            high = max(high, last)
            checks.add(check)
    yield ProposedHold(key, low, high, tuple(sorted(checks)))


def touched_parties(before: Submission | None, after: Submission, others: Iterable[Submission]) -> tuple[str, ...]:
    """The Parties whose checks must run again when `after` replaces `before`, without the submitting Party itself.

    These are the Parties that either version names, and those whose own reports name the submitting Party: a result can
    change for someone who did not resubmit. `others` are the active submissions of all Parties.

    Source: 6/CMA.4 annex I paras. 37-39; rulebook 5.3 (run order).
    """
    named = set(_named(after)) | (set(_named(before)) if before is not None else set())
    named |= {other.party for other in others if after.party in set(_named(other))}
    return tuple(sorted(named - {after.party}))


def _named(submission: Submission) -> Iterator[str]:
    for granted in submission.authorizations:
        yield from granted.authorized_party_ids
    for row in submission.actions:
        parties = (row.transferring_party_id, row.acquiring_party_id, row.using_cancelling_party_id)
        yield row.first_transferring_party_id
        yield from (party for party in parties if party is not None)
    for held in submission.holdings:
        yield held.first_transferring_party_id
