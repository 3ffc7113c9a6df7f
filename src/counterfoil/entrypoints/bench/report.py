"""What a measurement answers, in one form for all of them: figures, baselines of the same run, and their ratios."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Number = int | float | None


@dataclass(slots=True)
class Report:
    """Medians by name; None where something was not measured. `spreads` holds the lowest and highest beside them."""

    figures: dict[str, Any] = field(default_factory=dict)
    baselines: dict[str, Number] = field(default_factory=dict)
    ratios: dict[str, Number] = field(default_factory=dict)
    spreads: dict[str, Mapping[str, Number]] = field(default_factory=dict)

    def figure(self, name: str, values: Sequence[float], digits: int = 0) -> None:
        """The median of the repetitions of a figure."""
        self.figures[name] = self._median(name, values, digits)

    def baseline(self, name: str, values: Sequence[float], digits: int = 0) -> None:
        """The median of the repetitions of a baseline."""
        self.baselines[name] = self._median(name, values, digits)

    def ratio(self, name: str, parts: Sequence[float], wholes: Sequence[float], digits: int = 3) -> None:
        """The median of the ratios of each repetition: a disk or a neighbour that changes in between meets both sides.

        None where one of both was not measured.
        """
        pairs = list(zip(parts, wholes, strict=bool(parts and wholes)))
        self.ratios[name] = self._median(name, [part / whole for part, whole in pairs], digits)

    def json(self) -> dict[str, Any]:
        return {
            "figures": {**self.figures, "spreads": self.spreads},
            "baselines": self.baselines,
            "ratios": self.ratios,
        }

    def _median(self, name: str, values: Sequence[float], digits: int) -> Number:
        if not values:
            return None
        self.spreads[name] = {"min": _round(min(values), digits), "max": _round(max(values), digits)}
        return _round(statistics.median(values), digits)


def over(part: Number, whole: Number, digits: int = 3) -> Number:
    """A ratio; None where one of both was not measured."""
    return None if part is None or not whole else round(part / whole, digits)


def _round(value: float, digits: int) -> int | float:
    return round(value, digits) if digits else round(value)
