"""`review`: findings of the technical expert review, the Party's answers, the end, and lessons that name nobody."""

from typing import Any, Final

import click

from counterfoil.entrypoints.cli.answers import answered
from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.cli.usage import OneOf
from counterfoil.entrypoints.language import Texts

AREAS: Final = (
    "participation", "ndc", "metrics", "method", "quantification", "authorization", "cooperative_approach",
    "environmental_integrity", "double_counting", "annual_information", "emissions_balance",
    "sustainable_development", "adaptation", "overall_mitigation", "completeness",
)  # fmt: skip
ISSUES: Final = ("cross_party", "quantified", "cross_report", "qualitative")
OUTCOMES: Final = ("resolved", "unresolved", "withdrawn")


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {
        "list": _list,
        "show": _show,
        "record": _record,
        "answer": _answer,
        "close": _close,
        "lessons": _lessons,
    }
    return Contents(texts, "cli.review", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _list(texts: Texts) -> Command:
    report = click.Option(["--report"], default="", metavar="KIND:PARTY:YEAR")
    return Command(texts, "cli.review.list", run_list, [report])


def _show(texts: Texts) -> Command:
    return Command(texts, "cli.review.show", run_show, [_finding()])


def _record(texts: Texts) -> Command:
    text = texts("cli.place.text")
    return Command(
        texts,
        "cli.review.record",
        run_record,
        [
            _finding(),
            click.Option(["--report"], required=True, metavar="KIND:PARTY:YEAR"),
            click.Option(["--version", "edition"], required=True, metavar="1.0"),
            click.Option(["--team"], required=True, metavar="TERT-2026-3"),
            click.Option(["--area"], type=OneOf(*AREAS), required=True, metavar="AREA"),
            click.Option(["--provision"], required=True, metavar=text),
            click.Option(["--issue"], type=OneOf(*ISSUES), required=True, metavar="TYPE"),
            click.Option(["--text"], default="", metavar=text),
            click.Option(["--confidential-text", "secret"], default="", metavar=text),
            click.Option(["--recommendation"], default="", metavar=text),
            click.Option(["--approach"], default="", metavar="CA9001"),
            click.Option(["--significant"], is_flag=True),
            click.Option(["--persistent"], is_flag=True),
        ],
    )


def _answer(texts: Texts) -> Command:
    text = texts("cli.place.text")
    return Command(
        texts,
        "cli.review.answer",
        run_answer,
        [
            _finding(),
            click.Option(["--text"], default="", metavar=text),
            click.Option(["--confidential-text", "secret"], default="", metavar=text),
            click.Option(["--evidence"], multiple=True, metavar="SHA256"),
            click.Option(["--resubmitted"], default="", metavar="1.1"),
        ],
    )


def _close(texts: Texts) -> Command:
    text = texts("cli.place.text")
    return Command(
        texts,
        "cli.review.close",
        run_close,
        [
            _finding(),
            click.Option(["--outcome"], type=OneOf(*OUTCOMES), required=True),
            click.Option(["--reason"], required=True, metavar=text),
            click.Option(["--lesson"], default="", metavar=text),
        ],
    )


def _lessons(texts: Texts) -> Command:
    return Command(texts, "cli.review.lessons", run_lessons)


def _finding() -> click.Argument:
    return click.Argument(["finding"], metavar="FINDING")


def run_list(desk: Desk, *, report: str) -> int:
    """One line for each finding."""
    from counterfoil.application.queries.review import findings
    from counterfoil.entrypoints.cli.columns import table
    from counterfoil.entrypoints.cli.reading import looking

    screen, texts = desk.screen, desk.screen.texts
    with looking(desk.directory) as sight:
        found = findings(sight, report)
    if screen.as_json:
        screen.json({"items": found})
        return OK
    if not found:
        screen.say("cli.review.nothing")
        return OK
    names = ("finding", "report", "version", "area", "provision", "state")
    rows = [
        [
            one["finding"],
            one["report"],
            one["version"],
            texts(f"review.area.{one['area']}"),
            one["provision"],
            texts(f"review.state.{one['state']}"),
        ]
        for one in found
    ]
    for line in table([[texts(f"cli.review.column.{name}") for name in names], *rows]):
        screen.line(line)
    return OK


def run_show(desk: Desk, *, finding: str) -> int:
    """A finding with its answers."""
    from counterfoil.application.queries.review import finding_view
    from counterfoil.entrypoints.cli.reading import looking, told
    from counterfoil.entrypoints.cli.render import Renderer

    screen = desk.screen
    with looking(desk.directory) as sight:
        view = told(finding_view(sight, finding))
    if screen.as_json:
        screen.json(view)
        return OK
    for line in Renderer(screen.texts, screen.columns).mapping(view):
        screen.line(line)
    return OK


def run_record(desk: Desk, *, secret: str, edition: str, area: str, issue: str, **fields: Any) -> int:
    """Record a finding. A confidential text is sealed: the journal holds its salted hash."""
    from counterfoil.application.commands.review_report import RecordReviewFinding
    from counterfoil.domain.reporting.review import IssueType, ReviewArea

    return _done(
        desk,
        RecordReviewFinding(
            version=edition, area=ReviewArea(area), issue=IssueType(issue), confidential=_sealed(secret), **fields
        ),
    )


def run_answer(desk: Desk, *, secret: str, **fields: Any) -> int:
    """Record the Party's answer."""
    from counterfoil.application.commands.review_report import AnswerReviewFinding

    return _done(desk, AnswerReviewFinding(confidential=_sealed(secret), **fields))


def run_close(desk: Desk, *, outcome: str, **fields: Any) -> int:
    """Close a finding."""
    from counterfoil.application.commands.review_report import CloseReviewFinding
    from counterfoil.domain.reporting.review import ReviewOutcome

    return _done(desk, CloseReviewFinding(outcome=ReviewOutcome(outcome), **fields))


def _sealed(secret: str) -> dict[str, str | int]:
    return {"text": secret} if secret else {}


def _done(desk: Desk, command: Any) -> int:
    from counterfoil.entrypoints.cli.writing import writing

    with writing(desk.directory, "review") as send:
        answers = send([command])
    return answered(desk.screen, answers)


def run_lessons(desk: Desk) -> int:
    """What others may learn, without whom it was about."""
    from counterfoil.application.queries.review import lessons_view
    from counterfoil.entrypoints.cli.reading import looking

    screen, texts = desk.screen, desk.screen.texts
    with looking(desk.directory) as sight:
        view = lessons_view(sight)
    if screen.as_json:
        screen.json(view)
        return OK
    if not view["lessons"]:
        screen.say("cli.review.nothing")
    for one in view["lessons"]:
        area, issue = texts(f"review.area.{one['area']}"), texts(f"review.issue.{one['issue']}")
        screen.say(
            "cli.review.lesson",
            area=area,
            provision=one["provision"],
            issue=issue,
            count=f"{one['findings_at_least']:,}",
        )
        for text in one["lessons"]:
            screen.line(f"  • {text}")
    return OK
