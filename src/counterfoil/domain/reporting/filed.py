"""A submission together with the file and the cells that it was read from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from counterfoil.domain.reporting.aef_rows import Submission
from counterfoil.domain.reporting.aef_workbook import cell_name
from counterfoil.domain.reporting.filing import version_order
from counterfoil.domain.reporting.finding import Place


@dataclass(frozen=True, slots=True)
class TableOrigin:
    """Where a table stood: the sheet row of each row value and the column of each attribute, both from 0.

    For table 1, which is vertical, `columns` holds the sheet row of each attribute and `rows` its one value column.
    """

    sheet: str
    rows: Sequence[int]
    columns: Mapping[str, int]

    def cell(self, index: int, attribute: str) -> str:
        return cell_name(self.rows[index], self.columns[attribute])

    def value_cell(self, attribute: str) -> str:
        """The cell of a value of table 1."""
        return cell_name(self.columns[attribute], self.rows[0])


@dataclass(frozen=True, slots=True)
class Filed:
    """One submission as filed.

    `stood_in` names attributes of table 1 that could not be read and hold a stand-in; a check that needs one is silent.
    `unread_tables` names the tables of which some row could not be read; a check that concludes from the absence of a
    row in one of them is silent.
    """

    file: str
    submission: Submission
    origins: Mapping[int, TableOrigin]
    stood_in: frozenset[str] = frozenset()
    unread_tables: frozenset[int] = frozenset()

    @property
    def party(self) -> str:
        return self.submission.party

    @property
    def year(self) -> int:
        return self.submission.reported_year

    @property
    def version(self) -> tuple[int, int]:
        return version_order(self.submission.version)

    def heading_place(self, attribute: str) -> Place:
        """The cell of table 1 that holds the attribute."""
        origin = self.origins[1]
        return Place(file=self.file, party=self.party, sheet=origin.sheet, cell=origin.value_cell(attribute))
