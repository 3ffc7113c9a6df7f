"""Whether an overlap keeps a part of an issuance back. The writer asks this; it needs no geometry, only the books.

Read before: `application/commands/check_boundary.py`.
"""

from counterfoil.application.command import stored
from counterfoil.application.commands.check_boundary import cases_of
from counterfoil.domain.activities.activity import ACTIVITY, Activity
from counterfoil.domain.activities.boundary import BOUNDARY_CHECK, BoundaryCheck
from counterfoil.domain.activities.overlap import OverlapFault, part_blocked, shared_years
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.mrv.verification import Verification, quantity_of


def overlapping_part_free(
    books: Books, activity: Activity, verification: Verification, *, vintage: int, quantity: int
) -> Refusal | None:
    """Refuses an unchecked boundary, and what belongs to the overlapping part of a year that both activities credit.

    The years are those of today's crediting periods, so a renewal is taken into account at once. An activity without a
    boundary is not held back: whether it needs one is the law's question. Source: 6/CMA.4 para. 5.
    """
    if activity.boundary is None:
        return None
    check = stored(books, BOUNDARY_CHECK, activity.id, BoundaryCheck)
    if check is None or check.boundary != activity.boundary:
        return Refusal(OverlapFault.NOT_CHECKED, {"activity": activity.id})
    standing = []
    for case in cases_of(books, activity.id):
        other = stored(books, ACTIVITY, case.other, Activity) if case.blocks else None
        if other is not None and any(vintage in years for years in shared_years(activity, other)):
            standing.append(case)
    if not standing:
        return None
    return part_blocked(
        activity=activity.id,
        vintage=vintage,
        verified=quantity_of(verification.verified, vintage),
        issued=quantity_of(verification.issued, vintage),
        asked=quantity,
        cases=standing,
    )
