"""The guide to the reports lists every element of them, and the example of answers goes with its own commands."""

import re

from counterfoil.domain.reporting.narrative.outline import BY_KEY
from tests.documents.pages import ROOT

GUIDE = ROOT / "docs" / "how-to" / "report-initial-and-regular.md"


def test_the_guide_lists_every_element_once_and_no_other() -> None:
    listed = re.findall(r"^\| `([^`]+)` \| [A-Z]", GUIDE.read_text("utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(BY_KEY)
