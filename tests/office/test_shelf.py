"""A person's own shelf: bounded, theirs alone, and gone with them."""

from typing import Any

import pytest

from counterfoil.application.office import people
from counterfoil.application.office.shelf import LAID_MAX, Kept, Laid
from counterfoil.application.office.shelving import lay, take_away
from counterfoil.domain.kernel.refusal import Refusal
from tests.office.stage import Stage, code_of, member


def kept(person: str, name: str = "one", **changes: Any) -> Kept:
    said = {"kind": Laid.DRAFT, "title": "Issue", "place": "/desk/acts/Issue", "content": "[]", "changed_ms": 1}
    return Kept(person=person, name=name, **{**said, **changes})


def test_what_is_laid_down_is_found_by_its_owner_newest_first_and_replaced_by_its_name(stage: Stage) -> None:
    shelf = stage.office.store.shelf
    anna, bela = (member(stage, f"{name}@example.org", "operator").person for name in ("anna", "bela"))
    assert lay(stage.office, kept(anna)) is None
    assert lay(stage.office, kept(anna, "two", changed_ms=2)) is None
    assert lay(stage.office, kept(anna, "one", title="Issue more", changed_ms=3)) is None
    assert [each.title for each in shelf.of(anna, Laid.DRAFT, limit=9)] == ["Issue more", "Issue"]
    assert not shelf.of(anna, Laid.VIEW, limit=9)
    assert not shelf.of(bela, Laid.DRAFT, limit=9)
    assert shelf.get(bela, Laid.DRAFT, "one") is None
    take_away(stage.office, bela, Laid.DRAFT, "one")
    assert shelf.get(anna, Laid.DRAFT, "one") is not None, "nobody takes another's"
    take_away(stage.office, anna, Laid.DRAFT, "one")
    assert shelf.get(anna, Laid.DRAFT, "one") is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": "  "}, "shelf.untitled"),
        ({"content": "x" * 400_001}, "shelf.too_large"),
        ({"place": "/" + "x" * 1_500}, "shelf.too_large"),
        ({"name": "x" * 101}, "shelf.too_large"),
    ],
)
def test_what_does_not_fit_is_refused(stage: Stage, change: dict[str, Any], code: str) -> None:
    anna = member(stage).person
    assert code_of(lay(stage.office, kept(anna, **change))) == code


def test_a_full_shelf_takes_nothing_new_but_what_is_on_it_can_change(stage: Stage) -> None:
    anna = member(stage).person
    for number in range(LAID_MAX):
        assert lay(stage.office, kept(anna, str(number))) is None
    assert code_of(lay(stage.office, kept(anna, "more"))) == "shelf.full"
    assert lay(stage.office, kept(anna, "0", title="Changed")) is None


def test_a_draft_goes_when_its_owner_is_erased(stage: Stage) -> None:
    member(stage, "ada@example.org")
    anna = member(stage, "anna@example.org", "operator").person
    assert lay(stage.office, kept(anna, content='["f.price", "a secret price"]')) is None
    assert not isinstance(people.erase(stage.office, anna, actor="test"), Refusal)
    assert not stage.office.store.shelf.of(anna, Laid.DRAFT, limit=9)
    assert b"a secret price" not in b"".join(
        path.read_bytes() for path in stage.at_hand._directory.glob("office.db*")
    ), "nor in a free page of the file"
