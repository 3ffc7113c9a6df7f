"""`exchange`: may units be listed, trades from a file of the exchange, and what the settled ones come to."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from counterfoil.domain.settlement.trade import TradeState
from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.facts_said import facts_said
from counterfoil.entrypoints.cli.packs import folders_option, sound_pack
from counterfoil.entrypoints.cli.screen import OK, REFUSED, UNUSABLE, Fault
from counterfoil.entrypoints.cli.usage import Day, OneOf
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.application.queries.sight import Sight
    from counterfoil.domain.policy.law import Law


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {"check": _check, "import": _import, "trades": _trades, "statistics": _statistics}
    return Contents(texts, "cli.exchange", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _check(texts: Texts) -> Command:
    options: list[click.Parameter] = [
        click.Argument(["unit"], metavar="UNIT"),
        click.Argument(["said"], nargs=-1, metavar="[FACT=VALUE...]"),
        click.Option(["--list", "lists"], multiple=True, metavar="LIST|DIR"),
        click.Option(["--on"], type=Day()),
        folders_option(texts),
    ]
    return Command(texts, "cli.exchange.check", run_check, options)


def _import(texts: Texts) -> Command:
    file = click.Argument(["file"], metavar="FILE.json")
    flags = [click.Option(["--seal-prices", "sealed"], is_flag=True), click.Option(["--dry-run"], is_flag=True)]
    return Command(texts, "cli.exchange.import", run_import, [file, *flags])


def _days() -> list[click.Parameter]:
    return [
        click.Option(["--exchange"], default="", metavar="NAME"),
        click.Option(["--from", "first"], type=Day()),
        click.Option(["--to", "last"], type=Day()),
    ]


def _trades(texts: Texts) -> Command:
    state = click.Option(["--state"], type=OneOf(*TradeState))
    return Command(texts, "cli.exchange.trades", run_trades, [state, *_days()])


def _statistics(texts: Texts) -> Command:
    opened = click.Option(["--sealed", "opened"], is_flag=True)
    return Command(texts, "cli.exchange.statistics", run_statistics, [*_days(), opened])


def run_check(
    desk: Desk,
    *,
    unit: str,
    said: tuple[str, ...],
    lists: tuple[str, ...],
    on: date | None,
    folders: tuple[str, ...],
) -> int:
    """Every check of a block, with what stands against it. The status is 0 where it may be listed."""
    from counterfoil.application.queries.exchange import listing_check
    from counterfoil.entrypoints.cli.day import today
    from counterfoil.entrypoints.cli.reading import looking, told

    chosen = [sound_pack(desk, each, folders).law for each in lists]
    answers = facts_said(said)
    with looking(desk.directory) as sight:
        law = _adopted(desk, sight, folders)
        view = told(listing_check(sight, unit, law, chosen, said=answers, on=on or today()))
    if desk.screen.as_json:
        desk.screen.json(view)
    else:
        _shown(desk, view)
    return OK if view["listable"] else REFUSED


def _adopted(desk: Desk, sight: "Sight", folders: tuple[str, ...]) -> "Law | None":
    """The law that the registry obeys, in the version that is at hand."""
    from counterfoil.application.adopted import PACK
    from counterfoil.application.command import SELF

    named = sight.record(PACK, SELF)
    return None if named is None else sound_pack(desk, named["pack"], folders).law


def _shown(desk: Desk, view: dict[str, Any]) -> None:
    from counterfoil.entrypoints.cli.conditions import list_lines

    screen, texts = desk.screen, desk.screen.texts
    units = view["units"]
    screen.say("cli.conditions.units", quantity=f"{units['quantity']:,}", first=units["first"], last=units["last"])
    screen.say("cli.exchange.check.yes" if view["listable"] else "cli.exchange.check.no")
    for each in view["checks"]:
        said = texts(f"cli.exchange.check.item.{each['check']}")
        screen.line(f"  {'✗' if each['against'] else '✓'} {said}" + "".join(f"  {name}" for name in each["against"]))
    screen.say(f"cli.exchange.check.price.{view['price']}")
    for each in view["lists"]:
        for line in list_lines(each, texts):
            screen.line(line)


def run_import(desk: Desk, *, file: str, sealed: bool, dry_run: bool) -> int:
    """Record what is new in a file; the file itself is kept as evidence. `--dry-run` only counts."""
    from counterfoil.adapters.evidence.files import FileEvidence
    from counterfoil.application.queries.exchange import sealed_prices
    from counterfoil.domain.kernel.record import from_json
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.domain.settlement.trade import TRADE, Trade
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.cli.answers import answered
    from counterfoil.entrypoints.cli.input import read_bytes
    from counterfoil.entrypoints.cli.reading import founded, looking
    from counterfoil.entrypoints.cli.writing import writing
    from counterfoil.entrypoints.trade_file import BYTES_MAX, fresh, read_trade_file

    data = read_bytes(file, bytes_max=BYTES_MAX)
    if isinstance(data, Refusal):
        raise Fault(data, UNUSABLE)
    read = read_trade_file(data, file, sealed=sealed)
    if isinstance(read, Refusal):
        raise Fault(read, UNUSABLE)
    with looking(founded(desk.directory)) as sight:

        def known(key: str) -> Trade | None:
            value = sight.record(TRADE, key)
            return None if value is None else from_json(Trade, value)

        new = list(fresh(read, known, sealed_prices(sight)))
    same = len(read) - len(new)
    if dry_run or not new:
        counts = {"new": len(new), "same": same}
        if desk.screen.as_json:
            desk.screen.json({"dry_run": dry_run, **counts})
        desk.screen.say("cli.exchange.import.counted", **counts)
        return OK
    FileEvidence(Folder(desk.directory).evidence).put(data)
    with writing(desk.directory, "import") as send:
        answers = send(new)
    status = answered(desk.screen, answers)
    desk.screen.say("cli.exchange.import.done", new=sum(each["status"] == "accepted" for each in answers), same=same)
    return status


def run_trades(desk: Desk, *, state: str | None, exchange: str, first: date | None, last: date | None) -> int:
    """One line for each trade."""
    from counterfoil.application.queries.exchange import Between, trades
    from counterfoil.entrypoints.cli.reading import looking

    with looking(desk.directory) as sight:
        view = trades(sight, Between(exchange, first, last), state=state or "")
    if desk.screen.as_json:
        desk.screen.json({"trades": view})
        return OK
    if not view:
        desk.screen.say("cli.exchange.nothing")
        return OK
    texts = desk.screen.texts
    rows = [
        [
            each["id"],
            each["exchange"],
            each["traded_on"],
            f"{each['seller']} → {each['buyer']}",
            f"{each['unit_class']} {each['first']}..{each['last']}",
            _money(each["price"], each["currency"], texts),
            texts(f"cli.exchange.state.{each['state']}"),
            each["reason"] or "-",
        ]
        for each in view
    ]
    _table(desk, ("trade", "exchange", "day", "parties", "units", "price", "state", "reason"), rows)
    return OK


def run_statistics(desk: Desk, *, exchange: str, first: date | None, last: date | None, opened: bool) -> int:
    """One line for each exchange, class of units and currency; an average only where a price is known."""
    from counterfoil.application.queries.exchange import Between, market_view
    from counterfoil.entrypoints.cli.reading import looking

    with looking(desk.directory) as sight:
        view = market_view(sight, Between(exchange, first, last), opened=opened)
    if desk.screen.as_json:
        desk.screen.json({"markets": view, "sealed_prices": "counted" if opened else "left_out"})
        return OK
    if not view:
        desk.screen.say("cli.exchange.nothing")
        return OK
    texts = desk.screen.texts
    rows = []
    for each in view:
        average = each["average"]
        prices = (None if average is None else average["rounded"], each["lowest"], each["highest"])
        shown = [_money(price, each["currency"], texts) for price in prices]
        counts = [f"{each[name]:,}" for name in ("trades", "volume", "priced")]
        rows.append([each["exchange"], each["unit_class"], *counts, *shown])
    _table(desk, ("exchange", "unit_class", "trades", "volume", "priced", "average", "lowest", "highest"), rows)
    desk.screen.say("cli.exchange.statistics.note")
    return OK


def _money(price: int | None, currency: str, texts: Texts) -> str:
    """A price of one unit, from minor units: `17.50 SGD`."""
    from counterfoil.domain.policy.figure import money_text

    return texts("cli.exchange.price_not_shown") if price is None else money_text(price, currency)


def _table(desk: Desk, names: tuple[str, ...], rows: list[list[str]]) -> None:
    from counterfoil.entrypoints.cli.columns import table

    heads = [desk.screen.texts(f"cli.exchange.column.{name}") for name in names]
    for line in table([heads, *rows]):
        desk.screen.line(line)
