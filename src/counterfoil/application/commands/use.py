"""Use units towards this Party's NDC: the final counting, which subtracts from its balance."""

from dataclasses import dataclass
from enum import StrEnum

from counterfoil.application.command import Command, Context, Units
from counterfoil.application.commands.choose_method import open_for
from counterfoil.application.commands.clearance import approach_of, user_authorized
from counterfoil.application.commands.covering import acting_entity, covering
from counterfoil.application.commands.foreign import authorization_of
from counterfoil.application.commands.reach import Piece, reach
from counterfoil.application.commands.recognize import recognized
from counterfoil.domain.accounting.adjustment import use_postings
from counterfoil.domain.accounting.unit_facts import Status
from counterfoil.domain.activities.activity import CooperativeApproach
from counterfoil.domain.authorizations.authorization import Authorization, AuthorizationFault
from counterfoil.domain.authorizations.commitment import committed
from counterfoil.domain.authorizations.coverage import covers
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import used_towards_ndc
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Move, Posting
from counterfoil.domain.units.identifier import UnitClass
from counterfoil.domain.units.purpose import Purpose
from counterfoil.domain.units.unit_type import UnitType


class UseFault(StrEnum):
    NOT_AN_ITMO = "use.not_an_itmo"
    NOT_A_PARTY = "use.not_a_party"
    BY_HOST = "use.by_host"
    NOT_FIRST_TRANSFERRED = "use.not_first_transferred"
    YEAR_NOT_REACHED = "use.year_not_reached"
    YEAR_OUTSIDE_PERIOD = "use.year_outside_period"
    VINTAGE_OUTSIDE_PERIOD = "use.vintage_outside_period"


@dataclass(frozen=True, slots=True, kw_only=True)
class UseTowardsNdc(Command):
    """Use units for one calendar year of the NDC. Irrevocable: no transfer, cancellation or use follows."""

    units: Units
    account: str
    year: int
    entity: str | None = None


def use_towards_ndc(command: UseTowardsNdc, books: Books, context: Context) -> Entry | Refusal:
    """Only first transferred ITMOs of another Party, of a vintage and for a year of the same NDC period.

    Source: 2/CMA.3 annex paras. 1(d), 8(b), 20-21(e).
    """
    reached = reach(books, command.units, account=command.account, on=context.on)
    if isinstance(reached, Refusal):
        return reached
    refusal = year_fits(reached.of, command.year, books, context)
    if refusal is not None:
        return refusal
    postings: list[Posting] = []
    cited: str | None = None
    entity = acting_entity(books, command.account, named=command.entity, party=context.registry.party)
    for piece in reached.pieces:
        reference = usable(reached.of, piece, entity, books, context)
        if isinstance(reference, Refusal):
            return reference
        cited = cited or reference
        postings.extend(
            use_postings(
                party=context.registry.party,
                year=command.year,
                quantity=piece.serials.size,
                commodity=piece.facts.metric.commodity,
            )
        )
    units = command.units
    target = used_towards_ndc(context.registry.party, command.year)
    return Entry(
        Act.USED_TOWARDS_NDC,
        context.on,
        moves=(Move(units.unit_class, units.first, units.last, command.account, target),),
        postings=tuple(postings),
        details={"year": command.year, **({"entity": command.entity} if command.entity else {})},
        because=cited,
    )


def year_fits(of: UnitClass, year: int, books: Books, context: Context) -> Refusal | None:
    """Whether units of a class may be counted for a year of this Party's NDC, whoever holds them.

    Source: 2/CMA.3 annex paras. 1(d), 8(b).
    """
    registry = context.registry
    if not registry.is_party:
        return Refusal(UseFault.NOT_A_PARTY, {"jurisdiction": registry.party})
    if of.vintage is None or of.cooperative_approach is None:
        return Refusal(UseFault.NOT_AN_ITMO, {"unit_class": of.key})
    if of.party == registry.party:
        return Refusal(UseFault.BY_HOST, {"party": registry.party})
    if year > context.on.year:
        return Refusal(UseFault.YEAR_NOT_REACHED, {"year": year, "on": context.on.isoformat()})
    period = registry.period_of(year)
    if period is None:
        return Refusal(UseFault.YEAR_OUTSIDE_PERIOD, {"year": year, "party": registry.party})
    if of.vintage not in period.span:
        return Refusal(
            UseFault.VINTAGE_OUTSIDE_PERIOD,
            {"vintage": of.vintage, "first": period.first, "last": period.last},
        )
    return open_for(books, registry, year)


def usable(of: UnitClass, piece: Piece, entity: str | None, books: Books, context: Context) -> str | Refusal:
    """The reference of the authorization by which units are counted here, or what stands against it.

    Args:
        entity: The entity that acts; None is the Party itself.

    Source: 4/CMA.6 paras. 5, 7, 11; 2/CMA.3 annex para. 18(g).
    """
    facts = piece.facts
    if facts.unit_type is not UnitType.ITMO:
        return Refusal(UseFault.NOT_AN_ITMO, {"unit_class": of.key})
    if facts.authorization is None:
        return Refusal(AuthorizationFault.UNKNOWN, {"authorization": ""})
    authorization = authorization_of(
        books,
        context,
        host=of.party,
        authorization=facts.authorization,
        first_transferred_on=facts.first_transferred_on,
    )
    if isinstance(authorization, Refusal):
        return authorization
    approach = approach_of(books, context, of)
    refusal = countable(of, piece, books, context, entity=entity, authorization=authorization, approach=approach)
    return refusal or recognized(books, context, of=of, facts=facts) or authorization.reference


def countable(
    of: UnitClass,
    piece: Piece,
    books: Books,
    context: Context,
    *,
    entity: str | None,
    authorization: Authorization,
    approach: CooperativeApproach | None,
) -> Refusal | None:
    """Whether the letter, and where it is asked this Party's own, lets such units be counted; recognition comes on top.

    Source: 4/CMA.6 paras. 5, 7, 11; 2/CMA.3 annex para. 18(g).
    """
    if piece.facts.status is not Status.FIRST_TRANSFERRED:
        return Refusal(UseFault.NOT_FIRST_TRANSFERRED, {"units": f"{of.key} {piece.serials}"})
    assert of.vintage is not None
    own = context.registry.party
    cover = covering(of, piece.facts, on=context.on, purpose=Purpose.NDC, party=own, entity=entity, uses=True)
    refusal = covers(authorization, cover) or committed(authorization)
    if refusal is None and approach is not None and approach.using_party_authorization:
        refusal = user_authorized(books, context, party=own, approach=approach.id, authorization=authorization.id)
    return refusal
