"""What others may learn from a review, without whom it was about.

A finding's own text never leaves: only the lesson that somebody wrote for others does, and even that is looked through
for names, identifiers and exact numbers. Findings are grouped by area, provision and type.

Source: requirements R-A62-18, R-C30-07.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from counterfoil.domain.reporting.review import ReviewFinding, ReviewOutcome

HIDDEN: Final = "[…]"
OTHER_PROVISION: Final = "–"
SHORT_NAME: Final = 4
"""A name with fewer characters is hidden as a whole word only: it is a part of many words."""
_PLAIN: Final = frozenset(
    "AEF BTR CARP CMA CO2 CH4 N2O CTF GHG GWP IMP ITMO ITMOS MPG NDC NDCS OIMP OMGE TER UTC XLSX JSON PDF".split()
)
"""Words of the field that look like codes and name nobody."""
_DECISION: Final = r"\d{1,2}/CMA\.\d{1,2}"
_PROVISION: Final = re.compile(
    rf"{_DECISION}(?: (?:main|annex(?: [IVX]{{1,4}})?))?"
    r"(?:,? paras?\. ?\d{1,3}(?:\([a-z]{1,4}\)){0,3}(?:[-–]\d{1,3})?)?"
)
_TOKEN: Final = re.compile(r"(?:[^\s,;()\[\]{}\"'“”‘’、。，；：（）「」]|(?<=\d),(?=\d))+", re.UNICODE)
_NUMBER: Final = re.compile(r"\d[\d,. ]*\d|\d")


@dataclass(frozen=True, slots=True)
class Lesson:
    """Findings of one kind. `at_least` is their number down to its order of magnitude: 1, 10, 100."""

    area: str
    provision: str
    issue: str
    at_least: int
    recurring: bool
    significant: bool
    persistent: bool
    outcomes: tuple[str, ...]
    texts: tuple[str, ...]


def lessons(findings: Iterable[ReviewFinding], names: Collection[str]) -> tuple[Lesson, ...]:
    """The groups of all findings, the most frequent orders first.

    Args:
        names: Everything by which somebody or something of the register could be recognized.
    """
    groups: dict[tuple[str, str, str], list[ReviewFinding]] = defaultdict(list)
    for finding in findings:
        groups[finding.area.value, general_provision(finding.provision), finding.issue.value].append(finding)
    found = [_lesson(key, group, names) for key, group in groups.items()]
    return tuple(sorted(found, key=lambda one: (-one.at_least, one.area, one.provision, one.issue)))


def _lesson(key: tuple[str, str, str], group: list[ReviewFinding], names: Collection[str]) -> Lesson:
    outcomes = {one.outcome.value for one in group if isinstance(one.outcome, ReviewOutcome)}
    return Lesson(
        *key,
        at_least=order(len(group)),
        recurring=len(group) > 1,
        significant=any(one.significant for one in group),
        persistent=any(one.persistent for one in group),
        outcomes=tuple(sorted(outcomes)),
        texts=tuple(sorted({redacted(one.lesson, names) for one in group if one.lesson})),
    )


def general_provision(text: str) -> str:
    """The decision and paragraph that a provision begins with; a text that is none says nothing.

    >>> general_provision("2/CMA.3 annex para. 20, as THA reported"), general_provision("see Mr. X")
    ('2/CMA.3 annex para. 20', '–')
    """
    match = _PROVISION.match(text.strip())
    return OTHER_PROVISION if match is None else match[0]


def order(number: int) -> int:
    """The power of ten at or below a number; 0 for 0.

    >>> order(42_000), order(9), order(0)
    (10000, 1, 0)
    """
    return 10 ** (len(str(number)) - 1) if number > 0 else 0


def redacted(text: str, names: Collection[str]) -> str:
    """A text without names, identifiers, days and exact numbers.

    >>> redacted("KLIK reported 42,000 t for CA9001-THA01-THA-7-2023.", {"klik"})
    '[…] reported ~10,000 t for […]'
    """
    for name in sorted((name for name in names if name.strip()), key=len, reverse=True):
        sought = re.escape(name.strip())
        pattern = sought if len(name.strip()) >= SHORT_NAME else rf"(?<!\w){sought}(?!\w)"
        text = re.sub(pattern, HIDDEN, text, flags=re.IGNORECASE)
    return " ".join(_TOKEN.sub(_told, text).replace(f"{HIDDEN}{HIDDEN}", HIDDEN).split())


def _told(match: re.Match[str]) -> str:
    """One word: kept, hidden, or a number down to its order."""
    word = match[0]
    bare = word.strip(".:!?-")
    if HIDDEN in word or bare.upper() in _PLAIN or re.fullmatch(_DECISION, bare):
        return word
    if _NUMBER.fullmatch(bare):
        digits = re.sub(r"[., ].{0,2}\Z|\D", "", bare)
        return f"~{order(int(digits or '0')):,}"
    coded = re.search(r"[\d@_]", bare) or re.fullmatch(r"[A-Z]{2,}", bare) or "://" in bare
    return HIDDEN if coded else word


def as_values(found: Iterable[Lesson]) -> list[Mapping[str, object]]:
    """The groups as values that any JSON writer takes."""
    return [
        {
            "area": one.area,
            "provision": one.provision,
            "issue": one.issue,
            "findings_at_least": one.at_least,
            "recurring": one.recurring,
            "significant": one.significant,
            "persistent": one.persistent,
            "outcomes": list(one.outcomes),
            "lessons": list(one.texts),
        }
        for one in found
    ]
