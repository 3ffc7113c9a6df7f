"""What the pages of one server stand on."""

from dataclasses import dataclass, field

from counterfoil.adapters.clock.system import SystemClock
from counterfoil.application.ports import Clock
from counterfoil.entrypoints.demo.served import ServedDemo
from counterfoil.entrypoints.gate import Gate
from counterfoil.entrypoints.http.accounts_at_hand import AccountsAtHand
from counterfoil.entrypoints.http.activity_finding import ActivityFinding
from counterfoil.entrypoints.http.caller import Callers
from counterfoil.entrypoints.http.desk import Desk
from counterfoil.entrypoints.http.office.door import Door
from counterfoil.entrypoints.http.office.workroom import Workroom
from counterfoil.entrypoints.http.press import Press
from counterfoil.entrypoints.http.reading_room import ReadingRoom
from counterfoil.entrypoints.keeping.errand import Errands
from counterfoil.entrypoints.links_at_hand import LinksAtHand
from counterfoil.entrypoints.reconciler_at_hand import ReconcilerAtHand
from counterfoil.entrypoints.web.allowance import Allowance
from counterfoil.entrypoints.web.blocks_at_hand import BlocksAtHand
from counterfoil.entrypoints.web.carried import Carried
from counterfoil.entrypoints.web.drawn import Drawn
from counterfoil.entrypoints.web.folds_at_hand import FoldsAtHand
from counterfoil.entrypoints.web.histories_at_hand import HistoriesAtHand
from counterfoil.entrypoints.web.mentioned import Mentioned
from counterfoil.entrypoints.web.slow_answers import SlowAnswers
from counterfoil.entrypoints.web.standings_at_hand import StandingsAtHand
from counterfoil.entrypoints.web.tally import Tally
from counterfoil.entrypoints.web.uploads import Uploads
from counterfoil.entrypoints.web.work_at_hand import WorkAtHand


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
    accounts: AccountsAtHand
    blocks: BlocksAtHand = field(default_factory=BlocksAtHand)
    work: WorkAtHand = field(default_factory=WorkAtHand)
    uploads: Uploads = field(default_factory=Uploads)
    clock: Clock = field(default_factory=SystemClock)
    standings: StandingsAtHand = field(default_factory=StandingsAtHand)
    slow: SlowAnswers = field(default_factory=SlowAnswers)
    tally: Tally = field(default_factory=Tally)
    mentioned: Mentioned = field(default_factory=Mentioned)
    folds: FoldsAtHand = field(default_factory=FoldsAtHand)
    histories: HistoriesAtHand = field(default_factory=HistoriesAtHand)
    allowance: Allowance = field(default_factory=Allowance)
    drawn: Drawn = field(default_factory=Drawn)
    carried: Carried = field(default_factory=Carried)
    errands: Errands = field(default_factory=Errands)
    demonstration: ServedDemo | None = None
    """Set where `serve --demo` serves a demonstration on loopback, and nowhere else."""
