"""Link the registries of a network with each other: each is told the others' keys and addresses.

On this machine the operator is the authority of all of them; elsewhere, authorities exchange keys on paper.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from counterfoil.application.command import Command
from counterfoil.application.commands.link import ChangeLink, LinkPartner
from counterfoil.application.ports import Outage
from counterfoil.domain.federation.link import PARTNER
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import open_for_reading
from counterfoil.entrypoints.network.console import console
from counterfoil.entrypoints.network.kept import Network

_MOVED: Final = "The registry listens elsewhere since it was started again."


def linked(network: Network) -> None:
    """Tell each registry what it does not know yet of the others: a key, or where it listens now.

    Raises:
        Outage: a registry does not answer, or refused a link.
    """
    cards = {party: _card(network, party) for party in network.parties}
    for party in network.parties:
        known = _known(network, party)
        others = {other: card for other, card in cards.items() if other != party}
        missing = [act for other, card in others.items() for act in _told(known.get(other), card)]
        own = console(network, party)
        if isinstance(own, Refusal):
            raise Outage(own.code, own.facts)
        for answer in own.do(missing) if missing else ():
            if answer["status"] != "accepted":
                raise Outage(str(answer["code"]), answer.get("facts", {}))


def _told(known: Mapping[str, Any] | None, card: Mapping[str, Any]) -> Iterator[Command]:
    """The act that tells of a partner what is not known yet, if anything."""
    if known is None or any(known[name] != card[name] for name in card if name != "address"):
        yield LinkPartner(**card)
    elif known["address"] != card["address"]:
        yield ChangeLink(party=card["party"], address=card["address"], reason=_MOVED)


def _card(network: Network, party: str) -> dict[str, Any]:
    """What partners are told of a registry."""
    address = next(each.address for each in network.registries if each.party == party)
    with open_for_reading(network.folder(party)) as readable:
        own = readable.registry
    return {
        "party": Party(party),
        "registry": own.registry,
        "origin": own.origin,
        "public_key": own.public_key,
        "address": address,
    }


def _known(network: Network, party: str) -> dict[str, Mapping[str, Any]]:
    with open_for_reading(network.folder(party)) as readable:
        return {row.key: json.loads(row.value) for row in readable.reading.records(PARTNER)}
