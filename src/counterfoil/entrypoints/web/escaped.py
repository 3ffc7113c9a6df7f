"""Values as HTML made by Python: what a page has by the hundred is not drawn by a template, cell by cell.

Every value is escaped that is no `Markup` of our own, as templates do it. Used by: `cells.py`, and forms with long
lists of choices.
"""

import html
import re
from collections.abc import Collection, Iterable
from typing import Any, Final

from markupsafe import Markup, escape

_MARKED: Final = re.compile("[&<>\"']")


def escaped(value: Any) -> str:
    """A value as HTML, as a plain string, quotation marks escaped too; the parts of a list stand beside each other.

    >>> escaped("Roofs & <b>fields</b>"), escaped(["a", 2])
    ('Roofs &amp; &lt;b&gt;fields&lt;/b&gt;', 'a, 2')
    """
    if type(value) is str:
        return html.escape(value) if _MARKED.search(value) else value
    if isinstance(value, list | tuple):
        return ", ".join(escaped(each) for each in value)
    return str.__str__(escape(value))


def options(choices: Iterable[tuple[object, object]], chosen: Collection[object] = ()) -> Markup:
    """The choices of a field, as pairs of a value and its text; a text for the chosen value is a collection too.

    >>> print(options([("a", "A & B"), ("b", "C")], ["b"]))
    <option value="a">A &amp; B</option>
    <option value="b" selected>C</option>
    """
    wanted = (chosen,) if isinstance(chosen, str) else chosen
    drawn = (
        f'<option value="{escaped(value)}"{" selected" if value in wanted else ""}>{escaped(text)}</option>'
        for value, text in choices
    )
    return Markup("\n".join(drawn))  # noqa: S704  every value in it went through `escaped`
