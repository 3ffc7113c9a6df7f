"""`show` and `list`: one thing of the register, or the things of a kind."""

from collections.abc import Mapping
from typing import Any, Final

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.render import Renderer
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.cli.usage import Whole
from counterfoil.entrypoints.language import Texts

_ROWS: Final = {
    "moves": ("unit_class", "first", "last", "source", "target"),
    "facts": ("unit_class", "first", "last", "facts"),
    "posts": ("book", "commodity", "account", "amount"),
    "records": ("kind", "key", "value"),
}
"""What the places of a leaf's rows mean, as `domain/ledger/entry.py` writes them."""
LIMIT: Final = 100
LIMIT_MAX: Final = 1_000


def command(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.show",
        run_show,
        [
            click.Argument(["what"], metavar="WHAT"),
            click.Argument(["key"], required=False, metavar="[KEY]", default=""),
            *_pages(),
        ],
    )


def listing(texts: Texts) -> Command:
    return Command(texts, "cli.list", run_list, [click.Argument(["kind"], metavar="KIND"), *_pages()])


def _pages() -> list[click.Parameter]:
    return [
        click.Option(["--after"], default="", metavar="KEY"),
        click.Option(["--limit"], type=Whole(1, LIMIT_MAX), default=LIMIT),
    ]


def run_show(desk: Desk, *, what: str, key: str, after: str, limit: int) -> int:
    """One thing by its key: as pairs and tables for people, as the query's own JSON for machines."""
    from counterfoil.application.queries.show import show
    from counterfoil.entrypoints.cli.reading import looking, told

    screen = desk.screen
    with looking(desk.directory) as sight:
        view = told(show(sight, what, key, after=after, limit=limit))
        demonstration = sight.registry.demonstration
    if screen.as_json:
        screen.json(view)
        return OK
    if demonstration:
        screen.say("cli.demonstration")
    following = view.get("next")
    shown = _readable_leaf(view) if what == "entry" else {name: view[name] for name in view if name != "next"}
    for line in Renderer(screen.texts, screen.columns).mapping(shown):
        screen.line(line)
    if following:
        screen.note("cli.more", after=following)
    return OK


def _readable_leaf(leaf: Mapping[str, Any]) -> dict[str, Any]:
    """A leaf with names for the places of its rows."""
    named = dict(leaf)
    for name, places in _ROWS.items():
        named[name] = [dict(zip(places, row, strict=True)) for row in leaf.get(name, ())]
    return named


def run_list(desk: Desk, *, kind: str, after: str, limit: int) -> int:
    """A page of the things of a kind, and the key after which the next page begins."""
    from counterfoil.application.queries.show import listing as page_of
    from counterfoil.entrypoints.cli.reading import looking, told

    screen = desk.screen
    with looking(desk.directory) as sight:
        page = told(page_of(sight, kind, after=after, limit=limit))
        demonstration = sight.registry.demonstration
    if screen.as_json:
        screen.json(page)
        return OK
    if demonstration:
        screen.say("cli.demonstration")
    if not page["items"]:
        screen.say("cli.list.nothing", kind=kind)
    else:
        for line in Renderer(screen.texts, screen.columns).overview(page["items"]):
            screen.line(line)
    if page["next"] is not None:
        screen.note("cli.more", after=page["next"])
    return OK
