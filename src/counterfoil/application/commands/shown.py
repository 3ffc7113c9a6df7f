"""What a registry believes of the letters and approaches that a partner shows it with the units it offers.

The host speaks for its own letters. Anybody else may show what this registry does not know yet, but changes nothing
that it knows and widens nothing.

Source: 4/CMA.6 paras. 5, 7-10; 6/CMA.4 annex I paras. 9-10.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Final

from counterfoil.application.command import record, stored
from counterfoil.application.commands.authorize import version_key
from counterfoil.application.commands.foreign import (
    FOREIGN_APPROACH,
    FOREIGN_AUTHORIZATION,
    FOREIGN_AUTHORIZATION_VERSION,
    FOREIGN_AUTHORIZATION_VERSIONS,
    foreign_key,
)
from counterfoil.domain.activities.activity import CooperativeApproach
from counterfoil.domain.authorizations.authorization import Authorization
from counterfoil.domain.authorizations.widening import widens
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Record

SHOWN_BY_HOST: Final = "foreign_authorization_by_host"
"""By version: set where the host itself showed it. What a middleman showed first, the host may put right."""


class ShownFault(StrEnum):
    LETTER_DIFFERS = "acquisition.letter_differs"
    LETTER_WIDENED = "acquisition.letter_widened"


def shown_letters(copies: Iterable[Authorization], books: Books, *, partner: str) -> list[Record] | Refusal:
    """The records of the versions that a partner shows of other hosts' letters, each kept once.

    Refuses a copy that says something else than the version that is known, and, from anybody but the host, a later
    version that is wider than the one before. Source: 4/CMA.6 paras. 7, 10.
    """
    told: dict[str, dict[int, Authorization]] = {}
    for copy in copies:
        versions = told.setdefault(foreign_key(copy.host, copy.id), {})
        if versions.setdefault(copy.version, copy) != copy:
            return _refused(ShownFault.LETTER_DIFFERS, copy, partner)
    rows: list[Record] = []
    for key, versions in told.items():
        found = _one_letter(key, versions, books, partner)
        if isinstance(found, Refusal):
            return found
        rows += found
    return rows


def _one_letter(key: str, versions: dict[int, Authorization], books: Books, partner: str) -> list[Record] | Refusal:
    told_before = _known(key, books)
    known = dict(told_before)
    fresh: dict[int, Authorization] = {}
    rows: list[Record] = []
    for number, copy in sorted(versions.items()):
        by_host = copy.host == partner
        confirmed = books.record(SHOWN_BY_HOST, version_key(key, number)) is not None
        if by_host and not confirmed:
            rows.append(Record(SHOWN_BY_HOST, version_key(key, number), partner))
        if known.get(number) == copy:
            continue
        if number in known and (confirmed or not by_host):
            return _refused(ShownFault.LETTER_DIFFERS, copy, partner)
        before = max((each for each in told_before if each < number), default=None)
        if not by_host and before is not None and widens(copy, known[before]):
            return _refused(ShownFault.LETTER_WIDENED, copy, partner)
        known[number] = fresh[number] = copy
    newest = max(known)
    if newest in fresh:
        rows.append(record(FOREIGN_AUTHORIZATION, key, fresh[newest]))
    listed = list(books.record(FOREIGN_AUTHORIZATION_VERSIONS, key) or ())
    rows += [
        record(FOREIGN_AUTHORIZATION_VERSION, version_key(key, number), copy)
        for number, copy in sorted(known.items())
        if number in fresh or number not in listed
    ]
    if sorted(known) != listed:
        rows.append(Record(FOREIGN_AUTHORIZATION_VERSIONS, key, sorted(known)))
    return rows


def _known(key: str, books: Books) -> dict[int, Authorization]:
    """The versions that were shown here. Old journals kept the latest one alone, outside the list."""
    found: dict[int, Authorization] = {}
    for number in books.record(FOREIGN_AUTHORIZATION_VERSIONS, key) or ():
        version = stored(books, FOREIGN_AUTHORIZATION_VERSION, version_key(key, number), Authorization)
        if version is not None:
            found[number] = version
    latest = stored(books, FOREIGN_AUTHORIZATION, key, Authorization)
    if latest is not None:
        found.setdefault(latest.version, latest)
    return found


def _refused(fault: ShownFault, copy: Authorization, partner: str) -> Refusal:
    return Refusal(fault, {"authorization": copy.id, "version": copy.version, "host": copy.host, "partner": partner})


def shown_approach(copy: CooperativeApproach, books: Books, *, by_host: bool) -> CooperativeApproach:
    """An approach as it stands after a partner has shown it: a host's copy tells more, and lifts nothing asked before.

    A registry that wants it otherwise registers the approach itself: its own record decides.
    """
    known = stored(books, FOREIGN_APPROACH, copy.id, CooperativeApproach)
    if known is None:
        return copy
    if not by_host:
        return known
    return replace(
        copy,
        agreement_required=known.agreement_required or copy.agreement_required,
        using_party_authorization=known.using_party_authorization or copy.using_party_authorization,
        recognition_required=known.recognition_required or copy.recognition_required,
    )


def kept_approaches(approaches: Sequence[CooperativeApproach], books: Books) -> list[Record]:
    """The records of the approaches that changed, each once; of two copies in one offer the one that tells more."""
    changed: dict[str, CooperativeApproach] = {}
    for approach in approaches:
        if approach != stored(books, FOREIGN_APPROACH, approach.id, CooperativeApproach):
            changed[approach.id] = approach
    return [record(FOREIGN_APPROACH, name, approach) for name, approach in changed.items()]
