"""What an entry adds when a partner is to be told of it: a numbered notice that is owed until it is answered.

Read before: `domain/federation/notice.py`.
"""

from collections.abc import Mapping
from typing import Final, Protocol

from counterfoil.application.command import Context, Units, record, stored
from counterfoil.domain.federation.link import PARTNER, LinkFault, Partner
from counterfoil.domain.federation.notice import NOTICE, NOTICES_TO, Notice, NoticeKind, notice_id
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Entry, Record

NOTICES: Final = "notices"
"""The member of an entry's details that names the notices which it owes."""


def told_to(books: Books, party: str) -> bool:
    """Whether a Party's registry is linked, so that it can be told."""
    return stored(books, PARTNER, party, Partner) is not None


def notifying(
    entry: Entry, books: Books, context: Context, *, partner: str, kind: NoticeKind, content: Mapping[str, JSON]
) -> Entry:
    """The entry with one more notice to a partner. One entry owes a partner one notice at most."""
    number = int(books.record(NOTICES_TO, partner) or 0) + 1
    notice = Notice(
        id=notice_id(context.registry.registry, partner, number),
        partner=Party(partner),
        kind=kind,
        told_on=entry.effective_on,
        content=content,
    )
    listed = entry.details.get(NOTICES, [])
    assert isinstance(listed, list)
    return entry._replace(
        records=(*entry.records, record(NOTICE, notice.id, notice), Record(NOTICES_TO, partner, number)),
        details={**entry.details, NOTICES: [*listed, notice.id]},
    )


class ForSomebody(Protocol):
    """A command that ends units for a beneficiary, perhaps in another country."""

    @property
    def units(self) -> Units: ...
    @property
    def beneficiary(self) -> str: ...
    @property
    def beneficiary_party(self) -> Party | None: ...


def telling_beneficiary(entry: Entry, command: ForSomebody, books: Books, context: Context) -> Entry | Refusal:
    """The entry with the notice to the beneficiary's registry, where it is another one. Units are ended here alone.

    Source: requirement R-ACC-06 (both ledgers know of a retirement across borders).
    """
    party = command.beneficiary_party
    if party is None or party == context.registry.party:
        return entry
    if not told_to(books, party):
        return Refusal(LinkFault.UNKNOWN, {"partner": party[:20]})
    if any(each.kind == NOTICES_TO and each.key == party for each in entry.records):
        # It is the host, and is told of the same units already.
        return entry
    units = command.units
    content: dict[str, JSON] = {
        "units": [[units.unit_class, units.first, units.last]],
        "act": entry.act.value,
        "beneficiary": command.beneficiary,
    }
    return notifying(entry, books, context, partner=party, kind=NoticeKind.BENEFICIARY, content=content)
