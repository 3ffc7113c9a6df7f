"""`balance`: what stood in an account, or in all of them, as of any checkpoint; with `--party`, its emissions."""

from datetime import date
from typing import TYPE_CHECKING

import click

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.emissions_balance import options, show_balance
from counterfoil.entrypoints.cli.render import Renderer
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.cli.usage import Day, Misused, UsageFault, Whole
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.application.ports import CheckpointRow
    from counterfoil.entrypoints.bootstrap import Readable


def command(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.balance",
        run,
        [
            click.Argument(["account"], required=False, metavar="[ACCOUNT]", default=""),
            click.Option(["--class", "unit_class"], default="", metavar="CLASS"),
            click.Option(["--checkpoint"], type=Whole(1), metavar="NUMBER"),
            click.Option(["--on"], type=Day()),
            *options(),
        ],
    )


def run(
    desk: Desk,
    *,
    account: str,
    unit_class: str,
    checkpoint: int | None,
    on: date | None,
    party: str | None,
    as_of: date | None,
    method: str | None,
) -> int:
    """Read the past from the journal; works beside a running server."""
    if party is not None:
        if account:
            raise Misused(Refusal(UsageFault.ARGUMENT_EXTRA, {"argument": account[:80]}))
        return show_balance(desk, party=party, as_of=as_of, method=method)
    if as_of is not None or method is not None:
        raise Misused(Refusal(UsageFault.OPTION_MISSING, {"option": "--party"}))
    return _of_accounts(desk, account=account, unit_class=unit_class, checkpoint=checkpoint, on=on)


def _of_accounts(desk: Desk, *, account: str, unit_class: str, checkpoint: int | None, on: date | None) -> int:
    from counterfoil.application.queries.past import past_balance
    from counterfoil.application.queries.sight import Sight
    from counterfoil.entrypoints.bootstrap import Folder, open_for_reading
    from counterfoil.entrypoints.cli.reading import told

    screen = desk.screen
    with open_for_reading(Folder(desk.directory)) as readable:
        sight = Sight(readable.reading, readable.codec, readable.evidence)
        view = told(
            past_balance(
                sight,
                account,
                unit_class=unit_class,
                number=checkpoint,
                on=on,
                signed=lambda row: _signed(readable, row),
            )
        )
    if screen.as_json:
        screen.json(view)
        return OK
    for line in Renderer(screen.texts, screen.columns).mapping(view):
        screen.line(line)
    if not view["balances"]:
        screen.say("cli.balance.nothing")
    return OK


def _signed(readable: "Readable", row: "CheckpointRow") -> bool:
    """Whether a checkpoint has the signature of the key that was in force at its size."""
    from counterfoil.adapters.signing.ed25519 import verify
    from counterfoil.adapters.signing.trusted_key import trusted_key
    from counterfoil.application.key_history import read_key_history
    from counterfoil.domain.ledger.checkpoint import signed_checkpoint

    keys = read_key_history(readable.reading, readable.codec, otherwise=trusted_key(readable.folder.public_key))
    origin, public_key = readable.registry.origin, keys.at(row.size)
    return signed_checkpoint(row.note, name=origin, public_key=public_key, verify=verify) is not None
