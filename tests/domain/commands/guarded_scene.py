"""The issuing desk with safeguards of accounts: a law of its own, a clock, and the writer's last question."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from counterfoil.application.command import Command, Context
from counterfoil.application.commands.record_kyc import RecordKyc
from counterfoil.application.commands.request_transfer import RequestTransfer
from counterfoil.application.commands.table import COMMANDS
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.leaving import safe
from counterfoil.application.safeguarded import safeguards_on
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.entry import Entry
from counterfoil.domain.policy.basis import Basis, Confidence, Span, Text
from counterfoil.domain.policy.clause import Clause, Rule
from counterfoil.domain.policy.kinds.account_guard import (
    ACCOUNT_TERMS,
    MOVE_DELAY,
    MOVE_LIMIT,
    AccountTermsRule,
    MoveDelayRule,
    MoveLimitRule,
    Untrusted,
)
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.laws import LawTable
from tests.domain.commands.desk import Desk, units
from tests.domain.commands.scene import DEV, SHOP, V2023, issuing_host

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
MONDAY = date(2026, 3, 30)
HOURS = MoveDelayRule(
    activation_hours=96,
    delay_hours=24,
    opens="09:00",
    closes="17:00",
    weekdays=(1, 2, 3, 4, 5),
    holidays=(date(2026, 4, 1),),
    utc_offset="+07:00",
)
STRICT = MoveDelayRule(activation_hours=96, untrusted=Untrusted.REFUSE)
LIMITS = MoveLimitRule(per_act=40, per_day=60)
TERMS = AccountTermsRule(kyc=True, one_party=True)


def law(pack: str = "xaa", kind: str = "jurisdiction", version: str = "1", **rules: Any) -> Law:
    """A law with one rule of each kind named, in force since 2020."""
    made: dict[str, Rule] = {}
    for name, content in rules.items():
        basis = Basis(pack, version, name, Text("x", "x"), Span(date(2020, 1, 1)), "s", "art. 1", Confidence.FOUND)
        made[name] = Rule(name, name, Text("x", "x"), (Clause(name, basis, content),))
    return Law(pack, version, kind, "", Text("x", "x"), rules=made)


@dataclass
class GuardedDesk(Desk):
    """A desk that asks what the writer asks last, at a moment that the test sets (local time at UTC+7)."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 3, 31, 3, tzinfo=UTC))

    def at(self, local: str) -> "GuardedDesk":
        """Go to a local time, such as `2026-03-31 09:00`."""
        self.moment = datetime.fromisoformat(f"{local}+07:00").astimezone(UTC)
        self.today = self.moment.date()
        return self

    def now_ms(self) -> int:
        return int(self.moment.timestamp() * 1000)

    def ask(self, command: Command, *, on: date | None = None) -> Entry | Refusal:
        guards = safeguards_on(self.books, self.laws, self.law, self.today)
        context = Context(
            self.registry,
            on or self.today,
            self.today,
            self._entry_at,
            self.laws,
            self.law,
            self.kept,
            self.now_ms,
            guards,
        )
        entry = COMMANDS[type(command)](command, self.books, context)
        return safe(command, entry, self.books, context)


def guarded(*, laws: Mapping[str, Law] | None = None, **rules: Any) -> GuardedDesk:
    """The issuing host, 100 units with the developer, on Tuesday 31 March 2026 at 10:00 local time."""
    plain = issuing_host()
    desk = GuardedDesk(plain.registry, books=plain.books, journal=plain.journal, laws=LawTable(laws or {}))
    desk.law = law(**rules) if rules else None
    return desk.at("2026-03-31 10:00")


def delayed() -> GuardedDesk:
    return guarded(**{MOVE_DELAY: HOURS})


def strict() -> GuardedDesk:
    return guarded(**{MOVE_DELAY: STRICT})


def limited() -> GuardedDesk:
    return guarded(**{MOVE_LIMIT: LIMITS})


def with_terms() -> GuardedDesk:
    return guarded(**{ACCOUNT_TERMS: TERMS})


def move(first: int = 1, last: int = 40, *, source: str = DEV, target: str = SHOP) -> Transfer:
    return Transfer(units=units(V2023, first, last), source=source, target=target)


def asked(request: str = "R-1", first: int = 1, last: int = 40, *, target: str = SHOP) -> RequestTransfer:
    return RequestTransfer(request=request, units=units(V2023, first, last), source=DEV, target=target)


def file_of(holder: str = DEV, until: date = date(2026, 12, 31)) -> RecordKyc:
    return RecordKyc(holder=holder, valid_until=until)
