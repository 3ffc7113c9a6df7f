"""`restore`: a registry from a backup, into an empty folder."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, Screen
from counterfoil.entrypoints.cli.verify import show_findings
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.entrypoints.keeping.restore import Restored


def command(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.restore",
        run,
        [
            click.Argument(["backup"], metavar="BACKUP"),
            click.Option(["--to"], required=True, metavar=texts("cli.place.dir")),
            click.Option(["--verify"], is_flag=True),
            click.Option(["--key"], metavar=texts("cli.place.file")),
            click.Option(["--checkpoint"], metavar=texts("cli.place.file")),
            click.Option(["--office"], metavar=texts("cli.place.file")),
            click.Option(["--links"], metavar=texts("cli.place.file")),
        ],
    )


def run(
    desk: Desk,
    *,
    backup: str,
    to: str,
    verify: bool,
    key: str | None,
    checkpoint: str | None,
    office: str | None,
    links: str | None,
) -> int:
    """Check, fill, and with `--verify` audit. Status 1 when the tables or the audit say that something is wrong."""
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cli.reading import refused, told
    from counterfoil.entrypoints.keeping.links_backup import restore_links
    from counterfoil.entrypoints.keeping.restore import restore

    screen = desk.screen
    with (bar := screen.progress("cli.restore.checking", 0)):
        restored = told(
            restore(
                Path(backup),
                Folder(Path(to)),
                key=Path(key) if key else None,
                kept=Path(checkpoint) if checkpoint else None,
                office=Path(office) if office else None,
                audited=verify,
                stage=lambda stage, done, total: bar.of(done, total, screen.texts(f"cli.restore.{stage}")),
            )
        )
    if links is not None:
        refused(lambda: restore_links(Path(links), Path(to)))
    if screen.as_json:
        screen.json({**_view(restored, to), "links": links is not None})
    else:
        _show(screen, restored, to)
    return OK if restored.sound and not restored.rebuilt.differs else REFUSED


def _view(restored: "Restored", to: str) -> dict[str, object]:
    from counterfoil.application.verification import finding_json

    audit = restored.audit
    return {
        "status": "restored" if restored.sound else "broken",
        "directory": to,
        "registry": restored.manifest.registry,
        "taken_at": restored.manifest.taken_at,
        "entries": restored.checkpoint.size,
        "checkpoint": restored.checkpoint.number,
        "root": restored.checkpoint.root.hex(),
        "verified": audit is not None and restored.sound,
        "findings": [dict(finding_json(finding)) for finding in (audit.findings if audit else ())],
        "differs": list(restored.rebuilt.differs),
        "damaged_evidence": list(restored.manifest.evidence.damaged),
        "key_in_place": restored.key_in_place,
        "office": None if restored.office is None else restored.office.json(),
    }


def _show(screen: Screen, restored: "Restored", to: str) -> None:
    checkpoint, manifest = restored.checkpoint, restored.manifest
    facts = {"directory": to, "registry": manifest.registry, "taken_at": manifest.taken_at}
    key = "cli.restore.done" if restored.sound else "cli.restore.broken"
    screen.say(key, entries=f"{checkpoint.size:,}", checkpoint=checkpoint.number, **facts)
    show_findings(screen, restored.audit.findings if restored.audit else ())
    screen.say("cli.verify.root", root=checkpoint.root.hex())
    for table in restored.rebuilt.differs:
        screen.note("cli.restore.differs", table=table)
    if restored.audit is None:
        screen.note("cli.restore.not_verified", directory=to)
    if not restored.key_in_place:
        screen.note("cli.restore.no_key", directory=to)
    if restored.office is not None:
        screen.say("cli.restore.office_done", rows=f"{restored.office.rows:,}")
        if restored.office.broken is not None:
            screen.note("cli.people.trail.broken", number=restored.office.broken)
    screen.note("cli.restore.forgotten", taken_at=manifest.taken_at)
