"""The table of checks, put together, and how an observation becomes a finding.

The checks themselves are data in `listed/`. Those without a function are made while a workbook is read
(`aef_tables.py`, `aef_parse.py`, `aef_cells.py`) or when versions are put in order (`arrival.py`). Ids are those of
rulebook 5.3 and are never reused.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from counterfoil.domain.reporting.consistency.check import Check
from counterfoil.domain.reporting.consistency.listed.action_checks import ACTION_CHECKS
from counterfoil.domain.reporting.consistency.listed.authorization_checks import AUTHORIZATION_CHECKS
from counterfoil.domain.reporting.consistency.listed.file_checks import FILE_CHECKS
from counterfoil.domain.reporting.consistency.listed.history_checks import HISTORY_CHECKS
from counterfoil.domain.reporting.consistency.listed.holding_checks import HOLDING_CHECKS
from counterfoil.domain.reporting.consistency.listed.party_checks import PARTY_CHECKS
from counterfoil.domain.reporting.consistency.listed.submission_checks import SUBMISSION_CHECKS
from counterfoil.domain.reporting.consistency.listed.summary_checks import SUMMARY_CHECKS
from counterfoil.domain.reporting.consistency.world import World
from counterfoil.domain.reporting.finding import Finding, Observation
from counterfoil.domain.reporting.records import Records

CHECKS: Final[tuple[Check, ...]] = (
    *FILE_CHECKS,
    *SUBMISSION_CHECKS,
    *AUTHORIZATION_CHECKS,
    *ACTION_CHECKS,
    *HISTORY_CHECKS,
    *HOLDING_CHECKS,
    *PARTY_CHECKS,
    *SUMMARY_CHECKS,
)

BY_ID: Final[Mapping[str, Check]] = {check.id: check for check in CHECKS}


def finding(check_id: str, observation: Observation) -> Finding:
    """An observation under the identity and the weight of its check."""
    check = BY_ID[check_id]
    return Finding(
        check=check.id,
        aliases=check.aliases,
        severity=observation.severity or check.severity,
        text_key=f"{check.id}.{observation.case}",
        place=observation.place,
        facts=observation.facts,
        serials=observation.serials,
    )


def consistency_findings(world: World) -> Iterator[Finding]:
    """Run every check that looks at submissions and has what it needs, in the order of the table."""
    for check in CHECKS:
        if check.run is not None and is_made(check, world.records):
            for observation in check.run(world):
                yield finding(check.id, observation)


def is_made(check: Check, records: Records) -> bool:
    """Whether everything that the check needs was given. What is not made is never counted as passed."""
    return all(getattr(records, name) is not None for name in check.needs)


def not_made(records: Records) -> tuple[str, ...]:
    """The ids of the checks that nobody can make without more records."""
    return tuple(check.id for check in CHECKS if not is_made(check, records))
