"""The route of one's own tasks: what waits for who asks."""

from counterfoil.application.office.ports import Office
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.office.call import Access, Answer, Call, OfficeRoute, said
from counterfoil.entrypoints.http.office.signing_in import PLACE
from counterfoil.entrypoints.tasks_at_hand import shown, tasks_at_hand


def routes() -> tuple[OfficeRoute, ...]:
    summary = said("What waits for oneself", "待本人處理之事項")
    return (OfficeRoute("GET", f"{PLACE}/tasks", "listTasks", summary, _tasks, Access.SIGNED_IN),)


def _tasks(office: Office, call: Call) -> Answer | Refusal:
    assert call.bearer is not None, "the route asks for a session"
    return Answer({"items": [shown(each) for each in tasks_at_hand(office, call.bearer.standing)]})
