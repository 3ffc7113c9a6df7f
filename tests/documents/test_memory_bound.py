"""Reading a hostile file takes a bounded amount of memory."""

import sys
import zlib
from datetime import UTC, datetime

import pytest

from counterfoil.adapters.documents.memory_bound import bounded_memory
from counterfoil.adapters.documents.pdf_signatures import read_signed

MIB = 1024 * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell how much is held")
def test_more_than_the_bound_is_a_memory_error_and_afterwards_all_is_as_before() -> None:
    with pytest.raises(MemoryError), bounded_memory(64 * MIB):
        bytearray(256 * MIB)
    assert len(bytearray(256 * MIB)) == 256 * MIB


@pytest.mark.parametrize(("spaces", "readable"), [(1_000, True), (700 * MIB, False)])
def test_a_small_file_that_unpacks_to_more_than_the_bound_is_unreadable(spaces: int, readable: bool) -> None:
    read = read_signed(_with_catalogue_in_a_stream(spaces), roots=[], at=datetime.now(UTC))
    assert (read is not None) is readable


def _with_catalogue_in_a_stream(spaces: int) -> bytes:
    """A PDF without pages whose root stands in a packed stream, with so many spaces behind it."""
    packer = zlib.compressobj(9)
    packed = packer.compress(b"2 0 <</Type/Catalog/Pages 4 0 R>>")
    for _ in range(spaces // 1_000):
        packed += packer.compress(b" " * 1_000)
    packed += packer.flush()
    stream = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    parts = [b"%PDF-1.7\n", b"1 0 obj" + stream + packed + b"\nendstream endobj\n"]
    pages = b"4 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    places = [len(parts[0]), len(parts[0]) + len(parts[1])]
    last = places[1] + len(pages)
    rows = b"".join(
        bytes([kind]) + place.to_bytes(4, "big") + b"\0"
        for kind, place in ((0, 0), (1, places[0]), (2, 1), (1, last), (1, places[1]))
    )
    table = b"<</Type/XRef/Size 5/W[1 4 1]/Root 2 0 R/Length %d>>stream\n" % len(rows)
    return b"".join(
        [*parts, pages, b"3 0 obj" + table + rows + b"\nendstream endobj\n", b"startxref\n%d\n%%%%EOF\n" % last]
    )
