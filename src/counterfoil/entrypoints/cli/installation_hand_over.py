"""`installation hand-over`: a section's whole registry to its Party, in two steps; then the key here is destroyed."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, Fault
from counterfoil.entrypoints.cli.usage import Misused, UsageFault
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.application.command import Command as Act
    from counterfoil.entrypoints.tenancy.handing_over import HandedOver
    from counterfoil.entrypoints.tenancy.installation import Installation, Section

LETTER_BYTES_MAX: Final = 16 * 1024 * 1024


def command(texts: Texts) -> Command:
    options = [
        click.Argument(["party"], metavar="PARTY"),
        click.Option(["--request"], metavar=texts("cli.place.file")),
        click.Option(["--to"], metavar=texts("cli.place.dir")),
        click.Option(["--confirm"], metavar=texts("cli.place.file")),
        click.Option(["--address"], metavar=texts("cli.place.address")),
    ]
    return Command(texts, "cli.installation.hand-over", run, options)


def run(
    desk: Desk, *, party: str, request: str | None, to: str | None, confirm: str | None, address: str | None
) -> int:
    """With `--to`, close the section and write the registry there; with `--confirm`, end what is kept of its key."""
    from counterfoil.domain.kernel.refusal import Refusal

    if confirm is not None:
        return _confirmed(desk, party, read(confirm), address or "")
    for value, option in ((request, "--request"), (to, "--to")):
        if value is None:
            raise Misused(Refusal(UsageFault.OPTION_MISSING, {"option": option}))
    assert request is not None and to is not None
    return _begun(desk, party, read(request), Path(to))


def _begun(desk: Desk, party: str, letter: bytes, to: Path) -> int:
    from counterfoil.entrypoints.cli.reading import told
    from counterfoil.entrypoints.tenancy.adding import changing
    from counterfoil.entrypoints.tenancy.handing_over import hand_over, resting
    from counterfoil.entrypoints.tenancy.installation import SectionState, read_installation, write_installation

    with changing(desk.directory):
        installation = read_installation(desk.directory)
        section = _in_state(installation, party, SectionState.OPEN, SectionState.HANDING_OVER)
        _keep(installation, letter)
        # From here on the front door lets nobody in, whatever becomes of the copy: it can be made again.
        section = replace(section, state=SectionState.HANDING_OVER, closing_request=digest_of(letter))
        write_installation(installation.changed(section))
        with resting(section) as busy:
            if busy is not None:
                raise Fault(busy, REFUSED)
            done = told(hand_over(section, to))
    screen = desk.screen
    if screen.as_json:
        screen.json({"status": "handing_over", **_view(section, done)})
    facts = {"party": party, "entries": f"{done.entries:,}", "folder": done.folder}
    screen.say("cli.installation.hand-over.done", **facts)
    screen.say("cli.installation.hand-over.next", **facts)
    return OK


def _confirmed(desk: Desk, party: str, proof: bytes, address: str) -> int:
    from counterfoil.application.commands.open_section import CloseSection
    from counterfoil.entrypoints.cli.reading import told
    from counterfoil.entrypoints.tenancy.adding import changing
    from counterfoil.entrypoints.tenancy.handing_over import destroy_keys, resting, taken_over
    from counterfoil.entrypoints.tenancy.installation import SectionState, read_installation, write_installation

    with changing(desk.directory):
        installation = read_installation(desk.directory)
        section = _in_state(installation, party, SectionState.HANDING_OVER)
        with resting(section, seconds=0) as busy:
            if busy is not None:
                raise Fault(busy, REFUSED)
            done = told(taken_over(section, proof))
            if installation.administrator:
                act = CloseSection(
                    id=f"close:{party}:{done.root[:16]}",
                    party=section.party,
                    request=section.closing_request,
                    entries=done.entries,
                    root=done.root,
                    address=address,
                )
                administered(installation, act)
            count = destroy_keys(section)
        section = replace(section, state=SectionState.HANDED_OVER, address=address)
        write_installation(installation.changed(section))
    screen = desk.screen
    if screen.as_json:
        screen.json({"status": "handed_over", **_view(section, done), "keys_destroyed": count})
    screen.say("cli.installation.hand-over.confirmed", party=party, count=count, folder=section.folder)
    return OK


def administered(installation: "Installation", act: "Act", letter: bytes | None = None) -> None:
    """Do an act of the administrator in the administrator's own book, with the letter it stands on kept there before.

    Raises:
        Fault: it was refused.
    """
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.cli.reading import told
    from counterfoil.entrypoints.cli.writing import writing
    from counterfoil.entrypoints.tenancy.adding import given

    if letter is not None:
        _keep(installation, letter)
    section = told(installation.section(installation.administrator))
    with writing(section.folder, "installation") as send:
        (answer,) = send([act])
    given(section)
    if answer["status"] != "accepted":
        raise Fault(Refusal(answer["code"], answer.get("facts", {})), REFUSED)


def _keep(installation: "Installation", letter: bytes) -> None:
    from counterfoil.adapters.evidence.files import FileEvidence
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cli.reading import told

    if installation.administrator:
        folder = told(installation.section(installation.administrator)).folder
        FileEvidence(Folder(folder).evidence).put(letter)


def _in_state(installation: "Installation", party: str, *states: str) -> "Section":
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.cli.reading import told
    from counterfoil.entrypoints.tenancy.fault import InstallationFault

    section = told(installation.section(party))
    if section.state not in states or party == installation.administrator:
        raise Fault(Refusal(InstallationFault.NOT_OPEN, {"party": party, "state": section.state.value}), REFUSED)
    return section


def digest_of(letter: bytes | None) -> str:
    return "" if letter is None else sha256(letter).hexdigest()


def read(file: str) -> bytes:
    """A letter or a proof that the user named."""
    from counterfoil.entrypoints.cli.input import read_bytes
    from counterfoil.entrypoints.cli.reading import told

    return told(read_bytes(file, bytes_max=LETTER_BYTES_MAX))


def _view(section: "Section", done: "HandedOver") -> dict[str, object]:
    return {
        "party": section.party,
        "directory": str(done.folder),
        "origin": done.origin,
        "entries": done.entries,
        "root": done.root,
        "request": section.closing_request,
    }
