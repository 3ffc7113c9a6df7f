"""The seven strings of purposes."""

from itertools import combinations

import pytest

from counterfoil.domain.units.purpose import Purpose, purposes_text

NDC, IMP, OP = Purpose.NDC, Purpose.IMP, Purpose.OP


@pytest.mark.parametrize(
    ("purposes", "text"),
    [
        ([NDC], "NDC"),
        ([IMP, OP], "OIMP"),
        ([IMP], "IMP"),
        ([OP], "OP"),
        ([NDC, OP, IMP], "NDC and OIMP"),
        ([IMP, NDC], "NDC and IMP"),
        ([OP, NDC, OP], "NDC and OP"),
    ],
)
def test_a_set_of_purposes_has_one_string_in_any_order(purposes: list[Purpose], text: str) -> None:
    assert purposes_text(purposes) == purposes_text(reversed(purposes)) == text


def test_every_set_but_the_empty_one_has_a_string_of_its_own() -> None:
    sets = [chosen for size in (1, 2, 3) for chosen in combinations(Purpose, size)]
    assert len({purposes_text(chosen) for chosen in sets}) == len(sets) == 7
    with pytest.raises(KeyError):
        purposes_text([])
