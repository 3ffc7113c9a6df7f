"""`costs`: what running the system costs by year and currency, and who contributes to it."""

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.language import Texts


def command(texts: Texts) -> Command:
    return Command(texts, "cli.costs", run)


def run(desk: Desk) -> int:
    """One line for each year and currency, amounts in the currency's smallest unit; then the contributions."""
    from counterfoil.application.queries.costs import costs
    from counterfoil.entrypoints.cli.columns import table
    from counterfoil.entrypoints.cli.reading import looking

    screen, texts = desk.screen, desk.screen.texts
    with looking(desk.directory) as sight:
        view = costs(sight)
    if screen.as_json:
        screen.json(view)
        return OK
    if not view["years"]:
        screen.say("cli.costs.nothing")
        return OK
    kinds = tuple(view["years"][0]["costs"])
    heads = [texts("cli.costs.year"), texts("cli.costs.currency"), *(texts(f"cli.costs.kind.{kind}") for kind in kinds)]
    heads += [texts(f"cli.costs.{name}") for name in ("total", "contributions", "gap")]
    rows = [
        [
            str(row["year"]),
            row["currency"],
            *(f"{row['costs'][kind]:,}" for kind in kinds),
            *(f"{row[name]:,}" for name in ("total", "contributions", "gap")),
        ]
        for row in view["years"]
    ]
    for line in table([heads, *rows], right=frozenset(range(2, len(heads)))):
        screen.line(line)
    for one in view["contributions"]:
        facts = {name: one[name] for name in ("year", "contributor", "currency", "source")}
        screen.say("cli.costs.contribution", amount=f"{one['amount']:,}", **facts)
    return OK
