"""The readiness view, and the comparison of countries, as lines for people."""

from collections.abc import Iterator, Mapping
from typing import Any

from counterfoil.domain.policy.kinds.criterion import Group
from counterfoil.entrypoints.cli.columns import padded, table, width
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.reports.readiness_words import (
    MARKS,
    asked_text,
    evidence_text,
    ground_text,
    next_text,
    state_text,
    title_of,
)


def readiness_lines(view: Mapping[str, Any], texts: Texts) -> Iterator[str]:
    """Head, counts, and each line under its group with what shows it and what to do next."""
    yield texts("readiness.head", title=title_of(view, texts), on=view["on"])
    yield ground_text(view, texts)
    for group in view["groups"]:
        label = group["label"][texts.language]
        yield texts("readiness.group_count", label=label, has=group["has"], of=group["of"])
    yield texts("readiness.counts", **view["counts"])
    for group in Group:
        lines = [line for line in view["lines"] if line["group"] == group.value]
        if lines:
            yield ""
            yield texts(f"readiness.group.{group.value}")
        for line in lines:
            yield from _line(line, texts)
    if any(line["doubtful"] for line in view["lines"]):
        yield ""
        yield f"⚠ {texts('readiness.doubtful')}"
    if view["unplaced"]:
        yield ""
        yield texts("readiness.unplaced", names=", ".join(each["criterion"] for each in view["unplaced"]))


def _line(line: Mapping[str, Any], texts: Texts) -> Iterator[str]:
    mark = " ⚠" if line["doubtful"] else ""
    yield f"  {MARKS[line['state']]} {line['label'][texts.language]}: {state_text(line, texts)}{mark}"
    if line["state"] == "not_applicable" and not line["evidence"]:
        return
    yield f"      {line['criterion']} · {asked_text(line, texts)}"
    for each in line["evidence"]:
        yield f"      {evidence_text(each, texts)}"
    if line["next"]:
        yield f"      {texts('readiness.next', commands=next_text(line))}"


def compared_lines(view: Mapping[str, Any], texts: Texts) -> Iterator[str]:
    """One row for each line, one column for each country, and what the signs mean."""
    codes = [each["jurisdiction"] for each in view["countries"]]
    yield texts("readiness.compared", on=view["on"])
    yield ""
    rows = [["", *codes]]
    for line in view["lines"]:
        marks = (f"{MARKS[line['states'][code]]}{'⚠' if code in line['doubtful'] else ''}" for code in codes)
        rows.append([line["label"][texts.language], *marks])
    rows.append([texts("readiness.state.has"), *(str(each["counts"]["has"]) for each in view["countries"])])
    yield from table(rows)
    yield ""
    places = max(map(width, MARKS.values()))
    for state, mark in MARKS.items():
        yield f"{padded(mark, places)}  {texts(f'readiness.state.{state}')}"
    yield f"{padded('⚠', places)}  {texts('readiness.doubtful')}"
