"""What `bench aef` answers: a figure beside its baseline for each measurement, and memory that does not grow."""

from pathlib import Path

from counterfoil.entrypoints.bench.aef import Size, aef

TINY = Size(rows=(300, 600), checked=(), library_max=600, times=1)


def test_writing_and_reading_stand_beside_the_libraries(tmp_path: Path) -> None:
    found = aef(tmp_path, size=TINY).json()
    assert found["figures"]["write_600_s"] > 0 and found["figures"]["write_csv_600_s"] > 0
    assert found["baselines"]["read_by_library_600_mib"] > 0
    assert found["ratios"]["write_600_vs_library"] > 0 and found["ratios"]["read_600_vs_library"] > 0
    assert 0.8 < found["ratios"]["write_peak_600_vs_300"] < 1.2
    assert list(tmp_path.iterdir()) == []
