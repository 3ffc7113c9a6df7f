"""The rows of lists as HTML: the same as a template would make, and nothing in them can run."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from markupsafe import Markup

from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.web.cells import Cells
from counterfoil.entrypoints.web.listing import Column, Kind
from counterfoil.entrypoints.web.wording import Wording

EVIL = "<script>alert(1)</script>\"'&"


def drawn(column: Column, row: Mapping[str, Any], *, language: str = "en") -> str:
    """A row of two cells, of which the second is asked about."""
    cells = Cells(
        Texts(language),
        Wording(language),
        lambda *segments: "../" + "/".join(map(str, segments)),
        lambda code: f"<{code}>",
    )
    rows = cells.rows((Column("name", lambda _: "first"), column), [row])
    assert isinstance(rows, Markup)
    return str(rows)


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (Kind.TEXT, "plain", "plain"),
        (Kind.NUMBER, -12_345, "\N{MINUS SIGN}12,345"),
        (Kind.NUMBER, 0, "0"),
        (Kind.DAY, "2026-01-05", '<time datetime="2026-01-05">5 Jan 2026</time>'),
        (Kind.DAY, date(2026, 1, 5), '<time datetime="2026-01-05">5 Jan 2026</time>'),
        (Kind.CODE, "TH-1", "<code>TH-1</code>"),
        (Kind.COUNTRY, "THA", '<span>&lt;THA&gt; <span class="faint">THA</span></span>'),
        (Kind.TAG, "strange", '<span class="tag strange">strange</span>'),
        (Kind.TEXT, Markup("<b>ours</b>"), "<b>ours</b>"),
        (Kind.TEXT, None, '<span class="faint" aria-label="'),
        (Kind.TEXT, "", '<span class="faint" aria-label="'),
    ],
)
def test_a_cell_is_shown_by_its_kind(kind: Kind, value: object, shown: str) -> None:
    cell = drawn(Column("of", lambda _: value, kind, words="state"), {}).partition("</th>")[2]
    assert cell.startswith("<td class=") and f">{shown}" in cell
    assert 'data-label="' in cell


@pytest.mark.parametrize("kind", list(Kind))
def test_a_hostile_text_is_shown_and_does_nothing(kind: Kind) -> None:
    found = drawn(Column("of", lambda _: EVIL, kind, lambda _: ("find", EVIL), words=EVIL), {})
    assert "<script" not in found and "&lt;script&gt;" in found
    # No quotation mark of the value ends an attribute: what is left are those of our own, in pairs.
    assert "alert(1)&lt;/script&gt;&quot;&#x27;&amp;" in found or "alert(1)&lt;/script&gt;&#34;&#39;&amp;" in found
    assert found.count('"') % 2 == 0


def test_a_link_leads_from_the_cell_and_only_where_there_is_one() -> None:
    column = Column("of", lambda row: row["name"], link=lambda row: ("units", row["name"]) if row["linked"] else None)
    assert '<a href="../units/A">A</a>' in drawn(column, {"name": "A", "linked": True})
    assert "<a " not in drawn(column, {"name": "A", "linked": False})


def test_each_row_is_headed_by_its_first_cell() -> None:
    assert drawn(Column("of", lambda _: 1, Kind.NUMBER), {}).startswith(
        '<tr><th scope="row" class="text">first</th><td class="number"'
    )
