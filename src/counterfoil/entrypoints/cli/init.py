"""`init`: make a registry's keys and found it in a folder."""

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
            click.Option(["--mechanism"], is_flag=True),
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
    mechanism: bool,
    demonstration: bool,
) -> int:
    """Found the registry. What would be refused is refused before a key is made, so nothing is left behind.

    With a jurisdiction, its pack says what was left out, and is adopted.
    """
    from counterfoil.application.command import NdcPeriod
    from counterfoil.application.commands.adopt_pack import AdoptFault, AdoptPack
    from counterfoil.application.commands.found import Found
    from counterfoil.domain.federation.mechanism import MECHANISM
    from counterfoil.domain.kernel.ids import Party
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.founding import btr_year, foreseen, origin_of

    kit = None if jurisdiction is None else _kit(jurisdiction)
    if kit is not None:
        party, registry, name = party or kit.party, registry or kit.registry, name or kit.name
    party, registry, name = _given(party, "--party"), _given(registry, "--registry"), _given(name, "--name")
    years = dict(enumerate(btr_years))
    founding = Found(
        registry=registry,
        party=Party(party),
        name=name,
        origin=origin or origin_of(party, registry),
        public_key="",
        is_party=not (not_a_party or mechanism) and (kit is None or kit.is_party),
        demonstration=demonstration,
        purpose=MECHANISM if mechanism else "national",
        ndc_periods=tuple(
            NdcPeriod(first, last, years.get(number, btr_year(last))) for number, (first, last) in enumerate(periods)
        ),
    )
    folder = Folder(desk.directory)
    if kit is not None and founding.party != kit.party:
        facts = {"pack": kit.pack, "jurisdiction": kit.party, "own": founding.party}
        raise Fault(Refusal(AdoptFault.OTHER_JURISDICTION, facts), REFUSED)
    refusal = foreseen(founding, folder)
    if refusal is not None:
        raise Fault(refusal, REFUSED)
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


def _founded(desk: Desk, founding: "Found", folder: "Folder", adoption: tuple["AdoptPack", ...]) -> int:
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.founding import founded_in

    made = founded_in(folder, founding, adoption, holder="init")
    if isinstance(made, Refusal):
        raise Fault(made, REFUSED)
    screen = desk.screen
    if screen.as_json:
        screen.json(
            {
                "registry": founding.registry,
                "party": founding.party,
                "directory": str(folder.path),
                "origin": made.origin,
                "public_key": made.public_key,
                **({"pack": adoption[0].pack, "version": adoption[0].version} if adoption else {}),
            }
        )
    screen.say("cli.init.done", registry=founding.registry, name=founding.name, directory=folder.path)
    for act in adoption:
        screen.say("cli.init.pack", pack=act.pack, version=act.version)
    screen.say("cli.init.key", key=folder.key)
    return OK
