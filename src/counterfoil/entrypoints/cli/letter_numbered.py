"""A letter with a number of the document store: drawn up under the next number of its series, and kept under it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.cli.contents import Desk
from counterfoil.entrypoints.cli.screen import REFUSED, Fault

if TYPE_CHECKING:
    from counterfoil.application.office.ports import Office
    from counterfoil.application.queries.letters import Letter
    from counterfoil.entrypoints.letters.checking import Checked
    from counterfoil.entrypoints.letters.files import LetterFiles

TRIES: Final = 5
"""Another document may take the number while the letter is drawn up; then it is drawn up again."""


def numbered(
    desk: Desk, letter: "Letter", series: str, draw: "Callable[..., LetterFiles]"
) -> "tuple[str, LetterFiles]":
    """The number and the files of a letter that is kept now. What is refused takes no number, so there is no gap.

    Raises:
        Fault: `document.series_unreadable`, or `document.number_taken` where others are always faster.
    """
    from counterfoil.domain.people.document import series_refused
    from counterfoil.entrypoints.cli.office_at_work import office_at_work
    from counterfoil.entrypoints.cli.reading import told

    told(series_refused(series) or series)
    with office_at_work(desk.directory) as office:
        for _ in range(TRIES):
            number, made, kept = _tried(office, letter, series, draw)
            if kept is None:
                return number, made
    assert kept is not None
    raise Fault(kept, REFUSED)


def _tried(
    office: "Office", letter: "Letter", series: str, draw: "Callable[..., LetterFiles]"
) -> "tuple[str, LetterFiles, Refusal | None]":
    from counterfoil.application.documents.keeping import Brought, Filing, keep
    from counterfoil.application.office.trail import date_of, day_of
    from counterfoil.domain.people.document import Access, AccessLevel, DocumentFault, number_of
    from counterfoil.entrypoints.cli.reading import told
    from counterfoil.entrypoints.document_room import document_room

    room = document_room(office)
    year = date_of(day_of(office.clock.now_ms())).year
    number = number_of(series, year, room.documents.next_place(series, year))
    made = draw(number=number)
    name = next(each for each in made.files if each.endswith(".pdf"))
    # All that a letter says stands in the public journal, so whoever is signed in may read it.
    filing = Filing(series, letter.of, Access(AccessLevel.PUBLIC))
    kept = keep(room, filing, Brought(name, made.files[name], "local"), number=number)
    if isinstance(kept, Refusal) and kept.code == DocumentFault.NUMBER_TAKEN:
        return number, made, kept
    told(kept)
    return number, made, None


def kept_under_its_number(desk: Desk, found: "Checked") -> bool:
    """Whether the register of documents holds this very file under the number that it bears.

    True for a letter without such a number, for a credential, and where there is no office to ask.
    """
    from counterfoil.entrypoints.cli.office_at_work import office_at_work
    from counterfoil.entrypoints.document_room import document_room
    from counterfoil.entrypoints.gate import OFFICE

    number = "" if found.claim is None or found.form != "pdf" else found.claim.number
    if not number or not (desk.directory / OFFICE).exists():
        return True
    with office_at_work(desk.directory) as office:
        document = document_room(office).documents.get(number)
    return document is not None and any(each.sha256 == found.sha256 for each in document.versions)
