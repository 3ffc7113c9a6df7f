"""`GET /metrics`: the service in numbers, as Prometheus and the collector of OpenTelemetry read them.

Only the folder's owner, and who has a token that may read, gets them: they tell who trades with whom, and how much.
Nothing is measured before somebody has asked once, and the library is loaded then. Counters come from the books and
the letter book, so they do not begin anew with the process.
"""

import asyncio
import time
from collections import Counter as Tally
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from counterfoil.application.commands.abroad import TRANSFER
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.federation.link import PARTNER
from counterfoil.entrypoints.http.exchange import UNKEPT, Receive, Scope, Send, answer
from counterfoil.entrypoints.http.reading_room import ReadingRoom
from counterfoil.entrypoints.links_at_hand import LinksAtHand

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

METRICS: Final = "/metrics"
MEDIA_TYPE: Final = b"text/plain; version=0.0.4; charset=utf-8"
REST: Final = 20
"""Transfers are counted again after so many times as long as counting took: a large book is not read all the time."""
_STEP_SECONDS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
_EXCHANGE_SECONDS: Final = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)


class Metrics:
    """The numbers of one registry."""

    def __init__(self, room: ReadingRoom, links: LinksAtHand) -> None:
        self._room = room
        self._links = links
        self._meters: _Meters | None = None
        self._turn = asyncio.Lock()
        self._counted: tuple[str, float, Tally[tuple[str, str]]] = ("", 0.0, Tally())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        # One at a time, because counting goes through all transfers.
        async with self._turn:
            if self._meters is None:
                self._meters = await asyncio.to_thread(_Meters, self._links)
            facts = await self._room.ask(self._facts)
            body = await asyncio.to_thread(self._meters.text, facts)
        await answer(send, 200, body, (UNKEPT,), MEDIA_TYPE)

    def _facts(self, sight: Sight) -> dict[str, Any]:
        last = sight.reading.last_checkpoint()
        states = {row.key: sight.codec.decode(row.value).get("state", "live") for row in sight.reading.records(PARTNER)}
        return {"entries": 0 if last is None else last.size, "links": states, "transfers": self._transfers(sight)}

    def _transfers(self, sight: Sight) -> Tally[tuple[str, str]]:
        """Transfers by direction and state."""
        moment, rests, counted = self._counted
        began = time.monotonic()
        if self._room.moment == moment or began < rests:
            return counted
        moment = self._room.moment
        values = (sight.codec.decode(row.value) for row in sight.reading.records(TRANSFER))
        counted = Tally((str(value["direction"]), _state(value)) for value in values)
        ended = time.monotonic()
        self._counted = (moment, ended + REST * (ended - began), counted)
        return counted


class _Meters:
    """What is measured while the process runs, and what is read when it is asked for."""

    def __init__(self, links: LinksAtHand) -> None:
        from prometheus_client import CollectorRegistry, Histogram

        self._links = links
        self._registry: CollectorRegistry = CollectorRegistry()
        self._facts: dict[str, Any] = {}
        self._steps: Histogram = Histogram(
            "counterfoil_step_seconds",
            "One step of the writer: decisions and commit of a batch",
            buckets=_STEP_SECONDS,
            registry=self._registry,
        )
        self._submissions: Histogram = Histogram(
            "counterfoil_step_submissions",
            "Submissions of one step of the writer",
            buckets=(1, 2, 5, 10, 50, 100, 500, 1_000, 2_048),
            registry=self._registry,
        )
        self._exchanges: Histogram = Histogram(
            "counterfoil_exchange_seconds",
            "Time for one bundle: handed in here (in), or a whole exchange with a partner (out)",
            ["direction"],
            buckets=_EXCHANGE_SECONDS,
            registry=self._registry,
        )
        self._registry.register(self)
        links.driver.meter = self._step
        links.meter = self._exchanged

    def text(self, facts: dict[str, Any]) -> bytes:
        from prometheus_client import generate_latest

        self._facts = facts
        return generate_latest(self._registry)

    def collect(self) -> Iterator["Metric"]:
        """Asked by the library when it writes its text."""
        from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily

        if not self._facts:
            return
        entries = CounterMetricFamily("counterfoil_entries", "Entries of the journal: its rate is that of acts")
        entries.add_metric([], self._facts["entries"])
        yield entries
        transfers = GaugeMetricFamily("counterfoil_transfers", "Transfers by state", labels=["direction", "state"])
        for (direction, state), number in sorted(self._facts["transfers"].items()):
            transfers.add_metric([direction, state], number)
        yield transfers
        yield from self._links_told()

    def _links_told(self) -> Iterator["Metric"]:
        from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily

        states = GaugeMetricFamily("counterfoil_link", "Links by state; always 1", labels=["partner", "state"])
        reached = GaugeMetricFamily(
            "counterfoil_link_reached", "0 while a partner cannot be reached", labels=["partner"]
        )
        couriers = dict(self._links.couriers)
        for partner, state in sorted(self._facts["links"].items()):
            states.add_metric([partner, state], 1)
            if partner in couriers:
                reached.add_metric([partner], 0 if couriers[partner].fault else 1)
        yield states
        yield reached
        if not self._facts["links"]:
            return
        book = self._links.book()
        waiting = GaugeMetricFamily("counterfoil_deliveries", "Transfers owed a message", labels=["partner", "state"])
        for queue in book.queues():
            waiting.add_metric([queue.partner, "waiting"], queue.waiting)
            waiting.add_metric([queue.partner, "dead"], queue.dead)
        yield waiting
        labels = ["partner", "direction", "kind", "code"]
        messages = CounterMetricFamily("counterfoil_messages", "Messages by kind and code (none: done)", labels=labels)
        for each in book.counts():
            messages.add_metric([each.partner, each.direction.value, each.kind, each.code], each.number)
        yield messages

    def _step(self, seconds: float, submissions: int) -> None:
        self._steps.observe(seconds)
        self._submissions.observe(submissions)

    def _exchanged(self, direction: str, seconds: float) -> None:
        self._exchanges.labels(direction).observe(seconds)


def _state(value: dict[str, Any]) -> str:
    """The state of a transfer; a final one of ours that the partner has confirmed has its own word."""
    return "confirmed" if value.get("confirmed_on") else str(value["state"])
