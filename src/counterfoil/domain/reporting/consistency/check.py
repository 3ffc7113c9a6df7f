"""The shape of a registered check."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from counterfoil.domain.reporting.consistency.world import World
from counterfoil.domain.reporting.finding import Observation, Severity

CheckFunction = Callable[[World], Iterator[Observation]]

B, I, N, W = Severity.BLOCKING, Severity.INCONSISTENT, Severity.NOT_AVAILABLE, Severity.WARNING  # noqa: E741
"""The letters of rulebook 5.2, for the table of checks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: its id and the secretariat's codes for it, its weight, its title in both languages, its rule.

    The texts of single cases are in `catalogue/checks.toml`. `run` is None for checks that the reading itself makes.
    """

    id: str
    aliases: tuple[str, ...] = ()
    severity: Severity
    title_en: str
    title_zh_hant: str
    source: str
    run: CheckFunction | None = None
    needs: tuple[str, ...] = ()
    """Names of `Records` without which nobody can make this check."""
    proposes_hold: bool = False
    """Whether its findings propose a hold on their serials. Source: 4/CMA.6 para. 40."""
