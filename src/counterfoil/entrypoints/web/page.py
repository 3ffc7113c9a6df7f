"""What a page is: a row with its path, its handler, and what it answers.

A handler is asynchronous and gets a `Visit`. Most pages only read: `reading` makes a handler of a plain function that
looks at the books in a reader's thread, where the page is rendered too, so that the event loop stays free for acts.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.web.reply import Gone, Reply, Sent, Shown, Streamed
from counterfoil.entrypoints.web.visit import Visit

__all__ = ["Gone", "Handler", "PageRow", "Reply", "Sent", "Shown", "Streamed", "reading"]

Handler: TypeAlias = Callable[[Visit], Awaitable[Reply | Refusal]]


@dataclass(frozen=True, slots=True)
class PageRow:
    """One page: who may come is said by the rows `GET path` and `POST path` of the permission table.

    Without `token`, a form needs no token of a session, only to be sent by a page of ours: for signing in, where the
    browser may have got another session since the page was shown. A page that `resumes` takes a form back whose
    session had ended: sent with `resume=yes`, it is shown filled in, and nothing is done.
    """

    path: str
    get: Handler | None = None
    post: Handler | None = None
    token: bool = True
    resumes: bool = False

    @property
    def methods(self) -> tuple[str, ...]:
        return tuple(name for name, handler in (("GET", self.get), ("POST", self.post)) if handler is not None)


def reading(question: Callable[[Sight, Visit], Reply | Refusal]) -> Handler:
    """The handler of a page that only reads: `question` runs in a reader's thread, and so does the rendering."""

    async def handler(visit: Visit) -> Reply | Refusal:
        return await visit.ask(lambda sight: visit.rendered(question(sight, visit), sight))

    return handler
