"""Anchoring the trail: only a longer one, by a digest; the journal keeps nothing else of it."""

import pytest

from counterfoil.application.command import Command
from counterfoil.application.commands.anchor_trail import ANCHOR, AnchorFault, AnchorTrail, key_of
from tests.domain.commands.desk import Case, Desk, check_refused, titles
from tests.domain.commands.scene import issuing_host

DIGEST = "ab" * 32


def anchor(rows: int = 5, digest: str = DIGEST) -> AnchorTrail:
    return AnchorTrail(rows=rows, digest=digest)


def anchored(desk: Desk, then: Command) -> Command:
    desk.do(anchor())
    return then


CASES = (
    Case("it has no rows", AnchorFault.UNREADABLE, lambda _: anchor(0)),
    Case("it has more rows than any trail", AnchorFault.UNREADABLE, lambda _: anchor(10**12)),
    Case("the digest is cut", AnchorFault.UNREADABLE, lambda _: anchor(5, DIGEST[:-1])),
    Case("the digest is in capitals", AnchorFault.UNREADABLE, lambda _: anchor(5, DIGEST.upper())),
    Case("the trail is shorter", AnchorFault.NOT_LONGER, lambda desk: anchored(desk, anchor(4))),
    Case("its digest is another", AnchorFault.NOT_LONGER, lambda desk: anchored(desk, anchor(5, "cd" * 32))),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=titles)
def test_an_anchor_is_refused_when(case: Case) -> None:
    check_refused(case, issuing_host())


def test_each_anchor_stays_and_says_length_and_digest_only() -> None:
    desk = issuing_host()
    first, second = desk.do(anchor(5)), desk.do(anchor(6, "cd" * 32))
    assert (first.details, second.details) == ({"rows": 5, "digest": DIGEST}, {"rows": 6, "digest": "cd" * 32})
    assert [desk.books.record(ANCHOR, key_of(rows))["digest"] for rows in (5, 6)] == [DIGEST, "cd" * 32]
