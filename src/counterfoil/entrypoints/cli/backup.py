"""`backup`: the whole registry as of its last checkpoint, in one file, beside a running server."""

from pathlib import Path

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED
from counterfoil.entrypoints.language import Texts


def command(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.backup",
        run,
        [
            click.Option(["--to"], required=True, metavar=texts("cli.place.file_or_dir")),
            click.Option(["--office"], is_flag=True),
            click.Argument(["folder"], required=False, metavar="[DIR]"),
        ],
    )


def run(desk: Desk, *, folder: str | None, to: str, office: bool) -> int:
    """Write the backup. Status 1 when evidence is damaged in the registry itself, and so could not be kept."""
    from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
    from counterfoil.entrypoints.cli.reading import refused, told
    from counterfoil.entrypoints.keeping.backup import back_up
    from counterfoil.entrypoints.keeping.links_backup import back_up_links

    screen = desk.screen
    place = Folder(Path(folder) if folder else desk.directory)
    with open_for_reading(place) as readable:
        last = readable.reading.last_checkpoint()
    with screen.progress("cli.backup.progress", last.size if last else 0) as at:
        done = told(back_up(place, Path(to), office=office, progress=at))
    links = refused(lambda: back_up_links(place.path, done.path))
    manifest = done.manifest
    damaged = manifest.evidence.damaged
    if screen.as_json:
        screen.json(
            {
                "status": "incomplete" if damaged else "whole",
                "file": str(done.path),
                "bytes": done.bytes,
                "registry": manifest.registry,
                "taken_at": manifest.taken_at,
                "entries": manifest.entries,
                "checkpoint": manifest.checkpoints,
                "openings": manifest.openings,
                "cosignatures": manifest.cosignatures,
                "evidence": manifest.evidence.files,
                "damaged_evidence": list(damaged),
                "office": None if done.office is None else done.office.json(),
                "links": None if links is None else str(links),
            }
        )
    counts = {"entries": f"{manifest.entries:,}", "evidence": f"{manifest.evidence.files:,}"}
    screen.say("cli.backup.done", file=done.path, size=f"{done.bytes:,}", checkpoint=manifest.checkpoints, **counts)
    screen.say("cli.backup.secret")
    if done.office is not None:
        kept = done.office
        screen.say("cli.backup.office_done", file=kept.path, rows=f"{kept.rows:,}", documents=f"{kept.documents:,}")
        if kept.broken is not None:
            screen.note("cli.people.trail.broken", number=kept.broken)
    if links is not None:
        screen.say("cli.backup.links_done", file=links)
    for digest in damaged:
        screen.note("cli.backup.damaged", digest=digest)
    return REFUSED if damaged else OK
