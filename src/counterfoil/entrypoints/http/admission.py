"""The door of every route: asks who sends a request and whether they may, before anything of it is read."""

from collections.abc import Awaitable, Callable, Iterable

from starlette.routing import Route

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.caller import Callers
from counterfoil.entrypoints.http.exchange import Receive, Scope, Send, answer_problem
from counterfoil.entrypoints.http.problem import language_of, problem

Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class Admission:
    """An application behind the row of its route. Who was admitted stands in the scope as `caller`."""

    def __init__(self, application: Application, path: str, callers: Callers) -> None:
        self._application = application
        self._path = path
        self._callers = callers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope["method"]
        caller = self._callers.admitted(scope, f"{'GET' if method == 'HEAD' else method} {self._path}")
        if isinstance(caller, Refusal):
            told = problem(caller, instance=scope["path"], language=language_of(scope["headers"]))
            return await answer_problem(send, told)
        scope["caller"] = caller
        await self._application(scope, receive, send)


def guarded(routes: Iterable[Route], callers: Callers) -> list[Route]:
    """The same routes, each behind its door."""
    doors = list(routes)
    for route in doors:
        route.app = Admission(route.app, template(route), callers)
    return doors


def template(route: Route) -> str:
    """A route's path as the permission table and OpenAPI write it."""
    return route.path.replace(":path}", "}")


def rows_of(routes: Iterable[Route]) -> list[str]:
    """The rows that the table must have for these routes: method and path template. HEAD goes with GET."""
    methods = ((route, method) for route in routes for method in sorted(route.methods or ()))
    return [f"{method} {template(route)}" for route, method in methods if method != "HEAD"]
