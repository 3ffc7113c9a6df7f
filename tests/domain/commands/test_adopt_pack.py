"""Adopting the pack of the jurisdiction."""

import pytest

from counterfoil.application.adopted import adopted
from counterfoil.application.commands.adopt_pack import AdoptFault, AdoptPack
from counterfoil.domain.ledger.entry import Act
from counterfoil.domain.policy.basis import Text
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.laws import LawTable
from tests.domain.commands.desk import Case, Desk, after, check_refused, registry, titles


def law(pack: str, jurisdiction: str, version: str = "1.0.0") -> Law:
    return Law(pack, version, "jurisdiction", jurisdiction, Text(pack, pack))


def adopting_desk() -> Desk:
    laws = LawTable({"xaa": law("xaa", "XAA"), "xbb": law("xbb", "XBB"), "rules": law("rules", "")})
    return Desk(registry("XAA"), laws=laws)


def adopt(pack: str = "xaa", version: str = "1.0.0") -> AdoptPack:
    return AdoptPack(pack=pack, version=version)


REFUSALS = (
    Case("no pack of that name is here", AdoptFault.UNKNOWN, lambda _: adopt("xcc")),
    Case("it is here in another version", AdoptFault.OTHER_VERSION, lambda _: adopt(version="1.0.1")),
    Case("it is the law of another jurisdiction", AdoptFault.OTHER_JURISDICTION, lambda _: adopt("xbb")),
    Case("it was adopted before", AdoptFault.ALREADY_ADOPTED, after(adopt(), then=adopt())),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_pack_is_not_adopted_when(case: Case) -> None:
    check_refused(case, adopting_desk())


def test_an_adopted_pack_stands_in_the_journal_with_its_version() -> None:
    desk = adopting_desk()
    entry = desk.do(adopt())
    assert entry.act is Act.PACK_ADOPTED
    known = adopted(desk.books)
    assert known is not None
    assert (known.pack, known.version) == ("xaa", "1.0.0")


def test_a_later_version_may_follow() -> None:
    desk = adopting_desk()
    desk.do(adopt())
    desk.laws = LawTable({"xaa": law("xaa", "XAA", "1.1.0")})
    desk.do(adopt(version="1.1.0"))
    known = adopted(desk.books)
    assert known is not None
    assert known.version == "1.1.0"
