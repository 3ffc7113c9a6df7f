"""What `bench web` answers: every page beside the empty one of the same server, lists, a search, a letter, growth."""

import pytest

from counterfoil.entrypoints.bench.ground import ground
from counterfoil.entrypoints.bench.web import web
from counterfoil.entrypoints.bench.web_filled import FULL, QUICK, Size

TINY = Size(blocks=300, activities=60, parts=(3, 1), repetitions=1, requests=3)
FIRST_LOAD_MAX = 250_000


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    with ground("sqlite", tmp_path_factory.mktemp("web")) as place:
        return web(place, size=TINY).json()


def test_every_public_page_stands_beside_the_empty_one(found: dict[str, dict[str, float]]) -> None:
    assert found["baselines"]["empty_page_p95_ms"] > 0
    for name in ("home", "activities", "activities/{key}", "units", "units/{serial}", "accounts/{code}", "entries"):
        assert found["figures"][f"{name}_p50_ms"] > 0, name
        assert found["ratios"][f"{name}_vs_empty"] > 0, name
    assert found["figures"]["desk/tasks_p50_ms"] > 0, "desks are asked as somebody who may"


def test_lists_a_search_a_letter_and_the_first_load_are_measured(found: dict[str, dict[str, float]]) -> None:
    figures = found["figures"]
    for name in ("activities", "units", "accounts", "entries", "authorizations"):
        assert f"{name}_first_page_beyond_ms" in figures and f"{name}_last_page_beyond_ms" in figures, name
    assert figures["letter_pdf_s"] > 0 and "search_beyond_ms" in figures


def test_no_page_loads_more_than_its_budget(found: dict[str, dict[str, float]]) -> None:
    """Compressed, with its scripts and style; the same at every size of the register."""
    assert 5_000 < found["figures"]["first_load_bytes_most"] <= FIRST_LOAD_MAX


def test_growth_is_told_of_each_part_of_the_register(found: dict[str, dict[str, float]]) -> None:
    assert found["ratios"]["pages_grown_over_3th"] > 0
    assert (FULL.blocks, FULL.activities, FULL.parts) == (1_000_000, 10_000, (100, 10, 1))
    assert QUICK.blocks * 100 == FULL.blocks and QUICK.activities * 100 == FULL.activities
