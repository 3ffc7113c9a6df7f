"""Proposals in the office's file."""

from collections.abc import Sequence
from dataclasses import astuple
from typing import Any, Final

import msgspec

from counterfoil.adapters.office.file import OfficeFile
from counterfoil.application.office.proposal import Proposal, ProposalState, Signature

_COLUMNS: Final = (
    "id, name, command, person, organisation, approvals, made_ms, ends_ms, state, changed_ms, why, closed_by, reason, "
    "entry, giver"
)
_MARKS: Final = ", ".join("?" * 15)


class SqliteProposals:
    """Every change stands inside the office's `change()`."""

    __slots__ = ("_file",)

    def __init__(self, file: OfficeFile) -> None:
        self._file = file

    def add(self, proposal: Proposal) -> None:
        self._file.run(f"INSERT INTO proposal ({_COLUMNS}) VALUES ({_MARKS})", _row(proposal))  # noqa: S608

    def get(self, name: str) -> Proposal | None:
        rows = self._file.rows(f"SELECT {_COLUMNS} FROM proposal WHERE id = ?", (name,))  # noqa: S608
        return _proposal(rows[0]) if rows else None

    def put(self, proposal: Proposal) -> None:
        changed = (
            _approvals(proposal),
            proposal.state.value,
            proposal.changed_ms,
            proposal.closed_by,
            proposal.reason,
            proposal.entry,
            proposal.id,
        )
        self._file.run(
            "UPDATE proposal SET approvals = ?, state = ?, changed_ms = ?, closed_by = ?, reason = ?, entry = ? "
            "WHERE id = ?",
            changed,
        )

    def open_of(self, person: str, *, now_ms: int) -> int:
        sql = "SELECT count(*) FROM proposal WHERE person = ? AND state = 'open' AND ends_ms > ?"
        found: int = self._file.rows(sql, (person, now_ms))[0][0]
        return found

    def listed(
        self, *, state: ProposalState | None, organisation: str | None, now_ms: int, before: int, limit: int
    ) -> Sequence[tuple[int, Proposal]]:
        where, values = ["number < :before"], {"before": before, "limit": limit, "now": now_ms}
        wanted: dict[str, Any] = dict(values)
        match state:
            case ProposalState.OPEN:
                where.append("state = 'open' AND ends_ms > :now")
            case ProposalState.EXPIRED:
                where.append("(state = 'expired' OR (state = 'open' AND ends_ms <= :now))")
            case ProposalState():
                where.append("state = :state")
                wanted["state"] = state.value
        if organisation is not None:
            where.append("organisation = :organisation")
            wanted["organisation"] = organisation
        sql = (
            f"SELECT number, {_COLUMNS} FROM proposal WHERE {' AND '.join(where)} "  # noqa: S608  words of ours only
            "ORDER BY number DESC LIMIT :limit"
        )
        return [(row[0], _proposal(row[1:])) for row in self._file.rows(sql, wanted)]


def _row(proposal: Proposal) -> tuple[Any, ...]:
    return (
        proposal.id,
        proposal.name,
        proposal.command,
        proposal.initiator.person,
        proposal.initiator.organisation,
        _approvals(proposal),
        proposal.made_ms,
        proposal.ends_ms,
        proposal.state.value,
        proposal.changed_ms,
        proposal.why,
        proposal.closed_by,
        proposal.reason,
        proposal.entry,
        proposal.initiator.giver,
    )


def _approvals(proposal: Proposal) -> str:
    return msgspec.json.encode([astuple(each) for each in proposal.signatures[1:]]).decode()


def _proposal(row: Sequence[Any]) -> Proposal:
    name, act, command, person, organisation, approvals, made_ms, ends_ms, state, *rest, giver = row
    given = (Signature(*each) for each in msgspec.json.decode(approvals))
    signatures = (Signature(person, organisation, giver), *given)
    return Proposal(name, act, command, signatures, made_ms, ends_ms, ProposalState(state), *rest)
