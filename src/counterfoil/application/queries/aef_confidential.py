"""Confidential fields of the annual information: sealed with the act, shown only to whom the report is made for.

An act seals a field of its rows under the name `aef_` and the field, such as `aef_using_cancelling_entity_id`. The
public leaf has its hash; the value lies among the openings and nowhere else. The public copy of a report shows the mark
of the format instead, and so does a report whose value was erased. A report that shows a value says so in its row.

Source: 2/CMA.3 annex para. 24; 6/CMA.4 main paras. 5-6.
"""

from dataclasses import dataclass, replace
from typing import Final

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.ledger.entry import JournalEntry
from counterfoil.domain.reporting.aef_format import AefFormat
from counterfoil.domain.reporting.aef_rows import ActionRow

PREFIX: Final = "aef_"
"""Before the name of a field of an action, in the confidential fields of a command."""
TEXT_MAX: Final = 1_000
"""Characters of a confidential value that a cell shows; longer ones are cut."""
_EXPLANATION: Final = "additional_explanatory_information"


@dataclass(frozen=True, slots=True)
class Confidential:
    """How a report treats confidential fields. Without it a row holds what the public leaf says, and nothing else."""

    form: AefFormat
    public: bool

    def row(self, sight: Sight, journal_entry: JournalEntry, row: ActionRow) -> ActionRow:
        """The row with the values that its act sealed, or the marks that stand for them."""
        sealed = [name for name in journal_entry.sealed if name.removeprefix(PREFIX) in self.form.confidential]
        sealed = [name for name in sealed if name.startswith(PREFIX)]
        if not sealed:
            return row
        opened = {} if self.public else _opened(sight, journal_entry.seq)
        values = {name.removeprefix(PREFIX): opened.get(name, self.form.confidential_mark) for name in sealed}
        told = [row.additional_explanatory_information, values.get(_EXPLANATION)]
        shown = sorted(name.removeprefix(PREFIX) for name in sealed if name in opened)
        if shown:
            labels = ", ".join(self.form.table(3).field_of(name).label for name in shown)
            told.append(f"[{self.form.confidential_mark}: {labels}]")
        if any(told):
            # What a demonstration says of itself stays in its row.
            values[_EXPLANATION] = " ".join(part for part in told if part)[:TEXT_MAX]
        return replace(row, **values)  # type: ignore[arg-type]


def _opened(sight: Sight, seq: int) -> dict[str, str]:
    """The values that can still be opened; an erased one cannot."""
    return {
        opening.field: str(sight.codec.decode(opening.value.encode()))[:TEXT_MAX]
        for opening in sight.reading.openings(seq)
    }
