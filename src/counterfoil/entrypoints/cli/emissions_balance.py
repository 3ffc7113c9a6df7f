"""`balance --party`: the emissions balance of a Party as of a day, by its method."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import click

from counterfoil.entrypoints.cli.contents import Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.cli.usage import Day, OneOf
from counterfoil.entrypoints.language import Texts

METHODS: Final = ("trajectory", "averaging", "multi_year")
COLUMNS: Final = ("emissions", "first_transferred", "oimp", "used", "net", "adjustment", "balance")
OF_PATHS: Final = ("path", "to_path")
"""Beside them, where the method has a trajectory or a budget."""


class DayOrYear(Day):
    """A day, or a year, which means its last day."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, str) and re.fullmatch(r"[1-9][0-9]{3}", value):
            return date(int(value), 12, 31)
        return super().convert(value, param, ctx)


def options() -> list[click.Parameter]:
    """The options of the emissions balance, beside those of an account."""
    return [
        click.Option(["--party"], metavar="THA"),
        click.Option(["--as-of", "as_of"], type=DayOrYear()),
        click.Option(["--method"], type=OneOf(*METHODS)),
    ]


def show_balance(desk: Desk, *, party: str, as_of: date | None, method: str | None) -> int:
    """A table of the elapsed years, then what stands beside it."""
    from counterfoil.application.queries.emissions_balance import party_balance
    from counterfoil.domain.accounting.emissions_balance import Method
    from counterfoil.entrypoints.cli.day import today
    from counterfoil.entrypoints.cli.reading import looking, told

    asked = None if method is None else Method(method)
    with looking(desk.directory) as sight:
        view = told(party_balance(sight, party=party, as_of=as_of or today(), method=asked))
    if desk.screen.as_json:
        desk.screen.json(view)
        return OK
    _say(desk, view)
    return OK


def _say(desk: Desk, view: Mapping[str, Any]) -> None:
    from counterfoil.entrypoints.cli.columns import table

    screen, texts = desk.screen, desk.screen.texts
    method = texts(f"method.{view['method']}") if view["method"] else texts("ctf4.reason.method_not_chosen")
    facts = {name: view[name] for name in ("party", "period", "as_of")}
    screen.say("cli.party_balance.head", **facts, standing=texts(f"standing.{view['standing']}"), method=method)
    screen.line(_standing_of_values(texts, view))
    pathed = any("path" in told for told in view["years"].values())
    columns = (*COLUMNS, *OF_PATHS) if pathed else COLUMNS
    heads = [texts("cli.party_balance.year"), *(texts(f"cli.party_balance.{name}") for name in columns)]
    named = "ctf4.fiscal_year" if view["accounting_year"] == "fiscal" else "cli.party_balance.calendar_year"
    rows = [
        [texts(named, year=year), *(figure_cell(texts, told[name]) for name in columns)]
        for year, told in view["years"].items()
    ]
    for line in table([heads, *rows], right=frozenset(range(1, len(heads)))):
        screen.line(line)
    reasons = [figure for told in view["years"].values() for figure in told.values() if isinstance(figure, dict)]
    for reason in dict.fromkeys(figure_text(texts, figure) for figure in reasons if "not_available" in figure):
        screen.say("cli.party_balance.reason", reason=reason)
    for year, net in view["year_not_over"].items():
        screen.say("cli.party_balance.not_over", year=year, net=f"{net:,}")
    for name, each in view["targets"].items():
        outcome, margin = texts(f"outcome.{each['outcome']}"), figure_text(texts, each["margin"])
        screen.say("cli.party_balance.target", name=name, outcome=outcome, margin=margin)
    for name, each in view["safeguards"].items():
        text = texts(f"safeguard.{name}")
        screen.say("cli.party_balance.safeguard", id=name, text=text, verdict=texts(f"verdict.{each['verdict']}"))
    for metric in view["non_ghg"]:
        screen.say("cli.party_balance.non_ghg", metric=metric.removeprefix("metric:"))
    if not view["agrees_with_book"]:
        screen.say("cli.party_balance.disagrees")


def _standing_of_values(texts: Texts, view: Mapping[str, Any]) -> str:
    """Whether the values are final, and whether the method is the Party's own or only asked for."""
    values = texts(f"ctf4.values.{view['values']}")
    if view["method_locked_on"]:
        return texts("cli.party_balance.locked", values=values, day=view["method_locked_on"])
    return texts("cli.party_balance.look_ahead" if view["method"] else "cli.party_balance.not_locked", values=values)


def figure_cell(texts: Texts, figure: Any) -> str:
    """A figure in a table: where there is none the cell says so, and the reason stands below the table."""
    missing = isinstance(figure, dict) and "not_available" in figure
    return texts("cli.party_balance.missing") if missing else figure_text(texts, figure)


def figure_text(texts: Texts, figure: Any) -> str:
    """A figure for people: a number with separators, or the reason why there is none."""
    match figure:
        case int():
            return f"{figure:,}"
        case {"rounded": str(rounded)}:
            whole, _, hundredths = rounded.partition(".")
            return f"{int(whole):,}.{hundredths}" if not whole.startswith("-0") else rounded
        case {"not_available": reason} | {"not_applicable": reason}:
            return texts(f"ctf4.reason.{reason}")
        case _:
            return str(figure)
