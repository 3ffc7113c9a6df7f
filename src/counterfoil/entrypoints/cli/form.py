"""`form`: the forms of the registry as JSON Schema, with their versions and what changed between two of them."""

from typing import Any

import click

from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.packs import folders_option, sound_pack
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.language import Texts


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {"list": _list, "show": _show, "diff": _diff}
    return Contents(texts, "cli.form", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _list(texts: Texts) -> Command:
    return Command(texts, "cli.form.list", run_list)


def _show(texts: Texts) -> Command:
    options: list[click.Parameter] = [
        click.Argument(["form"], metavar="FORM"),
        click.Option(["--version"], default="latest", metavar="1"),
        click.Option(["--law"], default="", metavar="PACK"),
        folders_option(texts),
    ]
    return Command(texts, "cli.form.show", run_show, options)


def _diff(texts: Texts) -> Command:
    places = (("form", "FORM"), ("before", "1"), ("after", "2"))
    return Command(texts, "cli.form.diff", run_diff, [click.Argument([name], metavar=shown) for name, shown in places])


def run_list(desk: Desk) -> int:
    """One line for each form."""
    from counterfoil.entrypoints.forms import form_list

    view = form_list()
    if desk.screen.as_json:
        desk.screen.json(view)
        return OK
    for each in view["forms"]:
        versions = ", ".join(map(str, each["versions"]))
        desk.screen.line(f"{each['form']}  {each['title'][desk.screen.texts.language]}  ({versions})")
    return OK


def run_show(desk: Desk, *, form: str, version: str, law: str, folders: tuple[str, ...]) -> int:
    """The form as JSON Schema, with what a law asks beyond it."""
    from counterfoil.entrypoints.cli.reading import told
    from counterfoil.entrypoints.forms import form_schema

    asked = sound_pack(desk, law, folders).law if law else None
    desk.screen.json(told(form_schema(form, version, asked)))
    return OK


def run_diff(desk: Desk, *, form: str, before: str, after: str) -> int:
    """The fields that one version has and the other has not."""
    from counterfoil.entrypoints.cli.reading import told
    from counterfoil.entrypoints.forms import form_difference

    view: dict[str, Any] = told(form_difference(form, before, after))
    if desk.screen.as_json:
        desk.screen.json(view)
        return OK
    for name, mark in (("added", "+"), ("removed", "-")):
        for each in view[name]:
            desk.screen.line(f"{mark} {each['field']}  {each['label'][desk.screen.texts.language]}")
    if not view["added"] and not view["removed"]:
        desk.screen.say("cli.form.diff.same")
    return OK
