"""Which version of an authorization governs an act, and which one governs units that were first transferred before.

A version has a day of effect. It never reaches units first transferred before that day, unless the version that
governs them had terms that say so. Two versions never meet units of one day: `change.py` keeps their days apart.

Source: 4/CMA.6 paras. 7-10.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

from counterfoil.domain.authorizations.authorization import Authorization

_ALWAYS: Final = date.min
"""The first version has no day of effect: before it there is none, and it refuses by its own dates."""


def governing(
    latest: Authorization,
    earlier: Callable[[int], Authorization | None],
    known: range | list[int],
    *,
    on: date,
    first_transferred_on: date | None = None,
) -> Authorization:
    """The version that governs an act of a day.

    Args:
        latest: The latest version that is recorded, its day of effect may be still to come.
        earlier: Reads an earlier version by its number; None where it is not known here.
        known: The numbers of earlier versions, oldest first.
        first_transferred_on: The day of the units' first transfer, if any.

    Source: 4/CMA.6 para. 7.
    """
    found = _standing(latest, earlier, known, until=min(on, first_transferred_on or on))
    governs = found[0]
    for version in found[1:]:
        day = day_of_effect(version)
        if on < day or not _reaches(version, governs, first_transferred_on):
            break
        governs = version
    return governs


def day_of_effect(version: Authorization) -> date:
    return version.effective_on or _ALWAYS


def forestalled(versions: Iterable[Authorization]) -> frozenset[tuple[str, int]]:
    """The versions, by letter and number, that never take effect since a later one took effect before their day.

    Source: 4/CMA.6 paras. 7-8.
    """
    first: dict[str, date] = {}
    gone: set[tuple[str, int]] = set()
    for version in sorted(versions, key=lambda each: each.version, reverse=True):
        day = day_of_effect(version)
        if day > first.get(version.id, date.max):
            gone.add((version.id, version.version))
        first[version.id] = min(day, first.get(version.id, date.max))
    return frozenset(gone)


def _standing(
    latest: Authorization, earlier: Callable[[int], Authorization | None], known: range | list[int], *, until: date
) -> list[Authorization]:
    """The versions from the one in force on `until`, oldest first, without those that a later one forestalled."""
    found = [latest]
    for number in reversed(known):
        if day_of_effect(found[-1]) <= until:
            break
        version = earlier(number)
        if version is not None and day_of_effect(version) <= day_of_effect(found[-1]):
            found.append(version)
    return found[::-1]


def _reaches(version: Authorization, governs: Authorization, first_transferred_on: date | None) -> bool:
    """Whether a version governs such units in the place of the one that does: by its day, or by the terms before it."""
    if first_transferred_on is None or day_of_effect(version) <= first_transferred_on:
        return True
    return governs.terms_allow_change_after_first_transfer and not version.only_untransferred
