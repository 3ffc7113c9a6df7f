"""Give units to the Adaptation Fund: a voluntary contribution, and the first transfer of units that had none.

Source: 4/CMA.6 para. 16; 2/CMA.3 annex paras. 37-38.
"""

from dataclasses import dataclass
from enum import StrEnum

from counterfoil.application.command import Command, Context, Units
from counterfoil.application.commands.clearance import cleared
from counterfoil.application.commands.covering import covering
from counterfoil.application.commands.ending_foreign import ended_here, own_and_foreign
from counterfoil.application.commands.first_transferring import FirstTransferring, admissible, effects
from counterfoil.application.commands.foreign import authorization_of
from counterfoil.application.commands.notifying import told_to
from counterfoil.application.commands.open_account import holding_open
from counterfoil.application.commands.reach import Piece, Reached, reach
from counterfoil.application.commands.telling_hosts import telling_of_end
from counterfoil.domain.accounting.first_transfer import FirstTransferFault, Trigger
from counterfoil.domain.accounting.unit_facts import Status
from counterfoil.domain.authorizations.authorization import Authorization
from counterfoil.domain.authorizations.coverage import covers
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import ADAPTATION_FUND
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Move
from counterfoil.domain.units.identifier import UnitClass
from counterfoil.domain.units.unit_type import UnitType


class ContributeFault(StrEnum):
    NOT_AN_ITMO = "contribution.not_an_itmo"
    HOST_MUST_RECORD = "contribution.host_must_record"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributeToAdaptationFund(Command):
    """Give units to the Adaptation Fund. Under Article 6.2 this is voluntary; nothing is ever taken by itself."""

    units: Units
    account: str
    entity: str | None = None
    reason: str = ""


def contribute_to_adaptation_fund(
    command: ContributeToAdaptationFund, books: Books, context: Context
) -> Entry | Refusal:
    """Not first transferred yet, the gift is the first transfer and adds to the host's balance; afterwards it is not.

    The units wait for their use like any others that left: whoever uses them in the end subtracts.

    Source: 4/CMA.6 para. 16; rulebook sections 1.5, 1.6.
    """
    refusal = holding_open(books, command.account)
    if refusal is not None:
        return refusal
    reached = reach(books, command.units, account=command.account, on=context.on)
    if isinstance(reached, Refusal):
        return reached
    groups: list[FirstTransferring] = []
    cited: str | None = None
    for piece in reached.pieces:
        authorization = _givable(command, reached, piece, books, context)
        if isinstance(authorization, Refusal):
            return authorization
        cited = cited or authorization.reference
        if piece.facts.status is not Status.FIRST_TRANSFERRED:
            groups.append(FirstTransferring(reached.of, (piece,), authorization, Trigger.ADAPTATION_FUND))
    own, foreign = own_and_foreign(groups, context.registry.party)
    refusal = admissible(own, books, context)
    if refusal is not None:
        return refusal
    flagged = effects(own, books, on=context.on)
    units = command.units
    details = {name: value for name in ("entity", "reason") if (value := getattr(command, name))}
    entry = Entry(
        Act.CONTRIBUTED_TO_ADAPTATION_FUND,
        context.on,
        moves=(Move(units.unit_class, units.first, units.last, command.account, ADAPTATION_FUND),),
        facts=(*flagged.facts, *ended_here(foreign, context, closing=None).facts),
        postings=flagged.postings,
        records=flagged.records,
        details=details,
        because=cited,
    )
    said: dict[str, JSON] = {"entity": command.entity} if command.entity else {}
    return telling_of_end(entry, foreign, books, context, said=said)


def _givable(
    command: ContributeToAdaptationFund, reached: Reached, piece: Piece, books: Books, context: Context
) -> Authorization | Refusal:
    of, facts = reached.of, piece.facts
    known = {"units": f"{of.key} {piece.serials}"}
    if facts.unit_type is not UnitType.ITMO or of.vintage is None:
        return Refusal(ContributeFault.NOT_AN_ITMO, known)
    if facts.authorization is None:
        return Refusal(FirstTransferFault.NOT_AUTHORIZED, known)
    authorization = authorization_of(
        books,
        context,
        host=of.party,
        authorization=facts.authorization,
        first_transferred_on=facts.first_transferred_on,
    )
    if isinstance(authorization, Refusal):
        return authorization
    transferred = facts.status is Status.FIRST_TRANSFERRED
    refusal = covers(authorization, covering(of, facts, on=context.on, entity=command.entity, uses=True))
    if refusal is not None or transferred:
        return refusal or authorization
    return _by_host(of, piece, books, context) or authorization


def _by_host(of: UnitClass, piece: Piece, books: Books, context: Context) -> Refusal | None:
    """Only the host's own book adds to the host's balance: it is told, or the units go home first."""
    if of.party != context.registry.party and told_to(books, of.party):
        return None
    if of.party != context.registry.party:
        return Refusal(ContributeFault.HOST_MUST_RECORD, {"units": f"{of.key} {piece.serials}", "host": of.party})
    return cleared(books, context, activity=piece.facts.activity, vintage=of.vintage, of=of, serials=piece.serials)
