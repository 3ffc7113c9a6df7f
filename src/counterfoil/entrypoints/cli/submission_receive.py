"""`submission receive`: take in what the platform answered: acknowledgements, requests, results with their holds."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from counterfoil.entrypoints.cli.answers import answered
from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK, UNUSABLE
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.application.command import Command as Act


def command(texts: Texts) -> Command:
    carp = click.Option(["--carp"], required=True, metavar=texts("cli.place.dir"))
    return Command(texts, "cli.submission.receive", run_receive, [carp])


def run_receive(desk: Desk, *, carp: str) -> int:
    """Record every new answer and result of the inbox, and place the holds that a result asks for."""
    from counterfoil.adapters.carp.folder import FolderCarp
    from counterfoil.adapters.evidence.files import FileEvidence
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cli.reading import looking
    from counterfoil.entrypoints.cli.writing import writing
    from counterfoil.entrypoints.submitting.inbox import taken

    evidence = FileEvidence(Folder(desk.directory).evidence)
    commands: list[Act] = []
    files, status = 0, OK
    for received in FolderCarp(Path(carp)).received():
        with looking(desk.directory) as sight:
            found = taken(sight, received)
        files += 1
        if isinstance(found, Refusal):
            desk.screen.fault(found, where=received.name, compact=True)
            status = UNUSABLE
        elif found.commands:
            evidence.put(received.data)
            commands += found.commands
    answers: list[Mapping[str, Any]] = []
    if commands:
        with writing(desk.directory, "submission") as send:
            answers = list(send(commands))
    refused = answered(desk.screen, answers)
    desk.screen.say("cli.submission.received", files=files, acts=sum(each["status"] == "accepted" for each in answers))
    return status or refused
