"""`explain`: which rules of which law decide a planned act, or decided one that is in the journal."""

from datetime import date
from typing import Final

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.facts_said import facts_said
from counterfoil.entrypoints.cli.packs import folders_option, sound_pack
from counterfoil.entrypoints.cli.screen import OK, UNUSABLE, Fault
from counterfoil.entrypoints.cli.usage import Day, Misused, UsageFault, Whole
from counterfoil.entrypoints.language import Texts

SEQ_MAX: Final = 10**12


def command(texts: Texts) -> Command:
    options: list[click.Parameter] = [
        click.Option(["--entry"], type=Whole(0, SEQ_MAX)),
        click.Option(["--jurisdiction"], metavar="IDN", default=""),
        click.Option(["--act"], metavar=texts("cli.place.text"), default=""),
        click.Option(["--on"], type=Day()),
        folders_option(texts),
        click.Argument(["facts"], nargs=-1, metavar="[FACT=VALUE...]"),
    ]
    return Command(texts, "cli.explain", run, options)


def run(
    desk: Desk,
    *,
    entry: int | None,
    jurisdiction: str,
    act: str,
    on: date | None,
    folders: tuple[str, ...],
    facts: tuple[str, ...],
) -> int:
    """Every ruling about the act. The command has done its work whatever they say."""
    from counterfoil.domain.kernel.refusal import Refusal

    if entry is not None:
        given = next((name for name, value in (("--jurisdiction", jurisdiction), ("--act", act)) if value), "")
        if given or on is not None or facts:
            raise Misused(Refusal(UsageFault.ARGUMENT_EXTRA, {"argument": given or "--on"}))
        return _past(desk, entry, folders)
    for name, value in (("--jurisdiction", jurisdiction), ("--act", act)):
        if not value:
            raise Misused(Refusal(UsageFault.OPTION_MISSING, {"option": name}))
    return _planned(desk, jurisdiction, act, on=on, folders=folders, facts=facts)


def _planned(
    desk: Desk, jurisdiction: str, act: str, *, on: date | None, folders: tuple[str, ...], facts: tuple[str, ...]
) -> int:
    """What a law says of an act that nobody has done."""
    from counterfoil.application.queries.law import answer_view
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.domain.policy.asked import asked_from
    from counterfoil.entrypoints.cli.day import today
    from counterfoil.entrypoints.cli.packs_text import answer_lines

    law = sound_pack(desk, jurisdiction, folders).law
    asked = asked_from(act, facts_said(facts), law.facts)
    if isinstance(asked, Refusal):
        raise Fault(asked, UNUSABLE)
    view = answer_view(law, asked, on or today())
    if desk.screen.as_json:
        desk.screen.json(view)
    else:
        for line in answer_lines(view, desk.screen.texts):
            desk.screen.line(line)
    return OK


def _past(desk: Desk, seq: int, folders: tuple[str, ...]) -> int:
    """What the law of its day says of an entry, and which provisions the code of its act stands on."""
    from counterfoil.application.queries.explain import entry_explained
    from counterfoil.entrypoints.cli.explain_text import explained_lines
    from counterfoil.entrypoints.cli.reading import looking, told
    from counterfoil.entrypoints.laws_at_hand import LawsAtHand

    with looking(desk.directory) as sight:
        view = told(entry_explained(sight, seq, LawsAtHand(folders)))
    if desk.screen.as_json:
        desk.screen.json(view)
    else:
        for line in explained_lines(view, desk.screen.texts):
            desk.screen.line(line)
    return OK
