"""Which registries a network has, as data: those of `plan.toml`, and any other jurisdiction that has a pack."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import Any, Final

from counterfoil.application.command import NdcPeriod
from counterfoil.domain.kernel.refusal import Refusal

REGISTRIES_MAX: Final = 64
"""Registries of one network: each is a process, and each is linked to every other."""
DEMONSTRATION: Final = "(Demonstration · 示範)"


class NetworkFault(StrEnum):
    PARTY_UNKNOWN = "network.party_unknown"
    PARTIES_DIFFER = "network.parties_differ"
    FOLDER_NOT_OURS = "network.folder_not_ours"
    NONE_HERE = "network.none_here"
    NOT_RUNNING = "network.not_running"
    NOT_HEALTHY = "network.not_healthy"
    NOTHING_TO_PLAY = "network.nothing_to_play"
    NOTHING_LEFT = "network.nothing_left"
    ACT_REFUSED = "network.act_refused"


@dataclass(frozen=True, slots=True)
class Planned:
    """A registry as it is founded. `pack` is empty where none is adopted."""

    party: str
    registry: str
    name: str
    ndc: tuple[NdcPeriod, ...]
    pack: str = ""
    is_party: bool = True
    accounts: tuple[str, ...] = ()
    purpose: str = "national"

    @property
    def origin(self) -> str:
        """The name of its log."""
        return f"network.example/{self.party.lower()}"


def planned(parties: Sequence[str] = ()) -> tuple[Planned, ...] | Refusal:
    """The registries of these Parties, each once; without any, all that stand in the plan.

    Returns:
        The refusal `network.party_unknown` for a code that is neither in the plan nor a jurisdiction with a pack.
    """
    told = tomllib.loads((resources.files(__package__) / "plan.toml").read_text("utf-8"))
    period = NdcPeriod(**told["ndc"])
    known = {row["party"]: _read(row, period) for row in told["registry"]}
    found: list[Planned] = []
    for party in dict.fromkeys(parties or known):
        one = known.get(party) or _of_pack(party, period)
        if one is None or len(found) == REGISTRIES_MAX:
            return Refusal(NetworkFault.PARTY_UNKNOWN, {"party": party[:20], "known": ", ".join(known)})
        found.append(one)
    return tuple(found)


def _read(row: Mapping[str, Any], period: NdcPeriod) -> Planned:
    is_party = bool(row.get("is_party", True))
    return Planned(
        party=row["party"],
        registry=row["registry"],
        name=" · ".join((row["name"]["en"], row["name"]["zh-Hant"], DEMONSTRATION)),
        ndc=(period,) if is_party else (),
        pack=row.get("pack", ""),
        is_party=is_party,
        accounts=tuple(row["accounts"]),
        purpose=row.get("purpose", "national"),
    )


def _of_pack(code: str, period: NdcPeriod) -> Planned | None:
    """A jurisdiction that has a pack, by its code; None where there is none, or something is wrong with it."""
    from counterfoil.domain.policy.pack import Pack
    from counterfoil.entrypoints.pack_shelf import open_pack

    found = open_pack(code.lower()) if code.isascii() and code.isalpha() and code.isupper() else None
    if not isinstance(found, Pack) or found.law.jurisdiction != code:
        return None
    title = found.law.title
    name = " · ".join((title.en, title.zh_hant, DEMONSTRATION))
    return Planned(code, f"{code}01", name, (period,), found.law.pack, accounts=(f"{code.lower()}:holder",))


def pairs(parties: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Every registry with every other one: both directions of a link."""
    return ((own, other) for own in parties for other in parties if own != other)
