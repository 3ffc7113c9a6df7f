"""What must stand beside an authorization before an act: attestations, no letter of acknowledgement, an agreement.

The authorization itself is asked by `domain/authorizations/coverage.py`; these are the facts around it.
"""

from dataclasses import replace
from typing import Final

from counterfoil.application.command import SELF, Context, stored
from counterfoil.application.commands.acknowledge import letters_on
from counterfoil.application.commands.foreign import FOREIGN_APPROACH
from counterfoil.domain.activities.activity import APPROACH, CooperativeApproach
from counterfoil.domain.authorizations.acknowledgement import outside_scope
from counterfoil.domain.authorizations.agreement import AGREEMENT_RECORD, Agreement, permitting
from counterfoil.domain.authorizations.authorization import Authorization
from counterfoil.domain.authorizations.coverage import CoverageFault, cited
from counterfoil.domain.authorizations.participation import (
    AUTHORIZATION_RULES,
    PARTICIPATION_RECORD,
    AuthorizationRules,
    Participation,
    effective,
)
from counterfoil.domain.authorizations.using_party import (
    USING_AUTHORIZATION,
    USING_LETTERS,
    UsingAuthorization,
    authorized_by_user,
    numbered_key,
    using_party_key,
)
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.units.identifier import UnitClass
from counterfoil.domain.units.purpose import Purpose
from counterfoil.domain.units.serials import SerialRange

AGREEMENTS_WITH: Final = "agreements_with"
"""By the other Party: the agreements of this registry's Party with it."""


def cleared(
    books: Books,
    context: Context,
    *,
    activity: str,
    vintage: int | None,
    of: UnitClass | None = None,
    serials: SerialRange | None = None,
    authorized: bool = True,
) -> Refusal | None:
    """Whether outcomes of this Party may be authorized or first transferred on the day.

    Args:
        authorized: Whether they are authorized already, as units that are about to be first transferred are.

    Source: 2/CMA.3 annex paras. 4, 18(a); letters of acknowledgement (R-WBK-10).
    """
    rules = stored(books, AUTHORIZATION_RULES, SELF, AuthorizationRules)
    if rules is not None:
        party = context.registry.party
        participation = stored(books, PARTICIPATION_RECORD, party, Participation)
        refusal = effective(rules, participation, party=party, on=context.on)
        if refusal is not None:
            return refusal
    letters = letters_on(books, activity)
    if not letters:
        return None
    return outside_scope(letters, on=context.on, vintage=vintage, of=of, serials=serials, authorized=authorized)


def approach_of(books: Books, context: Context, of: UnitClass) -> CooperativeApproach | None:
    """The cooperative approach of units, this Party's own or the copy that came with them."""
    name = of.cooperative_approach or ""
    if of.party == context.registry.party:
        return stored(books, APPROACH, name, CooperativeApproach)
    shown = stored(books, FOREIGN_APPROACH, name, CooperativeApproach)
    return None if shown is None else settled_by_own_record(shown, books)


def settled_by_own_record(shown: CooperativeApproach, books: Books) -> CooperativeApproach:
    """What a partner showed of an approach; what is asked here is for this registry's own record of it to say."""
    own = stored(books, APPROACH, shown.id, CooperativeApproach)
    if own is None:
        return shown
    return replace(
        shown,
        agreement_required=own.agreement_required,
        using_party_authorization=own.using_party_authorization,
    )


def may_go(
    books: Books, context: Context, *, of: UnitClass, authorization: Authorization, partner: Party
) -> Refusal | None:
    """Whether ITMOs for NDC use may go to a Party: an agreement in force, and its own letter where that is asked.

    For other purposes alone neither is asked, nor on the way home: a host does not use its own outcomes. A letter that
    leaves the Parties open leaves open those of its approach; of the mechanism all Parties are.

    Source: requirement R-A62-19; 2/CMA.3 annex para. 18(g); 4/CMA.6 para. 5(a)-(b).
    """
    approach = approach_of(books, context, of)
    if approach is None or partner == of.party:
        return None
    if partner not in approach.participants and not approach.first_transfer_on_any_cross_party_move:
        return Refusal(CoverageFault.PARTY, {**cited(authorization, "5(a)"), "party": partner})
    if Purpose.NDC not in authorization.purposes:
        return None
    refusal = agreed(books, context, approach=approach, partner=partner)
    if refusal is None and approach.using_party_authorization:
        return user_authorized(books, context, party=partner, approach=approach.id, authorization=authorization.id)
    return refusal


def agreed(books: Books, context: Context, *, approach: CooperativeApproach, partner: Party) -> Refusal | None:
    """Whether an agreement in force between the two Parties permits the transfer, where the approach asks for one.

    Source: requirement R-A62-19.
    """
    if not approach.agreement_required:
        return None
    names = books.record(AGREEMENTS_WITH, partner) or ()
    known = [stored(books, AGREEMENT_RECORD, name, Agreement) for name in names]
    named = [each for each in known if each is not None]
    found = permitting(named, one=context.registry.party, other=partner, approach=approach.id, on=context.on)
    return found if isinstance(found, Refusal) else None


def user_authorized(
    books: Books, context: Context, *, party: Party, approach: str, authorization: str
) -> Refusal | None:
    """Whether a Party's own authorization to acquire and use is recorded here and in force on the day.

    Source: 2/CMA.3 annex paras. 1(d), 18(g).
    """
    known = letters_of_user(books, party=party, approach=approach)
    return authorized_by_user(known, party=party, approach=approach, authorization=authorization, on=context.on)


def letters_of_user(books: Books, *, party: str, approach: str) -> list[UsingAuthorization]:
    """All letters of a using Party in an approach, in the order of recording."""
    key = using_party_key(party, approach)
    numbers = range(int(books.record(USING_LETTERS, key) or 0) + 1)
    found = [stored(books, USING_AUTHORIZATION, numbered_key(key, number), UsingAuthorization) for number in numbers]
    return [letter for letter in found if letter is not None]
