"""The international registry opens a section for a Party that asks, once, and closes it when the Party takes it."""

from datetime import date
from typing import Any

import pytest

from counterfoil.application.command import Command, stored
from counterfoil.application.commands.found import Found
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.open_section import CloseSection, OpenSection
from counterfoil.application.leaving import safe
from counterfoil.domain.federation.section import (
    INTERNATIONAL,
    SECTION,
    HostedSection,
    SectionFault,
    SectionState,
)
from counterfoil.domain.ledger.entry import Act, Entry, Move
from tests.domain.commands.desk import TODAY, Case, Desk, after, check_refused, registry, titles
from tests.domain.commands.scene import issuing_host

LETTER, OTHER_LETTER, ROOT = "ab" * 32, "cd" * 32, "ef" * 32
KEY = "mBhcgAXkd6vHnWlNvMvZbGV2i6bSbDZ3nUcTfp0yvEw="


def opened(**changes: Any) -> OpenSection:
    content: dict[str, Any] = {
        "party": "GHA",
        "registry": "GHA01",
        "origin": "international.example/gha",
        "public_key": KEY,
        "request": LETTER,
    }
    return OpenSection(**{**content, **changes})


def closed(**changes: Any) -> CloseSection:
    content: dict[str, Any] = {"party": "GHA", "request": OTHER_LETTER, "entries": 41, "root": ROOT}
    return CloseSection(**{**content, **changes})


def administrator(**changes: Any) -> Desk:
    kept = (LETTER, OTHER_LETTER)
    return Desk(registry("XIR", is_party=False, purpose=INTERNATIONAL), kept=lambda digest: digest in kept, **changes)


REFUSALS = (
    Case("its Party is no code", SectionFault.UNREADABLE, lambda _: opened(party="Ghana")),
    Case("its registry has no number", SectionFault.UNREADABLE, lambda _: opened(registry="GHA")),
    Case("its log has no name", SectionFault.UNREADABLE, lambda _: opened(origin="")),
    Case("its key is cut", SectionFault.UNREADABLE, lambda _: opened(public_key=KEY[:-4])),
    Case("the letter is no digest", SectionFault.UNREADABLE, lambda _: opened(request="letter.pdf")),
    Case("it is the administrator's own", SectionFault.OF_ADMINISTRATOR, lambda _: opened(party="XIR")),
    Case("the Party has one", SectionFault.PARTY_TAKEN, after(opened(), then=opened(registry="GHA02"))),
    Case("the identifier is another's", SectionFault.REGISTRY_TAKEN, after(opened(), then=opened(party="SGP"))),
    Case(
        "the identifier was another's",
        SectionFault.REGISTRY_TAKEN,
        after(opened(), closed(), then=opened(party="SGP")),
    ),
    Case("the letter is not kept", SectionFault.REQUEST_MISSING, lambda _: opened(request="00" * 32)),
    Case("nothing was opened", SectionFault.UNKNOWN, lambda _: closed()),
    Case("it is closed", SectionFault.CLOSED, after(opened(), closed(), then=closed())),
    Case("the closing letter is no digest", SectionFault.UNREADABLE, after(opened(), then=closed(request=""))),
    Case("the closing letter is not kept", SectionFault.REQUEST_MISSING, after(opened(), then=closed(request=ROOT))),
    Case("the log has no entries", SectionFault.UNREADABLE, after(opened(), then=closed(entries=0))),
    Case("the root is no hash", SectionFault.UNREADABLE, after(opened(), then=closed(root="e"))),
    Case("the address has two lines", SectionFault.UNREADABLE, after(opened(), then=closed(address="a\nb"))),
)
ELSEWHERE = (
    Case("a Party opens one", SectionFault.NOT_INTERNATIONAL, lambda _: opened()),
    Case("a Party closes one", SectionFault.NOT_INTERNATIONAL, lambda _: closed()),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_section_is_refused_when(case: Case) -> None:
    check_refused(case, administrator())


@pytest.mark.parametrize("case", ELSEWHERE, ids=titles)
def test_only_the_international_registry_has_sections(case: Case) -> None:
    check_refused(case, issuing_host())


def test_a_section_stays_on_record_after_its_party_has_taken_it() -> None:
    desk = administrator()
    assert desk.do(opened()).act is Act.SECTION_OPENED
    assert desk.do(closed(address="https://registry.example")).act is Act.SECTION_CLOSED
    section = stored(desk.books, SECTION, "GHA", HostedSection)
    assert section is not None
    assert (section.state, section.request, section.closing_request) == (SectionState.CLOSED, LETTER, OTHER_LETTER)
    assert (section.entries, section.root, section.closed_on) == (41, ROOT, TODAY)
    assert section.address == "https://registry.example"


def test_a_party_that_took_its_section_may_ask_for_one_again_under_its_own_identifier() -> None:
    desk = administrator()
    for command in (opened(), closed()):
        desk.do(command)
    desk.do(opened(), on=date(2026, 3, 30))
    section = stored(desk.books, SECTION, "GHA", HostedSection)
    assert section is not None and section.state is SectionState.OPEN and section.closed_on is None


MOVE = Move("GHA01-HOME-#-2024", 1, 1, "gha:one", "gha:two")


def asked(desk: Desk, command: Command, entry: Entry) -> Any:
    from counterfoil.application.command import Context

    return safe(command, entry, desk.books, Context(desk.registry, TODAY, TODAY))


def test_the_administrators_book_moves_no_unit_whatever_the_act() -> None:
    command = OpenAccount(account="gha:two", holder="somebody")
    refused = asked(administrator(), command, Entry(Act.TRANSFERRED, TODAY, moves=(MOVE,)))
    assert refused.code == SectionFault.MOVES_NOTHING
    assert refused.facts == {"registry": "XIR01"}
    quiet = Entry(Act.SECTION_OPENED, TODAY)
    assert asked(administrator(), opened(), quiet) is quiet


def test_the_founding_of_an_international_registry_says_that_it_is_no_party() -> None:
    desk = Desk(registry("XIR"))
    content = {"registry": "XIR01", "party": "XIR", "name": "International registry", "origin": "x", "public_key": KEY}
    refused = desk.ask(Found(**content, purpose=INTERNATIONAL))
    assert getattr(refused, "code", "") == "registry.international_is_no_party"
    assert isinstance(desk.ask(Found(**content, purpose=INTERNATIONAL, is_party=False)), Entry)
