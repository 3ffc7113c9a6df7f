"""What a field of activities offers: by key and by title, in the finding index of the server."""

import pytest

from tests.web.desk.supply import Supply, laid_out, supply

__all__ = ["laid_out", "supply"]
pytestmark = pytest.mark.anyio


async def test_a_field_of_activities_offers_them_by_their_titles(supply: Supply) -> None:
    async with supply.desk.browser(supply.desk.anna) as anna:
        found = await anna.get("/desk/choices/activity?f.activity=roofs")
        assert found.status_code == 200
        assert '<option value="ROOFS">' in found.text and "WINDS" not in found.text
        assert "<i>on" not in found.text
        every = await anna.get("/desk/choices/activity")
        assert all(f'<option value="{name}">' in every.text for name in ("ROOFS", "WINDS"))
