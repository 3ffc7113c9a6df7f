"""What the pages of one server stand on."""

from dataclasses import dataclass, field

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.application.ports import Clock
from counterfoil.entrypoints.gate import Gate
from counterfoil.entrypoints.http.activity_finding import ActivityFinding
from counterfoil.entrypoints.http.caller import Callers
from counterfoil.entrypoints.http.desk import Desk
from counterfoil.entrypoints.http.office.door import Door
from counterfoil.entrypoints.http.office.workroom import Workroom
from counterfoil.entrypoints.http.press import Press
from counterfoil.entrypoints.http.reading_room import ReadingRoom
from counterfoil.entrypoints.links_at_hand import LinksAtHand
from counterfoil.entrypoints.reconciler_at_hand import ReconcilerAtHand


@dataclass(frozen=True, slots=True)
class Ground:
    """The registry as pages reach it: its books, its writer, its office, its links, and the threads to ask them in."""

    room: ReadingRoom
    desk: Desk
    door: Door
    gate: Gate
    callers: Callers
    press: Press
    finding: ActivityFinding
    links: LinksAtHand
    reconciler: ReconcilerAtHand
    workroom: Workroom
    clock: Clock = field(default_factory=SystemClock)
