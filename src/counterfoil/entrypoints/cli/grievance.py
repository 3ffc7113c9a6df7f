"""`grievance`: letters of people without an account. Take one in, read it, file it, answer it in public, erase it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from counterfoil.domain.activities.grievance import GrievanceOutcome
from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.cli.usage import OneOf
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.application.commands.file_grievance import FileGrievance
    from counterfoil.application.office.grievance_letter import GrievanceLetter
    from counterfoil.application.office.grievances import LetterDesk
    from counterfoil.application.receipt import Receipt
    from counterfoil.domain.kernel.refusal import Refusal


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {
        "list": _list,
        "show": _show,
        "send": _send,
        "file": _file,
        "answer": _answer,
        "erase": _erase,
    }
    return Contents(texts, "cli.grievance", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _list(texts: Texts) -> Command:
    return Command(texts, "cli.grievance.list", run_list, [click.Option(["--open", "unanswered"], is_flag=True)])


def _show(texts: Texts) -> Command:
    return Command(texts, "cli.grievance.show", run_show, [_number()])


def _send(texts: Texts) -> Command:
    text = texts("cli.place.text")
    options: list[click.Parameter] = [
        click.Option(["--activity"], metavar="ACTIVITY", required=True),
        click.Option(["--letter"], type=click.File(encoding="utf-8"), metavar=texts("cli.place.file"), required=True),
        click.Option(["--name"], default="", metavar=text),
        click.Option(["--contact"], default="", metavar=text),
    ]
    return Command(texts, "cli.grievance.send", run_send, options)


def _file(texts: Texts) -> Command:
    return Command(texts, "cli.grievance.file", run_file, [_number()])


def _answer(texts: Texts) -> Command:
    text = texts("cli.place.text")
    options: list[click.Parameter] = [
        _number(),
        click.Option(["--outcome"], type=OneOf(*GrievanceOutcome), required=True),
        click.Option(["--answer"], required=True, metavar=text),
        click.Option(["--by"], required=True, metavar=text),
    ]
    return Command(texts, "cli.grievance.answer", run_answer, options)


def _erase(texts: Texts) -> Command:
    return Command(texts, "cli.grievance.erase", run_erase, [_number()])


def _number() -> click.Argument:
    return click.Argument(["grievance"], metavar="NUMBER")


def run_list(desk: Desk, *, unanswered: bool) -> int:
    """Every grievance of the journal with its days, and letters that the journal does not have yet."""
    from counterfoil.domain.activities.grievance import GRIEVANCE
    from counterfoil.entrypoints.cli.office_at_work import show_rows
    from counterfoil.entrypoints.cli.reading import looking

    with looking(desk.directory) as sight:
        known = dict(sight.records(GRIEVANCE))
    letters = {letter.number: letter for letter in _letters(desk)}
    rows = [
        {
            "grievance": number,
            "activity": value["activity"],
            "filed_on": value["filed_on"],
            "answer_by": value["answer_by"],
            "answered_on": value["answered_on"],
            "letter": number in letters and letters[number].erased_ms is None,
        }
        for number, value in known.items()
        if not (unanswered and value["answered_on"])
    ]
    nothing = dict.fromkeys(("filed_on", "answer_by", "answered_on"))
    waiting = (letter for letter in letters.values() if letter.number not in known)
    rows += [{"grievance": each.number, "activity": each.activity, **nothing, "letter": True} for each in waiting]
    show_rows(desk, rows, "cli.grievance.nothing")
    return OK


def _letters(desk: Desk) -> "Iterator[GrievanceLetter]":
    """Every letter that the office keeps; none where there is no office."""
    from counterfoil.entrypoints.office_at_hand import OfficeAtHand

    at_hand = OfficeAtHand(desk.directory)
    try:
        office, after = at_hand.office(), ""
        while office is not None and (page := at_hand.grievance_letters().listed(after=after, limit=1_000)):
            yield from page
            after = page[-1].number
    finally:
        at_hand.close()


def run_show(desk: Desk, *, grievance: str) -> int:
    """What is public, and the letter where the office keeps it. That it was read stands in the trail."""
    from counterfoil.application.office import grievances
    from counterfoil.domain.activities.grievance import GRIEVANCE, GrievanceFault
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.cli.reading import looking, told
    from counterfoil.entrypoints.cli.render import Renderer

    screen = desk.screen
    with looking(desk.directory) as sight:
        public = sight.record(GRIEVANCE, grievance)
    with at_letter_desk(desk.directory) as letters:
        letter = grievances.read(letters, grievance, "local")
    if isinstance(letter, Refusal):
        view = told(Refusal(GrievanceFault.UNKNOWN, {"grievance": grievance[:80]}) if public is None else public)
    else:
        written = {"text": letter.text, "name": letter.name, "contact": letter.contact, "salt": letter.salt}
        view = {**(public or {"id": letter.number, "activity": letter.activity}), "letter": letter.sha256, **written}
    if screen.as_json:
        screen.json(view)
        return OK
    for line in Renderer(screen.texts, screen.columns).mapping(view):
        screen.line(line)
    return OK


def run_send(desk: Desk, *, letter: Any, **fields: str) -> int:
    """Take in a letter that came by another way. The number and the secret are for whoever wrote it."""
    from counterfoil.application.office import grievances
    from counterfoil.application.office.grievance_letter import LETTER_MAX
    from counterfoil.entrypoints.cli.reading import told

    # One more than is taken: a longer file is refused, and not read to its end.
    text = letter.read(LETTER_MAX + 1)
    with at_letter_desk(desk.directory) as letters:
        found = told(grievances.receive(letters, text=text, **fields))
    if desk.screen.as_json:
        desk.screen.json({"grievance": found.letter.number, "entry": found.letter.entry, "secret": found.secret})
    else:
        desk.screen.say("cli.grievance.send.done", number=found.letter.number, secret=found.secret)
    return OK


def run_file(desk: Desk, *, grievance: str) -> int:
    """Put a letter into the journal that it does not have yet."""
    from counterfoil.application.office import grievances
    from counterfoil.entrypoints.cli.reading import told

    with at_letter_desk(desk.directory) as letters:
        found = told(grievances.file(letters, grievance, "local"))
    return _said(desk, "cli.grievance.file.done", found)


def run_answer(desk: Desk, *, grievance: str, outcome: str, answer: str, by: str) -> int:
    """Answer in public, once."""
    from counterfoil.application.commands.file_grievance import AnswerGrievance
    from counterfoil.entrypoints.cli.answers import answered
    from counterfoil.entrypoints.cli.writing import writing

    act = AnswerGrievance(grievance=grievance, outcome=GrievanceOutcome(outcome), answer=answer, by=by)
    with writing(desk.directory, "grievance") as send:
        answers = send([act])
    return answered(desk.screen, answers)


def run_erase(desk: Desk, *, grievance: str) -> int:
    """Take away what was written and by whom, for good."""
    from counterfoil.application.office import grievances
    from counterfoil.entrypoints.cli.reading import told

    with at_letter_desk(desk.directory) as letters:
        found = told(grievances.erase(letters, grievance, "local"))
    return _said(desk, "cli.grievance.erase.done", found)


def _said(desk: Desk, key: str, letter: "GrievanceLetter") -> int:
    if desk.screen.as_json:
        view = {"grievance": letter.number, "entry": letter.entry, "kept": letter.erased_ms is None}
        desk.screen.json(view)
    else:
        desk.screen.say(key, number=letter.number)
    return OK


@contextmanager
def at_letter_desk(directory: Path) -> "Iterator[LetterDesk]":
    """The desk of a folder's office, which files under the registry's lock or through the server that holds it.

    Raises:
        Outage: there is no registry, or its office cannot be used.
    """
    from counterfoil.application.office.grievances import LetterDesk
    from counterfoil.entrypoints.cli.proposal_desk import opened_office

    with opened_office(directory) as (at_hand, office):
        yield LetterDesk(office, at_hand.grievance_letters(), lambda act, _: _filed(directory, act))


def _filed(directory: Path, act: "FileGrievance") -> "Receipt | Refusal":
    from counterfoil.application.ports import Outage
    from counterfoil.application.receipt import Receipt
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.cli.writing import writing

    with writing(directory, "grievance") as send:
        (told,) = send([act])
    if told["status"] == "accepted":
        return Receipt(**{name: value for name, value in told.items() if name != "status"})
    if told["status"] == "refused":
        return Refusal(told["code"], told["facts"])
    raise Outage(told["code"], told["facts"])
