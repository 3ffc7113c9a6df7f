"""From the files of `cases/` to cases: sentences with facts, a day, and the answer that the law must give."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.asked import asked_from
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.pack import Case, failure
from counterfoil.domain.policy.ruling import Outcome
from counterfoil.packs.field_reading import (
    Spot,
    Unread,
    choice,
    fact_unknown,
    read_day,
    read_requirements,
    read_text,
    shaped,
)
from counterfoil.packs.pack_fault import PackFault
from counterfoil.packs.toml_file import TomlFile

KEYS: Final = ("says", "on", "act", "given", "expect", "fault", "rule", "amounts", "doubtful", "requirements")
CASES_MAX: Final = 500


def read_cases(files: Sequence[TomlFile], law: Law) -> Iterator[tuple[Case, Spot]]:
    """Every case with its place. Facts and acts are read as the command line reads them."""
    for file in files:
        for key in file.content:
            if key != "case":
                file.wrong(PackFault.KEY_UNKNOWN, (key,), key=key, known="case")
        rows = file.content.get("case", [])
        if not isinstance(rows, list):
            file.wrong(PackFault.SHAPE_WRONG, ("case",), key="case", expected="[[case]]")
            continue
        if len(rows) > CASES_MAX:
            file.wrong(PackFault.CASES_TOO_MANY, ("case", CASES_MAX), cases=len(rows), cases_max=CASES_MAX)
        for place, row in enumerate(rows[:CASES_MAX]):
            spot = Spot(file, ("case", place))
            try:
                yield _case(shaped(dict, row, spot), spot, law), spot
            except Unread:
                continue


def _case(row: Mapping[str, Any], spot: Spot, law: Law) -> Case:
    for key in row:
        if key not in KEYS:
            raise spot.below(key).wrong(PackFault.KEY_UNKNOWN, key=key, known=", ".join(KEYS))
    given = shaped(dict, row.get("given", {}), spot.below("given"))
    asked = asked_from(str(row.get("act")), given, law.facts)
    if isinstance(asked, Refusal):
        fact = asked.facts.get("fact")
        below = spot.below("given").below(str(fact)) if fact else spot.below("act")
        raise below.wrong(_FAULTS.get(str(asked.code), PackFault.FACT_UNKNOWN), **_told(asked, law))
    return Case(
        read_text(row.get("says"), spot.below("says")),
        read_day(row.get("on"), spot.below("on")),
        asked,
        choice(Outcome, row.get("expect"), spot.below("expect")),
        str(row.get("fault", "")),
        str(row.get("rule", "")),
        _amounts(row, spot.below("amounts")),
        shaped(bool, row["doubtful"], spot.below("doubtful")) if "doubtful" in row else None,
        read_requirements(row, spot),
    )


def _amounts(row: Mapping[str, Any], spot: Spot) -> Mapping[str, int] | None:
    if "amounts" not in row:
        return None
    amounts = shaped(dict, row["amounts"], spot)
    return {name: shaped(int, quantity, spot.below(name)) for name, quantity in amounts.items()}


_FAULTS: Final = {
    "policy.act_unknown": PackFault.CHOICE_UNKNOWN,
    "policy.fact_unreadable": PackFault.FACT_UNREADABLE,
}


def _told(asked: Refusal, law: Law) -> dict[str, Any]:
    if str(asked.code) == "policy.fact_unknown":
        return fact_unknown(str(asked.facts["fact"]), law.facts)
    if str(asked.code) == "policy.act_unknown":
        return {"key": "act", "value": asked.facts["act"], "known": asked.facts["known"]}
    return {key: value for key, value in asked.facts.items() if key != "act"}


def judged(cases: Sequence[tuple[Case, Spot]], law: Law) -> list[Case]:
    """The cases; those that the law does not bear out are kept as problems."""
    for case, spot in cases:
        differs = failure(case, law)
        if differs is not None:
            spot.wrong(
                PackFault.CASE_FAILED,
                says=f"{case.says.en} · {case.says.zh_hant}",
                expected=differs[0],
                found=differs[1],
            )
    return [case for case, _ in cases]
