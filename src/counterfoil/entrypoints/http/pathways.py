"""Where an activity belongs, over HTTP: the questions, and the pathways for answers. Open to all; nothing is kept."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.application.ports import Clock
from counterfoil.application.queries.pathway import pathway_view
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.routing import BOOK, answers_from
from counterfoil.entrypoints.http.asked import Told, unreadable
from counterfoil.entrypoints.http.exchange import GUARD, JSON_TYPE, UNKEPT, read_body
from counterfoil.entrypoints.http.reading_room import ReadingRoom
from counterfoil.entrypoints.laws_at_hand import LawsAtHand
from counterfoil.entrypoints.pathway_answers import BYTES_MAX, AnswersFault, json_object
from counterfoil.entrypoints.pathway_answers import unreadable as answers_unreadable

QUESTIONS: Final = "/api/v1/pathway/questions"
PLACE: Final = "/api/v1/pathway"
MEMBERS: Final = ("jurisdiction", "on", "answers")
_CODE: Final = re.compile(r"[A-Z]{3}\Z")
_ENCODER: Final = msgspec.json.Encoder()


class Pathways:
    """The two routes of the pathways. The work is done in the reading room, so that it is bounded and never hurries."""

    def __init__(self, room: ReadingRoom, clock: Clock | None = None) -> None:
        self._room = room
        self._clock = clock or SystemClock()
        self._laws = LawsAtHand()

    def routes(self) -> list[Route]:
        return [Route(QUESTIONS, self._questions), Route(PLACE, self._place, methods=["POST"])]

    async def _questions(self, request: Request) -> Response:
        """Every question for a jurisdiction, before anything is answered."""
        asked = request.query_params
        for name, value in asked.multi_items():
            if name not in MEMBERS[:2]:
                raise unreadable(name, value)
        day = self._day(asked["on"]) if "on" in asked else self._today()
        if day is None:
            raise unreadable("on", asked["on"])
        view = await self._room.ask(partial(self._view, asked.get("jurisdiction", ""), day, {}))
        shown = ("jurisdiction", "title", "on", "packs", "questions")
        return _answered({name: view[name] for name in shown})

    async def _place(self, request: Request) -> Response:
        """The pathways for a body with a jurisdiction and answers."""
        body = await read_body(request.receive, bytes_max=BYTES_MAX)
        found = body if isinstance(body, Refusal) else json_object(body, "body")
        if isinstance(found, Refusal):
            raise Told(found)
        answers = found.get("answers", {})
        day = self._day(found["on"]) if "on" in found else self._today()
        wrong = next((name for name in found if name not in MEMBERS), "" if isinstance(answers, dict) else "answers")
        if wrong or day is None:
            raise Told(answers_unreadable("body", (wrong or "on")[:60]))
        return _answered(await self._room.ask(partial(self._view, str(found.get("jurisdiction", "")), day, answers)))

    def _view(self, jurisdiction: str, on: date, raw: Mapping[str, Any], sight: Sight) -> dict[str, Any]:
        """In a reader's thread: the packs are files."""
        del sight
        name = jurisdiction.lower() if _CODE.match(jurisdiction) else ""
        law = self._laws.law(name) if name in self._laws.names() else None
        book = self._laws.law(BOOK)
        if law is None or book is None:
            raise Told(Refusal(AnswersFault.NO_LAW, {"jurisdiction": jurisdiction[:60] or "-"}))
        answers = answers_from(book, law, raw, on)
        if isinstance(answers, Refusal):
            raise Told(answers)
        return pathway_view(book, law, answers, on)

    def _today(self) -> date:
        return datetime.fromtimestamp(self._clock.now_ms() // 1000, UTC).date()

    @staticmethod
    def _day(text: Any) -> date | None:
        try:
            return date.fromisoformat(text) if isinstance(text, str) and len(text) == 10 else None
        except ValueError:
            return None


def _answered(view: Mapping[str, Any]) -> Response:
    body = _ENCODER.encode(view)
    response = Response(status_code=200)
    response.body = body
    length = (b"content-length", str(len(body)).encode())
    response.raw_headers = [(b"content-type", JSON_TYPE), length, *GUARD, UNKEPT]
    return response
