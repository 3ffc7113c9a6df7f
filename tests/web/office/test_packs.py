"""The law's page: what adopting a version would change, what changes by itself, and adopting it from the page."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from counterfoil.application.office.invitations import Guest, invite
from counterfoil.domain.policy.basis import Span
from counterfoil.domain.policy.pack import Pack
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.pack_shelf import open_pack, open_versions
from counterfoil.entrypoints.web.office import packs
from counterfoil.entrypoints.web.office.pack_changes import ahead, changes
from tests.http.desk import open_site
from tests.web.acts.stage import Desk
from tests.web.desk.two_persons import done_by_two
from tests.web.office.test_administration import enrolled

pytestmark = pytest.mark.anyio
PACK = "/desk/admin/packs/tha"
TODAY = date(2026, 7, 1)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk.laid_out(tmp_path)
    yield made
    made.stage.at_hand.close()


@pytest.fixture(scope="module")
def tha() -> Pack:
    found = open_pack("tha")
    assert isinstance(found, Pack)
    return found


def without_first_rule(pack: Pack) -> tuple[Pack, str]:
    """An older version, which lacked a rule that is in force; with that rule's label."""
    rules = dict(pack.law.rules)
    name = next(name for name, rule in rules.items() if rule.on(TODAY) is not None)
    label = rules.pop(name).label.in_language("en")
    return replace(pack, law=replace(pack.law, version="0.0.9", rules=rules)), label


def test_a_rule_that_one_version_lacks_is_new_in_the_other_and_gone_the_other_way(tha: Pack) -> None:
    former, _ = without_first_rule(tha)
    (new,) = changes(former.law, tha.law, TODAY, Texts("en"))
    (gone,) = changes(tha.law, former.law, TODAY, Texts("zh-Hant"))
    assert (new.how, gone.how) == ("added", "removed") and new.provision and new.name == gone.name
    assert changes(tha.law, tha.law, TODAY, Texts("en")) == []


def test_a_law_tells_ahead_on_which_day_it_changes_by_itself(tha: Pack) -> None:
    name, rule = next((name, rule) for name, rule in tha.law.rules.items() if rule.on(TODAY) is not None)
    clause = rule.on(TODAY)
    assert clause is not None
    ends = replace(clause, basis=replace(clause.basis, span=Span(clause.basis.span.first, date(2027, 3, 31))))
    law = replace(tha.law, rules={name: replace(rule, versions=(ends,))}, values={})
    ((day, (change,)),) = ahead(law, TODAY, Texts("en"))
    assert (day, change.how, change.name) == (date(2027, 4, 1), "removed", name)
    assert ahead(law, date(2027, 4, 1), Texts("en")) == []


def test_every_place_of_a_pack_is_found_the_one_that_is_used_first(tmp_path: Path, tha: Pack) -> None:
    (inside,) = open_versions("tha")
    copy = tmp_path / "tha"
    for file in Path(inside[0]).rglob("*.toml"):
        target = copy / file.relative_to(inside[0])
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
    head = copy / "pack.toml"
    head.write_text(head.read_text("utf-8").replace(f'"{tha.law.version}"', '"99.0.0"', 1), "utf-8")
    found = open_versions("tha", [str(tmp_path)])
    assert [pack.law.version for _, pack in found] == [tha.law.version, "99.0.0"]


async def test_an_administrator_reads_what_it_changes_and_adopts_the_loaded_version(
    desk: Desk, tha: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    former, label = without_first_rule(tha)
    lying: dict[str, Any] = {"tha": (("/packs/tha", tha), ("/old/tha", former))}
    monkeypatch.setattr(packs, "_versions", lambda name: lying[name])
    version = tha.law.version
    guest = Guest("Ede", "ede@example.org", "administrator")
    other = enrolled(desk.stage, invite(desk.stage.office, guest, actor="local"))
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        dora, second = desk.on(site, desk.dora), desk.on(site, other)
        page = (await dora.get(PACK)).text
        assert "No pack is adopted yet" in page and "packs/tha/adopt" in page and "/old/tha" in page
        form = await dora.get(f"{PACK}/adopt")
        assert version in form.text
        # Of what somebody sends for a field that the page knows, nothing counts.
        await done_by_two(dora, second, f"{PACK}/adopt", {"f.version": "0.0.9"})
        after = (await dora.get(PACK)).text
        assert "packs/tha/adopt" not in after and "is adopted and loaded" in after
        monkeypatch.setattr(packs, "adopted_row", lambda _: {"pack": "tha", "version": "0.0.9"})
        newer = (await dora.get(PACK)).text
        assert f"From tha 0.0.9 to tha {version}" in newer and label in newer and ">new<" in newer


async def test_an_officer_reads_and_adopts_nothing(desk: Desk) -> None:
    async with desk.browser(desk.anna) as anna:
        assert (await anna.get(PACK)).status_code == 200
        assert "packs/tha/adopt" not in (await anna.get(PACK)).text
        assert (await anna.get(f"{PACK}/adopt")).status_code == 403
