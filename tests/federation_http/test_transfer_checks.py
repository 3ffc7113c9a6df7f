"""The catalogue of the receiving side's checks: every code of that side belongs to one, and each of them refuses."""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from types import ModuleType
from typing import Any

import pytest

from counterfoil.application.commands import acquire, clearance, fitting, offered, open_account, shown
from counterfoil.application.commands.link import ChangeLink
from counterfoil.application.commands.record_agreement import RecordAgreement
from counterfoil.application.federation import acting, opening, partner_proof
from counterfoil.domain.authorizations import agreement, commitment, coverage
from counterfoil.domain.federation import jws, link, signing_key
from counterfoil.domain.federation.link import LinkState
from counterfoil.domain.federation.message import Envelope
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.units import identifier, serials
from counterfoil.entrypoints.faults import catalogue
from counterfoil.entrypoints.http import federation_inbox
from counterfoil.entrypoints.transfer_checks import transfer_checks
from tests.application.office import Office
from tests.application.test_federation import CLASS, Pair, sealed

PATH: tuple[ModuleType | Callable[..., Any], ...] = (
    acting,
    opening,
    partner_proof,
    jws,
    signing_key,
    federation_inbox,
    offered,
    shown,
    fitting,
    commitment,
    link.moves_units,
    acquire.accept_transfer,
    acquire._in_time,
    acquire._offer_readable,
    acquire._named_for_another,
    acquire.acquire,
    acquire.decline_transfer,
    coverage.addresses,
    clearance.agreed,
    agreement.permitting,
    open_account.holding_open,
    open_account.under_one_party,
    serials,
    identifier.unit_class,
)
"""What a message comes through on the receiving side."""


def codes_of(part: ModuleType | Callable[..., Any]) -> Iterator[str]:
    """The fault codes that a module or function names."""
    found = part if inspect.ismodule(part) else inspect.unwrap(part)
    names = vars(found) if inspect.ismodule(found) else found.__globals__  # type: ignore[union-attr]
    for enum, member in re.findall(r"\b(\w+Fault)\.([A-Z_]+)\b", inspect.getsource(found)):
        yield str(names[enum][member].value)


def test_every_code_of_the_receiving_side_belongs_to_exactly_one_check() -> None:
    answers = [code for check in transfer_checks() for code in check.answers]
    assert len(answers) == len(set(answers))
    assert {code for part in PATH for code in codes_of(part)} - set(answers) == set()


def test_every_check_is_told_in_both_languages_and_answers_with_known_codes() -> None:
    checks = transfer_checks()
    assert [check.code for check in checks] == [f"T{number:02}" for number in range(1, len(checks) + 1)]
    for check in checks:
        assert check.title["en"] and check.title["zh-Hant"] and check.asks["en"] and check.asks["zh-Hant"]
        assert all(catalogue().message(Refusal(code), "zh-Hant") for code in check.answers), check.code


@pytest.fixture
def pair() -> Pair:
    return Pair()


Case = Callable[[Pair, dict[str, Any]], dict[str, Any] | Envelope]


def body(**changes: Any) -> Case:
    return lambda _, message: {**message, "body": {**message["body"], **changes}}


def head(**changes: Any) -> Case:
    return lambda _, message: {**message, **changes}


def part(**changes: Any) -> Case:
    def changed(_: Pair, message: dict[str, Any]) -> dict[str, Any]:
        of, first, last, facts = message["body"]["parts"][0]
        content = {"of": of, "first": first, "last": last, "facts": facts, **changes}
        return {**message, "body": {**message["body"], "parts": [list(content.values())]}}

    return changed


def letter(**changes: Any) -> Case:
    def changed(_: Pair, message: dict[str, Any]) -> dict[str, Any]:
        letters = [{**one, **changes} for one in message["body"]["authorizations"]]
        return {**message, "body": {**message["body"], "authorizations": letters}}

    return changed


def suspended(pair: Pair, message: dict[str, Any]) -> dict[str, Any]:
    pair.buyer.do(ChangeLink(party=Party("XAA"), reason="test", state=LinkState.SUSPENDED))
    return message


def not_live_yet(pair: Pair, message: dict[str, Any]) -> dict[str, Any]:
    pair.buyer.do(ChangeLink(party=Party("XAA"), reason="test", state=LinkState.TESTING))
    return message


def forged(pair: Pair, message: dict[str, Any]) -> Envelope:
    return replace(sealed(pair.host, message), signature=bytes(64))


def by_nobody(pair: Pair, message: dict[str, Any]) -> Envelope:
    return replace(sealed(pair.host, message), key="A" * 43)


def of_the_buyer(pair: Pair, message: dict[str, Any]) -> dict[str, Any]:
    """Units of the buyer's own registry that it never issued."""
    return part(of=CLASS.replace("XAA", "XBB"))(pair, message)  # type: ignore[return-value]


CASES: tuple[tuple[str, str, Case], ...] = (
    ("T04", "message.unreadable", body(parts="none")),
    ("T05", "message.version", head(version=7)),
    ("T06", "message.not_for_us", head(recipient="XCC")),
    ("T07", "message.sender_unknown", head(sender="XCC")),
    ("T08", "message.key_unknown", by_nobody),
    ("T09", "message.signature", forged),
    ("T10", "link.suspended", suspended),
    ("T10", "link.not_live", not_live_yet),
    ("T11", "message.from_future", head(sent_at="2999-01-01T00:00:00Z")),
    ("T11", "message.expired", body(expires_at="2020-01-01T00:00:00Z")),
    ("T12", "transfer.id_unreadable", head(transfer="no name!")),
    ("T12", "message.sequence", head(kind="acceptance")),
    ("T13", "message.proof", head(transfer="t-2")),
    ("T14", "transfer.parts", body(parts=[])),
    ("T15", "account.unknown", body(target="xbb:nobody")),
    ("T15", "account.not_a_holding", body(target="pending:XAA")),
    ("T16", "serials.backwards", part(first=9, last=8)),
    ("T16", "identifier.unreadable", part(of="??")),
    ("T16", "acquisition.facts_unreadable", part(facts={"unit_type": 7})),
    ("T17", "transfer.not_an_itmo", part(of="BR-#")),
    ("T19", "acquisition.never_issued_here", of_the_buyer),
    ("T20", "acquisition.records_unreadable", letter(id="")),
    ("T20", "acquisition.approach_differs", body(authorizations=[])),
    ("T22", "coverage.party_not_authorized", letter(authorized_parties=["XCC"])),
    ("T22", "coverage.entity_not_authorized", body(entity="E-9")),
    ("T23", "authorization.commitment_missing", letter(adjustment_commitment="")),
)


@pytest.mark.parametrize(("check", "code", "case"), CASES)
def test_a_check_refuses_with_its_code(pair: Pair, check: str, code: str, case: Case) -> None:
    pair.propose()
    message = pair.buyer.world.codec.decode(pair.network.waiting[0][1].content)
    before = pair.buyer.writer.size
    changed = case(pair, message)
    since = pair.buyer.writer.size
    envelope = changed if isinstance(changed, Envelope) else sealed(pair.host, changed)
    outcome = pair.links[Party("XBB")].receive(envelope).outcome
    assert isinstance(outcome, Refusal) and outcome.code == code, outcome
    assert pair.buyer.writer.size == since >= before, "nothing of it is done"
    assert code in next(each.answers for each in transfer_checks() if each.code == check)


def test_units_that_are_known_here_are_refused_under_another_transfer(pair: Pair) -> None:
    pair.propose()
    first = pair.buyer.world.codec.decode(pair.network.waiting[0][1].content)
    pair.network.deliver()
    pair.propose(401, 500, "t-2")
    second = pair.buyer.world.codec.decode(pair.network.waiting[0][1].content)
    second["body"]["parts"] = first["body"]["parts"]
    outcome = pair.links[Party("XBB")].receive(sealed(pair.host, second)).outcome
    assert isinstance(outcome, Refusal) and outcome.code == "acquisition.units_known"


def test_a_letter_that_says_something_else_than_before_is_refused_by_the_check_of_known_letters(pair: Pair) -> None:
    pair.propose()
    pair.network.deliver()
    pair.propose(401, 500, "t-2")
    message = pair.buyer.world.codec.decode(pair.network.waiting[0][1].content)
    for one in message["body"]["authorizations"]:
        one["authorized_quantity"] = 9_999
    outcome = pair.links[Party("XBB")].receive(sealed(pair.host, message)).outcome
    assert isinstance(outcome, Refusal) and outcome.code == "acquisition.letter_differs"


def test_without_an_agreement_in_force_units_for_an_ndc_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Office.agreement

    def later(office: Office, partner: str) -> RecordAgreement:
        found = known(office, partner)
        return found if office.party == "XAA" else replace(found, in_force_from=date(2030, 1, 1))

    monkeypatch.setattr(Office, "agreement", later)
    pair = Pair()
    pair.propose()
    outcome = pair.links[Party("XBB")].receive(pair.network.waiting[0][1]).outcome
    assert isinstance(outcome, Refusal) and outcome.code == "agreement.none_in_force", outcome
