"""`packs`: the laws that are loaded as data: list, check, show, diff, new."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, UNUSABLE, Fault
from counterfoil.entrypoints.cli.usage import Day
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.domain.policy.pack import Pack


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {"list": _list, "check": _check, "show": _show, "diff": _diff, "new": _new}
    return Contents(texts, "cli.packs", {"cli.commands": tuple(builds)}, builds.__getitem__)


def folders_option(texts: Texts) -> click.Option:
    """Folders with further packs."""
    return click.Option(["--packs", "folders"], multiple=True, metavar=texts("cli.place.dir"))


def _list(texts: Texts) -> Command:
    return Command(texts, "cli.packs.list", run_list, [folders_option(texts)])


def _check(texts: Texts) -> Command:
    pack = click.Argument(["pack"], required=False, metavar="[PACK|DIR]")
    return Command(texts, "cli.packs.check", run_check, [pack, folders_option(texts)])


def _show(texts: Texts) -> Command:
    options = [click.Argument(["pack"], metavar="PACK"), click.Option(["--on"], type=Day()), folders_option(texts)]
    return Command(texts, "cli.packs.show", run_show, options)


def _diff(texts: Texts) -> Command:
    sides = [click.Argument(["before"], metavar="PACK@DAY"), click.Argument(["after"], metavar="PACK@DAY")]
    return Command(texts, "cli.packs.diff", run_diff, [*sides, folders_option(texts)])


def _new(texts: Texts) -> Command:
    out = click.Option(["--out"], required=True, metavar=texts("cli.place.dir"))
    return Command(texts, "cli.packs.new", run_new, [click.Argument(["code"], metavar="THA"), out])


def run_list(desk: Desk, *, folders: tuple[str, ...]) -> int:
    """Every sound pack with its id and version; the others are named, and the status says so."""
    from counterfoil.entrypoints.cli.columns import table
    from counterfoil.entrypoints.pack_shelf import open_shelf

    shelf = open_shelf(folders)
    packs = [shelf.packs[name] for name in sorted(shelf.packs)]
    screen = desk.screen
    if screen.as_json:
        screen.json({"packs": [_listed(pack) for pack in packs], "unsound": sorted(shelf.problems)})
    else:
        texts = screen.texts
        heads = [texts(f"cli.packs.column.{name}") for name in ("id", "version", "kind", "title", "rules", "doubtful")]
        rows = [_row(pack, texts) for pack in packs]
        for line in table([heads, *rows]):
            screen.line(line)
        for name in sorted(shelf.problems):
            screen.note("cli.packs.unsound", pack=name, count=len(shelf.problems[name]))
    return REFUSED if shelf.problems else OK


def _listed(pack: "Pack") -> dict[str, Any]:
    from counterfoil.application.queries.law import text_view
    from counterfoil.domain.policy.pack import bases

    law = pack.law
    counts = {"rules": len(law.rules), "values": len(law.values)}
    doubtful = sum(1 for basis in bases(law) if basis.doubtful)
    head = {"id": law.pack, "version": law.version, "kind": law.kind, "jurisdiction": law.jurisdiction or None}
    return {**head, "title": text_view(law.title), **counts, "doubtful": doubtful}


def _row(pack: "Pack", texts: Texts) -> list[str]:
    listed = _listed(pack)
    title = pack.law.title.in_language(texts.language)
    kind = texts(f"cli.packs.kind.{pack.law.kind}")
    return [pack.id, pack.law.version, kind, title, str(listed["rules"]), str(listed["doubtful"])]


def run_check(desk: Desk, *, pack: str | None, folders: tuple[str, ...]) -> int:
    """Read one pack or all, and play their cases. Every problem has a line."""
    from counterfoil.domain.policy.pack import Pack
    from counterfoil.entrypoints.pack_shelf import open_pack, open_shelf

    if pack is not None:
        found = open_pack(pack, folders, with_cases=True)
        sound = {found.id: found} if isinstance(found, Pack) else {}
        problems = {} if isinstance(found, Pack) else {pack: found}
    else:
        shelf = open_shelf(folders, with_cases=True)
        sound, problems = dict(shelf.packs), {name: list(found) for name, found in shelf.problems.items()}
    screen = desk.screen
    if screen.as_json:
        screen.json({"sound": [_checked(sound[name]) for name in sorted(sound)], "problems": _problems(problems)})
    else:
        for name in sorted(sound):
            screen.say("cli.packs.check.sound", pack=name, **_checked(sound[name]))
        for name in sorted(problems):
            for refusal in problems[name]:
                screen.fault(refusal)
    return REFUSED if problems else OK


def _checked(pack: "Pack") -> dict[str, Any]:
    return {"id": pack.id, "version": pack.law.version, "rules": len(pack.law.rules), "cases": len(pack.cases)}


def _problems(problems: "dict[str, list[Refusal]]") -> list[dict[str, Any]]:
    from counterfoil.entrypoints.faults import catalogue

    return [{"pack": name, **catalogue().problem(each)} for name in sorted(problems) for each in problems[name]]


def run_show(desk: Desk, *, pack: str, on: date | None, folders: tuple[str, ...]) -> int:
    """The law of a day: every rule with its text, provision, source and confidence."""
    from counterfoil.application.queries.law import law_view
    from counterfoil.entrypoints.cli.day import today
    from counterfoil.entrypoints.cli.packs_text import law_lines

    view = law_view(sound_pack(desk, pack, folders).law, on or today())
    if desk.screen.as_json:
        desk.screen.json(view)
    else:
        for line in law_lines(view, desk.screen.texts):
            desk.screen.line(line)
    return OK


def sound_pack(desk: Desk, name: str, folders: "Sequence[str]") -> "Pack":
    """A pack that can be used, or the end of the command with its first problem; the others are told before."""
    from counterfoil.domain.policy.pack import Pack
    from counterfoil.entrypoints.pack_shelf import open_pack

    found = open_pack(name, folders)
    if isinstance(found, Pack):
        return found
    for refusal in found[1:] if not desk.screen.as_json else ():
        desk.screen.fault(refusal)
    raise Fault(found[0], UNUSABLE)


def run_diff(desk: Desk, *, before: str, after: str, folders: tuple[str, ...]) -> int:
    """What changed in the law between two days, or between two packs."""
    from counterfoil.application.queries.law import difference, law_view
    from counterfoil.entrypoints.cli.packs_diff_text import difference_lines

    sides = []
    for side in (before, after):
        name, on = _side(side)
        sides.append(law_view(sound_pack(desk, name, folders).law, on))
    changes = difference(sides[0], sides[1])
    if desk.screen.as_json:
        desk.screen.json(changes)
    else:
        for line in difference_lines(changes, desk.screen.texts):
            desk.screen.line(line)
    return OK


def _side(text: str) -> tuple[str, date]:
    """`idn@2025-10-09`, or a pack alone for today."""
    from counterfoil.entrypoints.cli.day import today

    name, at, day = text.rpartition("@")
    if not at:
        return text, today()
    return name, Day().convert(day, None, None)


def run_new(desk: Desk, *, code: str, out: str) -> int:
    """A commented skeleton that is sound as it stands."""
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.pack_shelf import new_pack

    made = new_pack(code.upper(), Path(out))
    if isinstance(made, Refusal):
        raise Fault(made, UNUSABLE)
    if desk.screen.as_json:
        desk.screen.json({"status": "written", "folder": str(made)})
    desk.screen.say("cli.packs.new.done", folder=made)
    return OK
