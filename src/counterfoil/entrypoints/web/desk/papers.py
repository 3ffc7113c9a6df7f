"""Papers that the desks give out, drawn up by the press: an account's statement as PDF, a letter as DOCX to work on.

The statement carries the claim of a letter, so it proves itself. A DOCX does not: anybody can change it, so it says no
more than its words. Source: requirement R-INT-15.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

from counterfoil.application.queries.letters import LetterKind, letter
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.press import Facts, Order, Product
from counterfoil.entrypoints.language import LANGUAGES
from counterfoil.entrypoints.web.page import PageRow, Reply, Sent
from counterfoil.entrypoints.web.portal.reports import FILE_KINDS
from counterfoil.entrypoints.web.visit import Visit

BYTES_MAX: Final = 32 * 1024 * 1024
OF_MAX: Final = 200
STATEMENT: Final = "/desk/accounts/statement.{language}.pdf"
DOCX: Final = "/desk/authorizations/letter.{language}.docx"


@dataclass(frozen=True, slots=True)
class Paper:
    """What the press is asked for, and under which name and as what kind of file it goes out."""

    facts: Facts
    ending: str
    name: str


Known = Callable[[Sight, Visit, str], Mapping[str, Any] | Refusal]
Day = Callable[[Visit], date | Refusal | None]


def statement_rows(known: Known, day_asked: Day) -> tuple[PageRow, ...]:
    """The page of the desk of accounts, which says what accounts a visitor may see and which day is asked for."""
    return (PageRow(STATEMENT, partial(_statement, known, day_asked)),)


def letter_rows() -> tuple[PageRow, ...]:
    return (PageRow(DOCX, _letter),)


def language_of(visit: Visit) -> str:
    """The language in the path; the visitor's, where it is none of ours."""
    return visit.path["language"] if visit.path["language"] in LANGUAGES else visit.language


async def sent(visit: Visit, paper: Paper) -> Reply | Refusal:
    """The paper as a file; the press makes it in a process of its own, which loads what documents need."""
    file = await visit.ground.press.made(Order(Product.LETTER, paper.facts))
    if isinstance(file, Refusal):
        return file
    with file:
        file.seek(0)
        body = file.read(BYTES_MAX)
    name = "".join(char if char.isalnum() or char in "-_.@" else "-" for char in paper.name)
    return Sent(body, FILE_KINDS[paper.ending], f"{name}.{paper.ending}", kept=False)


async def _statement(known: Known, day_asked: Day, visit: Visit) -> Reply | Refusal:
    """The statement of an account that the visitor may see, at the last checkpoint of a day."""
    key, on = visit.query.get("account", ""), day_asked(visit)
    if isinstance(on, Refusal):
        return on
    found = await visit.ask(lambda sight: known(sight, visit, key))
    if isinstance(found, Refusal):
        return found
    day, language = on.isoformat() if on is not None else "", language_of(visit)
    facts: Facts = {"kind": LetterKind.STATEMENT.value, "of": key, "on": day, "language": language}
    return await sent(visit, Paper(facts, "pdf", f"statement-{key}-{day}.{language}"))


async def _letter(visit: Visit) -> Reply | Refusal:
    key, language = visit.query.get("of", "")[:OF_MAX], language_of(visit)
    found = await visit.ask(lambda sight: letter(sight, LetterKind.AUTHORIZATION, key))
    if isinstance(found, Refusal):
        return found
    return await sent(visit, Paper({"of": key, "language": language, "format": "docx"}, "docx", f"{key}.{language}"))
