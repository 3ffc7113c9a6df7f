"""`init`: make a registry's keys and found it in a folder."""

import re
from typing import TYPE_CHECKING

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, Fault
from counterfoil.entrypoints.cli.usage import Misused, UsageFault, Whole, Years
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.application.commands.adopt_pack import AdoptPack
    from counterfoil.application.commands.found import Found
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cli.jurisdiction import Jurisdiction

BTR_AFTER = 2
"""Least years between the end of a period and the report on it; reports fall due in even years.

Source: 18/CMA.1 para. 3.
"""


def command(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.init",
        run,
        [
            click.Option(["--party"], metavar="THA"),
            click.Option(["--registry"], metavar="THA01"),
            click.Option(["--name"], metavar=texts("cli.place.text")),
            click.Option(["--jurisdiction"], metavar="THA"),
            click.Option(["--ndc-period", "periods"], type=Years(), multiple=True),
            click.Option(["--final-btr-year", "btr_years"], type=Whole(2020, 9999), multiple=True, metavar="YYYY"),
            click.Option(["--origin"], metavar=texts("cli.place.text")),
            click.Option(["--not-a-party"], is_flag=True),
            click.Option(["--demonstration"], is_flag=True),
        ],
    )


def run(
    desk: Desk,
    *,
    party: str | None,
    registry: str | None,
    name: str | None,
    jurisdiction: str | None,
    periods: tuple[tuple[int, int], ...],
    btr_years: tuple[int, ...],
    origin: str | None,
    not_a_party: bool,
    demonstration: bool,
) -> int:
    """Found the registry. What would be refused is refused before a key is made, so nothing is left behind.

    With a jurisdiction, its pack says what was left out, and is adopted.
    """
    from counterfoil.application.command import NdcPeriod
    from counterfoil.application.commands.adopt_pack import AdoptFault, AdoptPack
    from counterfoil.application.commands.found import Found
    from counterfoil.domain.kernel.ids import Party
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.bootstrap import Folder

    kit = None if jurisdiction is None else _kit(jurisdiction)
    if kit is not None:
        party, registry, name = party or kit.party, registry or kit.registry, name or kit.name
    party, registry, name = _given(party, "--party"), _given(registry, "--registry"), _given(name, "--name")
    years = dict(enumerate(btr_years))
    founding = Found(
        registry=registry,
        party=Party(party),
        name=name,
        origin=origin or f"{re.sub('[^a-z]', '', party.lower()) or 'x'}/{registry.lower()}",
        public_key="",
        is_party=not not_a_party and (kit is None or kit.is_party),
        demonstration=demonstration,
        ndc_periods=tuple(
            NdcPeriod(first, last, years.get(number, last + BTR_AFTER + last % 2))
            for number, (first, last) in enumerate(periods)
        ),
    )
    folder = Folder(desk.directory)
    if kit is not None and founding.party != kit.party:
        facts = {"pack": kit.pack, "jurisdiction": kit.party, "own": founding.party}
        raise Fault(Refusal(AdoptFault.OTHER_JURISDICTION, facts), REFUSED)
    _foreseen(founding, folder)
    adoption = () if kit is None else (AdoptPack(pack=kit.pack, version=kit.version),)
    return _founded(desk, founding, folder, adoption)


def _kit(code: str) -> "Jurisdiction":
    from counterfoil.entrypoints.cli.jurisdiction import jurisdiction

    return jurisdiction(code)


def _given(value: str | None, option: str) -> str:
    """What must be said where no pack says it."""
    from counterfoil.domain.kernel.refusal import Refusal

    if value is None:
        raise Misused(Refusal(UsageFault.OPTION_MISSING, {"option": option}))
    return value


def _foreseen(founding: "Found", folder: "Folder") -> None:
    """Ask the rule before anything is written."""
    from datetime import date

    from counterfoil.application.command import Context, Registry
    from counterfoil.application.commands.found import found
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.domain.ledger.books import Books
    from counterfoil.entrypoints.bootstrap import open_for_reading

    books = Books()
    if folder.founded:
        with open_for_reading(folder) as readable:
            books = readable.books
    nobody = Registry(registry="", party=founding.party, name="", origin="", public_key="")
    decided = found(founding, books, Context(nobody, date.min, date.min))
    if isinstance(decided, Refusal):
        raise Fault(decided, REFUSED)


def _founded(desk: Desk, founding: "Found", folder: "Folder", adoption: tuple["AdoptPack", ...]) -> int:
    import base64
    from dataclasses import replace

    from counterfoil.adapters.signing.ed25519 import FileSigner
    from counterfoil.application.receipt import Receipt
    from counterfoil.application.writer import Submission
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.bootstrap import create_key, open_for_writing

    # A key without a ledger is what an interrupted founding leaves: it is used, never replaced.
    signer = FileSigner.open(folder.key) if folder.key.exists() else create_key(folder, name=founding.origin)
    public_key = base64.b64encode(signer.public_key).decode()
    opened = open_for_writing(folder, "init", create=True)
    if isinstance(opened, Refusal):
        raise Fault(opened, REFUSED)
    with opened as writable:
        named = replace(founding, origin=signer.name, public_key=public_key)
        outcomes = [writable.driver.do([Submission(act, "local")])[0] for act in (named, *adoption)]
    for outcome in outcomes:
        if not isinstance(outcome, Receipt):
            raise Fault(outcome, REFUSED)
    screen = desk.screen
    if screen.as_json:
        screen.json(
            {
                "registry": founding.registry,
                "party": founding.party,
                "directory": str(folder.path),
                "origin": signer.name,
                "public_key": public_key,
                **({"pack": adoption[0].pack, "version": adoption[0].version} if adoption else {}),
            }
        )
    screen.say("cli.init.done", registry=founding.registry, name=founding.name, directory=folder.path)
    for act in adoption:
        screen.say("cli.init.pack", pack=act.pack, version=act.version)
    screen.say("cli.init.key", key=folder.key)
    return OK
