"""A company under a carbon fee in the browser: what it owes, what units cover, and the certificate of a surrender."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from counterfoil.application.office.people import add_organisation
from counterfoil.application.queries.compliance import liability
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.cli.reading import looking
from tests.cli.conftest import Counterfoil, counterfoil, ndjson
from tests.cli.test_compliance import ACTS
from tests.http.desk import open_site
from tests.office.stage import Member, member, staged
from tests.web.acts.stage import Desk

__all__ = ["counterfoil"]
pytestmark = pytest.mark.anyio


@pytest.fixture
def taxed(tmp_path: Path, counterfoil: Counterfoil) -> Iterator[Desk]:
    """Taiwan's registry, where a firm has declared units against its fee."""
    folder = tmp_path / "twn"
    assert counterfoil("init", "--dir", folder, "--jurisdiction", "twn").status == 0
    assert counterfoil("do", "--dir", folder, stdin=ndjson(*ACTS)).status == 0
    stage = staged(folder)
    anna, bela = (member(stage, f"{name}@example.org", "operator") for name in ("anna", "bela"))
    yield Desk(Folder(folder), stage, anna, bela, anna)
    stage.at_hand.close()


def holder(desk: Desk, body: str) -> Member:
    add_organisation(desk.stage.office, organisation=body, kind="company", name=body, actor="local")
    return member(desk.stage, f"{body.lower()}@example.org", "holder", body)


async def test_a_firm_sees_what_it_owes_what_is_covered_and_its_certificate(taxed: Desk) -> None:
    with looking(taxed.folder.path) as sight:
        known = liability(sight, "FEE-2025")
    assert not isinstance(known, Refusal)
    surrender = known["surrenders"][0]
    assert 0 < surrender["accepted_t"] < surrender["declared_t"], "the law's share is less than what was declared"
    async with open_site(taxed.folder, taxed.stage.at_hand) as site:
        firm = taxed.on(site, holder(taxed, "Firm"))
        assert "FEE-2025" in (await firm.get("/desk/units/liabilities")).text
        page = (await firm.get("/desk/units/liabilities/FEE-2025")).text
        assert f"{known['base_t']:,}" in page
        assert f"{surrender['cap_t']:,}" in page
        assert f"{surrender['accepted_t']:,} of {surrender['declared_t']:,} accepted" in page
        assert f"/desk/units/certificates/{surrender['entry']}" in page
        certificate = (await firm.get(f"/desk/units/certificates/{surrender['entry']}")).text
        assert f"{surrender['accepted_t']:,}" in certificate
        assert 'class="qr"' in certificate


async def test_another_firm_sees_nothing_of_it(taxed: Desk) -> None:
    async with open_site(taxed.folder, taxed.stage.at_hand) as site:
        other = taxed.on(site, holder(taxed, "Other"))
        assert "FEE-2025" not in (await other.get("/desk/units/liabilities")).text
        assert (await other.get("/desk/units/liabilities/FEE-2025")).status_code == 404
        assert "twn:firm" not in (await other.get("/desk/units?account=twn:firm")).text
