"""`key`: the signing key and its history: rotate it, list it, forget what signs no more."""

from typing import TYPE_CHECKING, Any

import click

from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.language import Texts
from counterfoil.entrypoints.cli.screen import OK, REFUSED

if TYPE_CHECKING:
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
    from counterfoil.adapters.signing.key_folder import destroy, next_key, old_keys, settle
    from counterfoil.application.commands.rotate_key import ConfirmKey, RotateKey
    from counterfoil.domain.ledger.key_history import key_text
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cli.answers import show_answer
    from counterfoil.entrypoints.cli.reading import founded
    from counterfoil.entrypoints.cli.writing import writing

    folder = Folder(founded(desk.directory))
    keys = folder.key.parent
    history, origin = _history(folder)
    made = next_key(keys, origin)
    public_key = key_text(made.public_key)
    with writing(folder.path, "key rotate") as send:
        begun = made.public_key == history.current
        commands = [ConfirmKey(public_key=public_key)]
        for command in commands if begun else [RotateKey(public_key=public_key, reason=reason), *commands]:
            # One after the other: the second is signed by the key that the first one names.
            (answer,) = send([command])
            if answer["status"] != "accepted":
                show_answer(desk.screen, answer)
                return REFUSED
    settle(keys, made.public_key, vouched=True)
    if not keep_old:
        destroy(old_keys(keys))
    screen = desk.screen
    if screen.as_json:
        screen.json({"status": "rotated", "origin": origin, "key": str(made.note_key), "public_key": public_key})
    screen.say("cli.key.rotate.done", key=made.note_key)
    screen.say("cli.key.rotate.kept" if keep_old else "cli.key.rotate.destroyed", directory=keys)
    return OK


def run_list(desk: Desk) -> int:
    """Every key that this log ever had, and from which size on it signs."""
    from counterfoil.adapters.signing.key_folder import key_of
    from counterfoil.domain.ledger.note import NoteKey
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cli.reading import founded
    from counterfoil.entrypoints.cli.render import Renderer

    folder = Folder(founded(desk.directory))
    history, origin = _history(folder)
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
    from counterfoil.adapters.signing.key_folder import destroy, old_keys
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cli.reading import founded

    paths = old_keys(Folder(founded(desk.directory)).key.parent)
    destroy(paths)
    if desk.screen.as_json:
        desk.screen.json({"status": "forgotten", "keys": [path.name for path in paths]})
    desk.screen.say("cli.key.forget.done", count=len(paths))
    return OK


def _history(folder: "Folder") -> "tuple[KeyHistory, str]":
    from counterfoil.application.key_history import read_key_history
    from counterfoil.entrypoints.bootstrap import open_for_reading, trusted_key

    with open_for_reading(folder) as readable:
        history = read_key_history(readable.reading, readable.codec, otherwise=trusted_key(folder))
        return history, readable.registry.origin
