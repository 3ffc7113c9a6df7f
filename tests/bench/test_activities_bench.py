"""What `bench activities` answers: checks, searches and letters beside what they replace."""

from pathlib import Path

from counterfoil.entrypoints.bench.activities import Size, activities
from counterfoil.entrypoints.bench.ground import ground

TINY = Size(activities=60, checks=10, naive=2, searches=10, letters=1)


def test_checks_searches_and_letters_stand_beside_their_baselines(tmp_path: Path) -> None:
    with ground("sqlite", tmp_path) as place:
        found = activities(place, size=TINY).json()
    assert found["figures"]["activities"] == 60
    for name in ("overlap_check_ms", "prepared_ms", "search_ms", "signed_letter_s"):
        assert found["figures"][name] > 0, name
    assert found["baselines"]["pairwise_ms"] > 0 and found["baselines"]["linear_scan_ms"] > 0
    assert 0 < found["ratios"]["search_vs_scan"] < 1
    for name in ("list_first_page_ms", "list_last_page_ms", "sign_in_ms", "session_told_ms"):
        assert found["figures"][name] > 0, name
    assert 0 < found["ratios"]["list_vs_walk"] < 1 and found["baselines"]["password_hash_ms"] > 0
    assert found["ratios"]["signed_letter_vs_plain"] > 0
