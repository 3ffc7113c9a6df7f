"""Found a registry: the first entry of its journal, which names its Party, its keys and its periods."""

import itertools
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.application.command import REGISTRY, SELF, Command, Context, NdcPeriod, Registry, record
from counterfoil.domain.federation.mechanism import MECHANISM
from counterfoil.domain.federation.section import INTERNATIONAL
from counterfoil.domain.kernel.ids import PARTY, Party
from counterfoil.domain.kernel.ids import REGISTRY as REGISTRY_ID
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry

_ORIGIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{0,119}\Z")


class FoundFault(StrEnum):
    ALREADY_FOUNDED = "registry.already_founded"
    ID_UNREADABLE = "registry.id_unreadable"
    PARTY_UNREADABLE = "registry.party_unreadable"
    ORIGIN_UNREADABLE = "registry.origin_unreadable"
    PERIODS_OVERLAP = "registry.periods_overlap"
    KEY_DIFFERS = "registry.key_differs"
    INTERNATIONAL_IS_NO_PARTY = "registry.international_is_no_party"
    MECHANISM_IS_NO_PARTY = "registry.mechanism_is_no_party"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Command):
    """Found the registry of a Party or another jurisdiction.

    `registry` is the identifier that stands in units issued here (alpha-3 and two digits); `origin` names its log.
    With the `purpose` `mechanism` it is the Article 6.4 mechanism registry, which issues for the hosts that state
    activities to it.
    """

    registry: str
    party: Party
    name: str
    origin: str
    public_key: str
    is_party: bool = True
    demonstration: bool = False
    ndc_periods: tuple[NdcPeriod, ...] = ()
    purpose: str = "national"


def found(command: Found, books: Books, context: Context) -> Entry | Refusal:
    """Refuses a second founding, identifiers that no AEF could carry, and what cannot be a Party: an administrator, and
    the mechanism.

    Source: 6/CMA.4 annex I paras. 5, 12, 17.
    """
    if books.record(REGISTRY, SELF) is not None:
        return Refusal(FoundFault.ALREADY_FOUNDED, {"registry": books.record(REGISTRY, SELF)["registry"]})
    if not REGISTRY_ID.match(command.registry):
        return Refusal(FoundFault.ID_UNREADABLE, {"registry": command.registry[:40]})
    if not PARTY.match(command.party):
        return Refusal(FoundFault.PARTY_UNREADABLE, {"party": command.party[:40]})
    if not _ORIGIN.match(command.origin):
        return Refusal(FoundFault.ORIGIN_UNREADABLE, {"origin": command.origin[:120]})
    if command.purpose == INTERNATIONAL and command.is_party:
        return Refusal(FoundFault.INTERNATIONAL_IS_NO_PARTY, {"registry": command.registry})
    if command.purpose == MECHANISM and command.is_party:
        return Refusal(FoundFault.MECHANISM_IS_NO_PARTY, {"registry": command.registry})
    periods = sorted(command.ndc_periods, key=lambda period: period.first)
    if any(period.first > period.last for period in periods) or any(
        earlier.last >= later.first for earlier, later in itertools.pairwise(periods)
    ):
        return Refusal(FoundFault.PERIODS_OVERLAP)
    registry = Registry(
        registry=command.registry,
        party=command.party,
        name=command.name,
        origin=command.origin,
        public_key=command.public_key,
        is_party=command.is_party,
        demonstration=command.demonstration,
        ndc_periods=tuple(periods),
        purpose=command.purpose,
    )
    return Entry(Act.REGISTRY_FOUNDED, context.on, records=(record(REGISTRY, SELF, registry),))
