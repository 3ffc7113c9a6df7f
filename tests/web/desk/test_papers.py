"""Papers in the browser: an account's statement and a letter to work on, and the check of a letter that is brought."""

import pytest

from counterfoil.application.commands.set_quota import SetQuota
from counterfoil.application.office.people import add_organisation
from counterfoil.entrypoints.bootstrap import Writable, open_for_writing
from counterfoil.entrypoints.cli.reading import looking
from tests.http.desk import HELD, act, open_site
from tests.office.stage import member
from tests.web.acts.stage import Browser, Desk

pytestmark = pytest.mark.anyio
CHECK = "/letter/check"
STATEMENT = f"/desk/accounts/statement.en.pdf?account={HELD}"


async def brought(browser: Browser, name: str, data: bytes) -> str:
    answer = await browser.client.post(CHECK, data={"csrf": browser.csrf}, files={"file": (name, data)})
    return answer.text


async def test_a_statement_is_had_as_pdf_and_anybody_may_have_it_checked(desk: Desk) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        file = await desk.on(site, desk.anna).get(STATEMENT)
        assert file.status_code == 200, file.text
        assert file.content.startswith(b"%PDF-")
        stranger = desk.on(site, None)
        good = await brought(stranger, "statement.pdf", file.content)
        assert 'class="note good"' in good
        assert HELD in good
        # One letter of the file is another: the registry draws up something else.
        at = file.content.index(b"/Title")
        bad = await brought(stranger, "statement.pdf", file.content[:at] + b"/Titlf" + file.content[at + 6 :])
        assert 'class="note bad"' in bad
        assert 'class="note good"' not in bad


async def test_what_is_no_letter_is_told_so_and_what_is_missing_is_asked_for(desk: Desk) -> None:
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        stranger = desk.on(site, None)
        assert (await stranger.get(CHECK)).status_code == 200
        assert 'class="note bad"' in await brought(stranger, "<script>x</script>.pdf", b"no letter at all")
        assert "<script>x" not in await brought(stranger, "<script>x</script>.pdf", b"no letter at all")
        assert 'class="note bad"' in await brought(stranger, "letter.json", b'{"proof": {}}')
        empty = await stranger.client.post(CHECK, data={"csrf": ""})
        assert empty.status_code == 422
        large = await stranger.client.post(CHECK, data={"csrf": ""}, files={"file": ("l.pdf", b"%" * (3 << 20))})
        assert large.status_code == 413, "of a stranger less is taken"


async def test_a_holder_has_statements_of_the_own_body_only(desk: Desk) -> None:
    add_organisation(desk.stage.office, organisation="trader", kind="company", name="Trader", actor="local")
    trader = member(desk.stage, "trader@example.org", "holder", "trader")
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        assert (await desk.on(site, trader).get(STATEMENT)).status_code == 404
        assert (await desk.on(site, desk.anna).get(f"{STATEMENT}&on=never")).status_code == 400


async def test_quotas_are_drawn_by_level_with_their_numbers(desk: Desk) -> None:
    opened = open_for_writing(desk.folder, "test")
    assert isinstance(opened, Writable)
    with opened as writable:
        act(
            writable,
            SetQuota(quota="N", level="nation", year=2024, quantity_t=90_000),
            SetQuota(quota="S-1", level="sector", parent="N", year=2024, quantity_t=40_000),
            SetQuota(quota="S-2", level="sector", parent="N", year=2024, quantity_t=10_000),
        )
    add_organisation(desk.stage.office, organisation="DNA", kind="authority", name="Authority", actor="local")
    officer = member(desk.stage, "quotas@example.org", "authority", "DNA")
    with looking(desk.folder.path) as sight:
        nation = sight.record("quota", "N")
    assert nation["allocated_t"] == 50_000
    async with open_site(desk.folder, desk.stage.at_hand) as site:
        page = (await desk.on(site, officer).get("/desk/quotas")).text
        drawn = page.partition('class="filters"')[0]
        assert drawn.count("<svg") == 2, "a nation's quota and those of its sectors are never added"
        for number in ("40,000", "50,000"):
            assert f'<td class="number">{number}</td>' in drawn
        sifted = (await desk.on(site, officer).get("/desk/quotas?level=sector")).text
        assert sifted.partition('class="filters"')[0].count("<svg") == 1
