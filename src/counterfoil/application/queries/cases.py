"""Cases about units of which a partner's book says something else, and what may be done about each."""

from typing import Any

from counterfoil.application.command import SELF
from counterfoil.application.commands.close_case import CloseCaseFault, ways_of
from counterfoil.application.commands.open_case import CASE, CaseRecord, CaseState
from counterfoil.application.commands.recover import RECONCILED, RECOVERY, Recovery
from counterfoil.application.queries.sight import Sight
from counterfoil.application.reconciling.case_book import all_cases
from counterfoil.domain.federation.case import CaseKind, Mender
from counterfoil.domain.kernel.record import from_json, to_json
from counterfoil.domain.kernel.refusal import Refusal


def cases(sight: Sight, *, every: bool) -> dict[str, Any]:
    """The open cases, or every one; how the books compared with each partner last; and whom a recovery waits for."""
    found = [
        _line(case) for case in all_cases(sight.reading, sight.codec) if every or case.state is not CaseState.CLOSED
    ]
    compared = [{"partner": row.key, **sight.codec.decode(row.value)} for row in sight.reading.records(RECONCILED)]
    row = sight.reading.record(RECOVERY, SELF)
    recovery = None if row is None else from_json(Recovery, sight.codec.decode(row.value))
    return {
        "cases": found,
        "reconciliations": compared,
        "waiting": [] if recovery is None else list(recovery.waiting),
        "set_aside": [] if recovery is None else list(recovery.set_aside),
    }


def case_of(sight: Sight, key: str) -> dict[str, Any] | Refusal:
    """One case with what both books say, the accounts in which its units stand here, and the way to mend it."""
    row = sight.reading.record(CASE, key)
    if row is None:
        return Refusal(CloseCaseFault.UNKNOWN, {"case": key[:80]})
    case = from_json(CaseRecord, sight.codec.decode(row.value))
    view: Any = to_json(case)
    return {**view, "ways": list(ways_of(case)), "mend": mending(case), "quantity": quantity(case)}


def _line(case: CaseRecord) -> dict[str, Any]:
    return {
        "case": case.id,
        "partner": case.partner,
        "kind": case.kind.value,
        "mender": case.mender.value,
        "state": case.state.value,
        "blocked": case.blocked and case.state is CaseState.OPEN,
        "units": quantity(case),
        "opened_on": case.opened_on.isoformat(),
    }


def quantity(case: CaseRecord) -> int:
    """How many units a case is about."""
    return sum(units.last - units.first + 1 for units in case.units)


def mending(case: CaseRecord) -> str:
    """What is to be done next, as the name of a text."""
    if case.state is not CaseState.OPEN:
        return case.state.value
    if case.kind is CaseKind.FORKED:
        return "forked"
    if case.mender is Mender.US:
        return "give_up" if case.kind is CaseKind.IN_BOTH else "take"
    return "partner" if case.mender is Mender.THEM else "unproven"
