"""What a profile cannot say, asked before it is written, and a submission as cells without a file in between.

A serial alone names a unit only together with the registry that first recorded it, and the format has no column for
that registry. The profile that writes serials alone therefore takes the first registry of the host (`THA01`), or that
of the mechanism (`UN01`), and refuses units that were first recorded elsewhere rather than losing their identity.

Source: rulebook 4.8 (profiles, round trip).
"""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from itertools import chain

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_format import AefFormat
from counterfoil.domain.reporting.aef_layout import Link, aef_layout
from counterfoil.domain.reporting.aef_rows import ActionRow, HoldingRow, Submission
from counterfoil.domain.reporting.aef_terms import MECHANISM_APPROACH
from counterfoil.domain.reporting.aef_workbook import Cell, RawSheet, RawWorkbook
from counterfoil.domain.units.identifier import ItmoId


class AefProfileFault(StrEnum):
    OTHER_REGISTRY = "aef.profile.other_registry"


def first_registry(approach: str, host: str) -> str:
    """The registry that a serial alone is taken to come from.

    >>> first_registry("CA0001", "THA"), first_registry("CA9001", "THA")
    ('UN01', 'THA01')
    """
    return "UN01" if approach == MECHANISM_APPROACH else f"{host}01"


def profile_fault(submission: Submission, form: AefFormat) -> Refusal | None:
    """None when the profile can say everything, else `aef.profile.other_registry` with the first identifier."""
    if not form.plain_serials:
        return None
    rows: Iterator[ActionRow | HoldingRow] = chain(submission.actions, submission.holdings)
    for row in rows:
        for text in (row.first_id, row.last_id):
            if not _is_first(row, text):
                return Refusal(AefProfileFault.OTHER_REGISTRY, {"identifier": text[:80], "profile": form.profile})
    return None


def _is_first(row: ActionRow | HoldingRow, text: str) -> bool:
    identity = ItmoId.parse(text)
    if isinstance(identity, Refusal):
        return False
    columns = (row.cooperative_approach_id, row.first_transferring_party_id, row.vintage)
    registry = first_registry(identity.cooperative_approach, identity.party)
    return identity.registry == registry and columns == (
        identity.cooperative_approach,
        identity.party,
        identity.vintage,
    )


def raw_workbook(submission: Submission, form: AefFormat) -> RawWorkbook:
    """The cells of a submission as a reader would see them, with the time of an action where it has one."""
    sheets = []
    actions = form.table(3)
    for sheet in aef_layout(submission, form):
        rows = [[_cell(cell) for cell in row.cells] for row in sheet.rows]
        if sheet.name == actions.sheet and not form.moments_as_text:
            column = rows[3].index(actions.field_of("action_date").label)
            for cells, acted in zip(rows[4:], submission.actions, strict=True):
                if acted.action_time is not None:
                    cells[column] = datetime.combine(acted.action_date, acted.action_time)
        sheets.append(RawSheet(sheet.name, rows))
    return RawWorkbook(tuple(sheets))


def _cell(cell: object) -> Cell:
    return cell.sheet if isinstance(cell, Link) else cell  # type: ignore[return-value]
