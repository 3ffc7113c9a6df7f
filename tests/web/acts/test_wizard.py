"""A desk's own way of an act: what it asks, what it knows itself, and where it leads."""

import contextlib
from collections.abc import AsyncIterator

import pytest

from counterfoil.entrypoints.site import Site
from counterfoil.entrypoints.web import pages
from counterfoil.entrypoints.web.forms.flow import Flow
from counterfoil.entrypoints.web.page import PageRow
from tests.http.desk import HELD, OTHER, open_site
from tests.web.acts.stage import Desk, hidden

pytestmark = pytest.mark.anyio
# A path that the permission table knows already, in the place of the plain way.
PATH = "/desk/acts/{command}"
AT = "/desk/acts/Transfer"


@contextlib.asynccontextmanager
async def with_wizard(desk: Desk, monkeypatch: pytest.MonkeyPatch, flow: Flow) -> AsyncIterator[Site]:
    rest = [row for row in pages.page_rows() if row.path != PATH]

    def rows() -> tuple[PageRow, ...]:
        return (*rest, *flow.rows())

    monkeypatch.setattr("counterfoil.entrypoints.web.pages.page_rows", rows)
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        yield site


async def test_a_wizard_asks_only_what_it_shows_and_knows_the_rest_itself(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = Flow(
        "Transfer",
        path=PATH,
        title="web.act.Retire",
        shown=("units", "target"),
        fixed=lambda _sight, _visit: {"source": HELD},
        begin=lambda _sight, _visit: {"target": OTHER},
        after=lambda visit, receipt: visit.url("desk", "tasks", done=receipt.seq),
    )
    async with with_wizard(desk, monkeypatch, flow) as site:
        anna = desk.on(site, desk.anna)
        page = await anna.get(AT)
        assert "Retire units" in page.text
        assert 'name="f.source"' not in page.text
        assert 'name="f.on"' not in page.text
        assert HELD in page.text, "what the page knows is shown"
        assert f'value="{OTHER}"' in page.text
        units = {"f.units.unit_class": "BR-#", "f.units.first": "1", "f.units.last": "5", "f.target": OTHER}
        # Whatever is sent, the page's own knowledge wins.
        sent = {**units, "f.id": hidden(page.text)["f.id"], "f.source": "tha:thief"}
        look = await anna.post(AT, sent)
        assert look.status_code == 200, look.text
        assert "tha:thief" not in look.text.split("<aside>")[0]
        done = await anna.post(AT, {**hidden(look.text), "step": "sign"})
        assert done.status_code == 303
        assert "desk/tasks?done=" in done.headers["location"]
