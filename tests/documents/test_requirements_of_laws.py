"""The table of what laws ask: every id of its groups, and nothing in it that does not exist."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.update import requirements_of_laws, requirements_page
from tools.update.requirements_of_laws import Row, rows, standing, wrong

GROUPS = {
    "R-IDN": 27, "R-JPN": 19, "R-SGP": 16, "R-THA": 31, "R-NOR": 15, "R-CHE": 5, "R-VNM": 4, "R-MYS": 5, "R-ZWE": 5,
    "R-KOR": 3, "R-CAN": 3, "R-EUR": 4, "R-TWN": 9, "R-OTH": 13, "R-ACC": 10, "R-INT": 17, "R-FRI": 9, "R-CMP": 7,
    "R-GOV": 6, "R-WBK": 21,
}  # fmt: skip
SINGLE = ("R-GLB-06", "R-GLB-14", "R-A64-11", "R-A64-13", "R-A64-14", "R-A68-04")


def asked() -> Iterator[str]:
    for group, count in GROUPS.items():
        yield from (f"{group}-{number:02d}" for number in range(1, count + 1))
    yield from SINGLE
    yield from (f"SC-{number:02d}" for number in range(1, 23))


def test_every_requirement_of_the_groups_is_in_the_table_once() -> None:
    assert sorted(row.id for row in rows()) == sorted(asked())


def test_every_id_of_the_table_exists() -> None:
    assert all(requirements_page.known_id(row.id) for row in rows() if row.id.startswith("R-"))


def test_nothing_in_the_table_is_wrong_or_stale() -> None:
    laws, scenarios = standing()
    found = {row.id: complaints for row in rows() if (complaints := list(wrong(row, laws, scenarios)))}
    assert found == {}


def test_the_page_is_current_and_its_links_lead_somewhere() -> None:
    text = requirements_of_laws.PAGE.read_text("utf-8")
    assert text == requirements_of_laws.page(), "run `python -m tools.update`"
    for part in text.split("](")[1:]:
        target = Path(requirements_of_laws.PAGE).parent / part.partition(")")[0]
        assert target.resolve().exists(), part[:80]


@pytest.mark.parametrize(
    "row",
    [
        Row("R-IDN-01", "done", "t", ("idn:cycle",), ""),
        Row("R-IDN-01", "covered", "t", ("idn:no_such_rule",), ""),
        Row("R-IDN-01", "covered", "t", ("xyz:cycle",), ""),
        Row("R-IDN-01", "covered", "t", ("SC-99",), ""),
        Row("R-IDN-01", "covered", "t", ("SC-04",), ""),
        Row("R-IDN-01", "covered", "t", ("src/counterfoil/no_such_file.py",), ""),
        Row(
            "R-IDN-01", "covered", "t", ("tests/documents/test_requirements_of_laws.py::test_nothing_of_that_name",), ""
        ),
        Row("R-IDN-01", "covered", "t", (), ""),
        Row("R-IDN-01", "covered", "t", ("idn:cycle",), "more"),
        Row("R-IDN-01", "partly", "t", ("idn:cycle",), ""),
        Row("R-IDN-01", "not_yet", "t", (), ""),
    ],
)
def test_a_claim_that_is_wrong_or_stale_is_found(row: Row) -> None:
    laws, _ = standing()
    assert list(wrong(row, laws, {"SC-03": True, "SC-04": False}))
    assert not list(wrong(Row("R-IDN-01", "covered", "t", ("idn:cycle", "SC-03"), ""), laws, {"SC-03": True}))
