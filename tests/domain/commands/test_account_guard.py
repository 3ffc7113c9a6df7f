"""Safeguards of accounts: lists, delays, limits and files on holders, each refused at its boundary, not before."""

from datetime import date

import pytest

from counterfoil.application.adopted import AdoptedFault
from counterfoil.application.command import Command
from counterfoil.application.commands.adopt_pack import AdoptFault
from counterfoil.application.commands.adopt_practice import AdoptPractice, PracticeFault
from counterfoil.application.commands.offer_units import AcceptOffer, OfferUnits
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.record_kyc import KycFault, RecordKyc
from counterfoil.application.commands.request_transfer import AbortTransfer, ExecuteTransfer
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.commands.trust_account import DistrustAccount, TrustAccount
from counterfoil.domain.kernel.ids import NamingFault, Party
from counterfoil.domain.ledger.account import AccountFault
from counterfoil.domain.ledger.availability import UnitsFault
from counterfoil.domain.ledger.books import HOLD
from counterfoil.domain.people.account_state import AccountStateFault
from counterfoil.domain.people.organisation import OrganisationFault
from counterfoil.domain.people.safeguards import MOVED, SafeguardFault
from counterfoil.domain.people.transfer_request import REQUEST, RequestFault
from counterfoil.domain.people.trusted_list import LIST_MAX, TrustedFault
from counterfoil.domain.policy.kinds.account_guard import ACCOUNT_TERMS, MOVE_DELAY, MOVE_LIMIT, MoveLimitRule
from counterfoil.domain.policy.laws import LawTable
from tests.domain.commands.desk import Case, Desk, after, check_refused, titles
from tests.domain.commands.guarded_scene import (
    HOURS,
    LIMITS,
    TERMS,
    GuardedDesk,
    asked,
    delayed,
    file_of,
    guarded,
    law,
    limited,
    move,
    strict,
    with_terms,
)
from tests.domain.commands.scene import DEV, SHOP, V2023, proposal

TRUST = TrustAccount(account=DEV, trusted=SHOP)


def opened(number: int) -> OpenAccount:
    return OpenAccount(account=f"tha:shop{number}", holder=f"H{number}")


def full(desk: Desk) -> Command:
    for number in range(LIST_MAX):
        desk.do(opened(number))
        desk.do(TrustAccount(account=DEV, trusted=f"tha:shop{number}"))
    return TRUST


LISTS = (
    Case("the account is not open", AccountFault.UNKNOWN, lambda _: TrustAccount(account="tha:nobody", trusted=SHOP)),
    Case("the trusted one is not", AccountFault.UNKNOWN, lambda _: TrustAccount(account=DEV, trusted="tha:nobody")),
    Case(
        "the Party abroad is no Party",
        AccountFault.CODE_UNREADABLE,
        lambda _: TrustAccount(account=DEV, trusted="x", partner=Party("Switzerland")),
    ),
    Case(
        "the account abroad cannot be a name",
        NamingFault.KEY_UNFIT,
        lambda _: TrustAccount(account=DEV, trusted="\n", partner=Party("CHE")),
    ),
    Case("an account would trust itself", TrustedFault.ITSELF, lambda _: TrustAccount(account=DEV, trusted=DEV)),
    Case("it is on the list", TrustedFault.ALREADY, after(TRUST, then=TRUST)),
    Case("the list is full", TrustedFault.FULL, full),
    Case("what is taken out is not on it", TrustedFault.UNKNOWN, lambda _: DistrustAccount(account=DEV, trusted=SHOP)),
)
DELAYS = (
    Case("the target is not trusted and would have to wait", SafeguardFault.MUST_WAIT, lambda _: move()),
    Case("units go abroad to an account that is not trusted", SafeguardFault.MUST_WAIT, lambda _: proposal()),
    Case("the name of a request has a space", RequestFault.ID_UNREADABLE, lambda _: asked("R 1")),
    Case("a request's name is taken", RequestFault.ALREADY_MADE, after(asked(), then=asked(first=41, last=50))),
    Case("a request's units wait for another", UnitsFault.ON_HOLD, after(asked(), then=asked("R-2"))),
    Case("no such request is to be done", RequestFault.UNKNOWN, lambda _: ExecuteTransfer(request="R-9")),
    Case("no such request is to be given up", RequestFault.UNKNOWN, lambda _: AbortTransfer(request="R-9", reason="x")),
    Case("it is not due", RequestFault.NOT_DUE, after(asked(), then=ExecuteTransfer(request="R-1"))),
    Case(
        "it is given up without a reason",
        AccountStateFault.REASON_MISSING,
        after(asked(), then=AbortTransfer(request="R-1", reason=" ")),
    ),
    Case(
        "it was given up",
        RequestFault.NOT_PENDING,
        after(asked(), AbortTransfer(request="R-1", reason="off"), then=ExecuteTransfer(request="R-1")),
    ),
)
STRICTLY = (
    Case("the target is not trusted", SafeguardFault.NOT_TRUSTED, lambda _: move()),
    Case("a request names one", SafeguardFault.NOT_TRUSTED, lambda _: asked()),
    Case("an account abroad is not trusted", SafeguardFault.NOT_TRUSTED, lambda _: proposal()),
    Case(
        "the same code is trusted here, and not abroad",
        SafeguardFault.NOT_TRUSTED,
        after(
            OpenAccount(account="che:buyer", holder="KLIK", party=Party("CHE")),
            TrustAccount(account=DEV, trusted="che:buyer"),
            then=proposal(),
        ),
    ),
)
LIMITED = (
    Case("one act is above its limit", SafeguardFault.ACT_EXCEEDED, lambda _: move(1, 41)),
    Case("a request is", SafeguardFault.ACT_EXCEEDED, lambda _: asked(first=1, last=41)),
    Case("the day is full", SafeguardFault.DAY_EXCEEDED, after(move(1, 40), then=move(41, 61))),
    Case("a request filled the day", SafeguardFault.DAY_EXCEEDED, after(asked(), then=move(41, 61))),
)
TERMED = (
    Case("there is no file on the holder", SafeguardFault.KYC_MISSING, lambda _: move()),
    Case("the file has run out", SafeguardFault.KYC_OVER, after(file_of(until=date(2026, 3, 30)), then=move())),
    Case(
        "an account is opened without a file",
        SafeguardFault.KYC_MISSING,
        lambda _: OpenAccount(account="tha:new", holder="NEW"),
    ),
    Case(
        "a foreign entity shows no Party",
        OrganisationFault.ONE_PARTY,
        after(file_of("KLIK"), then=OpenAccount(account="tha:klik", holder="KLIK")),
    ),
    Case(
        "a foreign entity shows two Parties",
        OrganisationFault.ONE_PARTY,
        after(
            file_of("KLIK"),
            then=OpenAccount(account="tha:klik", holder="KLIK", authorized_by=(Party("THA"), Party("CHE"))),
        ),
    ),
    Case(
        "a foreign entity shows another Party than that of the account",
        OrganisationFault.ONE_PARTY,
        after(file_of("KLIK"), then=OpenAccount(account="tha:klik", holder="KLIK", authorized_by=(Party("CHE"),))),
    ),
    Case("the file is recorded so already", KycFault.UNCHANGED, after(file_of(), then=file_of())),
    Case("a holder cannot be a key", NamingFault.KEY_UNFIT, lambda _: file_of("")),
)
BOOK = law("safe", "rulebook", **{MOVE_LIMIT: LIMITS})
PRACTICES = (
    Case("it is not loaded", AdoptFault.UNKNOWN, lambda _: AdoptPractice(practice="nowhere", version="1")),
    Case("it is a State's pack", PracticeFault.NO_RULEBOOK, lambda _: AdoptPractice(practice="xbb", version="1")),
    Case("another version is loaded", AdoptFault.OTHER_VERSION, lambda _: AdoptPractice(practice="safe", version="2")),
    Case(
        "it is adopted",
        AdoptFault.ALREADY_ADOPTED,
        after(AdoptPractice(practice="safe", version="1"), then=AdoptPractice(practice="safe", version="1")),
    ),
)


def practising() -> GuardedDesk:
    return guarded(laws={"safe": BOOK, "xbb": law("xbb")})


@pytest.mark.parametrize("case", LISTS, ids=titles)
def test_a_change_of_a_trusted_list_is_refused_when(case: Case) -> None:
    check_refused(case, delayed())


@pytest.mark.parametrize("case", DELAYS, ids=titles)
def test_a_delayed_transfer_is_refused_when(case: Case) -> None:
    check_refused(case, delayed())


@pytest.mark.parametrize("case", STRICTLY, ids=titles)
def test_a_strict_law_refuses_when(case: Case) -> None:
    check_refused(case, strict())


@pytest.mark.parametrize("case", LIMITED, ids=titles)
def test_a_limit_refuses_when(case: Case) -> None:
    check_refused(case, limited())


@pytest.mark.parametrize("case", TERMED, ids=titles)
def test_the_terms_of_accounts_refuse_when(case: Case) -> None:
    check_refused(case, with_terms())


@pytest.mark.parametrize("case", PRACTICES, ids=titles)
def test_a_practice_is_not_adopted_when(case: Case) -> None:
    check_refused(case, practising())


# Trusted lists


def test_without_a_law_nothing_is_delayed_limited_or_asked() -> None:
    desk = guarded().at("2026-04-05 03:00")
    desk.do(move(1, 100))
    assert desk.books.record(MOVED, DEV) is None


def test_an_account_of_the_list_counts_from_its_moment_on_and_not_a_millisecond_before() -> None:
    desk = strict().at("2026-03-31 10:00")
    desk.do(TRUST)
    desk.at("2026-04-04 09:59:59.999")
    check_refused(Case("not yet", SafeguardFault.NOT_TRUSTED, lambda _: move()), desk)
    desk.at("2026-04-04 10:00").do(move())
    assert desk.held(V2023)[0] == ("1..40", SHOP)


def test_an_account_is_taken_out_of_the_list_at_once_and_waits_anew_when_it_comes_back() -> None:
    desk = strict()
    desk.do(TRUST)
    desk.at("2026-04-06 10:00").do(move(1, 10))
    desk.do(DistrustAccount(account=DEV, trusted=SHOP))
    check_refused(Case("out", SafeguardFault.NOT_TRUSTED, lambda _: move(11, 20)), desk)
    desk.do(TRUST)
    check_refused(Case("waits anew", SafeguardFault.NOT_TRUSTED, lambda _: move(11, 20)), desk)


def test_accounts_of_one_holder_trust_each_other() -> None:
    desk = strict()
    desk.do(OpenAccount(account="tha:dev2", holder=DEV))
    desk.do(move(target="tha:dev2"))


def test_units_go_abroad_to_a_trusted_account_in_working_hours() -> None:
    desk = strict()
    desk.do(TrustAccount(account=DEV, trusted="che:buyer", partner=Party("CHE")))
    desk.at("2026-04-06 10:00").do(proposal())


def test_an_offer_is_not_accepted_by_an_account_that_is_not_trusted() -> None:
    desk = strict()
    offer = OfferUnits(
        offer="O-1",
        account=DEV,
        units=move().units,
        until=date(2026, 12, 31),
        currency="THB",
        confidential={"price": 100},
    )
    desk.do(offer)
    accept = AcceptOffer(offer="O-1", account=SHOP)
    check_refused(Case("not trusted", SafeguardFault.NOT_TRUSTED, lambda _: accept), desk)
    desk.do(TRUST)
    desk.at("2026-04-06 10:00").do(accept)


# Delays


def test_a_request_is_done_exactly_at_its_due_moment() -> None:
    desk = delayed()
    entry = desk.do(asked())
    # Wednesday 1 April is a holiday: the delay ends on it, so the request is due on Thursday at nine, 02:00 UTC.
    assert entry.details["due"] == "2026-04-02T02:00:00.000Z"
    assert entry.moves == ()
    desk.at("2026-04-02 08:59:59.999")
    check_refused(Case("a millisecond early", RequestFault.NOT_DUE, lambda _: ExecuteTransfer(request="R-1")), desk)
    done = desk.at("2026-04-02 09:00").do(ExecuteTransfer(request="R-1"))
    assert desk.held(V2023) == [("1..40", SHOP), ("41..100", DEV)]
    assert done.details == {"request": "R-1"}
    assert desk.books.record(REQUEST, "R-1")["state"] == "executed"
    assert desk.books.holds(V2023, 1, 100) == ()


def test_a_request_to_a_trusted_account_is_due_at_once_in_working_hours() -> None:
    desk = delayed()
    desk.do(TRUST)
    desk.at("2026-04-06 10:00").do(asked())
    desk.do(ExecuteTransfer(request="R-1"))


def test_a_transfer_to_a_trusted_account_waits_from_closing_time_on() -> None:
    desk = delayed()
    desk.do(TRUST)
    desk.at("2026-04-06 17:00")
    refusal = check_refused(Case("closed", SafeguardFault.MUST_WAIT, lambda _: move()), desk)
    assert refusal.facts["due"] == "2026-04-07T02:00:00.000Z"
    desk.at("2026-04-06 16:59:59").do(move())


def test_what_is_asked_for_is_kept_for_it_and_free_again_when_it_is_given_up() -> None:
    desk = delayed()
    desk.do(TRUST)
    desk.at("2026-04-06 10:00").do(asked(target=SHOP))
    check_refused(Case("kept", UnitsFault.ON_HOLD, lambda _: move()), desk)
    desk.do(AbortTransfer(request="R-1", reason="the sale is off"))
    desk.do(move())


def test_a_request_keeps_its_moment_when_the_law_becomes_stricter() -> None:
    desk = delayed()
    desk.do(asked())
    desk.law = law(**{MOVE_DELAY: HOURS, MOVE_LIMIT: MoveLimitRule(per_act=1)})
    desk.at("2026-04-02 09:00").do(ExecuteTransfer(request="R-1"))


def test_what_the_holder_did_meanwhile_is_asked_again_when_a_request_is_done() -> None:
    desk = guarded(**{MOVE_DELAY: HOURS, ACCOUNT_TERMS: TERMS})
    desk.do(file_of(until=date(2026, 4, 1)))
    desk.do(asked())
    desk.at("2026-04-02 09:00")
    check_refused(Case("over", SafeguardFault.KYC_OVER, lambda _: ExecuteTransfer(request="R-1")), desk)
    desk.do(file_of())
    desk.do(ExecuteTransfer(request="R-1"))


# Limits


def test_a_limit_is_reached_and_not_passed_and_says_what_remains() -> None:
    desk = limited()
    desk.do(move(1, 40))
    refusal = check_refused(Case("one too many", SafeguardFault.DAY_EXCEEDED, lambda _: move(41, 61)), desk)
    assert (refusal.facts["left"], refusal.facts["limit"]) == (20, 60)
    desk.do(move(41, 60))
    refusal = check_refused(Case("none left", SafeguardFault.DAY_EXCEEDED, lambda _: move(61, 61)), desk)
    assert refusal.facts["left"] == 0
    desk.at("2026-04-01 07:00").do(move(61, 100))
    assert desk.books.record(MOVED, DEV) == {"day": "2026-04-01", "units": 40}


def test_a_limit_is_of_each_account() -> None:
    desk = limited()
    desk.do(move(1, 40))
    desk.do(Transfer(units=move(1, 40).units, source=SHOP, target=DEV))


# Files on holders


def test_a_file_is_good_through_its_last_day() -> None:
    desk = with_terms()
    desk.do(file_of(until=date(2026, 3, 31)))
    desk.do(move(1, 10))
    desk.at("2026-04-01 10:00")
    check_refused(Case("the day after", SafeguardFault.KYC_OVER, lambda _: move(11, 20)), desk)


def test_the_journal_holds_nothing_of_a_file_but_its_last_day() -> None:
    entry = with_terms().do(file_of())
    assert [(each.kind, each.key, each.value) for each in entry.records] == [
        ("kyc", DEV, {"kyc_valid_until": "2026-12-31"})
    ]
    assert entry.details == {}


def test_the_party_itself_needs_no_file_and_a_foreign_entity_one_party() -> None:
    desk = with_terms()
    desk.do(OpenAccount(account="tha:state", holder="THA"))
    desk.do(RecordKyc(holder="KLIK", valid_until=date(2026, 12, 31)))
    desk.do(OpenAccount(account="tha:klik", holder="KLIK", authorized_by=(Party("THA"),)))


# The practice


def test_an_adopted_practice_speaks_where_the_law_is_silent_and_only_there() -> None:
    desk = practising()
    desk.do(move(1, 41))
    desk.do(AdoptPractice(practice="safe", version="1"))
    check_refused(Case("by practice", SafeguardFault.ACT_EXCEEDED, lambda _: move(42, 82)), desk)
    desk.law = law(**{MOVE_LIMIT: MoveLimitRule(per_act=50)})
    desk.do(move(42, 82))


def test_a_practice_that_is_loaded_in_another_version_stops_what_moves() -> None:
    desk = practising()
    desk.do(AdoptPractice(practice="safe", version="1"))
    desk.laws = LawTable({"safe": law("safe", "rulebook", "2", **{MOVE_LIMIT: LIMITS})})
    refusal = desk.ask(move())
    assert getattr(refusal, "code", "") == AdoptedFault.VERSION_DIFFERS
    desk.do(AdoptPractice(practice="safe", version="2"))
    desk.do(move())


def test_a_request_holds_its_units_under_its_own_name() -> None:
    desk = delayed()
    desk.do(asked())
    assert desk.books.record(HOLD, "request:R-1")["request"] == "R-1"
