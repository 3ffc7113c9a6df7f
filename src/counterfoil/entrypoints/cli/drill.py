"""`drill`: whether a backup can be restored, tried out and reported: for every month."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, Screen
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.entrypoints.keeping.drill import Report


def command(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.drill",
        run,
        [
            click.Argument(["folder"], required=False, metavar="[DIR]"),
            click.Option(["--backup"], metavar=texts("cli.place.file")),
            click.Option(["--office"], metavar=texts("cli.place.file")),
            click.Option(["--scratch"], metavar=texts("cli.place.dir")),
        ],
    )


def run(desk: Desk, *, folder: str | None, backup: str | None, office: str | None, scratch: str | None) -> int:
    """Try it. With a backup and no folder, nothing live is compared. Status 1 when a comparison did not hold."""
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cli.reading import told
    from counterfoil.entrypoints.keeping.drill import drill

    screen = desk.screen
    live = None if backup and not folder else Folder(Path(folder) if folder else desk.directory)
    with (bar := screen.progress("cli.drill.copying", 0)):
        report = told(
            drill(
                live,
                backup=Path(backup) if backup else None,
                office=Path(office) if office else None,
                scratch=Path(scratch) if scratch else None,
                stage=lambda stage, done, total: bar.of(done, total, screen.texts(f"cli.drill.{stage}")),
            )
        )
    if screen.as_json:
        screen.json(report.json())
    else:
        _show(screen, report)
    return OK if report.passed else REFUSED


def _show(screen: Screen, report: "Report") -> None:
    manifest, checkpoint = report.restored.manifest, report.restored.checkpoint
    screen.say("cli.drill.title", registry=manifest.registry, name=manifest.name, on=report.on)
    screen.say("cli.drill.of", taken_at=manifest.taken_at, size=f"{report.bytes:,}")
    screen.say("cli.drill.at", checkpoint=checkpoint.number, entries=f"{checkpoint.size:,}")
    screen.say("cli.verify.root", root=checkpoint.root.hex())
    screen.line()
    for name, held in report.held.items():
        screen.line(f"{'✓' if held else '✗'} {screen.texts(f'cli.drill.held.{name}')}")
    screen.line()
    for name, seconds in report.seconds.items():
        screen.say("cli.drill.seconds", stage=screen.texts(f"cli.drill.stage.{name}"), seconds=seconds)
    screen.say("cli.drill.passed" if report.passed else "cli.drill.failed")
    screen.say("cli.drill.sign")
