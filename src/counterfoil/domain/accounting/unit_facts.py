"""The facts that travel with a unit, as the lot of its block keeps them.

Those of its birth never change (type, activity, mitigation type, metric, sector, underlying units, reversibility,
permitted use); authorization and first transfer are dated: the entry that set them carries the day.
A unit is unauthorized, authorized or first transferred.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.ledger.lots import Facts
from counterfoil.domain.units.metric import Metric, MetricKind
from counterfoil.domain.units.unit_type import MitigationType, PermittedUse, Reversibility, UnitType


class Status(StrEnum):
    """Where a unit stands between the mitigation and the world."""

    UNAUTHORIZED = "unauthorized"
    AUTHORIZED = "authorized"
    FIRST_TRANSFERRED = "first_transferred"


@dataclass(frozen=True, slots=True)
class UnderlyingUnits:
    """The units of another registry that stand behind a block: registry, text around the number, and the offset.

    The underlying number of serial s is s + offset, in every split of the block. Source: rulebook 2.3 (II05).
    """

    registry: str
    prefix: str
    suffix: str
    offset: int

    def identifier(self, serial: int) -> str:
        return f"{self.prefix}{serial + self.offset}{self.suffix}"


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """The facts of one block, typed."""

    unit_type: UnitType
    activity: str
    mitigation_type: MitigationType | None = None
    metric: Metric = Metric()
    sector: str = ""
    activity_type: str = ""
    underlying: UnderlyingUnits | None = None
    reversibility: Reversibility = Reversibility.NOT_APPLICABLE
    permitted_use: PermittedUse = PermittedUse.DOMESTIC
    authorization: str | None = None
    first_transferred_on: date | None = None
    first_transfer_trigger: str | None = None
    origin: str | None = None
    law_type: str = ""
    """The type that the law of the jurisdiction gives it (such as SPEI), where its class does not tell."""

    recognized_by: str = ""
    """The Party that recognized the transfer by which it acquired them, where the approach asks for it."""

    @property
    def status(self) -> Status:
        if self.first_transferred_on is not None:
            return Status.FIRST_TRANSFERRED
        return Status.UNAUTHORIZED if self.authorization is None else Status.AUTHORIZED

    def as_facts(self) -> dict[str, JSON]:
        """The facts by name; what is empty is left out."""
        facts: dict[str, JSON] = {"type": self.unit_type.value, "activity": self.activity}
        if self.mitigation_type is not None:
            facts["mitigation"] = self.mitigation_type.value
            facts["metric"] = self.metric.kind.value
            facts["gwp"] = self.metric.gwp
            facts["reversibility"] = self.reversibility.value
            facts["permitted_use"] = self.permitted_use.value
        if self.metric.name:
            facts["metric_name"] = self.metric.name
        for name, value in (
            ("sector", self.sector),
            ("activity_type", self.activity_type),
            ("authorization", self.authorization),
            ("first_transfer_trigger", self.first_transfer_trigger),
            ("origin", self.origin),
            ("law_type", self.law_type),
            ("recognized_by", self.recognized_by),
        ):
            if value:
                facts[name] = value
        if self.underlying is not None:
            under = self.underlying
            facts["underlying"] = [under.registry, under.prefix, under.suffix, under.offset]
        if self.first_transferred_on is not None:
            facts["first_transferred_on"] = self.first_transferred_on.isoformat()
        return facts


def unit_facts(facts: Mapping[str, Any]) -> UnitFacts:
    """Read the facts of a lot; those of the books are read once."""
    if not isinstance(facts, Facts):
        return _read(facts)
    if facts.read is None:
        facts.read = _read(facts)
    read: UnitFacts = facts.read
    return read


def _read(facts: Mapping[str, Any]) -> UnitFacts:
    on = facts.get("first_transferred_on")
    under = facts.get("underlying")
    return UnitFacts(
        unit_type=UnitType(facts["type"]),
        activity=facts["activity"],
        mitigation_type=MitigationType(facts["mitigation"]) if "mitigation" in facts else None,
        metric=Metric(
            MetricKind(facts.get("metric", "GHG")), facts.get("metric_name", ""), facts.get("gwp", Metric().gwp)
        ),
        sector=facts.get("sector", ""),
        activity_type=facts.get("activity_type", ""),
        underlying=UnderlyingUnits(*under) if under else None,
        reversibility=Reversibility(facts.get("reversibility", Reversibility.NOT_APPLICABLE)),
        permitted_use=PermittedUse(facts.get("permitted_use", PermittedUse.DOMESTIC)),
        authorization=facts.get("authorization"),
        first_transferred_on=date.fromisoformat(on) if on else None,
        first_transfer_trigger=facts.get("first_transfer_trigger"),
        origin=facts.get("origin"),
        law_type=facts.get("law_type", ""),
        recognized_by=facts.get("recognized_by", ""),
    )
