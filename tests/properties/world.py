"""Three registries and the messages between them: a history is a list of steps, each a command or a delivery.

Each of the three is host and buyer at once. Messages may wait, come late, come twice or never. A step that a desk
refuses changes nothing; what it accepts is applied. Nothing here knows what a right balance is: `test_histories` does.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from counterfoil.application.command import Command
from counterfoil.application.commands.abroad import ProposeTransfer, SettleTransfer
from counterfoil.application.commands.acquire import AcceptTransfer, DeclineTransfer
from counterfoil.application.commands.authorize import Authorize
from counterfoil.application.commands.cancel import Cancel, CancellationPurpose, Retire
from counterfoil.application.commands.change_authorization import ChangeAuthorization, RevokeAuthorization
from counterfoil.application.commands.correct import Correct
from counterfoil.application.commands.end_transfer import VoidTransfer
from counterfoil.application.commands.hold import PlaceHold, ReleaseHold
from counterfoil.application.commands.issue import AuthorizeUnits, Issue
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.register import RegisterActivity, RegisterCooperativeApproach
from counterfoil.application.commands.take_notice import TakeNotice
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.commands.use import UseTowardsNdc
from counterfoil.domain.federation.notice import NOTICE, Notice
from counterfoil.domain.kernel.ids import ActivityId, AuthorizationId, CooperativeApproachId, Party, TransferId
from counterfoil.domain.kernel.record import from_json
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.domain.ledger.books import Holding
from counterfoil.domain.ledger.entry import Entry
from counterfoil.domain.units.purpose import FirstTransferDefinition, Purpose
from counterfoil.domain.units.unit_type import MitigationType, UnitType
from tests.domain.commands.desk import Desk, registry, units
from tests.domain.commands.scene import agreement, offer, partner, receipt, report, settle, statement

PARTIES: Final = ("THA", "CHE", "JPN")
VINTAGES: Final = (2023, 2024)
VERIFIED: Final = 400
ANYONE: Final = tuple(Party(party) for party in PARTIES)

# One approach per way to be first transferred; the same four for every host.
APPROACHES: Final = (
    ("CA9001", (Purpose.NDC,), None, False),
    ("CA9002", (Purpose.NDC, Purpose.IMP), FirstTransferDefinition.ISSUANCE, False),
    ("CA9003", (Purpose.IMP, Purpose.OP), FirstTransferDefinition.USE_OR_CANCELLATION, False),
    ("CA9004", (Purpose.NDC, Purpose.OP), FirstTransferDefinition.AUTHORIZATION, True),
)


@dataclass(frozen=True)
class Step:
    """What somebody tries: an action and four numbers that choose among what there is."""

    action: str
    who: int
    which: int
    start: int
    length: int


@dataclass(frozen=True)
class Message:
    """Something on its way: the desk that will be asked, and the command that it will be asked."""

    to: str
    command: Command


@dataclass
class World:
    """The desks, the post, and what was accepted, in order."""

    desks: dict[str, Desk]
    post: list[Message] = field(default_factory=list)
    transfers: int = 0
    holds: int = 0
    refused: list[str] = field(default_factory=list)

    def take(self, step: Step, before: Callable[[Desk, Entry], None] = lambda _desk, _entry: None) -> Entry | None:
        """Try a step. Returns the entry it made, or None when nobody accepted anything."""
        desk = self.desks[PARTIES[step.who % len(PARTIES)]]
        if step.action == "deliver":
            return self._deliver(step, before)
        command = ACTIONS[step.action](self, desk, step)
        return None if command is None else self._ask(desk, command, before)

    def _deliver(self, step: Step, before: Callable[[Desk, Entry], None]) -> Entry | None:
        if not self.post:
            return None
        at = step.which % len(self.post)
        # One delivery in eight leaves a copy behind: the same message comes again, perhaps much later.
        message = self.post[at] if step.start % 8 == 0 else self.post.pop(at)
        return self._ask(self.desks[message.to], message.command, before)

    def _ask(self, desk: Desk, command: Command, before: Callable[[Desk, Entry], None]) -> Entry | None:
        answer = desk.ask(command)
        assert desk.books.blocks.changes() == ([], []), "deciding changes nothing"
        if isinstance(answer, Refusal):
            self.refused.append(answer.code)
            return None
        before(desk, answer)
        desk.record(answer)
        self._answer(desk, command)
        self.post.extend(_notices(desk, answer))
        return answer

    def _answer(self, desk: Desk, command: Command) -> None:
        """The messages that follow from an accepted command."""
        match command:
            case ProposeTransfer(transfer=transfer, partner=other):
                self.post.append(Message(str(other), offer(desk, transfer)))
            case SettleTransfer(transfer=transfer):
                self.post.append(Message(_other(desk, transfer), receipt(desk, transfer)))
            case VoidTransfer(transfer=transfer):
                decline = DeclineTransfer(transfer=transfer, reason="withdrawn")
                self.post.append(Message(_other(desk, transfer), decline))
            case AcceptTransfer(transfer=transfer):
                self.post.append(Message(_other(desk, transfer), settle(transfer)))
            case _:
                pass

    def block(self, desk: Desk, step: Step, *, foreign: bool = False) -> Holding | None:
        """A block to act on: mostly one that a holder has, sometimes one that nobody may touch."""
        blocks = list(desk.books.all_holdings())
        if step.length % 8:
            blocks = [block for block in blocks if role(block.account) is AccountRole.HOLDING]
            if foreign:
                blocks = [block for block in blocks if f"-{desk.registry.party}-" not in block.unit_class]
        return blocks[step.which % len(blocks)] if blocks else None


def _notices(desk: Desk, entry: Entry) -> Iterator[Message]:
    """What an entry owes other desks to know."""
    for each in entry.records:
        if each.kind == NOTICE and isinstance(each.value, Mapping) and each.value["state"] == "owed":
            told = from_json(Notice, each.value)
            yield Message(
                told.partner,
                TakeNotice(
                    notice=told.id,
                    partner=desk.registry.party,
                    kind=told.kind,
                    told_on=told.told_on,
                    content=told.content,
                    message="45" * 32,
                ),
            )


def _other(desk: Desk, transfer: str) -> str:
    return str(desk.books.record("transfer", transfer)["partner"])


def _range(block: Holding, step: Step) -> tuple[int, int]:
    """A part of the block; now and then one that reaches into what comes after it."""
    first = block.serials.first + step.start % block.serials.size
    last = first + step.length % block.serials.size
    return first, last if step.start % 5 == 0 else min(last, block.serials.last)


def _issue(world: World, desk: Desk, step: Step) -> Command:
    at = step.which % (len(APPROACHES) + 1)
    domestic = at == len(APPROACHES)
    host = str(desk.registry.party)
    number = 0 if domestic else at
    return Issue(
        activity=f"{host}-{number}",
        verification=f"V-{number}",
        vintage=VINTAGES[step.start % 2],
        quantity=1 + step.length % 60,
        account=f"{host.lower()}:a",
        unit_type=UnitType.DOMESTIC if domestic else UnitType.ITMO,
        scheme="TVER" if domestic else "",
        authorization=None if domestic or step.start % 4 == 0 else f"{host}-LOA-{number}",
    )


def _authorize_units(world: World, desk: Desk, step: Step) -> Command | None:
    block = world.block(desk, step)
    if block is None:
        return None
    first, last = _range(block, step)
    number = next((n for n, row in enumerate(APPROACHES) if block.unit_class.startswith(row[0])), 0)
    letter = f"{desk.registry.party}-LOA-{number}"
    return AuthorizeUnits(units=units(block.unit_class, first, last), account=block.account, authorization=letter)


def _transfer(world: World, desk: Desk, step: Step) -> Command | None:
    block = world.block(desk, step)
    if block is None:
        return None
    first, last = _range(block, step)
    own = str(desk.registry.party).lower()
    target = f"{own}:b" if block.account.endswith(":a") else f"{own}:a"
    return Transfer(units=units(block.unit_class, first, last), source=block.account, target=target)


def _propose(world: World, desk: Desk, step: Step) -> Command | None:
    block = world.block(desk, step)
    if block is None:
        return None
    first, last = _range(block, step)
    parts = [units(block.unit_class, first, last)]
    if step.length % 3 == 0:
        # A second part: the next block of the same account, whatever its class and state.
        others = [each for each in desk.books.all_holdings() if each.account == block.account and each != block]
        parts += [units(each.unit_class, each.serials.first, each.serials.last) for each in others[:1]]
    to = PARTIES[(step.who + 1 + step.start % 2) % len(PARTIES)]
    world.transfers += 1
    return ProposeTransfer(
        transfer=TransferId(f"T-{world.transfers}"),
        partner=Party(to),
        parts=tuple(parts),
        source=block.account,
        target=f"{to.lower()}:a",
    )


def _void(world: World, desk: Desk, step: Step) -> Command | None:
    if not world.transfers:
        return None
    return VoidTransfer(transfer=TransferId(f"T-{1 + step.which % world.transfers}"), reason="expired")


def _use(world: World, desk: Desk, step: Step) -> Command | None:
    block = world.block(desk, step, foreign=True)
    if block is None:
        return None
    first, last = _range(block, step)
    year = 2023 + step.start % 4
    return UseTowardsNdc(units=units(block.unit_class, first, last), account=block.account, year=year)


def _cancel(world: World, desk: Desk, step: Step) -> Command | None:
    block = world.block(desk, step)
    if block is None:
        return None
    first, last = _range(block, step)
    purpose = list(CancellationPurpose)[step.start % len(CancellationPurpose)]
    return Cancel(
        units=units(block.unit_class, first, last),
        account=block.account,
        purpose=purpose,
        authority="DNA",
        reason="a reason",
    )


def _retire(world: World, desk: Desk, step: Step) -> Command | None:
    block = world.block(desk, step)
    if block is None:
        return None
    first, last = _range(block, step)
    return Retire(units=units(block.unit_class, first, last), account=block.account)


def _hold(world: World, desk: Desk, step: Step) -> Command | None:
    block = world.block(desk, step)
    if block is None:
        return None
    first, last = _range(block, step)
    world.holds += 1
    return PlaceHold(
        hold=f"H-{world.holds}", units=units(block.unit_class, first, last), authority="DNA", reason="review"
    )


def _release(world: World, desk: Desk, step: Step) -> Command | None:
    if not world.holds:
        return None
    return ReleaseHold(hold=f"H-{1 + step.which % world.holds}", authority="DNA", reason="cleared")


def _correct(world: World, desk: Desk, step: Step) -> Command:
    # The latest entries are tried most: older ones are mostly built upon.
    entry = desk.last - step.which % 6 if step.start % 2 else step.which % len(desk.journal)
    return Correct(entry=entry, authority="DNA", reason="a mistake")


def _change(world: World, desk: Desk, step: Step) -> Command:
    letter = AuthorizationId(f"{desk.registry.party}-LOA-{step.which % len(APPROACHES)}")
    if step.start % 6 == 0:
        return RevokeAuthorization(authorization=letter, statement="s", reason="r")
    return ChangeAuthorization(
        authorization=letter, statement="s", reason="r", authorized_quantity=1 + step.length % 500
    )


ACTIONS: Final[dict[str, Callable[[World, Desk, Step], Command | None]]] = {
    "issue": _issue,
    "authorize units": _authorize_units,
    "transfer": _transfer,
    "propose": _propose,
    "void": _void,
    "use": _use,
    "cancel": _cancel,
    "retire": _retire,
    "hold": _hold,
    "release": _release,
    "correct": _correct,
    "change": _change,
}

# What is tried how often: most histories should reach the end of the path.
TRIED: Final = (
    *("issue",) * 4, *("propose",) * 5, *("deliver",) * 12, *("use",) * 4, *("cancel",) * 3, *("correct",) * 3,
    *("transfer",) * 2, "authorize units", "void", "retire", "hold", "release", "change",
)  # fmt: skip


def _desk(party: str) -> Desk:
    desk = Desk(registry(party))
    for account in ("a", "b"):
        desk.do(OpenAccount(account=f"{party.lower()}:{account}", holder=party))
    for other in PARTIES:
        if other != party:
            desk.do(partner(other))
            desk.do(agreement(party, other))
    for number, (approach, purposes, definition, any_move) in enumerate(APPROACHES):
        name = CooperativeApproachId(approach)
        activity = ActivityId(f"{party}-{number}")
        desk.do(
            RegisterCooperativeApproach(
                approach=name, title="", participants=ANYONE, first_transfer_on_any_cross_party_move=any_move
            )
        )
        desk.do(
            RegisterActivity(
                activity=activity,
                title="",
                mitigation_type=MitigationType.REDUCTION,
                sector="Energy",
                activity_type="Solar",
                cooperative_approach=name,
            )
        )
        quantities = tuple((vintage, VERIFIED) for vintage in VINTAGES)
        desk.do(report(f"M-{number}", activity, *quantities))
        desk.do(statement(f"V-{number}", f"M-{number}", *quantities))
        desk.do(
            Authorize(
                authorization=AuthorizationId(f"{party}-LOA-{number}"),
                cooperative_approach=name,
                purposes=purposes,
                vintages=VINTAGES,
                last_use_on=date(2032, 12, 31),
                underlying_references=("Decree",),
                sectors=("Energy",),
                gases=("CO2",),
                adjustment_commitment="corresponding adjustments are applied",
                any_party=True,
                first_transfer_definition=definition,
                oimp_detail="aviation" if definition else "",
                change_circumstances="by agreement",
                change_process="by letter",
                authorized_quantity=500,
            )
        )
    return desk


def world() -> World:
    """Three desks with letters and verified quantities, and not one unit yet."""
    return World({party: _desk(party) for party in PARTIES})
