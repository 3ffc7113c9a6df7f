"""`verify`: re-hash and replay everything, and name the first entry that does not fit."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, Fault, Screen
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterfoil.application.verification import Audit, Finding
    from counterfoil.entrypoints.bootstrap import Folder


def command(texts: Texts) -> Command:
    argument = click.Argument(["folder"], required=False, metavar="[DIR]")
    return Command(texts, "cli.verify", run, [argument, click.Option(["--journal-only"], is_flag=True)])


def run(desk: Desk, *, folder: str | None, journal_only: bool) -> int:
    """Audit the registry's whole store, or its journal alone. Status 1 when something does not fit."""
    from counterfoil.application.verification import finding_json
    from counterfoil.entrypoints.bootstrap import Folder

    screen = desk.screen
    audited = _audited(screen, Folder(Path(folder) if folder else desk.directory), journal_only=journal_only)
    if not journal_only:
        from dataclasses import replace

        people = _trail_findings(Path(folder) if folder else desk.directory)
        audited = replace(audited, findings=(*audited.findings, *people))
    findings = [dict(finding_json(finding)) for finding in audited.findings]
    if screen.as_json:
        screen.json(
            {
                "status": "broken" if findings else "sound",
                "checked": "journal" if journal_only else "everything",
                "entries": audited.entries,
                "checkpoints": audited.checkpoints,
                "blocks": audited.blocks,
                "root": audited.root,
                "findings": findings,
            }
        )
    else:
        _show(screen, audited, "cli.verify.journal_sound" if journal_only else "cli.verify.sound")
    return REFUSED if findings else OK


def _audited(screen: Screen, folder: "Folder", *, journal_only: bool) -> "Audit":
    """The audit. A ledger file that cannot even be read is a finding too, not a reason to stop without an answer."""
    from counterfoil.adapters.signing.ed25519 import KeysFault
    from counterfoil.adapters.storage_fault import StorageFault
    from counterfoil.application.ports import Outage
    from counterfoil.application.verification import Audit, Finding
    from counterfoil.entrypoints.bootstrap import open_for_reading, verify_folder

    try:
        with open_for_reading(folder) as readable:
            last = readable.reading.last_checkpoint()
        with screen.progress("cli.verify.progress", last.size if last else 0) as at:
            return verify_folder(folder, progress=at, journal_only=journal_only)
    except Outage as outage:
        if outage.code == KeysFault.FOREIGN:
            raise Fault(outage, REFUSED) from outage
        if outage.code not in (StorageFault.CORRUPT, StorageFault.NOT_OURS):
            raise
        why = str(outage.facts.get("detail", ""))
        return Audit(0, 0, 0, "", (Finding("ledger", None, str(outage.code), {"why": why} if why else {}),))


def _trail_findings(folder: Path) -> "Sequence[Finding]":
    """The first row of the office's trail that does not follow from the one before, where there is an office."""
    from counterfoil.application.office.trail import broken_row
    from counterfoil.application.verification import Finding
    from counterfoil.entrypoints.office_at_hand import OfficeAtHand

    at_hand = OfficeAtHand(folder)
    try:
        office = at_hand.office()
        broken = None if office is None else broken_row(office.store)
    finally:
        at_hand.close()
    return () if broken is None else (Finding("trail", broken, "verify.trail", {}),)


def show_findings(screen: Screen, findings: "Sequence[Finding]") -> None:
    """What does not fit and where, in the language of the screen; only values and codes are in no language."""
    for each in findings:
        where = each.table if each.entry is None else f"{each.table} #{each.entry}"
        screen.line(f"✗ {where}: {screen.texts.known(each.code) or each.code}")
        for name, value in each.facts.items():
            screen.line(f"  {screen.texts(f'verify.fact.{name}', value=value)}")
        screen.line(f"  [{each.code}]")


def _show(screen: Screen, audited: "Audit", sound: str) -> None:
    counts = {"entries": audited.entries, "checkpoints": audited.checkpoints, "blocks": audited.blocks}
    if not audited.findings:
        screen.say(sound, **{name: f"{count:,}" for name, count in counts.items()})
        screen.say("cli.verify.root", root=audited.root)
        return
    show_findings(screen, audited.findings)
    screen.say("cli.verify.broken", entries=f"{audited.entries:,}")
