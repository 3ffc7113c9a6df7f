"""`key`: the signing key and its history: rotate it, list it, forget what signs no more."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.application.command import Command as Act
    from counterfoil.domain.ledger.key_history import KeyHistory
    from counterfoil.entrypoints.bootstrap import Folder


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {"rotate": _rotate, "list": _list, "forget": _forget}
    return Contents(texts, "cli.key", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _rotate(texts: Texts) -> Command:
    options = [
        click.Option(["--reason"], required=True, metavar=texts("cli.place.text")),
        click.Option(["--keep-old"], is_flag=True),
    ]
    return Command(texts, "cli.key.rotate", run_rotate, options)


def _list(texts: Texts) -> Command:
    return Command(texts, "cli.key.list", run_list)


def _forget(texts: Texts) -> Command:
    return Command(texts, "cli.key.forget", run_forget)


def run_rotate(desk: Desk, *, reason: str, keep_old: bool) -> int:
    """Make a key, name it in the log, sign with it, and put the files in order. Cut off anywhere, it is run again."""
    from counterfoil.adapters.signing.key_folder import destroy, keep, next_key, settle, unfinished
    from counterfoil.domain.ledger.key_history import key_text
    from counterfoil.domain.ledger.note import NoteKey
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cli.reading import founded

    folder = Folder(founded(desk.directory))
    keys = folder.key.parent
    history, origin, size = _history(folder)
    signed = size > history.terms[-1].after
    # What a killed run has named in the log already is brought to its end, and no further key is made.
    begun = not signed or unfinished(keys, history.current)
    key = history.current if begun else next_key(keys, origin).public_key
    if not (begun and signed) and not _sent(desk, _acts(key_text(key), reason=None if begun else reason)):
        return REFUSED
    settle(keys, key, vouched=True)
    if keep_old:
        keep(keys)
    else:
        destroy(keys, current=key)
    screen = desk.screen
    note_key = str(NoteKey(origin, key))
    if screen.as_json:
        told = {"status": "rotated", "origin": origin, "key": note_key, "public_key": key_text(key), "resumed": begun}
        screen.json(told)
    if begun:
        screen.say("cli.key.rotate.resumed")
    screen.say("cli.key.rotate.done", key=note_key)
    screen.say("cli.key.rotate.kept" if keep_old else "cli.key.rotate.destroyed", directory=keys)
    return OK


def _acts(public_key: str, *, reason: str | None) -> Iterator["Act"]:
    """The rotation, unless the log has it already (no reason), and then its confirmation, which the new key signs."""
    from counterfoil.application.commands.rotate_key import ConfirmKey, RotateKey

    if reason is not None:
        yield RotateKey(public_key=public_key, reason=reason)
    yield ConfirmKey(public_key=public_key)


def _sent(desk: Desk, acts: Iterator["Act"]) -> bool:
    """One after the other, as the key that one names signs the next. False after a refusal, which is shown."""
    from counterfoil.entrypoints.cli.answers import show_answer
    from counterfoil.entrypoints.cli.writing import writing

    with writing(desk.directory, "key rotate") as send:
        for act in acts:
            (answer,) = send([act])
            if answer["status"] != "accepted":
                show_answer(desk.screen, answer)
                return False
    return True


def run_list(desk: Desk) -> int:
    """Every key that this log ever had, and from which size on it signs."""
    from counterfoil.adapters.signing.key_folder import key_of
    from counterfoil.domain.ledger.note import NoteKey
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cli.reading import founded
    from counterfoil.entrypoints.cli.render import Renderer

    folder = Folder(founded(desk.directory))
    history, origin, _ = _history(folder)
    rows: list[dict[str, Any]] = [
        {
            "number": number,
            "key": str(NoteKey(origin, term.public_key)),
            "signs_above": term.after,
            "current": term.public_key == history.current,
            "private_half_here": key_of(folder.key.parent, term.public_key, name=origin) is not None,
        }
        for number, term in enumerate(history.terms, 1)
    ]
    screen = desk.screen
    if screen.as_json:
        screen.json(rows)
        return OK
    for line in Renderer(screen.texts, screen.columns).rows(rows):
        screen.line(line)
    return OK


def run_forget(desk: Desk) -> int:
    """Destroy the private halves that sign no more."""
    from counterfoil.adapters.signing.key_folder import destroy
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cli.reading import founded

    folder = Folder(founded(desk.directory))
    history, _, _ = _history(folder)
    paths = destroy(folder.key.parent, current=history.current)
    if desk.screen.as_json:
        desk.screen.json({"status": "forgotten", "keys": [path.name for path in paths]})
    desk.screen.say("cli.key.forget.done", count=len(paths))
    return OK


def _history(folder: "Folder") -> "tuple[KeyHistory, str, int]":
    """The key history, the log's name, and the size of the last checkpoint."""
    from counterfoil.adapters.signing.trusted_key import journal_key
    from counterfoil.application.key_history import read_key_history
    from counterfoil.entrypoints.bootstrap import open_for_reading

    with open_for_reading(folder) as readable:
        own = journal_key(folder.public_key, readable.reading, readable.codec)
        history = read_key_history(readable.reading, readable.codec, otherwise=own)
        last = readable.reading.last_checkpoint()
        return history, readable.registry.origin, 0 if last is None else last.size
