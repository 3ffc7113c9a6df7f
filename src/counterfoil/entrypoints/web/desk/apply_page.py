"""Apply for an account, without signing in: who asks, for what, with which owners, people and first paper.

What is sent is kept in the office alone. It is bounded by address and in sum, as signing in is, and answered with a
reference and a link that only the sender has. Read next: `applicant_page.py`. Source: requirement R-GOV-02.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Final

from counterfoil.application.command import SELF
from counterfoil.application.office.application import Application
from counterfoil.application.office.application_room import Entered, enter
from counterfoil.application.office.ports import Office
from counterfoil.application.queries.sight import Sight
from counterfoil.application.safeguarded import PRACTICE
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.safeguards import Safeguards, in_force
from counterfoil.entrypoints.application_book import application_book
from counterfoil.entrypoints.country_codes import country_names
from counterfoil.entrypoints.laws_at_hand import LawsAtHand
from counterfoil.entrypoints.permission_table import organisation_kinds
from counterfoil.entrypoints.web.desk.applicant_papers import BYTES_MAX, kept_paper, unfit
from counterfoil.entrypoints.web.desk.apply_form import Filled, filled, kinds_open
from counterfoil.entrypoints.web.forms.law_asked import law_asked
from counterfoil.entrypoints.web.page import Gone, PageRow, Reply, Shown
from counterfoil.entrypoints.web.visit import Visit

PATH: Final = "/apply"
MIB_MAX: Final = "1.5"


@dataclass(frozen=True, slots=True)
class Asks:
    """What the law of this registry says of accounts, where it says anything."""

    kyc: bool = False
    one_party: bool = False
    pack: str = ""
    provision: str = ""


def rows() -> tuple[PageRow, ...]:
    return (PageRow(PATH, _form, _apply, token=False),)


async def _form(visit: Visit) -> Reply | Refusal:
    return await _page(visit)


async def _page(visit: Visit, *, fault: Refusal | None = None, wrong: tuple[str, ...] = ()) -> Reply | Refusal:
    staffed = await visit.in_office(_staffed)
    party, asks = await visit.ask(lambda sight: (sight.registry.party, asks_of(sight, visit.today)))
    kinds = organisation_kinds()
    facts: dict[str, Any] = {
        "open": bool(staffed),
        "form": filled(visit.form),
        "kinds": [(name, kinds[name].label.in_language(visit.language)) for name in kinds_open()],
        "countries": _countries(visit.language),
        "party": party,
        "asks": asks,
        "fault": fault,
        "wrong": wrong,
        "mib_max": MIB_MAX,
    }
    return Shown("office/apply.html", facts, status=422 if fault or wrong else 200, kept=False)


def _staffed(office: Office) -> bool:
    """Whether somebody is there who would read an application."""
    return office.store.people.staffed()


def _countries(language: str) -> list[tuple[str, str]]:
    names = ((code, str(said.get(language) or said["en"])) for code, said in country_names().items())
    return sorted(names, key=lambda each: each[1])


def asks_of(sight: Sight, on: date) -> Asks:
    """The terms of accounts on a day, by the adopted law or the adopted practice."""
    practice = sight.record(PRACTICE, SELF)
    adopted = None if practice is None else LawsAtHand().law(practice["practice"])
    laws = tuple(each for each in (law_asked(sight), adopted) if each is not None)
    found: Safeguards | None = in_force(laws, on)
    if found is None or found.terms is None:
        return Asks()
    basis: Mapping[str, Any] = found.stands_on("account_terms")
    return Asks(found.terms.kyc, found.terms.one_party, str(basis["pack"]), str(basis["provision"]))


async def _apply(visit: Visit) -> Reply | Refusal:
    """Take it in; or show it again as it was typed, with what is wrong."""
    form = filled(visit.form)
    if not await visit.in_office(_staffed):
        return await _page(visit)
    sent = await visit.form.file("paper", bytes_max=BYTES_MAX)
    if isinstance(sent, Refusal):
        return await _page(visit, fault=sent)
    wrong = form.missing() + (() if sent is not None else ("paper",))
    if wrong or sent is None:
        return await _page(visit, wrong=wrong)
    refused = unfit(*sent)
    if refused is not None:
        return await _page(visit, fault=refused)
    party = await visit.ask(lambda sight: sight.registry.party)
    asked = form.asked(party, (sha256(sent[1]).hexdigest(),))
    entered = await visit.in_office(lambda office: _entered(office, visit, asked, form, sent))
    if entered is None:
        return await _page(visit)
    if isinstance(entered, Refusal):
        return await _page(visit, fault=entered)
    return Gone(visit.url("apply", entered.application.number, key=entered.secret, new="yes"))


def _entered(
    office: Office, visit: Visit, asked: Application, form: Filled, sent: tuple[str, bytes]
) -> Entered | Refusal:
    address = visit.ground.door.device(visit.request.scope).address
    entered = enter(office, application_book(office), asked, form.said(visit.language), address=address)
    if not isinstance(entered, Refusal):
        # What cannot be kept is told as missing on the page of the application, where it may be sent again.
        kept_paper(visit, office, entered.application, *sent)
    return entered
