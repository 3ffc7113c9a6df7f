"""One request of a page: who asks, in which language, and how a page reaches books, office and writer."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlencode

from starlette.requests import Request

from counterfoil.application.command import Command
from counterfoil.application.draft import Outcome
from counterfoil.application.office.ports import Office
from counterfoil.application.office.secret import csrf_token
from counterfoil.application.office.sessions import Bearer
from counterfoil.application.ports import Outage
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.standing import Standing
from counterfoil.entrypoints.http.asked import Told
from counterfoil.entrypoints.http.caller import Caller
from counterfoil.entrypoints.http.exchange import Header
from counterfoil.entrypoints.http.office.door import COOKIE, cookie
from counterfoil.entrypoints.http.problem import language_of
from counterfoil.entrypoints.language import Texts, language_named
from counterfoil.entrypoints.web.form import Form
from counterfoil.entrypoints.web.ground import Ground
from counterfoil.entrypoints.web.reply import Reply, Shown
from counterfoil.entrypoints.web.wording import Wording

T = TypeVar("T")
LANGUAGE: Final = "counterfoil-language"
"""The cookie that remembers a chosen language; it says nothing else about anybody."""
YEAR_SECONDS: Final = 365 * 24 * 60 * 60
QUERY_VALUE_MAX: Final = 300
_PLAIN: Final = re.compile(r"[A-Za-z0-9:@,+._~-]+\Z")


def _segment(text: str) -> str:
    """A segment of a path; most need no quoting, and a list asks for a hundred of them."""
    return text if _PLAIN.match(text) else quote(text, safe=":@,+")


@dataclass(frozen=True, slots=True)
class Printed:
    """A page that was rendered where the books were read."""

    shown: Shown
    body: str


class Visit:
    """One request, as handlers of pages see it. A visit belongs to one request and is used by one thread at a time."""

    def __init__(self, request: Request, ground: Ground, render: "Callable[[Visit, Shown, Sight], str]") -> None:
        self.request = request
        self.ground = ground
        self._render = render
        self.moment_asked = False
        """Whether the page has looked which moment its address names: see `moment.py`."""
        self.form = Form()
        """What a form sent, after its token was checked: see `form.py`."""

    @cached_property
    def query(self) -> Mapping[str, str]:
        """The query's values, each cut to a bound; of a repeated one, the last."""
        return {name: value[:QUERY_VALUE_MAX] for name, value in self.request.query_params.items()}

    @property
    def path(self) -> Mapping[str, str]:
        """The parameters of the path."""
        values: Mapping[str, str] = self.request.path_params
        return values

    @cached_property
    def language(self) -> str:
        """`?lang=` wins, then what was chosen before, then what the browser likes better."""
        asked = language_named(self.query.get("lang", "")) or language_named(cookie(self.request.scope, LANGUAGE))
        return asked or language_of(self.request.scope["headers"])

    @cached_property
    def texts(self) -> Texts:
        return Texts(self.language)

    @cached_property
    def wording(self) -> Wording:
        return Wording(self.language)

    @cached_property
    def today(self) -> date:
        """The day in UTC, as the ledger dates acts."""
        return datetime.fromtimestamp(self.ground.clock.now_ms() / 1000, UTC).date()

    @cached_property
    def now_ms(self) -> int:
        return self.ground.clock.now_ms()

    # Where things are: every link is relative, so that pages work below any path of a proxy or an installation.

    @cached_property
    def root(self) -> str:
        raw: bytes = self.request.scope.get("raw_path") or self.request.scope["path"].encode()
        depth = raw.partition(b"?")[0].count(b"/") - 1
        return "../" * depth or "./"

    def url(self, *segments: object, **query: object) -> str:
        """The relative address of a page: segments are quoted one by one, empty parameters left out.

        >>> visit.url("activities", "EBUS 1", lang="en")  # doctest: +SKIP
        '../activities/EBUS%201?lang=en'
        """
        path = "/".join([_segment(str(segment)) for segment in segments])
        if not query and not self._carries_language:
            return self.root + path
        kept = {name: value for name, value in query.items() if value not in ("", None)}
        of_programs = len(segments) > 1 and segments[0] == "api"  # they know no such parameter, and refuse it
        if self._carries_language and "lang" not in kept and not of_programs:
            kept["lang"] = self.language
        return f"{self.root}{path}{'?' + urlencode(kept) if kept else ''}"

    def here(self, **query: object) -> str:
        """This page with other parameters; an empty one is taken away."""
        kept: dict[str, object] = {**self.query, **query}
        kept = {name: value for name, value in kept.items() if value not in ("", None)}
        # A reference that is only a query keeps the path, whatever stands before it.
        return f"?{urlencode(kept)}"

    @cached_property
    def _carries_language(self) -> bool:
        """A language chosen by the address stays in it until the browser has kept it; some places keep no cookies."""
        return "lang" in self.query and not cookie(self.request.scope, LANGUAGE)

    def language_headers(self) -> tuple[Header, ...]:
        """Keep a language that the address named."""
        if language_named(self.query.get("lang", "")) is None or cookie(self.request.scope, LANGUAGE) == self.language:
            return ()
        value = f"{LANGUAGE}={self.language}; Path=/; Max-Age={YEAR_SECONDS}; SameSite=Lax; HttpOnly"
        return ((b"set-cookie", value.encode()),)

    # Who asks.

    @cached_property
    def bearer(self) -> Bearer | None:
        """Who is signed in, on public pages too; nobody where a session is over."""
        found = self.ground.door.bearer(self.request.scope)
        return found if isinstance(found, Bearer) else None

    @property
    def caller(self) -> Caller | None:
        """Who was admitted to this page; None on a public one."""
        found: Caller | None = self.request.scope.get("caller")
        return found

    @property
    def standing(self) -> Standing | None:
        return None if self.bearer is None else self.bearer.standing

    @cached_property
    def csrf(self) -> str:
        """What every form of somebody signed in carries."""
        secret = cookie(self.request.scope, COOKIE)
        return csrf_token(secret) if secret else ""

    @cached_property
    def typed_by(self) -> str:
        """The mark of who is signed in, for the forms of the page; empty where nobody is. It is no secret."""
        return "" if self.bearer is None else sha256(f"form:{self.bearer.session.person}".encode()).hexdigest()[:16]

    def may(self, action: str) -> bool:
        """Whether who asks may use a command (`Authorize`) or a page (`GET /desk/tasks`), as far as roles say."""
        right = self.ground.gate.table.routes.get(action)
        if right is not None and right.public:
            return True
        if self.standing is not None:
            return self.ground.gate.table.permissions.reach(self.standing, action) is not None
        return self.caller is not None and self.caller.administers

    # What a page asks, away from the event loop.

    async def ask(self, question: Callable[[Sight], T]) -> T:
        """The answer from the books, in a reader's thread."""
        return await self.ground.room.ask(question)

    async def in_office(self, work: Callable[[Office], T], *, hashing: bool = False, create: bool = False) -> T | None:
        """What the office's store says, in its threads; None where there is no office."""

        def run() -> T | None:
            office = self.ground.door.at_hand.office(create=create)
            return None if office is None else work(office)

        return await self.ground.workroom.do(run, hashing=hashing)

    async def aside(self, work: Callable[[], T]) -> T:
        """Work that may wait for the writer's thread, or for files: never on the event loop."""
        return await self.ground.workroom.do(work, hashing=False)

    async def act(self, command: Command) -> Outcome:
        """Submit an act in the name of who was admitted: a receipt, a refusal or an outage."""
        assert self.caller is not None, "the page is closed to strangers"
        refused = self.caller.permitted(command)
        if refused is not None:
            return refused
        try:
            return await self.ground.desk.act(self.caller.submission(command))
        except Outage as outage:
            return outage

    def rendered(self, reply: Reply | Refusal, sight: Sight) -> Any:
        """A page rendered here and now; anything else as it is. For handlers that run in a reader's thread."""
        return Printed(reply, self._render(self, reply, sight)) if isinstance(reply, Shown) else reply

    def refuse(self, fault: Refusal | Outage) -> Told:
        """To be raised where a page cannot go on."""
        return Told(fault)
