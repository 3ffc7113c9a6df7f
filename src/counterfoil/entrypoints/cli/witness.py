"""`witness`: the registry's side of witnessing (ask, take in, see who lags), and the side of who signs."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, UNUSABLE, Fault
from counterfoil.entrypoints.cli.usage import Whole
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.application.witnessing import Standing

_FILE_BYTES_MAX: Final = 256 * 1024
_PATH: Final = "/log/cosignatures"


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {
        "status": _status,
        "policy": _policy,
        "request": _request,
        "add": _add,
        "key": _key,
        "sign": _sign,
    }
    return Contents(texts, "cli.witness", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _status(texts: Texts) -> Command:
    return Command(texts, "cli.witness.status", run_status)


def _policy(texts: Texts) -> Command:
    return Command(texts, "cli.witness.policy", run_policy)


def _request(texts: Texts) -> Command:
    options = [
        click.Option(["--witness"], metavar="NAME"),
        click.Option(["--old"], type=Whole(), metavar="ENTRIES"),
    ]
    return Command(texts, "cli.witness.request", run_request, options)


def _add(texts: Texts) -> Command:
    return Command(texts, "cli.witness.add", run_add, [click.Argument(["file"], metavar=texts("cli.place.file"))])


def _key(texts: Texts) -> Command:
    options = [
        click.Option(["--name"], required=True, metavar="NAME"),
        click.Option(["--out"], required=True, metavar=texts("cli.place.file")),
    ]
    return Command(texts, "cli.witness.key", run_key, options)


def _sign(texts: Texts) -> Command:
    file = texts("cli.place.file")
    return Command(
        texts,
        "cli.witness.sign",
        run_sign,
        [
            click.Argument(["request"], metavar=file),
            click.Option(["--key"], required=True, metavar=file),
            click.Option(["--state"], required=True, metavar=file),
            click.Option(["--log", "logs"], required=True, multiple=True, metavar=texts("cli.check-proof.place.key")),
        ],
    )


def run_status(desk: Desk) -> int:
    """What is published, how much waits, and what each witness saw last."""
    from counterfoil.application.witnessing import last_seen
    from counterfoil.entrypoints.cli.reading import looking

    with looking(desk.directory) as sight:
        now = _standing(sight)
        names = [] if now.policy is None else [key.name for key in now.policy.witnesses]
        seen = {name: last_seen(sight.reading, name) for name in names}
    published = 0 if now.published is None else now.published.size
    told = {
        "entries": now.last.size,
        "published": published,
        "waiting": now.behind,
        "quorum": 0 if now.policy is None else now.policy.quorum,
        "witnesses": [{"name": name, "seen": size, "behind": now.last.size - size} for name, size in seen.items()],
    }
    screen = desk.screen
    if screen.as_json:
        screen.json(told)
        return OK
    counts = {name: f"{told[name]:,}" for name in ("entries", "published", "waiting")}
    screen.say("cli.witness.status.published", **counts)
    if now.policy is None:
        screen.say("cli.witness.status.none")
    else:
        screen.say("cli.witness.status.quorum", quorum=now.policy.quorum, witnesses=len(names))
    for name, size in seen.items():
        screen.say("cli.witness.status.seen", name=name, seen=f"{size:,}", behind=f"{now.last.size - size:,}")
    return OK


def run_policy(desk: Desk) -> int:
    """The policy in force as a file for readers of proofs."""
    from counterfoil.adapters.signing.trusted_key import journal_key
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.domain.ledger.handed_in import CosignatureFault
    from counterfoil.domain.ledger.note import NoteKey
    from counterfoil.domain.ledger.witness_record import policy_lines
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cli.reading import looking

    with looking(desk.directory) as sight:
        now = _standing(sight)
        key = journal_key(Folder(desk.directory).public_key, sight.reading, sight.codec)
        log = NoteKey(sight.registry.origin, key)
    if now.policy is None:
        raise Fault(Refusal(CosignatureFault.NO_POLICY), REFUSED)
    text = policy_lines(now.policy, log=str(log))
    if desk.screen.as_json:
        desk.screen.json({"policy": text})
    else:
        desk.screen.line(text.removesuffix("\n"))
    return OK


def run_request(desk: Desk, *, witness: str | None, old: int | None) -> int:
    """What a witness needs to sign the newest checkpoint, in the add-checkpoint form, on the standard output."""
    from counterfoil.application.witnessing import last_seen, request_for
    from counterfoil.entrypoints.cli.reading import looking, told

    with looking(desk.directory) as sight:
        seen = old if old is not None else last_seen(sight.reading, witness) if witness else 0
        request = told(request_for(sight.reading, old=seen))
    if desk.screen.as_json:
        desk.screen.json({"old": request.old, "request": str(request)})
    else:
        click.echo(str(request).encode(), nl=False)
    return OK


def run_add(desk: Desk, *, file: str) -> int:
    """Take in the lines of a witness, here or through the server that holds the registry."""
    from counterfoil.adapters.lock import LockFault
    from counterfoil.application.witnessing import handed_in, keep
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.bootstrap import Folder, open_for_reading, open_for_writing
    from counterfoil.entrypoints.cli.reading import founded, told

    data = _file(file)
    folder = Folder(founded(desk.directory))
    opened = open_for_writing(folder, "witness add")
    if isinstance(opened, Refusal):
        if opened.code != LockFault.LOCKED or not opened.facts.get("address"):
            raise Fault(opened, REFUSED)
        return _added(desk, _through_the_holder(str(opened.facts["address"]), data))
    with opened as writable:
        with open_for_reading(folder) as readable:
            world = writable.world
            rows = told(
                handed_in(readable.reading, world.codec, data, now_ms=world.clock.now_ms(), verify=world.verify)
            )
        new = keep(writable.world.store, rows)
    return _added(desk, {"checkpoint": rows[0].number, "witnesses": [row.name for row in rows], "new": new})


def run_key(desk: Desk, *, name: str, out: str) -> int:
    """Make the key of a witness and say its public half."""
    from counterfoil.adapters.signing.ed25519 import FileSigner
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.domain.ledger.note import Algorithm
    from counterfoil.domain.ledger.witness_record import WitnessKeyFault

    if not name or len(name) > 120 or "+" in name or any(sign.isspace() or ord(sign) < 32 for sign in name):
        raise Fault(Refusal(WitnessKeyFault.UNREADABLE, {"key": name[:120]}), UNUSABLE)
    signer = FileSigner.create(Path(out), name, Algorithm.COSIGNATURE)
    if desk.screen.as_json:
        desk.screen.json({"name": name, "file": out, "key": str(signer.note_key)})
    else:
        desk.screen.line(str(signer.note_key))
    return OK


def run_sign(desk: Desk, *, request: str, key: str, state: str, logs: tuple[str, ...]) -> int:
    """Check that the log only grew since the last time, remember it, then sign. The line is the standard output."""
    from counterfoil.adapters.clock.system import SystemClock
    from counterfoil.adapters.signing.ed25519 import FileSigner, verify
    from counterfoil.adapters.signing.witness_state import WitnessState
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.domain.ledger.bundle import BundleFault
    from counterfoil.domain.ledger.cosignature import WitnessFault, cosigned
    from counterfoil.domain.ledger.note import Algorithm, read_note_key
    from counterfoil.domain.ledger.witness_request import cosignable, read_request
    from counterfoil.entrypoints.cli.reading import told

    read = read_request(_file(request).decode("utf-8", "replace"))
    if isinstance(read, Refusal):
        raise Fault(read, UNUSABLE)
    known = []
    for text in logs:
        log = read_note_key(text)
        if log is None or log.algorithm is not Algorithm.ED25519:
            raise Fault(Refusal(BundleFault.KEY_UNREADABLE, {"key": text[:160]}), UNUSABLE)
        known.append(log)
    signer = FileSigner.open(Path(key))
    if signer.note_key.algorithm is not Algorithm.COSIGNATURE:
        raise Fault(Refusal(WitnessFault.KEY_UNFIT, {"witness": signer.name}), UNUSABLE)
    with WitnessState(Path(state)) as memory:
        told(cosignable(read, memory.last(), logs=known, verify=verify))
        memory.remember(str(read.note))
        now = SystemClock().now_ms() // 1000
        line = cosigned(read.note, witness=signer.note_key, timestamp=now, sign=signer.sign).signatures[-1].line()
    if desk.screen.as_json:
        desk.screen.json({"witness": signer.name, "line": line})
    else:
        click.echo(line.encode(), nl=False)
    return OK


def _standing(sight: Any) -> "Standing":
    from counterfoil.adapters.signing.ed25519 import verify
    from counterfoil.application.witnessing import standing

    return standing(sight.reading, sight.codec, verify=verify)


def _file(name: str) -> bytes:
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.cli.input import read_bytes

    data = read_bytes(name, bytes_max=_FILE_BYTES_MAX)
    if isinstance(data, Refusal):
        raise Fault(data, UNUSABLE)
    return data


def _through_the_holder(address: str, data: bytes) -> Mapping[str, Any]:
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.http.local import post

    told = post(address, _PATH, data)
    if told.get("status") != "kept":
        raise Fault(Refusal(str(told.get("code")), told.get("facts", {})), REFUSED)
    return told


def _added(desk: Desk, told: Mapping[str, Any]) -> int:
    if desk.screen.as_json:
        desk.screen.json({"status": "kept", **{name: told[name] for name in ("checkpoint", "witnesses", "new")}})
    names = ", ".join(told["witnesses"])
    desk.screen.say("cli.witness.add.done", checkpoint=told["checkpoint"], names=names, new=told["new"])
    return OK
