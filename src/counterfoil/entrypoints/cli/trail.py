"""`trail`: who did what, in what capacity: the office's trail and the journal in one view, filtered and exported."""

from datetime import date
from pathlib import Path
from typing import Any, Final

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED
from counterfoil.entrypoints.cli.usage import Day, Whole
from counterfoil.entrypoints.language import Texts

PAGE: Final = 1_000
ROWS_MAX: Final = 1_000_000
SHOWN: Final = ("source", "number", "at", "actors", "capacity", "act", "subject", "accounts")


def command(texts: Texts) -> Command:
    words = [click.Option([f"--{name}"], default="", metavar="TEXT") for name in ("person", "act", "account")]
    return Command(
        texts,
        "cli.trail",
        run,
        [
            *words,
            click.Option(["--organisation"], default="", metavar="NUMBER"),
            click.Option(["--since"], type=Day()),
            click.Option(["--until"], type=Day()),
            click.Option(["--limit"], type=Whole(1, ROWS_MAX), default=PAGE),
            click.Option(["--csv", "as_csv"], is_flag=True),
            click.Option(["--verify"], is_flag=True),
            click.Option(["--anchor"], is_flag=True),
        ],
    )


def run(desk: Desk, *, verify: bool, anchor: bool, as_csv: bool, limit: int, **asked: Any) -> int:
    """The rows, oldest first; `--verify` looks at the office's trail alone, status 1 when it is not sound."""
    from counterfoil.entrypoints.cli.office_at_work import show_rows

    if anchor:
        return _anchored(desk)
    if verify:
        return _verified(desk)
    rows = _rows(desk.directory, limit, **asked)
    if as_csv and not desk.screen.as_json:
        from counterfoil.entrypoints.audit_view import as_csv as written

        # Bytes, because a terminal's spelling of line ends is not the format's.
        click.echo(written(rows).encode(), nl=False)
        return OK
    shown = rows if desk.screen.as_json else [_line(row) for row in rows]
    show_rows(desk, shown, "cli.trail.nothing")
    return OK


def _rows(  # noqa: PLR0917  the words of the question, as they were given
    directory: Path,
    limit: int,
    person: str,
    act: str,
    account: str,
    organisation: str,
    since: date | None,
    until: date | None,
) -> list[dict[str, Any]]:
    from counterfoil.application.office.audit import AuditQuestion, Place
    from counterfoil.entrypoints.audit_view import days_of, page_of, shown
    from counterfoil.entrypoints.cli.office_at_work import office_at_work
    from counterfoil.entrypoints.cli.reading import looking

    question = AuditQuestion(person, organisation, act, account, *days_of(since, until))
    rows: list[dict[str, Any]] = []
    after: Place | None = Place()
    with office_at_work(directory) as office, looking(directory) as sight:
        while after is not None and len(rows) < limit:
            page = page_of(office, sight, question, after=after, limit=min(PAGE, limit - len(rows)))
            rows += [shown(row) for row in page.rows]
            after = page.next
    return rows


def _verified(desk: Desk) -> int:
    """Whether each row follows from the one before, and whether the trail is the one that the journal speaks of."""
    from counterfoil.application.office.anchoring import anchors, parted
    from counterfoil.application.office.trail import broken_row
    from counterfoil.entrypoints.cli.office_at_work import office_at_work
    from counterfoil.entrypoints.cli.reading import looking

    with office_at_work(desk.directory) as office, looking(desk.directory) as sight:
        # The anchors first: what is anchored while the trail is read stands in it.
        known = list(anchors(sight))
        broken, apart = broken_row(office.store), parted(office.store, known)
        last = office.store.trail.last()
    digest = "" if last is None else last.digest.hex()
    rows = 0 if last is None else last.number
    anchored = known[-1].rows if known else 0
    sound = broken is None and apart is None
    if desk.screen.as_json:
        found = None if apart is None else {"rows": apart.rows, "on": apart.on, "finding": apart.finding.value}
        told = {"sound": sound, "rows": rows, "digest": digest, "broken": broken}
        desk.screen.json({**told, "anchored": anchored, "parted": found})
        return OK if sound else REFUSED
    if sound:
        desk.screen.say("cli.trail.sound", rows=rows, digest=digest or "-")
        desk.screen.say("cli.trail.anchored_to", rows=anchored)
    if broken is not None:
        desk.screen.note("cli.people.trail.broken", number=broken)
    if apart is not None:
        desk.screen.note(f"cli.trail.parted.{apart.finding.value}", rows=apart.rows, on=apart.on)
    return OK if sound else REFUSED


def _anchored(desk: Desk) -> int:
    """Put the trail's length and last digest into the journal, unless it stands there already."""
    from counterfoil.application.office.anchoring import next_anchor
    from counterfoil.entrypoints.cli.answers import show_answer
    from counterfoil.entrypoints.cli.office_at_work import office_at_work
    from counterfoil.entrypoints.cli.reading import looking
    from counterfoil.entrypoints.cli.writing import writing

    with office_at_work(desk.directory) as office, looking(desk.directory) as sight:
        command = next_anchor(office, sight)
    if command is None:
        desk.screen.say("cli.trail.nothing_new")
        return OK
    with writing(desk.directory, "trail") as send:
        (answer,) = send([command])
    show_answer(desk.screen, answer)
    return OK if answer["status"] == "accepted" else REFUSED


def _line(row: dict[str, Any]) -> dict[str, Any]:
    """What stands on one line of the screen; the rest is in the JSON and the CSV."""
    return {name: ", ".join(row[name]) if isinstance(row[name], list) else row[name] for name in SHOWN}
