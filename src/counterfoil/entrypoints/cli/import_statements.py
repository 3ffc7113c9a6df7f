"""`import statements`: a Party's answers to the elements of its initial report and regular information, from a file."""

from typing import TYPE_CHECKING

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, UNUSABLE, Fault
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.application.commands.record_statement import RecordStatement
    from counterfoil.application.queries.sight import Sight
    from counterfoil.domain.kernel.refusal import Refusal


def statements(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.import.statements",
        run,
        [click.Argument(["file"], metavar="FILE.json"), click.Option(["--dry-run"], is_flag=True)],
    )


def run(desk: Desk, *, file: str, dry_run: bool) -> int:
    """Record each answer that is new or changed; `--dry-run` only says what would be done."""
    from counterfoil.adapters.evidence.files import FileEvidence, bounded_digest
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cli.input import read_bytes
    from counterfoil.entrypoints.cli.reading import founded, looking
    from counterfoil.entrypoints.statement_file import BYTES_MAX, kept, read_statement_file

    data = read_bytes(file, bytes_max=BYTES_MAX)
    read = data if isinstance(data, Refusal) else read_statement_file(data, file)
    if isinstance(read, Refusal):
        raise Fault(read, UNUSABLE)
    store = FileEvidence(Folder(founded(desk.directory)).evidence)
    commands = kept(*read, bounded_digest if dry_run else store.put)
    with looking(desk.directory) as sight:
        changed = [command for command in commands if not _known(sight, command)]
        refused = _refused(sight, changed) if dry_run else []
    if dry_run:
        return _told(desk, len(commands), changed, refused)
    return _recorded(desk, len(commands) - len(changed), changed)


def _known(sight: "Sight", command: "RecordStatement") -> bool:
    """Whether the register's latest answer is the same, and of the day that the file names, if it names one."""
    from counterfoil.application.commands.record_statement import same_answer
    from counterfoil.domain.kernel.record import from_json
    from counterfoil.domain.reporting.narrative.statement import STATEMENT, Statement, statement_key

    value = sight.record(STATEMENT, statement_key(sight.registry.party, command.approach, command.element))
    return value is not None and same_answer(command, from_json(Statement, value))


def _refused(sight: "Sight", commands: "list[RecordStatement]") -> "list[tuple[RecordStatement, Refusal]]":
    """What the decision would refuse, asked of what the register has now."""
    from counterfoil.application.commands.foreign import FOREIGN_APPROACH
    from counterfoil.application.commands.record_statement import answer
    from counterfoil.domain.activities.activity import APPROACH
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.cli.day import today

    found = []
    for command in commands:
        approach_known = any(sight.record(kind, command.approach) for kind in (APPROACH, FOREIGN_APPROACH))
        on = command.on or today()
        outcome = answer(command, registry=sight.registry, on=on, known=None, approach_known=approach_known)
        if isinstance(outcome, Refusal):
            found.append((command, outcome))
    return found


def _told(
    desk: Desk, count: int, changed: "list[RecordStatement]", refused: "list[tuple[RecordStatement, Refusal]]"
) -> int:
    from counterfoil.entrypoints.faults import catalogue

    screen = desk.screen
    if screen.as_json:
        problems = [
            {"element": command.element, "approach": command.approach or None, **catalogue().problem(refusal)}
            for command, refusal in refused
        ]
        facts = {"statements": count, "new_or_changed": len(changed), "refused": problems}
        screen.json({"status": "refused" if refused else "would_be_accepted", "dry_run": True, **facts})
        return REFUSED if refused else OK
    for command, refusal in refused:
        screen.fault(refusal, where=" ".join(filter(None, (command.approach, command.element))))
    screen.say("cli.import.statements.dry", changed=len(changed) - len(refused), same=count - len(changed))
    return REFUSED if refused else OK


def _recorded(desk: Desk, same: int, changed: "list[RecordStatement]") -> int:
    from counterfoil.entrypoints.cli.answers import show_answer
    from counterfoil.entrypoints.cli.writing import writing

    answers = []
    if changed:
        with writing(desk.directory, "import") as send:
            answers = send(changed)
    for command, answer in zip(changed, answers, strict=True):
        show_answer(desk.screen, answer, where=" ".join(filter(None, (command.approach, command.element))))
    desk.screen.say("cli.import.statements.done", changed=len(answers), same=same)
    return OK if all(answer["status"] == "accepted" for answer in answers) else REFUSED
