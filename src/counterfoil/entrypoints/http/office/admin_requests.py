"""The routes of what waits for a second administrator."""

from dataclasses import asdict
from typing import Any, Final

from counterfoil.application.office import trail
from counterfoil.application.office.admin_request import AdminRequest
from counterfoil.application.office.invitations import Invited
from counterfoil.application.office.ports import Office, Person
from counterfoil.application.office.two_administrators import OPEN_MAX, Personnel, confirm, reject
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.office.call import Access, Answer, Call, OfficeRoute, said
from counterfoil.entrypoints.http.office.signing_in import PLACE, Nothing
from counterfoil.entrypoints.personnel_at_hand import personnel_of

REQUESTS: Final = f"{PLACE}/requests"


def routes() -> tuple[OfficeRoute, ...]:
    """Look, confirm, reject."""

    def row(method: str, path: str, operation: str, summary: Any, run: Any) -> OfficeRoute:
        body = None if method == "GET" else Nothing
        return OfficeRoute(method, f"{REQUESTS}{path}", operation, summary, run, Access.BY_TABLE, body)

    return (
        row(
            "GET",
            "",
            "listAdminRequests",
            said("What waits for a second administrator", "待另一管理者確認之事項"),
            _list,
        ),
        row(
            "POST",
            "/{id}/confirm",
            "confirmAdminRequest",
            said("Confirm another's request", "確認他人之請求"),
            _confirm,
        ),
        row(
            "POST",
            "/{id}/reject",
            "rejectAdminRequest",
            said("Reject a request, or take it back", "駁回或撤回請求"),
            _no,
        ),
    )


def personnel(office: Office, call: Call) -> Personnel:
    """The people's office for who calls."""
    return personnel_of(office, None if call.bearer is None else call.bearer.standing)


def waiting(request: AdminRequest) -> Answer:
    """The answer that something waits for another administrator."""
    return Answer(shown(request), 202)


def shown(request: AdminRequest) -> dict[str, Any]:
    """A request as JSON."""
    facts = {name: value for name, value in asdict(request).items() if value not in ("", None)}
    return {**{name: value for name, value in facts.items() if name != "id"}, "request": request.id}


def shown_invitation(found: Invited) -> dict[str, Any]:
    """An invitation as JSON, with its secret."""
    return {"person": found.person.person, "invitation": found.secret, "ends_ms": found.ends_ms}


def _list(office: Office, call: Call) -> Answer | Refusal:
    now = office.clock.now_ms()
    found = [each for each in personnel(office, call).requests.listed(limit=OPEN_MAX) if now < each.ends_ms]
    return Answer({"items": [shown(each) for each in found], "on": trail.day_of(now)})


def _confirm(office: Office, call: Call) -> Answer | Refusal:
    found = confirm(personnel(office, call), call.path["id"])
    if isinstance(found, Refusal):
        return found
    if isinstance(found, Invited):
        return Answer(shown_invitation(found), 201)
    return Answer({"person": found.person, "state": found.state.value} if isinstance(found, Person) else {})


def _no(office: Office, call: Call) -> Answer | Refusal:
    found = reject(personnel(office, call), call.path["id"])
    return found if isinstance(found, Refusal) else Answer(shown(found))
