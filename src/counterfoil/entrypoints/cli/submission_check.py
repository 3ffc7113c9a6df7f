"""`submission check`: what a package shows, checked offline with the registry's public key and nothing else."""

from collections.abc import Mapping
from typing import Final

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, UNUSABLE, Fault
from counterfoil.entrypoints.language import Texts

BYTES_MAX: Final = 272 * 1024 * 1024


def command(texts: Texts) -> Command:
    file = click.Argument(["file"], metavar=texts("cli.place.file"))
    key = click.Option(["--key"], required=True, metavar=texts("cli.check-proof.place.key"))
    return Command(texts, "cli.submission.check", run_check, [file, key])


def run_check(desk: Desk, *, file: str, key: str) -> int:
    """Say what a package shows to who trusts a key. Needs no registry and no network."""
    from counterfoil.adapters.carp.package_zip import unzipped
    from counterfoil.adapters.codec import JsonCodec
    from counterfoil.adapters.signing.ed25519 import verify
    from counterfoil.application.queries.submission_check import check_package
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.cli.check_proof import key_text
    from counterfoil.entrypoints.cli.input import read_bytes
    from counterfoil.entrypoints.submitting.confidential_copy import NOTE

    data = read_bytes(file, bytes_max=BYTES_MAX)
    members = data if isinstance(data, Refusal) else unzipped(data)
    if isinstance(members, Refusal):
        raise Fault(members, UNUSABLE)
    if NOTE in members:
        return _check_copy(desk, members, key)
    checked = check_package(members, key=key_text(key), codec=JsonCodec(), verify=verify)
    if isinstance(checked, Refusal):
        unusable = checked.code in ("package.unreadable", "package.key_unreadable")
        raise Fault(checked, UNUSABLE if unusable else REFUSED)
    content = checked.manifest.content
    view = {
        "status": "proven",
        "report": content.key,
        "version": content.version,
        "sha256": checked.manifest.content_sha256,
        "origin": checked.manifest.origin,
        "signed_by": checked.signed_by,
        "filed_on": checked.filed_on,
        "entry": checked.entry,
        "checkpoint": checked.checkpoint,
        "recorded_at": checked.recorded_at,
        "files": [{"name": each.name, "sha256": each.sha256, "bytes": each.bytes} for each in content.files],
    }
    screen = desk.screen
    if screen.as_json:
        screen.json(view)
        return OK
    screen.say("cli.submission.check.good", report=content.key, version=content.version, key=checked.signed_by)
    facts = {name: view[name] for name in ("origin", "entry", "filed_on", "checkpoint", "recorded_at")}
    screen.say("cli.submission.check.log", **facts)
    for each in content.files:
        screen.line(f"  {each.sha256}  {each.name}")
    screen.say("cli.submission.check.not_shown")
    return OK


def _check_copy(desk: Desk, members: Mapping[str, bytes], key: str) -> int:
    """A confidential copy, which lies beside a package: its signature and its file. No journal knows of it."""
    from dataclasses import asdict

    from counterfoil.adapters.signing.ed25519 import verify
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.cli.check_proof import key_text
    from counterfoil.entrypoints.submitting.confidential_copy import check_copy

    checked = check_copy(members, key=key_text(key), verify=verify)
    if isinstance(checked, Refusal):
        unusable = checked.code in ("package.unreadable", "package.key_unreadable")
        raise Fault(checked, UNUSABLE if unusable else REFUSED)
    if desk.screen.as_json:
        desk.screen.json({"status": "signed", **asdict(checked)})
        return OK
    facts = {"report": checked.report, "version": checked.version, "key": checked.signed_by}
    desk.screen.say("cli.submission.check.good", **facts)
    desk.screen.line(f"  {checked.sha256}  {checked.file}")
    desk.screen.say("cli.submission.check.confidential")
    return OK
