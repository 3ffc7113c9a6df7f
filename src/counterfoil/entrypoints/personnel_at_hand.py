"""The part of an open office in which people's powers are changed."""

from counterfoil.adapters.office.admin_requests import SqliteAdminRequests
from counterfoil.adapters.office.store import SqliteOffice
from counterfoil.application.office.ports import Office
from counterfoil.application.office.two_administrators import Personnel
from counterfoil.domain.people.standing import Standing
from counterfoil.entrypoints.retention_rules import retention_rules


def personnel_of(office: Office, who: Standing | None = None) -> Personnel:
    """For somebody who asks; for the folder's owner where nobody is named."""
    assert isinstance(office.store, SqliteOffice)
    rules = retention_rules(office.store.file.path.parent)
    return Personnel(office, SqliteAdminRequests(office.store.file), rules, who)
