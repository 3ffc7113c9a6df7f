"""`upgrade`: bring the tables of a registry that an older program wrote to this program's format. No entry changes."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, Fault, Screen
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.entrypoints.bootstrap import Folder, StoredFormat


def command(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.upgrade",
        run,
        [
            click.Option(["--no-copy"], is_flag=True),
            click.Option(["--dry-run"], is_flag=True),
            click.Argument(["folder"], required=False, metavar="[DIR]"),
        ],
    )


def run(desk: Desk, *, folder: str | None, no_copy: bool, dry_run: bool) -> int:
    """Say what will be done, do it under the registry's lock, and audit. Status 1 when the audit finds something."""
    from counterfoil.adapters.lock import RegistryLock
    from counterfoil.adapters.signing.trusted_key import trusted_key
    from counterfoil.application.ports import Outage, OutageFault
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.bootstrap import Folder, stored_format

    place = Folder(Path(folder) if folder else desk.directory)
    if not place.founded:
        raise Outage(OutageFault.NOT_FOUNDED, {"folder": str(place.path)})
    place.require_whole()
    stored = stored_format(place)
    if dry_run:
        return _plan(desk.screen, stored)
    trusted_key(place.public_key)  # the audit needs it, and what cannot be audited is not changed
    lock = RegistryLock(place.path).acquire("upgrade")
    if isinstance(lock, Refusal):
        raise Fault(lock, REFUSED)
    with lock:
        return _upgraded(desk.screen, place, stored, no_copy=no_copy)


def _plan(screen: Screen, stored: "StoredFormat") -> int:
    before = stored.now()
    if screen.as_json:
        screen.json({"format": before, "format_now": stored.newest, "steps": stored.newest - before})
    elif before == stored.newest:
        screen.say("cli.upgrade.nothing", format=before)
    else:
        _say_steps(screen, before, stored.newest)
    return OK


def _say_steps(screen: Screen, before: int, newest: int) -> None:
    for step in range(before, newest):
        screen.say("cli.upgrade.step", before=step, after=step + 1, what=screen.texts(f"cli.upgrade.to.{step + 1}"))


def _upgraded(screen: Screen, place: "Folder", stored: "StoredFormat", *, no_copy: bool) -> int:
    from counterfoil.application.verification import finding_json
    from counterfoil.entrypoints.bootstrap import verify_folder

    before = stored.now()
    kept = None
    if before == stored.newest:
        screen.say("cli.upgrade.nothing", format=before)
    else:
        _say_steps(screen, before, stored.newest)
        kept = None if no_copy else stored.keep()
        if kept is not None:
            screen.say("cli.upgrade.kept", file=kept)
        while stored.step() < stored.newest:
            pass
    audited = verify_folder(place)
    findings = [dict(finding_json(finding)) for finding in audited.findings]
    if screen.as_json:
        screen.json(
            {
                "status": "broken" if findings else "sound",
                "format_before": before,
                "format": stored.newest,
                "copy": str(kept) if kept is not None else None,
                "entries": audited.entries,
                "root": audited.root,
                "findings": findings,
            }
        )
    if findings:
        screen.note("cli.upgrade.broken", table=findings[0]["table"], code=findings[0]["code"])
        return REFUSED
    screen.say("cli.upgrade.done", format=stored.newest, entries=f"{audited.entries:,}", root=audited.root)
    return OK
