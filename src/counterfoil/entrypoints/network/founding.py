"""Found the registries of a network: a folder, a key and a pack each, and nothing in common but the program."""

import base64
from pathlib import Path
from typing import Final

from counterfoil.adapters.signing.ed25519 import FileSigner
from counterfoil.application.command import Command
from counterfoil.application.commands.adopt_pack import AdoptPack
from counterfoil.application.commands.found import Found
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder, create_key, open_for_writing
from counterfoil.entrypoints.laws_at_hand import LawsAtHand
from counterfoil.entrypoints.network.plan import Planned

BY: Final = "network"


def founded(path: Path, plan: Planned, laws: LawsAtHand) -> Refusal | None:
    """Found a registry in its folder. One that an interrupted founding left half done is brought to its end.

    Every act has an id of its own, so that one which was done before is met by its first receipt.
    """
    folder = Folder(path)
    # A key without a ledger is what an interrupted founding leaves: it is used, never replaced.
    signer = FileSigner.open(folder.key) if folder.key.exists() else create_key(folder, name=plan.origin)
    opened = open_for_writing(folder, "network", laws=laws, create=not folder.founded)
    if isinstance(opened, Refusal):
        return opened
    with opened as writable:
        for command in _beginning(plan, laws, base64.b64encode(signer.public_key).decode()):
            outcome = writable.driver.do([Submission(command, BY)])[0]
            if isinstance(outcome, Refusal):
                return outcome
            if not isinstance(outcome, Receipt):
                raise outcome
    return None


def _beginning(plan: Planned, laws: LawsAtHand, public_key: str) -> list[Command]:
    commands: list[Command] = [
        Found(
            id="network:found",
            registry=plan.registry,
            party=Party(plan.party),
            name=plan.name,
            origin=plan.origin,
            public_key=public_key,
            is_party=plan.is_party,
            demonstration=True,
            ndc_periods=plan.ndc,
            purpose=plan.purpose,
            assumed=tuple(f"NDC period = {period.first}-{period.last}" for period in plan.ndc),
        )
    ]
    law = laws.law(plan.pack) if plan.pack else None
    if law is not None:
        commands.append(AdoptPack(id="network:pack", pack=law.pack, version=law.version))
    commands += [
        OpenAccount(id=f"network:account:{number}", account=account, holder=account)
        for number, account in enumerate(plan.accounts)
    ]
    return commands
