"""`claim`: what may be said of units that were used, cancelled or retired, as JSON, text, and PDF in both languages."""

from pathlib import Path

import click

from counterfoil.domain.compliance.claim import Statement
from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.cli.usage import OneOf
from counterfoil.entrypoints.language import LANGUAGES, Texts


def command(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.claim",
        run,
        [
            click.Argument(["of"], metavar="ENTRY|UNIT"),
            click.Option(["--says", "wanted"], type=OneOf(*Statement), metavar="STATEMENT"),
            click.Option(["--out"], metavar=texts("cli.place.dir")),
        ],
    )


def run(desk: Desk, *, of: str, wanted: str | None, out: str | None) -> int:
    """The statement, or the refusal of what somebody wants to say. `--out` also writes it as files."""
    from counterfoil.application.queries.claims import claim_json, claim_statement
    from counterfoil.entrypoints.cli.reading import looking, told
    from counterfoil.entrypoints.letters.files import era_of

    screen, texts = desk.screen, desk.screen.texts
    with looking(desk.directory) as sight:
        statement = told(claim_statement(sight, of, wanted=None if wanted is None else Statement(wanted)))
        era = era_of(sight, on=statement.letter.ground.on)
    view = claim_json(statement)
    files: list[Path] = []
    if out is not None:
        import json
        from functools import partial

        from counterfoil.adapters.durable import made_folder
        from counterfoil.entrypoints.letters.claim_paper import claim_paper
        from counterfoil.entrypoints.reports.printing import print_papers, write_whole

        folder, stem = Path(out), f"claim-{view['proof']['entry']}"
        made_folder(folder)
        files = [folder / f"{stem}.json"]
        write_whole(files[0], (json.dumps(view, ensure_ascii=False, indent=2) + "\n").encode())
        both = [Texts(language) for language in LANGUAGES]
        files += print_papers(partial(claim_paper, statement, era=era), folder, stem, texts=both, endings=("pdf",))
    if screen.as_json:
        screen.json({**view, "files": [str(each) for each in files]})
        return OK
    status = texts(f"claim.status.{view['status']}")
    screen.say("cli.claim.units", quantity=f"{view['quantity']:,}", status=status, day=view["on"])
    for lot in view["units"]:
        screen.line(f"  {lot['first']} – {lot['last']}")
    screen.say("cli.claim.value", quantity=f"{view['compliance_value_t']:,}")
    for name in ("may", "may_not"):
        screen.say(f"cli.claim.{name}")
        for each in view[f"{name}_say"] or ["-"]:
            screen.line(f"  {texts(f'claim.statement.{each}') if each != '-' else each}")
    for file in files:
        screen.say("cli.claim.file", file=file)
    return OK
