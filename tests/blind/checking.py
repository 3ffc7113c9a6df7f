"""From books to what the product says of them, the way a file goes: written, read back, checked together."""

from collections.abc import Iterable
from functools import lru_cache

from counterfoil.adapters.documents.xlsx_reading import read_workbook
from counterfoil.application.queries.aef_check import CheckReport, NamedRaw, check
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_workbook import RawWorkbook
from counterfoil.domain.reporting.finding import Finding
from counterfoil.packs.loader import load_aef_format
from tests.blind.book import Book, Look, content

FORM = load_aef_format()
PLAIN = Look()
CHECKER = "checker-2025"


def told(books: Iterable[Book], look: Look = PLAIN, profile: str = CHECKER) -> CheckReport:
    """The report on these books together."""
    form = FORM if profile == CHECKER else load_aef_format(profile=profile)
    return check([NamedRaw(book.file, _raw(repr(book), book, look)) for book in books], form)


def checks(report: CheckReport) -> dict[str, str]:
    """The ids of the checks that found something, with their gravest severity."""
    graves = "BINW"
    found: dict[str, str] = {}
    for one in sorted(report.findings, key=lambda one: graves.index(one.severity.value)):
        found.setdefault(one.check, one.severity.value)
    return found


def lines(findings: Iterable[Finding], report: CheckReport) -> str:
    """The findings as a person would read them, for a failed assertion."""
    return "\n".join(
        f"{one.check} {one.severity} {one.place.file} {one.place.cell} {report.message(one)}" for one in findings
    )


class _Text(str):
    """The text of a book; the book goes along and is not compared."""

    book: Book


def _raw(text: str, book: Book, look: Look) -> RawWorkbook | Refusal:
    key = _Text(text)
    key.book = book
    return _read(key, look)


@lru_cache(maxsize=256)
def _read(key: _Text, look: Look) -> RawWorkbook | Refusal:
    return read_workbook(content(key.book, look))
