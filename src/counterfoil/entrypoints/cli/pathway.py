"""`pathway`: places an activity in Article 6.2, 6.4 or 6.8, beside them, or in a mix, with reasons."""

import sys
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.facts_said import facts_said
from counterfoil.entrypoints.cli.packs import folders_option, sound_pack
from counterfoil.entrypoints.cli.screen import OK, UNUSABLE, Fault
from counterfoil.entrypoints.cli.usage import Day, Misused, UsageFault
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.domain.policy.law import Law
    from counterfoil.domain.policy.routing import Question

STDIN: Final = "-"
FILE_BYTES_MAX: Final = 1024 * 1024


def command(texts: Texts) -> Command:
    options: list[click.Parameter] = [
        click.Option(["--jurisdiction"], metavar="THA", required=True),
        click.Option(["--answers"], metavar="FILE|-", default=""),
        click.Option(["--answer"], metavar="NAME=VALUE", multiple=True),
        click.Option(["--ask"], is_flag=True),
        click.Option(["--on"], type=Day()),
        folders_option(texts),
    ]
    return Command(texts, "cli.pathway", run, options)


def run(
    desk: Desk,
    *,
    jurisdiction: str,
    answers: str,
    answer: tuple[str, ...],
    ask: bool,
    on: date | None,
    folders: tuple[str, ...],
) -> int:
    """The pathways and the questions that are left. The command has done its work whatever stands open."""
    from counterfoil.application.queries.pathway import pathway_view
    from counterfoil.domain.policy.routing import BOOK
    from counterfoil.entrypoints.cli.day import today
    from counterfoil.entrypoints.cli.pathway_text import pathway_lines

    if ask and answers == STDIN:
        from counterfoil.domain.kernel.refusal import Refusal

        raise Misused(Refusal(UsageFault.ARGUMENT_EXTRA, {"argument": "--ask"}))
    day = on or today()
    book, law = sound_pack(desk, BOOK, folders).law, sound_pack(desk, jurisdiction, folders).law
    raw = {**_filed(answers), **facts_said(answer)}
    if ask:
        _ask(desk, book, law, raw, day)
    view = pathway_view(book, law, _read(book, law, raw, day), day)
    if desk.screen.as_json:
        desk.screen.json(view)
    else:
        for line in pathway_lines(view, desk.screen.texts):
            desk.screen.line(line)
    return OK


def _filed(name: str) -> dict[str, Any]:
    """The answers of a file, or none where no file is named."""
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.cli.input import read_bytes
    from counterfoil.entrypoints.pathway_answers import json_object

    if not name:
        return {}
    data = read_bytes(name, bytes_max=FILE_BYTES_MAX)
    found = data if isinstance(data, Refusal) else json_object(data, name)
    if isinstance(found, Refusal):
        raise Fault(found, UNUSABLE)
    return found


def _read(book: "Law", law: "Law", raw: Mapping[str, Any], on: date) -> Mapping[str, Any]:
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.domain.policy.routing import answers_from

    found = answers_from(book, law, raw, on)
    if isinstance(found, Refusal):
        raise Fault(found, UNUSABLE)
    return found


def _ask(desk: Desk, book: "Law", law: "Law", raw: dict[str, Any], on: date) -> None:
    """Ask one question after the other, as long as an answer can change something. An empty line passes one over."""
    from counterfoil.domain.policy.routing import route

    passed: set[str] = set()
    while True:
        questions = route(book, law, _read(book, law, raw, on), on).questions
        question = next((each for each in questions if each.fact.name not in passed), None)
        line = _answer_to(desk, question) if question is not None else ""
        if question is None or not line:
            return
        if not line.strip():
            passed.add(question.fact.name)
            continue
        try:
            _read(book, law, {**raw, question.fact.name: line.strip()}, on)
            raw[question.fact.name] = line.strip()
        except Fault as fault:
            _complain(desk, fault)


def _complain(desk: Desk, fault: Fault) -> None:
    """What is wrong with an answer, beside the prompts: the standard output holds the outcome alone."""
    from counterfoil.entrypoints.cli.columns import harmless
    from counterfoil.entrypoints.cli.screen import fault_lines
    from counterfoil.entrypoints.faults import catalogue

    for line in fault_lines(catalogue(), fault.fault, desk.screen.texts.language):
        click.echo(harmless(line), err=True)


def _answer_to(desk: Desk, question: "Question") -> str:
    """The line that was typed; nothing when the input has ended."""
    from counterfoil.entrypoints.cli.columns import harmless
    from counterfoil.entrypoints.cli.pathway_text import expected

    texts = desk.screen.texts
    label = question.fact.label.in_language(texts.language)
    words = expected(question.fact.type.value, question.choices, texts)
    desk.screen.note("cli.pathway.asked", label=label, name=question.fact.name, words=words)
    return harmless(sys.stdin.readline(1_000))
