"""`import ndc` and `import inventory`: what a Party's accounts are measured against, from files."""

from typing import TYPE_CHECKING, Any, Final

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, UNUSABLE, Fault
from counterfoil.entrypoints.cli.usage import Day, Misused, UsageFault, Years, option_name
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from counterfoil.application.command import Command as Act
    from counterfoil.domain.accounting.ndc import InventorySector

YEAR_MIN, YEAR_MAX = 1900, 9999
_SEPARATOR: Final = ","


def ndc(texts: Texts) -> Command:
    return Command(texts, "cli.import.ndc", import_ndc, [click.Argument(["file"], metavar="FILE.json")])


def inventory(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.import.inventory",
        import_inventory,
        [
            click.Argument(["file"], metavar="FILE.csv"),
            click.Option(["--id", "name"], required=True, metavar="NAME"),
            click.Option(["--rows"], default="", metavar="CODE"),
            click.Option(["--sectors"], type=Sectors(), default="", metavar="SECTOR,..."),
            click.Option(["--gases"], default="", metavar="GAS,..."),
            click.Option(["--metric"], default="", metavar="UNIT"),
            click.Option(["--source"], required=True, metavar=texts("cli.place.text")),
            click.Option(["--url"], default="", metavar="URL"),
            click.Option(["--gwp"], default="", metavar="AR5"),
            click.Option(["--years"], type=Years(), default=(YEAR_MIN, YEAR_MAX)),
            click.Option(["--submitted-on"], type=Day()),
        ],
    )


class Sectors(click.ParamType[tuple[str, ...]]):
    """Sectors of an inventory, with commas between them."""

    name = "SECTOR,..."

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> "tuple[InventorySector, ...]":
        from counterfoil.domain.accounting.ndc import InventorySector
        from counterfoil.domain.kernel.refusal import Refusal

        if isinstance(value, tuple):
            return value
        words = [sector.value for sector in InventorySector]
        unknown = next((part for part in _listed(value) if part not in words), None)
        if unknown is not None:
            facts = {"option": option_name(param), "value": unknown[:80], "words": ", ".join(words)}
            raise Misused(Refusal(UsageFault.NOT_ONE_OF, facts), ctx)
        return tuple(InventorySector(part) for part in _listed(value))


def import_ndc(desk: Desk, *, file: str) -> int:
    """Record an NDC with its inventories and method; a file with an unreadable part does nothing."""
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.cli.input import read_bytes
    from counterfoil.entrypoints.ndc_file import BYTES_MAX, read_ndc_file

    data = read_bytes(file, bytes_max=BYTES_MAX)
    commands = data if isinstance(data, Refusal) else read_ndc_file(data, file)
    if isinstance(commands, Refusal):
        raise Fault(commands, UNUSABLE)
    return _done(desk, commands)


def import_inventory(
    desk: Desk,
    *,
    file: str,
    name: str,
    rows: str,
    sectors: "tuple[InventorySector, ...]",
    gases: str,
    metric: str,
    source: str,
    url: str,
    gwp: str,
    years: tuple[int, int],
    submitted_on: "date | None",
) -> int:
    """Record a series of yearly totals from CSV, with what it covers and where it is from."""
    from counterfoil.application.commands.record_inventory import RecordInventory
    from counterfoil.domain.accounting.ndc import Source
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.cli.input import read_bytes
    from counterfoil.entrypoints.inventory_file import BYTES_MAX, read_totals

    data = read_bytes(file, bytes_max=BYTES_MAX)
    first, last = years
    totals = (
        data
        if isinstance(data, Refusal)
        else read_totals(data, file, rows=rows, sectors=sectors, first=first, last=last, gases=_listed(gases), gwp=gwp)
    )
    if isinstance(totals, Refusal):
        raise Fault(totals, UNUSABLE)
    command = RecordInventory(
        inventory=name,
        values=totals,
        source=Source(source, rows, url),
        gases=_listed(gases),
        gwp=gwp,
        metric=metric,
        submitted_on=submitted_on,
    )
    return _done(desk, [command])


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(_SEPARATOR) if part.strip())


def _done(desk: Desk, commands: "Sequence[Act]") -> int:
    from counterfoil.entrypoints.cli.answers import show_answer
    from counterfoil.entrypoints.cli.writing import writing

    with writing(desk.directory, "import") as send:
        answers = send(commands)
    for answer in answers:
        show_answer(desk.screen, answer)
    return OK if all(answer["status"] == "accepted" for answer in answers) else REFUSED
