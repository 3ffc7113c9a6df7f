"""The rows of a list as HTML, made without templates: a page of fifty rows has hundreds of cells.

A macro for each cell took six times as long as the whole rest of the page. Here, too, every value is escaped that is no
`Markup` of our own. Read before: `listing.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.web.account_words import account_text
from counterfoil.entrypoints.web.escaped import escaped
from counterfoil.entrypoints.web.listing import Column, Kind
from counterfoil.entrypoints.web.trail_words import happened
from counterfoil.entrypoints.web.wording import Wording

Content = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Cells:
    """How one page words its cells: its language, its links and the names of countries."""

    texts: Texts
    words: Wording
    url: Callable[..., str]
    country: Callable[[object], str]

    def rows(self, columns: Sequence[Column], items: Sequence[Mapping[str, Any]], as_of: int = 0) -> Markup:
        """The rows of a table's body. The first cell of each row heads it; the others say their column on a phone.

        Args:
            as_of: The moment that the list shows; its links lead to the same moment. 0: to now.
        """
        then = f"as_of={as_of}" if as_of else ""
        plans = [self._plan(column, first=number == 0) for number, column in enumerate(columns)]
        nothing = f'<span class="faint" aria-label="{escape(self.texts("web.list.nothing"))}">–</span>'
        out: list[str] = []
        for item in items:
            out.append("<tr>")
            for column, opening, content, closing in plans:
                value = column.value(item)
                out.append(opening)
                if value is None or value == "":
                    out.append(nothing)
                else:
                    target = column.link(item) if column.link is not None else None
                    shown = content(value)
                    out.append(f'<a href="{escaped(_with(self.url(*target), then))}">{shown}</a>' if target else shown)
                out.append(closing)
            out.append("</tr>\n")
        return Markup("".join(out))  # noqa: S704  every value in it went through `escaped`

    def _plan(self, column: Column, *, first: bool) -> tuple[Column, str, Content, str]:
        """A column with what stands before a cell, how its value is shown, and what stands after it."""
        kind = "mark" if column.kind is Kind.TAG else column.kind.value
        if first:
            return column, f'<th scope="row" class="{kind}">', self._content(column), "</th>"
        label = self.texts.known(f"field.{column.name}") or column.name
        label = label[:1].upper() + label[1:]  # as the heading of the column is drawn
        return column, f'<td class="{kind}" data-label="{escape(label)}">', self._content(column), "</td>"

    def _content(self, column: Column) -> Content:
        match column.kind:
            case Kind.NUMBER:
                number = self.words.number
                return lambda value: number(value) if type(value) is int else escaped(number(value))
            case Kind.DAY:
                return _once(lambda value: self._time(value, self.words.day(value)))
            case Kind.MOMENT:
                return lambda value: self._time(value, self.words.moment(value))
            case Kind.CODE:
                return lambda value: f"<code>{escaped(value)}</code>"
            case Kind.COUNTRY:
                return _once(self._countries)
            case Kind.ACCOUNT:
                return _once(self._account)
            case Kind.TAG:
                tag = '<span class="tag {}">{}</span>'
                return _once(lambda value: tag.format(escaped(value), escaped(self._word(column, value))))
            case Kind.FACTS:
                return self._facts
            case Kind.ENTRY:
                return lambda value: escaped(self.texts("web.entry.number", entry=self.words.number(value)))
            case Kind.TEXT if column.words:
                return _once(lambda value: escaped(self._word(column, value)))
            case Kind.TEXT:
                return escaped

    def _time(self, value: Any, said: str) -> str:
        return f'<time datetime="{escaped(self.words.iso(value))}">{escaped(said)}</time>'

    def _facts(self, value: Any) -> str:
        return escaped(happened(value, self.texts, self.words) if isinstance(value, Mapping) else value)

    def _countries(self, value: Any) -> str:
        codes = value if isinstance(value, list | tuple) else (value,)
        named = (f'{escaped(self.country(code))} <span class="faint">{escaped(code)}</span>' for code in codes)
        return f"<span>{self.words.listed(named)}</span>"

    def _account(self, value: Any) -> str:
        code = str(value)
        told = account_text(code, self.texts)
        return f"<code>{escaped(code)}</code>" if told == code else escaped(told)

    def _word(self, column: Column, value: Any) -> Any:
        told = (self.texts.known(f"{beginning}.{value}") for beginning in column.words.split("|"))
        return next((text for text in told if text), value)


def _with(address: str, query: str) -> str:
    """An address with one more parameter; making the whole query anew for every cell takes longer than the cell."""
    return f"{address}{'&' if '?' in address else '?'}{query}" if query else address


def _once(content: Content) -> Content:
    """The same content, made once for a page: most words, days and countries of a list stand in many of its rows."""
    made: dict[str, str] = {}

    def known(value: Any) -> str:
        if type(value) is not str:
            return content(value)
        found = made.get(value)
        if found is None:
            found = made[value] = content(value)
        return found

    return known
