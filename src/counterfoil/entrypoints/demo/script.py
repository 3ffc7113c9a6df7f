"""The script of the demonstration: nine public facts, the NDCs, and the assumptions that fill what they leave open.

Every assumption is named, so that it can be shown wherever it has an effect.
"""

import csv
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any, Final

FACTS: Final = "itmo_transfers.csv"
ASSUMPTIONS: Final = "assumptions.toml"
STATEMENTS: Final = "statements.json"
DESKS: Final = "desks.toml"
ASSUMED: Final = "assumed · 假定"
NOTICE: Final = {"en": "Demonstration: simulated acts", "zh-Hant": "示範：模擬行為"}


class DemoFault(StrEnum):
    FOLDER_NOT_OURS = "demo.folder_not_ours"
    PRACTICE_NOT_OURS = "demo.practice_not_ours"
    PARTY_UNKNOWN = "demo.party_unknown"


@dataclass(frozen=True, slots=True)
class Fact:
    """One publicly reported transfer. `quantity_t` is None where it was not disclosed; unknown is not zero."""

    number: int
    host: str
    acquirer: str
    date: str
    quantity_t: int | None
    activity: str
    source: str


@dataclass(frozen=True, slots=True)
class PlannedTransfer:
    """A fact with its day, its activity and its split by vintage."""

    fact: Fact
    on: date
    activity: str
    vintages: tuple[tuple[int, int], ...]
    assumed: tuple[str, ...]


class Script:
    """Facts and assumptions, read once."""

    def __init__(self, examples: Path) -> None:
        self._folder = folder = examples / "demo"
        with (folder / FACTS).open(encoding="utf-8", newline="") as lines:
            self.facts = tuple(_fact(row) for row in csv.DictReader(lines))
        self.assumptions: Mapping[str, Any] = tomllib.loads((folder / ASSUMPTIONS).read_text("utf-8"))
        self.statements: Mapping[str, list[dict[str, Any]]] = json.loads((folder / STATEMENTS).read_text("utf-8"))
        """What a Party answers in its initial report: on itself, without an NDC and once it has one, on an approach."""
        self.ndc_files = tuple(examples / "ndc" / f"{party}.json" for party in self.assumptions["world"]["ndcs_of"])

    @property
    def world(self) -> Mapping[str, Any]:
        """Years of reporting, day of use, NDC period: assumed for all Parties alike."""
        return self._table("world")

    @property
    def parties(self) -> Mapping[str, Mapping[str, str]]:
        return self._table("parties")

    @property
    def activities(self) -> Mapping[str, Mapping[str, Any]]:
        return self._table("activities")

    @cached_property
    def charges(self) -> Mapping[str, Mapping[str, Any]]:
        """What a company of a served demonstration owes, by the Party whose law has such a charge in force."""
        found: Mapping[str, Mapping[str, Any]] = tomllib.loads((self._folder / DESKS).read_text("utf-8"))["charge"]
        return found

    @property
    def last_use_on(self) -> date:
        """The last day of use in every letter of the play."""
        return date.fromisoformat(str(self.world["last_use_on"]))

    def before(self, transfer_on: date, step: str) -> date:
        """The day of a step of the activity, counted back from the transfer."""
        return transfer_on - timedelta(days=int(self._table("timeline")[step]))

    @cached_property
    def transfers(self) -> tuple[PlannedTransfer, ...]:
        """The quantified facts, in order of their days."""
        planned = [self._planned(fact) for fact in self.facts if fact.quantity_t is not None]
        return tuple(sorted(planned, key=lambda transfer: (transfer.on, transfer.fact.number)))

    @property
    def undisclosed(self) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if fact.quantity_t is None)

    def reported_years(self) -> range:
        return range(int(self.world["first_reported_year"]), int(self.world["last_reported_year"]) + 1)

    def reported_on(self, year: int) -> date:
        return date(year + 1, int(self.world["report_month"]), int(self.world["report_day"]))

    def _planned(self, fact: Fact) -> PlannedTransfer:
        supposed = self._table("transfers")[str(fact.number)]
        assumed: list[str] = []
        if len(fact.date) == len("2023-12"):
            on = date.fromisoformat(f"{fact.date}-{int(supposed['day']):02d}")
            assumed.append(f"day = {on.day}")
        else:
            on = date.fromisoformat(fact.date)
        vintages = tuple((int(part["vintage"]), int(part["quantity"])) for part in supposed["vintages"])
        split = " + ".join(f"{quantity} of {vintage}" for vintage, quantity in vintages)
        assumed.append(f"vintages = {split}")
        assert sum(quantity for _, quantity in vintages) == fact.quantity_t, fact
        return PlannedTransfer(fact, on, str(supposed["activity"]), vintages, tuple(assumed))

    def _table(self, name: str) -> Mapping[str, Any]:
        table: Mapping[str, Any] = self.assumptions[name]
        return table

    def all_assumptions(self) -> list[dict[str, Any]]:
        """Every assumed value with its name, flat, for the summary."""
        flat = [*_flat("", self.assumptions), *((f"statement.{name}", text) for name, text in self._answers())]
        return [{"name": name, "value": value, "label": ASSUMED} for name, value in flat]

    def _answers(self) -> Iterator[tuple[str, str]]:
        """Every supposed answer with its element."""
        for statements in self.statements.values():
            for each in statements:
                for texts in (each.get("text", {}), each.get("not_applicable", {})):
                    yield from ((each["element"], text) for text in texts.values())


def examples_folder() -> Path:
    """Where the demonstration's files are: inside an installed package, or in the source tree beside it."""
    packaged = Path(str(resources.files("counterfoil"))) / "examples"
    if (packaged / "demo" / FACTS).exists():
        return packaged
    return Path(__file__).resolve().parents[4] / "examples"


def _fact(row: Mapping[str, str]) -> Fact:
    return Fact(
        number=int(row["n"]),
        host=row["first_transferring_party"],
        acquirer=row["acquiring_party"],
        date=row["date"],
        quantity_t=int(row["quantity_t"]) if row["quantity_t"] else None,
        activity=row["activity"],
        source=row["source"],
    )


def _flat(prefix: str, value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, Mapping):
        return [pair for key, item in value.items() for pair in _flat(f"{prefix}.{key}" if prefix else key, item)]
    if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        return [pair for index, item in enumerate(value) for pair in _flat(f"{prefix}[{index}]", item)]
    return [(prefix, value.isoformat() if isinstance(value, date) else value)]
