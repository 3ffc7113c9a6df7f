"""A consistent world, told from the texts: three Parties, five reported years, seven cooperative approaches.

XAA, XBB and XCC are codes that ISO 3166-1 leaves to its users; nothing here happened. The world holds, side by side:
NDC, IMP, OP and dual purposes under each first transfer definition; an acquisition in three rows; a return to the host;
a movement over New Year; removals; a non-GHG metric with fractions of tonnes; the mechanism's two levies; voluntary
contributions and cancellations before and after the first transfer; entities; an amended authorization; underlying
units; holdings with adjacent rows; and years in which nothing happened.
"""

from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Any, Final

from tests.blind.book import Book, Row
from tests.blind.template import blank

World = dict[tuple[str, int], Book]
D = date
PARTIES: Final = ("XAA", "XBB", "XCC")
YEARS: Final = range(2021, 2026)
TO_PARTY: Final = "First transfer to another Party"


@dataclass(frozen=True)
class Lot:
    """A class of units with what every row says of it. `offset` is the number of its first underlying unit less one."""

    approach: str
    auth: str
    host: str
    vintage: int
    issuer: str
    mitigation: str = "Emission reductions"
    unit: str = ""
    share: float = 0.0
    under: str = ""
    offset: int = 0

    def id(self, serial: int, separators: bool = False) -> str:
        return f"{self.approach}-{self.issuer}-{self.host}-{serial:{',' if separators else ''}}-{self.vintage}"

    def cells(self, first: int, last: int) -> Row:
        size = last - first + 1
        row: Row = {
            "approach": self.approach,
            "auth": self.auth,
            "host": self.host,
            "first": self.id(first),
            "last": self.id(last),
            "metric": "non-GHG" if self.unit else "GHG",
            "gwp": "NA" if self.unit else "AR5, table 8.A.1",
            "unit": self.unit or "NA",
            "co2": round(size * self.share, 2) if self.unit else size,
            "amount": size if self.unit else "NA",
            "mitigation": self.mitigation,
            "vintage": self.vintage,
        }
        if self.under:
            running = (f"{self.under}-{self.offset + first:,}", f"{self.under}-{self.offset + last:,}")
            return {**row, "under": self.under.split("-")[0], "under_first": running[0], "under_last": running[1]}
        return {**row, "under": "NA", "under_first": "NA", "under_last": "NA"}


BUS = Lot("CA9001", "XAA-BUS 1", "XAA", 2023, "XAA01", under="VCS-1529-VCU", offset=20_000)
HYDRO = Lot("CA9002", "XBB/HYDRO.2", "XBB", 2024, "XBB02", unit="MWh", share=0.45)
AIR = Lot("CA9003", "XAA-AIR-3", "XAA", 2022, "XAA01")
TREES = Lot("CA9004", "XCC-TREES", "XCC", 2023, "XCC01", mitigation="Removals", under="ART-104", offset=500)
WIND = Lot("CA0001", "XAA-A64-1", "XAA", 2023, "UN01")
STOVES = Lot("CA9005", "XAA-STOVES", "XAA", 2023, "XAA01", under="GS")
GAS = Lot("CA9006", "XAA-GAS", "XAA", 2021, "XAA01")
LOTS: Final = (BUS, HYDRO, AIR, TREES, WIND, STOVES, GAS)


def grant(lot: Lot, dated: date, purposes: str, **more: Any) -> Row:
    row: Row = {
        **blank(2),
        "auth": lot.auth,
        "dated": dated,
        "approach": lot.approach,
        "version": 1,
        "metric": "non-GHG" if lot.unit else "GHG",
        "gwp": "NA" if lot.unit else "AR5, table 8.A.1",
        "unit": lot.unit or "NA",
        "sectors": "Energy generation",
        "activities": "Solar",
        "purposes": purposes,
        "oimp": "NA",
        "definition": "NA",
    }
    return {**row, **more}


def act(  # noqa: PLR0917  # the columns in their order, dozens of times
    lot: Lot, day: date, kind: str, subtype: str | None, first: int, last: int, **more: Any
) -> Row:
    row = {**blank(3), "day": day, "kind": kind, "subtype": subtype, **lot.cells(first, last)}
    return {**row, "registry": lot.issuer, **dict.fromkeys(("giver", "taker", "purpose", "user"), "NA"), **more}


def held(lot: Lot, registry: str, first: int, last: int) -> Row:
    return {**blank(4), **lot.cells(first, last), "registry": registry}


def entity(dated: date, name: str, country: str, number: str, approach: str) -> Row:
    named = {"dated": dated, "name": name, "country": country, "entity": number, "approach": approach}
    return {**blank(5), **named}


def clean() -> World:
    """The consistent world, ready to be spoilt."""
    return deepcopy(_CLEAN)


def _told() -> World:
    world = {(party, year): Book(party, year) for party in PARTIES for year in YEARS}
    for tell in (_buses, _hydro, _aviation, _trees, _mechanism, _stoves, _gas):
        tell(world)
    return world


def _goes(world: World, lot: Lot, days: tuple[date, date], ways: tuple[str, str], span: tuple[int, int]) -> None:
    """A transfer after the first one, told by both Parties."""
    (sent, got), (giver, taker) = days, ways
    registry = {party: lot.issuer if lot.issuer == "UN01" else f"{party}01" for party in ways}
    world[giver, sent.year].acts.append(act(lot, sent, "Transfer", None, *span, registry=registry[giver], taker=taker))
    row = act(lot, got, "Acquisition", None, *span, registry=registry[taker], giver=giver)
    world[taker, got.year].acts.append(row)


def _of(world: World, party: str, year: int) -> Book:
    return world[party, year]


def _buses(world: World) -> None:
    """NDC only. Three rows for one acquisition; over New Year; onward; home again; used by Party and entity."""
    home, b, c = (partial(_of, world, party) for party in PARTIES)
    allowed = {"quantity": 5_000, "parties": "XBB, XCC", "entities": "B-77", "frame": "2021 - 2030"}
    kinds = {"sectors": "Transportation, Energy generation", "activities": "Transport"}
    home(2023).grants.append(grant(BUS, D(2023, 6, 1), "NDC", **allowed, **kinds))
    home(2023).entities.append(entity(D(2023, 6, 1), "Foundation of B", "XBB", "B-77", "CA9001"))
    home(2023).held += [held(BUS, "XAA01", 1, 5_000)]
    home(2024).acts += [
        act(BUS, D(2024, 3, 1), "First transfer", TO_PARTY, 1, 1_000, taker="XBB"),
        act(BUS, D(2024, 12, 30), "First transfer", TO_PARTY, 1_001, 1_200, taker="XCC"),
    ]
    at_b = {"registry": "XBB01", "giver": "XAA"}
    b(2024).acts += [
        act(BUS, datetime.combine(D(2024, 3, 1), time(9, 30)), "Acquisition", None, 1, 300, **at_b),
        act(BUS, datetime.combine(D(2024, 3, 1), time(9, 31)), "Acquisition", None, 301, 700, **at_b),
        act(BUS, datetime.combine(D(2024, 3, 1), time(9, 32)), "Acquisition", None, 701, 1_000, **at_b),
    ]
    _goes(world, BUS, (D(2024, 9, 10), D(2024, 9, 11)), ("XBB", "XCC"), (901, 1_000))
    c(2025).acts.append(act(BUS, D(2025, 1, 2), "Acquisition", None, 1_001, 1_200, registry="XCC01", giver="XAA"))
    towards = {"registry": "XBB01", "user": "XBB", "used_for": 2024}
    b(2025).acts += [
        act(BUS, D(2025, 2, 1), "Use", None, 1, 600, **towards),
        act(BUS, D(2025, 2, 1), "Use", None, 601, 700, **towards, entity="B-77"),
    ]
    _goes(world, BUS, (D(2025, 5, 5), D(2025, 5, 5)), ("XBB", "XAA"), (801, 900))
    use = {"registry": "XCC01", "user": "XCC", "used_for": 2025}
    c(2025).acts.append(act(BUS, D(2025, 12, 31), "Use", None, 901, 950, **use))
    omge = "Voluntary cancellation to deliver OMGE"
    home(2025).acts += [
        act(BUS, D(2025, 6, 6), "First transfer", omge, 1_201, 1_250, user="XAA"),
        act(BUS, D(2025, 6, 7), "First transfer", "Not yet defined", 1_251, 1_260),
    ]
    home(2024).held += [held(BUS, "XAA01", 1_201, 3_000), held(BUS, "XAA01", 3_001, 5_000)]
    home(2025).held += [held(BUS, "XAA01", 801, 900), held(BUS, "XAA01", 1_261, 5_000)]
    b(2024).held += [held(BUS, "XBB01", 1, 900)]
    b(2025).held += [held(BUS, "XBB01", 701, 800)]
    c(2024).held += [held(BUS, "XCC01", 901, 1_000)]
    c(2025).held += [held(BUS, "XCC01", 951, 1_000), held(BUS, "XCC01", 1_001, 1_200)]


def _hydro(world: World) -> None:
    """A non-GHG metric, any Party authorized, tonnes in fractions."""
    b, c = world["XBB", 2025], world["XCC", 2025]
    world["XBB", 2024].grants.append(grant(HYDRO, D(2024, 11, 1), "NDC", activities="Hydro"))
    b.acts.append(act(HYDRO, D(2025, 4, 1), "First transfer", TO_PARTY, 1, 101, registry="XBB01", taker="XCC"))
    c.acts += [
        act(HYDRO, D(2025, 4, 3), "Acquisition", None, 1, 101, registry="XCC01", giver="XBB"),
        act(HYDRO, D(2025, 11, 1), "Use", None, 1, 50, registry="XCC01", user="XCC", used_for=2025),
    ]
    c.held.append(held(HYDRO, "XCC01", 51, 101))


def _aviation(world: World) -> None:
    """IMP only, first transferred by issuance; cancelled at home by an airline, and abroad."""
    stated = {"oimp": "International aviation", "definition": "Issuance"}
    home = world["XAA", 2023]
    home.grants.append(grant(AIR, D(2023, 2, 1), "IMP", **stated, frame="Occurred: from 2022 to 2030"))
    home.entities.append(entity(D(2023, 2, 1), "Airline of A", "XAA", "AIR-9", "CA9003"))
    home.acts.append(act(AIR, D(2023, 5, 20), "First transfer", "Issuance", 1, 800, purpose="IMP"))
    home.held.append(held(AIR, "XAA01", 1, 800))
    ended = {"purpose": "IMP", "user": "XAA", "entity": "AIR-9"}
    world["XAA", 2024].acts.append(
        act(AIR, D(2024, 7, 1), "Cancellation", "Other cancellations", 1, 300, **ended),
    )
    _goes(world, AIR, (D(2024, 10, 1), D(2024, 10, 2)), ("XAA", "XBB"), (301, 400))
    abroad = {"purpose": "IMP", "user": "XBB", "registry": "XBB01"}
    world["XBB", 2025].acts.append(
        act(AIR, D(2025, 1, 20), "Cancellation", "Other cancellations", 301, 350, **abroad),
    )
    for year in (2024, 2025):
        world["XAA", year].held.append(held(AIR, "XAA01", 401, 800))
    world["XBB", 2024].held.append(held(AIR, "XBB01", 301, 400))
    world["XBB", 2025].held.append(held(AIR, "XBB01", 351, 400))


def _trees(world: World) -> None:
    """OP only, first transferred by cancellation, at home and abroad; removals; an authorization amended once."""
    home, b = world["XCC", 2024], world["XBB", 2024]
    more = {"oimp": "Voluntary purposes", "definition": "Use or cancellation", "sectors": "Forestry and land use"}
    more |= {"activities": "Reforestation, Afforestation", "terms": "May be amended by both Parties."}
    frame = "Occurred: from 01/2023 to 31/12/2025. Use: from 15/01/2024 to 2031"
    home.grants += [
        grant(TREES, D(2024, 1, 15), "OP", **more, frame=frame, quantity=80),
        grant(TREES, D(2024, 6, 1), "OP", **more, frame=frame, quantity=100, version=2),
    ]
    first = ("First transfer", "Use or cancellation")
    op = {"purpose": "OP"}
    home.acts.append(act(TREES, D(2024, 8, 8), *first, 1, 40, **op, user="XCC"))
    _goes(world, TREES, (D(2024, 11, 11), D(2024, 11, 12)), ("XCC", "XBB"), (41, 60))
    ended = {**op, "user": "XBB", "registry": "XBB01"}
    world["XBB", 2025].acts.append(
        act(TREES, D(2025, 3, 3), "Cancellation", "Other cancellations", 41, 50, **ended),
    )
    world["XCC", 2025].acts.append(act(TREES, D(2025, 3, 4), *first, 41, 50, **op, user="XBB"))
    b.held.append(held(TREES, "XBB01", 41, 60))
    world["XBB", 2025].held.append(held(TREES, "XBB01", 51, 60))
    for year in (2024, 2025):
        world["XCC", year].held.append(held(TREES, "XCC01", 61, 100))


def _mechanism(world: World) -> None:
    """A6.4ERs for all purposes: first transferred by authorization, with both levies and both voluntary acts."""
    home = world["XAA", 2024]
    more = {"oimp": "All", "definition": "Authorization", "quantity": 10_000, "parties": "XBB,XCC"}
    home.grants.append(grant(WIND, D(2024, 2, 2), "NDC and OIMP", **more, activities="Wind"))
    levies = ("Mandatory transfer to the Adaptation Fund (A6.4 ERs)", "Mandatory cancellation to deliver OMGE")
    home.acts += [
        act(WIND, D(2024, 2, 2), "First transfer", "Authorization", 1, 9_300, purpose="OIMP"),
        act(WIND, D(2024, 2, 2), "First transfer", levies[0], 9_301, 9_800),
        act(WIND, D(2024, 2, 2), "First transfer", levies[1], 9_801, 10_000, user="XAA"),
    ]
    _goes(world, WIND, (D(2024, 4, 4), D(2024, 4, 4)), ("XAA", "XBB"), (1, 4_000))
    b = world["XBB", 2025]
    voluntary = ("Voluntary cancellation to deliver OMGE", "Voluntary transfer to the Adaptation Fund (A6.4 ERs)")
    b.acts += [
        act(WIND, D(2025, 7, 1), "Use", None, 1, 1_000, user="XBB", used_for=2025),
        act(WIND, D(2025, 7, 2), "Cancellation", voluntary[0], 1_001, 1_100, user="XBB"),
        act(
            WIND, D(2025, 7, 3), "Voluntary Cancellation", "Other cancellations", 1_101, 1_150, user="XBB", purpose="OP"
        ),
        act(WIND, D(2025, 7, 4), "Transfer", voluntary[1], 1_151, 1_200),
    ]
    for year in (2024, 2025):
        world["XAA", year].held.append(held(WIND, "UN01", 4_001, 9_300))
    world["XBB", 2024].held.append(held(WIND, "UN01", 1, 4_000))
    b.held.append(held(WIND, "UN01", 1_201, 4_000))


def _stoves(world: World) -> None:
    """Both purposes, the earlier event is the issuance; then used towards an NDC."""
    home, c = world["XAA", 2024], world["XCC", 2025]
    more = {"oimp": "International aviation", "definition": "Issuance", "parties": "XCC"}
    home.grants.append(grant(STOVES, D(2024, 3, 3), "NDC and IMP", **more, activities="Energy Efficiency households"))
    home.acts.append(act(STOVES, D(2024, 5, 5), "First transfer", "Issuance", 1, 70, purpose="IMP"))
    _goes(world, STOVES, (D(2024, 6, 6), D(2024, 6, 8)), ("XAA", "XCC"), (1, 70))
    world["XCC", 2024].held.append(held(STOVES, "XCC01", 1, 70))
    c.acts.append(act(STOVES, D(2025, 8, 8), "Use", None, 1, 70, registry="XCC01", user="XCC", used_for=2023))


def _gas(world: World) -> None:
    """Both purposes, the earlier event is the movement abroad; cancelled there for the other purpose."""
    home, c = world["XAA", 2022], world["XCC", 2022]
    more = {"oimp": "International aviation", "definition": "Use or cancellation"}
    home.grants.append(grant(GAS, D(2022, 1, 1), "NDC and IMP", **more, activities="Landfill gas"))
    home.acts.append(act(GAS, D(2022, 12, 31), "First transfer", TO_PARTY, 1, 9, taker="XCC"))
    c.acts.append(act(GAS, D(2022, 12, 31), "Acquisition", None, 1, 9, registry="XCC01", giver="XAA"))
    for year in (2022, 2023, 2024):
        world["XCC", year].held.append(held(GAS, "XCC01", 1, 9))
    ended = {"registry": "XCC01", "user": "XCC", "purpose": "IMP"}
    world["XCC", 2025].acts.append(act(GAS, D(2025, 1, 1), "Cancellation", "Other cancellations", 1, 9, **ended))


_CLEAN: Final = _told()
