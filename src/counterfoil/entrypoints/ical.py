"""What falls due as iCalendar: one whole-day event for each duty that is not done, for any calendar program.

Source: RFC 5545, sections 3.1 (lines of 75 octets at most), 3.3.11 (escapes), 3.6.1 (events).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

LINE_MAX: Final = 75
"""Octets in a line without its end; a longer one goes on in the next, after a space."""
_ESCAPED: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


def written(view: Mapping[str, Any], text: Callable[..., str]) -> str:
    """The whole calendar, every line with the end that the format asks.

    The names of events are the same each time, so that a second import replaces the first. The same answer gives the
    same bytes: its stamp is the day that counts as today.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Counterfoil//calendar//EN"]
    for due in view["due"]:
        if due["state"] in ("due", "overdue"):
            lines += _event(view, due, text)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(view: Mapping[str, Any], due: Mapping[str, Any], text: Callable[..., str]) -> Iterator[str]:
    what = text(f"duty.{due['duty']}", about=due["about"])
    yield "BEGIN:VEVENT"
    yield f"UID:{view['party']}-{due['duty']}-{due['about']}-{due['on']}@counterfoil"
    yield f"DTSTAMP:{_plain(view['on'])}T000000Z"
    yield f"DTSTART;VALUE=DATE:{_plain(due['on'])}"
    yield f"SUMMARY:{_escaped(view['party'])}: {_escaped(what)}"
    yield f"DESCRIPTION:{_escaped(due['provision'])}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _plain(day: str) -> str:
    return day.replace("-", "")


def _escaped(value: str) -> str:
    return value.translate(_ESCAPED)


def _folded(line: str) -> Iterator[str]:
    """Cut between characters, never inside one."""
    part, size = "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > LINE_MAX:
            yield part
            part, size = " ", 1
        part, size = part + sign, size + octets
    yield part
