"""`letter check`: who signed a letter, whether it is whole, and whether the journal says the same."""

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, UNUSABLE, Fault
from counterfoil.entrypoints.language import LANGUAGES, Texts

if TYPE_CHECKING:
    from counterfoil.adapters.documents.pdf_signatures import Signed
    from counterfoil.entrypoints.letters.checking import Checked

LETTER_BYTES_MAX = 32 * 1024 * 1024


def command(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.letter.check",
        run,
        [
            click.Argument(["file"], metavar="FILE"),
            click.Option(["--trust"], multiple=True, metavar=texts("cli.place.file")),
        ],
    )


def run(desk: Desk, *, file: str, trust: tuple[str, ...]) -> int:
    """Check a PDF or a credential. Without a registry in the folder only the signatures are looked at."""
    from counterfoil.adapters.clock.system import SystemClock
    from counterfoil.adapters.documents.pades import now_utc
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cli.letter_numbered import kept_under_its_number
    from counterfoil.entrypoints.cli.reading import looking
    from counterfoil.entrypoints.letters.checking import Finding, checked

    data = _read(file, LETTER_BYTES_MAX)
    roots = _roots(trust)
    with ExitStack() as stack:
        sight = stack.enter_context(looking(desk.directory)) if Folder(desk.directory).founded else None
        at = now_utc(SystemClock().now_ms())
        texts = [Texts(language) for language in LANGUAGES]
        found = checked(data, sight=sight, roots=roots, at=at, texts=texts)
    if not kept_under_its_number(desk, found):
        found = replace(found, findings=(*found.findings, Finding.NUMBER_NOT_KEPT))
    if desk.screen.as_json:
        desk.screen.json(_json(found, file))
    else:
        _told(desk, found)
    if found.form == "unknown" and not found.recorded:
        return UNUSABLE
    return REFUSED if found.findings else OK


def _read(file: str, bytes_max: int) -> bytes:
    from counterfoil.entrypoints.cli.input import read_bytes

    data = read_bytes(file, bytes_max=bytes_max)
    if isinstance(data, Refusal):
        raise Fault(data, UNUSABLE)
    return data


def _roots(files: tuple[str, ...]) -> list[Any]:
    from counterfoil.adapters.documents.pades import FILE_BYTES_MAX, SigningFault, read_certificates

    roots: list[Any] = []
    for file in files:
        found = read_certificates(_read(file, FILE_BYTES_MAX))
        if found is None:
            raise Fault(Refusal(SigningFault.CERTIFICATE_UNREADABLE, {"file": file}), UNUSABLE)
        roots += found
    return roots


def _json(found: "Checked", file: str) -> dict[str, Any]:
    return {
        "file": file,
        "form": found.form,
        "sha256": found.sha256,
        "good": not found.findings,
        "findings": [each.value for each in found.findings],
        "journal": found.journal.value,
        "claim": None if found.claim is None else found.claim.text,
        "issuer": found.issuer or None,
        "recorded": [{"kind": kind, "key": key} for kind, key in found.recorded],
        "signatures": [_signature(each) for each in found.signatures],
    }


def _signature(one: "Signed") -> dict[str, Any]:
    who = one.who
    return {
        "field": one.field,
        "wholeness": one.wholeness.value,
        "trust": one.trust.value,
        "claimed_at": None if one.claimed_at is None else one.claimed_at.isoformat(),
        "subject": None if who is None else who.subject,
        "issuer": None if who is None else who.issuer,
        "serial": None if who is None else who.serial,
        "certificate_sha256": None if who is None else who.sha256,
        "valid_to": None if who is None else who.valid_to.isoformat(),
    }


def _told(desk: Desk, found: "Checked") -> None:
    screen = desk.screen
    for one in found.signatures:
        who = "?" if one.who is None else one.who.subject
        when = "?" if one.claimed_at is None else one.claimed_at.isoformat(timespec="seconds")
        screen.say("cli.letter.check.signed", who=who, at=when)
        for word in (one.wholeness.value, one.trust.value):
            screen.line(f"  {screen.texts(f'cli.letter.check.{word}')}")
    if found.issuer:
        screen.say("cli.letter.check.issuer", issuer=found.issuer)
    if found.form != "unknown":
        screen.say(f"cli.letter.check.journal.{found.journal.value}")
    for kind, key in found.recorded:
        screen.say("cli.letter.check.recorded", kind=kind, key=key)
    for finding in found.findings:
        screen.say(f"cli.letter.check.finding.{finding.value}")
    if not found.findings:
        screen.say("cli.letter.check.good")
