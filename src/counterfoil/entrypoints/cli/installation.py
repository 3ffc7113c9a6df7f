"""`installation`: several registries on one machine, each with a folder and a process, and their Parties' letters."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from counterfoil.entrypoints.cli import installation_hand_over, installation_status
from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, Fault
from counterfoil.entrypoints.cli.usage import Misused, UsageFault, Whole, Years
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.application.command import Command as Act
    from counterfoil.application.commands.found import Found
    from counterfoil.entrypoints.tenancy.installation import Installation, Section


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {
        "init": _init,
        "add": _add,
        "list": installation_status.listing,
        "serve": _serve,
        "status": installation_status.command,
        "check": installation_status.checking,
        "hand-over": installation_hand_over.command,
    }
    return Contents(texts, "cli.installation", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _init(texts: Texts) -> Command:
    options = [
        click.Option(["--name"], required=True, metavar=texts("cli.place.text")),
        click.Option(["--administrator"], metavar="XIR"),
        click.Option(["--demonstration"], is_flag=True),
    ]
    return Command(texts, "cli.installation.init", run_init, options)


def _add(texts: Texts) -> Command:
    options = [
        click.Option(["--party"], metavar="GHA"),
        click.Option(["--registry"], metavar="GHA01"),
        click.Option(["--name"], metavar=texts("cli.place.text")),
        click.Option(["--jurisdiction"], metavar="GHA"),
        click.Option(["--ndc-period", "periods"], type=Years(), multiple=True),
        click.Option(["--not-a-party"], is_flag=True),
        click.Option(["--demonstration"], is_flag=True),
        click.Option(["--request"], metavar=texts("cli.place.file")),
        click.Option(["--host", "hosts"], multiple=True, metavar=texts("cli.place.address")),
        click.Option(["--user"], metavar=texts("cli.place.text")),
    ]
    return Command(texts, "cli.installation.add", run_add, options)


def _serve(texts: Texts) -> Command:
    options = [
        click.Option(["--host"], default="127.0.0.1", metavar=texts("cli.place.address")),
        click.Option(["--port"], type=Whole(0, 65_535), default=8_642),
        click.Option(["--for", "seconds"], type=Whole(1, 31_536_000), metavar=texts("cli.place.seconds")),
    ]
    return Command(texts, "cli.installation.serve", run_serve, options)


def run_init(desk: Desk, *, name: str, administrator: str | None, demonstration: bool) -> int:
    """Make the installation; for an international registry, with the section of its administrator."""
    from counterfoil.application.commands.found import Found
    from counterfoil.domain.federation.section import INTERNATIONAL
    from counterfoil.domain.kernel.ids import Party
    from counterfoil.entrypoints.cli.reading import told
    from counterfoil.entrypoints.tenancy.adding import new_installation
    from counterfoil.entrypoints.tenancy.installation import Section, write_installation

    installation = told(new_installation(desk.directory, name, administrator=administrator or ""))
    if administrator is not None:
        founding = Found(
            registry=f"{administrator}01",
            party=Party(administrator),
            name=name,
            origin=f"{re.sub('[^a-z]', '', administrator.lower()) or 'x'}/{administrator.lower()}01",
            public_key="",
            is_party=False,
            demonstration=demonstration,
            purpose=INTERNATIONAL,
        )
        section = Section(Party(administrator), installation.folder_of(administrator))
        installation = _with_section(installation, section, founding)[0]
    write_installation(installation)
    screen = desk.screen
    if screen.as_json:
        screen.json({"status": "made", "directory": str(desk.directory), "administrator": administrator})
    screen.say("cli.installation.init.done", name=name, directory=desk.directory)
    return OK


def run_add(
    desk: Desk,
    *,
    party: str | None,
    registry: str | None,
    name: str | None,
    jurisdiction: str | None,
    periods: tuple[tuple[int, int], ...],
    not_a_party: bool,
    demonstration: bool,
    request: str | None,
    hosts: tuple[str, ...],
    user: str | None,
) -> int:
    """Found a registry in a folder of its own, and give it its place; in an international registry, at a request."""
    from counterfoil.application.command import NdcPeriod
    from counterfoil.application.commands.adopt_pack import AdoptFault, AdoptPack
    from counterfoil.application.commands.found import Found
    from counterfoil.domain.kernel.ids import Party
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.cli.jurisdiction import jurisdiction as kit_of
    from counterfoil.entrypoints.founding import btr_year
    from counterfoil.entrypoints.tenancy.adding import changing
    from counterfoil.entrypoints.tenancy.installation import Section, read_installation, write_installation

    kit = None if jurisdiction is None else kit_of(jurisdiction)
    if kit is not None:
        party, registry, name = party or kit.party, registry or kit.registry, name or kit.name
    party, registry, name = _given(party, "--party"), _given(registry, "--registry"), _given(name, "--name")
    founding = Found(
        registry=registry,
        party=Party(party),
        name=name,
        origin=f"{re.sub('[^a-z]', '', party.lower()) or 'x'}/{registry.lower()}",
        public_key="",
        is_party=not not_a_party and (kit is None or kit.is_party),
        demonstration=demonstration,
        ndc_periods=tuple(NdcPeriod(first, last, btr_year(last)) for first, last in periods),
    )
    adoption = () if kit is None else (AdoptPack(id=f"adopt:{registry}", pack=kit.pack, version=kit.version),)
    if kit is not None and party != kit.party:
        facts = {"pack": kit.pack, "jurisdiction": kit.party, "own": party}
        raise Fault(Refusal(AdoptFault.OTHER_JURISDICTION, facts), REFUSED)
    with changing(_installed(desk.directory)):
        installation = read_installation(desk.directory)
        letter = _letter(installation, request)
        section = Section(
            Party(party),
            installation.folder_of(party),
            hosts=hosts,
            user=user or "",
            request=installation_hand_over.digest_of(letter),
        )
        installation, founding = _with_section(installation, section, founding, *adoption, letter=letter)
        write_installation(installation)
    screen = desk.screen
    if screen.as_json:
        screen.json(
            {
                "status": "added",
                "party": party,
                "registry": registry,
                "directory": str(section.folder),
                "origin": founding.origin,
                "public_key": founding.public_key,
                "request": section.request or None,
            }
        )
    screen.say("cli.installation.add.done", party=party, registry=registry, directory=section.folder)
    screen.say("cli.init.key", key=section.folder / "keys" / "registry.key")
    return OK


def run_serve(desk: Desk, *, host: str, port: int, seconds: int | None) -> int:
    """Serve every open section until told to stop."""
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.tenancy.supervisor import supervise

    screen = desk.screen

    def tell(address: str) -> None:
        if screen.as_json:
            screen.json({"address": address}, compact=True)
        screen.say("cli.installation.serve.listening", address=address)

    language = screen.texts.language
    refused = supervise(desk.directory, host=host, port=port, for_seconds=seconds, language=language, tell=tell)
    if isinstance(refused, Refusal):
        raise Fault(refused, REFUSED)
    return OK


def _with_section(
    installation: "Installation", section: "Section", founding: "Found", *further: "Act", letter: bytes | None = None
) -> "tuple[Installation, Found]":
    """Make and found a section, with what the administrator's book says of it; nothing is begun that is refused."""
    from counterfoil.application.ports import Outage
    from counterfoil.entrypoints.cli.reading import told
    from counterfoil.entrypoints.tenancy.adding import foreseen, founded, given, keyed
    from counterfoil.entrypoints.tenancy.charge import as_user

    as_user(section.user)
    grown = told(installation.with_section(section))
    refused = foreseen(founding)
    if refused is not None:
        raise Fault(refused, REFUSED)
    named = keyed(section, founding)
    if letter is not None and installation.administrator:
        _opened(installation, named, letter)
    outcome = founded(section, named, *further)
    if isinstance(outcome, Outage):
        raise outcome
    if outcome is not None:
        raise Fault(outcome, REFUSED)
    given(section)
    return grown, named


def _opened(installation: "Installation", founding: "Found", letter: bytes) -> None:
    """The administrator's act, and the Party's letter among the administrator's evidence."""
    from counterfoil.application.commands.open_section import OpenSection

    act = OpenSection(
        id=f"open:{founding.registry}:{installation_hand_over.digest_of(letter)[:16]}",
        party=founding.party,
        registry=founding.registry,
        origin=founding.origin,
        public_key=founding.public_key,
        request=installation_hand_over.digest_of(letter),
    )
    installation_hand_over.administered(installation, act, letter)


def _letter(installation: "Installation", request: str | None) -> bytes | None:
    """The Party's written request. An international registry opens no section without one."""
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.tenancy.fault import InstallationFault

    if request is None:
        if installation.administrator:
            raise Fault(Refusal(InstallationFault.REQUEST_MISSING), REFUSED)
        return None
    return installation_hand_over.read(request)


def _installed(directory: Path) -> Path:
    """The folder, when there is an installation in it."""
    from counterfoil.entrypoints.tenancy.installation import read_installation

    read_installation(directory)
    return directory


def _given(value: Any, option: str) -> str:
    from counterfoil.domain.kernel.refusal import Refusal

    if value is None:
        raise Misused(Refusal(UsageFault.OPTION_MISSING, {"option": option}))
    return str(value)
