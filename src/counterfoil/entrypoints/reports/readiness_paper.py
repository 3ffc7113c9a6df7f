"""The readiness view as a paper in one language, for readers who decide: counts, lines with evidence, what is next.

Source: requirement R-TWN-08.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from counterfoil.application.paper import Block, Bullets, Column, Notice, Paper, Paragraph, Section, Table
from counterfoil.domain.policy.kinds.criterion import Group
from counterfoil.entrypoints.reports.readiness_words import (
    asked_text,
    evidence_text,
    ground_text,
    next_text,
    state_text,
    title_of,
)
from counterfoil.entrypoints.reports.words import DASH, Words

NUMBER: Final = 2
"""Weight of the column of counts beside the words."""


def readiness_paper(view: Mapping[str, Any], words: Words) -> Paper:
    """Nothing in it depends on the day of printing: the same view gives the same paper."""
    day = date.fromisoformat(view["on"])
    demonstration = bool(view["registry"] and view["registry"]["demonstration"])
    return Paper(
        title=words("readiness.title"),
        language=words.language,
        subtitle=title_of(view, words.text),
        facts=(
            (words("readiness.field.jurisdiction"), str(view["jurisdiction"])),
            (words("readiness.field.on"), words.day(day)),
            (words("readiness.field.asked"), ground_text(view, words.text)),
        ),
        sections=(_summary(view, words, demonstration=demonstration), *_groups(view, words)),
        mark=words("report.mark.demonstration") if demonstration else "",
        foot=f"{view['jurisdiction']} · {view['on']} · {view['rulebook']['pack']} {view['rulebook']['version']}",
        contents=False,
        titles=words.titles,
        day=day,
    )


def _summary(view: Mapping[str, Any], words: Words, *, demonstration: bool) -> Section:
    blocks: list[Block] = []
    if demonstration:
        blocks.append(Notice(words("report.mark.demonstration"), words("report.demonstration")))
    blocks.append(Paragraph(words("readiness.how_to_read")))
    for group in view["groups"]:
        label = group["label"][words.language]
        blocks.append(Paragraph(words("readiness.group_count", label=label, has=group["has"], of=group["of"])))
    rows = tuple((words(f"readiness.state.{state}"), str(count)) for state, count in view["counts"].items())
    columns = (Column(words("readiness.column.state"), weight=NUMBER), Column(words("readiness.column.lines")))
    blocks.append(Table(words("readiness.caption.counts"), columns, rows))
    if any(line["doubtful"] for line in view["lines"]):
        blocks.append(Notice(words("readiness.doubtful.title"), words("readiness.doubtful")))
    if view["unplaced"]:
        names = words.listed([each["criterion"] for each in view["unplaced"]])
        blocks.append(Notice(words("readiness.unplaced.title"), words("readiness.unplaced", names=names)))
    return Section(words("readiness.section.summary"), tuple(blocks))


def _groups(view: Mapping[str, Any], words: Words) -> Iterator[Section]:
    columns = (
        Column(words("readiness.column.line"), weight=3),
        Column(words("readiness.column.state"), weight=2),
        Column(words("readiness.column.evidence"), weight=5),
        Column(words("readiness.column.next"), weight=3),
    )
    for group in Group:
        lines = [line for line in view["lines"] if line["group"] == group.value]
        if lines:
            rows = tuple(_row(line, words) for line in lines)
            notes = tuple(dict.fromkeys(_note(line, words) for line in lines if _note(line, words)))
            blocks: tuple[Block, ...] = (
                Table(words("readiness.caption.lines", group=words(f"readiness.group.{group.value}")), columns, rows),
                *((Bullets(notes),) if notes else ()),
            )
            yield Section(words(f"readiness.group.{group.value}"), blocks)


def _row(line: Mapping[str, Any], words: Words) -> tuple[str, str, str, str]:
    text = words.text
    mark = "⚠ " if line["doubtful"] else ""
    evidence = "\n".join(evidence_text(each, text) for each in line["evidence"]) or DASH
    label = f"{line['label'][words.language]}\n{asked_text(line, text)}"
    return label, f"{mark}{state_text(line, text)}", evidence, next_text(line)


def _note(line: Mapping[str, Any], words: Words) -> str:
    note = line["asked_by"].get("note")
    return f"{line['label'][words.language]}: {note[words.language]}" if note else ""
