"""The applications of an office, over its own file."""

from counterfoil.adapters.office.applications import SqliteApplications
from counterfoil.adapters.office.store import SqliteOffice
from counterfoil.application.office.ports import Office


def application_book(office: Office) -> SqliteApplications:
    """The book beside the others of the same file."""
    assert isinstance(office.store, SqliteOffice)
    return SqliteApplications(office.store.file)
