"""Set the quota of export of a nation, a sector or an enterprise for a year."""

from dataclasses import dataclass, replace
from datetime import date

from counterfoil.application.command import Command, Context, record, stored
from counterfoil.domain.authorizations.quota import QUOTA, WORD_MAX, YEAR_MAX, YEAR_MIN, Quota, QuotaFault, settable
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import DIGEST
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class SetQuota(Command):
    """Set a quota of export in whole tonnes, or set it anew.

    `level` is a word of the law (nation, sector, enterprise), `parent` the quota that it lies within, `holder` the
    sector or enterprise. Letters draw on it until `last_day`, which is the end of the year where it is left out.
    `document` is the SHA-256 of the decision in the evidence store.
    """

    quota: str
    level: str
    year: int
    quantity_t: int
    holder: str = ""
    parent: str | None = None
    last_day: date | None = None
    document: str | None = None


def set_quota(command: SetQuota, books: Books, context: Context) -> Entry | Refusal:
    """Children stay within their parent, and no quota falls below what is used of it; the law says what bounds it.

    Source: requirement R-IDN-16.
    """
    facts = {"quota": command.quota[:WORD_MAX]}
    dated = YEAR_MIN <= command.year <= YEAR_MAX
    if not dated or (command.document is not None and not DIGEST.match(command.document)):
        return Refusal(QuotaFault.CONTENT_UNREADABLE, facts)
    known = stored(books, QUOTA, command.quota, Quota)
    parent = stored(books, QUOTA, command.parent, Quota) if command.parent is not None else None
    quota = Quota(
        id=command.quota,
        level=command.level,
        year=command.year,
        quantity_t=command.quantity_t,
        last_day=command.last_day or date(command.year, 12, 31),
        holder=command.holder,
        parent=command.parent,
        allocated_t=0 if known is None else known.allocated_t,
        drawn_t=0 if known is None else known.drawn_t,
        document=command.document,
        assumed=command.assumed,
    )
    refusal = settable(quota, known=known, parent=parent)
    if refusal is not None:
        return refusal
    records = [record(QUOTA, quota.id, quota)]
    if parent is not None:
        more = quota.quantity_t - (0 if known is None else known.quantity_t)
        records.append(record(QUOTA, parent.id, replace(parent, allocated_t=parent.allocated_t + more)))
    details: dict[str, JSON] = {"quota": quota.id, "level": quota.level, "year": quota.year}
    details["quantity_t"] = quota.quantity_t
    return Entry(Act.QUOTA_SET, context.on, records=tuple(records), details=details)
