"""`check-proof`: what a proof bundle shows, checked offline with the registry's public key and nothing else."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, UNUSABLE, Fault
from counterfoil.entrypoints.language import LANGUAGES, Texts

if TYPE_CHECKING:
    from counterfoil.domain.ledger.bundle import Deed, Proven
    from counterfoil.domain.ledger.policy_file import TrustPolicy

_KEY_BYTES_MAX: Final = 1_024
_TIME_MAX: Final = 253_402_300_799
"""The last second of the year 9999: a witness's clock may say anything."""
_UNUSABLE: Final = frozenset(("proof.unreadable", "proof.key_unreadable", "policy.unreadable"))
"""What cannot be read is unusable; what can be read and does not prove is refused."""


def command(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.check-proof",
        run,
        [
            click.Argument(["file"], metavar=texts("cli.place.file")),
            click.Option(["--key"], required=True, metavar=texts("cli.check-proof.place.key")),
            click.Option(["--witnesses"], metavar=texts("cli.place.file")),
        ],
    )


def run(desk: Desk, *, file: str, key: str, witnesses: str | None) -> int:
    """Say what is proven, and what is not. Needs no registry."""
    from dataclasses import asdict

    from counterfoil.adapters.codec import JsonCodec
    from counterfoil.adapters.signing.ed25519 import verify
    from counterfoil.application.queries.prove import check, trusted_key
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.cli.input import read_bytes

    screen = desk.screen
    data = read_bytes(file)
    if isinstance(data, Refusal):
        raise Fault(data, UNUSABLE)
    policy = None if witnesses is None else _policy(witnesses)
    trusted = key_text(key)
    proven = check(data, key=trusted, codec=JsonCodec(), verify=verify, policy=policy)
    if isinstance(proven, Refusal):
        raise Fault(proven, UNUSABLE if proven.code in _UNUSABLE else REFUSED)
    # A bare key has no name of its own; what was given is shown, and not the key that it led to.
    given = str(trusted_key(trusted, origin=proven.checkpoint.origin))
    if screen.as_json:
        checkpoint = proven.checkpoint
        texts = [Texts(language) for language in LANGUAGES]
        screen.json(
            {
                "status": "proven",
                "subject": proven.subject,
                "origin": checkpoint.origin,
                "key": given,
                "signed_by": proven.key,
                "entries": checkpoint.size,
                "checkpoint": checkpoint.number,
                "recorded_at": checkpoint.recorded_at,
                "root": checkpoint.root.hex(),
                "acts": [asdict(deed) for deed in proven.deeds],
                "beside": proven.beside,
                "unchecked_signatures": proven.unchecked_signatures,
                "keys": list(proven.keys),
                "witnesses": [{"name": name, "timestamp": timestamp} for name, timestamp in proven.witnesses],
                "proven": {each.language: list(shown(proven, given, each)) for each in texts},
                "not_proven": {each.language: list(not_shown(proven, each)) for each in texts},
            }
        )
        return OK
    for line in (*shown(proven, given, screen.texts), "", *not_shown(proven, screen.texts)):
        screen.line(line)
    return OK


def _policy(file: str) -> "TrustPolicy":
    """The policy in a file, in the C2SP tlog-policy form."""
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.domain.ledger.policy_file import read_policy
    from counterfoil.entrypoints.cli.input import read_bytes

    data = read_bytes(file)
    policy = data if isinstance(data, Refusal) else read_policy(data.decode("utf-8", "replace"))
    if isinstance(policy, Refusal):
        raise Fault(policy, UNUSABLE)
    return policy


def key_text(named: str) -> str:
    """The text of the key: what was given, or the first line of the file of that name."""
    path = Path(named)
    try:
        if path.is_file():
            with path.open("rb") as file:
                return file.read(_KEY_BYTES_MAX).decode("utf-8", "replace").strip()
    except (OSError, ValueError):
        pass
    return named.strip()


def shown(proven: "Proven", key: str, texts: Texts) -> Iterator[str]:
    """What the bundle shows to whoever trusts a key, in plain words."""
    checkpoint = proven.checkpoint
    yield texts("cli.check-proof.good", key=key)
    if len(proven.keys) > 1:
        yield texts("cli.check-proof.keys", count=len(proven.keys), signing=proven.key)
    for name, timestamp in proven.witnesses:
        seen_at = datetime.fromtimestamp(min(timestamp, _TIME_MAX), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        yield texts("cli.check-proof.witness", name=name, seen_at=seen_at)
    yield texts(
        "cli.check-proof.log",
        origin=checkpoint.origin,
        entries=f"{checkpoint.size:,}",
        number=f"{checkpoint.number:,}",
        recorded_at=checkpoint.recorded_at,
    )
    if isinstance(proven.subject, int):
        yield texts("cli.check-proof.entry", entry=proven.subject)
    else:
        yield texts("cli.check-proof.unit", unit=proven.subject, acts=len(proven.deeds))
    for deed in proven.deeds:
        yield from _deed(deed, texts)


def _deed(deed: "Deed", texts: Texts) -> Iterator[str]:
    act = texts.known(f"act.{deed.act}") or deed.act
    backdated = texts.known(f"value.backdated.{deed.backdated}") if deed.backdated else None
    yield "  ".join(["", deed.on, act, f"#{deed.seq}", *([backdated] if backdated else [])])
    yield f"      {texts('cli.check-proof.recorded', recorded_at=deed.recorded_at)}"
    for source, target in deed.moves:
        yield f"      {source} → {target}"
    if deed.because:
        yield f"      {texts('cli.check-proof.because', authorization=deed.because)}"
    for each in deed.assumed:
        yield f"      {texts('cli.check-proof.assumed', value=each)}"


def not_shown(proven: "Proven", texts: Texts) -> Iterator[str]:
    """What nobody should read into it."""
    if isinstance(proven.subject, str):
        yield texts("cli.check-proof.not_later", entry=proven.deeds[-1].seq)
    yield texts("cli.check-proof.not_lawful")
    if proven.unchecked_signatures:
        yield texts("cli.check-proof.unchecked", count=proven.unchecked_signatures)
    elif not proven.witnesses:
        yield texts("cli.check-proof.no_witness")
