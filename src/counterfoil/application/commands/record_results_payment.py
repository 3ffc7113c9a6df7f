"""Record a results-based payment: tonnes that were verified and paid for, and that no unit may be made of."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from counterfoil.application.command import Command, Context, record, stored
from counterfoil.application.commands.reissue import reissued_of
from counterfoil.application.commands.results_paid import paid_under, paid_years, verifications_of
from counterfoil.domain.activities.activity import ACTIVITY, ActivityFault
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry, Record
from counterfoil.domain.mrv.results_payment import (
    RESULTS_PAID,
    RESULTS_PAYMENT,
    RESULTS_YEARS,
    ResultsFault,
    ResultsPayment,
    payable,
    readable_payment,
    summed,
)
from counterfoil.domain.mrv.verification import (
    VERIFICATION,
    Verification,
    VerificationFault,
    VintageQuantity,
    quantity_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordResultsPayment(Command):
    """Record that `payer` paid for tonnes of a verification, by vintage, under `programme`, without any claim to them.

    `covers` names other activities in the measured area, whose outcomes of these years are in the amount. `source`
    says where the payment is known from.
    """

    payment: str
    verification: str
    paid: tuple[VintageQuantity, ...]
    payer: str
    programme: str
    source: str
    covers: tuple[ActivityId, ...] = ()


def record_results_payment(command: RecordResultsPayment, books: Books, context: Context) -> Entry | Refusal:
    """Refuses tonnes that were issued as units or paid for before, and an area in which units were issued.

    Source: requirements R-INT-10, R-NOR-14, R-WBK-15.
    """
    verification = stored(books, VERIFICATION, command.verification, Verification)
    if verification is None:
        return Refusal(VerificationFault.UNKNOWN, {"verification": command.verification[:80]})
    payment = ResultsPayment(
        command.payment,
        verification.id,
        verification.activity,
        command.paid,
        command.payer.strip(),
        command.programme.strip(),
        command.source.strip(),
        context.on,
        command.covers,
    )
    refusal = readable_payment(payment)
    if refusal is not None:
        return refusal
    if books.record(RESULTS_PAYMENT, payment.id) is not None:
        return Refusal(ResultsFault.ALREADY_RECORDED, {"payment": payment.id})
    before = paid_under(books, verification.id)
    refusal = payable(payment, verification, before) or _area(payment, books)
    if refusal is not None:
        return refusal
    return Entry(
        Act.RESULTS_PAYMENT_RECORDED,
        context.on,
        records=(
            record(RESULTS_PAYMENT, payment.id, payment),
            record(RESULTS_PAID, verification.id, summed(before, payment.paid)),
            *_years(payment, books),
        ),
        details={"quantity_t": sum(each.quantity for each in payment.paid), "claim": "none"},
    )


def _area(payment: ResultsPayment, books: Books) -> Refusal | None:
    """Whether the other activities of the area are known, and no unit was issued to them for the paid years.

    Units that stand for credits of another registry come from no verification, so none may be of the activity either.
    """
    for each in payment.paid:
        if brought := reissued_of(books, payment.activity, vintage=each.vintage):
            known: dict[str, JSON] = {"payment": payment.id, "activity": payment.activity}
            return Refusal(ResultsFault.AREA_ISSUED, {**known, "vintage": each.vintage, "issued": brought})
    for activity in payment.covers:
        if books.record(ACTIVITY, activity) is None or activity == payment.activity:
            return Refusal(ActivityFault.UNKNOWN, {"activity": activity[:80]})
        for each in payment.paid:
            issued = sum(quantity_of(one.issued, each.vintage) for one in verifications_of(books, activity))
            issued += reissued_of(books, activity, vintage=each.vintage)
            if issued:
                facts: dict[str, JSON] = {"payment": payment.id, "activity": activity}
                return Refusal(ResultsFault.AREA_ISSUED, {**facts, "vintage": each.vintage, "issued": issued})
    return None


def _years(payment: ResultsPayment, books: Books) -> Iterator[Record]:
    paid = {each.vintage for each in payment.paid}
    own = paid_years(books, payment.activity)
    measured = tuple(sorted(paid | set(own.measured)))
    yield record(RESULTS_YEARS, payment.activity, replace(own, measured=measured))
    for activity in dict.fromkeys(payment.covers):
        known = paid_years(books, activity)
        yield record(RESULTS_YEARS, activity, replace(known, covered=tuple(sorted(paid | set(known.covered)))))
