"""What stands beside the workbooks: initial reports, lists of the CARP, and CTF table 4 with what it is made from.

The amounts of the host's table were added up by hand from the rows of `worlds.py`, and are written down here as sums.
"""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.blind.book import content
from tests.blind.worlds import LOTS, PARTIES, YEARS, clean
from tests.cli.conftest import Counterfoil

Beside = dict[str, Any]
PERIOD = {"ndc_first_year": 2021, "ndc_last_year": 2030, "method": "trajectory"}
NDC_AND_BOTH = {2021: 9, 2022: 0, 2023: (1_000 + 200 + 50 + 10) + 10_000 + 70, 2024: 0, 2025: 0}
OIMP_ONLY = {2021: 0, 2022: 800, 2023: 0, 2024: 0, 2025: 0}
NET = {year: NDC_AND_BOTH[year] + OIMP_ONLY[year] for year in YEARS}
RUNNING = {2021: 9, 2022: 809, 2023: 12_139, 2024: 12_139, 2025: 12_139}
EMISSIONS = dict.fromkeys(YEARS, 50_000)
OMGE, LEVY = 200 + 50, 500


def column(amounts: dict[int, int]) -> dict[str, int]:
    return {str(year): amount for year, amount in amounts.items()}


def split(line: int, year: int, amount: int, approach: str) -> dict[str, Any]:
    return {"line": line, "year": year, "t_co2eq": amount, "cooperative_approach_id": approach}


def records() -> Beside:
    lines = {
        "3": EMISSIONS,
        "6": NDC_AND_BOTH,
        "7": OIMP_ONLY,
        "8": dict.fromkeys(YEARS, 0),
        "9": NET,
        "11": NET,
        "12": RUNNING,
        "13": {year: 50_000 + NET[year] for year in YEARS},
    }
    splits = [split(6, 2021, 9, "CA9006"), split(7, 2022, 800, "CA9003"), split(6, 2023, 1_260, "CA9001")]
    splits += [split(6, 2023, 10_000, "CA0001"), split(6, 2023, 70, "CA9005")]
    approaches = [lot.approach for lot in LOTS]
    table = {"file": "btr.json", "party": "XAA", "submitted_on": "2026-12-31", **PERIOD, "splits": splits}
    table |= {"lines": {line: column(amounts) for line, amounts in lines.items()}, "adaptation_t": LEVY, "omge_t": OMGE}
    return {
        "initial_reports": [
            {"party": party, "submitted_on": "2021-06-01", "cooperative_approaches": approaches, **PERIOD}
            for party in PARTIES
        ],
        "cooperative_approaches": [{"id": approach, "parties": list(PARTIES)} for approach in approaches],
        "authorization_documents": [{"party": lot.host, "authorization_id": lot.auth} for lot in LOTS],
        "inventories": [{"party": "XAA", "year": year, "t_co2eq": 50_000} for year in YEARS],
        "withdrawn_units": [
            {
                "registry": "VCS",
                "first_unit": "VCS-1529-VCU-1",
                "last_unit": "VCS-1529-VCU-20,000",
                "claim": "an advert",
            }
        ],
        "structured_summaries": [table],
    }


Spoil = Callable[[Beside], object]


def table(beside: Beside) -> dict[str, Any]:
    (one,) = beside["structured_summaries"]
    return one  # type: ignore[no-any-return]


def amount(line: str, year: int, value: int, *followed: tuple[str, int, int]) -> Spoil:
    def spoil(beside: Beside) -> None:
        for number, year_, value_ in ((line, year, value), *followed):
            table(beside)["lines"][number][str(year_)] = value_

    return spoil


def no_report_for(approach: str) -> Spoil:
    return lambda beside: beside["initial_reports"][0]["cooperative_approaches"].remove(approach)


def achieved(*, compared: int, target: int, met: bool) -> Spoil:
    """The period is over: the table says how it ended."""

    def spoil(beside: Beside) -> None:
        table(beside)["final"] = {"compared": compared, "target": target, "achieved": met}
        last = {"3": 60_000, "12": RUNNING[2025], "13": 60_000}
        for line, amounts in table(beside)["lines"].items():
            amounts.update({str(year): last.get(line, 0) for year in range(2026, 2031)})

    return spoil


def all_but_one(name: str, number: int = 0) -> Spoil:
    return lambda beside: beside[name].pop(number)


RUINS: list[tuple[str, str, str, Spoil]] = [
    ("C13", "no initial report covers an approach", "I", no_report_for("CA9006")),
    ("C13", "the initial report came later", "I", lambda b: b["initial_reports"][1].update(submitted_on="2026-05-01")),
    (
        "C10",
        "the initial report has another period",
        "I C73",
        lambda b: b["initial_reports"][0].update(ndc_last_year=2029),
    ),
    ("C23", "a document is not filed", "N", all_but_one("authorization_documents", 1)),
    ("C67", "an approach is in no list", "I", all_but_one("cooperative_approaches", 3)),
    ("C67", "a Party is no participant", "I", lambda b: b["cooperative_approaches"][0]["parties"].remove("XBB")),
    (
        "C70",
        "the underlying units were cancelled for another claim",
        "I",
        lambda b: b["withdrawn_units"][0].update(last_unit="VCS-1529-VCU-20,001"),
    ),
    (
        "C71",
        "a first transfer is left out of line 6, and of all that follows from it",
        "I",
        lambda b: (
            amount("6", 2021, 0, ("9", 2021, 0), ("11", 2021, 0), ("13", 2021, 50_000))(b),
            [amount("12", year, RUNNING[year] - 9)(b) for year in YEARS],
            table(b)["splits"].pop(0),
        ),
    ),
    ("C72", "the running sum is not one", "I", amount("12", 2025, 0)),
    ("C72", "the net line is not the difference", "I", amount("9", 2024, 5)),
    ("C73", "the method is another one", "I", lambda b: b["initial_reports"][0].update(method="multi_year")),
    ("C74", "the rows of 23(j) do not add up", "I", lambda b: table(b)["splits"][0].update(t_co2eq=8)),
    ("C74", "there are no rows of 23(j)", "N", lambda b: table(b)["splits"].clear()),
    ("C75", "the host is credited", "I", amount("13", 2023, 50_000 - 11_330)),
    ("C76", "the inventory says otherwise", "W", lambda b: b["inventories"][2].update(t_co2eq=49_999)),
    ("C77", "the year before is compared", "I", achieved(compared=59_999, target=60_000, met=True)),
    ("C77", "not achieved, it says, though it is", "I", achieved(compared=60_000, target=60_000, met=False)),
    ("C78", "the narrated contributions are too small", "W", lambda b: table(b).update(adaptation_t=LEVY - 1)),
    ("C78", "the narrated cancellations are too many", "W", lambda b: table(b).update(omge_t=OMGE + 1)),
]


Answer = Callable[[Beside], Any]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("blind")
    paths = []
    for book in clean().values():
        paths.append(folder / book.file)
        paths[-1].write_bytes(content(book))
    return paths


@pytest.fixture
def answer(files: list[Path], counterfoil: Counterfoil, tmp_path: Path) -> Answer:
    """What the command line says of the whole world and of these records."""

    def call(beside: Beside) -> Any:
        path = tmp_path / "records.json"
        path.write_text(json.dumps(beside))
        return counterfoil("aef", "check", *files, "--records", path, "--json")

    return call


def test_with_everything_beside_it_the_world_is_consistent_and_every_check_is_made(answer: Answer) -> None:
    result = answer(records())
    assert [one["check"] for one in result.json["findings"]] == ["C65"], result.out
    assert (result.status, result.json["status"], result.json["not_made"]) == (0, "CONSISTENT", [])


@pytest.mark.parametrize(("check_id", "error", "weights", "spoil"), RUINS, ids=[f"{row[0]}-{row[1]}" for row in RUINS])
def test_an_error_beside_the_workbooks_is_found(
    check_id: str, error: str, weights: str, spoil: Spoil, answer: Answer
) -> None:
    beside = deepcopy(records())
    spoil(beside)
    severity, *also = weights.split()
    result = answer(beside)
    seen = {(one["check"], one["severity"]) for one in result.json["findings"] if one["check"] != "C65"}
    assert seen == {(check_id, severity), *((name, "I") for name in also)}, (error, result.out)
    assert result.status == (1 if severity == "I" else 0)


def test_what_nobody_gave_is_named_and_not_counted_as_passed(answer: Answer) -> None:
    assert answer({}).json["not_made"] == ["C13", "C23", "C67", *(f"C{number}" for number in range(71, 79))]
