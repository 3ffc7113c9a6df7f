"""What may name a thing: every text that a command brings into a key, an account, a class or a commodity is fit for it.

A text that one engine keeps and another does not would stop everybody's batch, or a restore into another engine.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from enum import Enum
from itertools import starmap
from typing import Any

import pytest

from counterfoil.application.command import Command
from counterfoil.application.commands.abroad import AbroadFault
from counterfoil.application.commands.acquire import DeclineTransfer, RecordAgreedTransfer
from counterfoil.application.commands.cancel import Retire
from counterfoil.application.commands.change_authorization import ChangeAuthorization, RevokeAuthorization
from counterfoil.application.commands.end_transfer import VoidTransfer
from counterfoil.application.commands.hold import PlaceHold, ReleaseHold
from counterfoil.application.commands.offered import AcquireFault
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.register import RegisterCooperativeApproach, RegisterEntity
from counterfoil.application.commands.rotate_key import ConfirmKey
from counterfoil.application.commands.table import COMMANDS
from counterfoil.application.commands.transfer import Transfer
from counterfoil.domain.authorizations.acknowledgement import LaterAuthorization
from counterfoil.domain.kernel.ids import (
    KEY_BYTES_MAX,
    CooperativeApproachId,
    NamingFault,
    Party,
    TransferId,
    is_key,
)
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.entry import Entry
from counterfoil.domain.units.metric import Metric, MetricKind
from counterfoil.domain.units.unit_type import UnitType
from tests.domain.commands.desk import Case, Desk, check_refused, registry, titles, units
from tests.domain.commands.more_examples import more_examples
from tests.domain.commands.scene import (
    BUSES,
    DEV,
    HOME,
    LOA,
    SHOP,
    V2023,
    activity,
    agreement,
    authorized_host,
    buyer,
    host,
    issue,
    issuing_host,
    letter,
    offer,
    partner,
    proposal,
    receipt,
    report,
    settle,
    statement,
)
from tests.domain.commands.test_accounting_records import CLOSED, choose, freeze, record_inventory, record_ndc
from tests.domain.commands.test_acknowledgement import acknowledge, withdraw
from tests.domain.commands.test_adopt_pack import adopt, adopting_desk
from tests.domain.commands.test_agreements import their_letter
from tests.domain.commands.test_authorize_units import placing, unauthorized
from tests.domain.commands.test_cancel import PLAIN, administrative
from tests.domain.commands.test_compliance import declare, file, liable, voluntary
from tests.domain.commands.test_contribute import give
from tests.domain.commands.test_convert import convert, division, label, lawful_host, listing, reissue
from tests.domain.commands.test_correct import correct
from tests.domain.commands.test_file_report import annual, answered, initial, sent
from tests.domain.commands.test_found import founding
from tests.domain.commands.test_import_units import cancellation, issuance
from tests.domain.commands.test_keys_and_witnesses import founded, policy, public, rotate, witness
from tests.domain.commands.test_objection import objection as bar
from tests.domain.commands.test_objection import step
from tests.domain.commands.test_participation import attest, rules
from tests.domain.commands.test_recognize import acquired as recognizer
from tests.domain.commands.test_recognize import answer as answer_objection
from tests.domain.commands.test_recognize import objection
from tests.domain.commands.test_recognize import statement as recognition
from tests.domain.commands.test_record_cost import contribution, cost
from tests.domain.commands.test_record_decision import decision
from tests.domain.commands.test_record_statement import says
from tests.domain.commands.test_results_and_imports import held, imported, result
from tests.domain.commands.test_results_payment import COVERING, nested
from tests.domain.commands.test_review_report import answer, close, filed, found
from tests.domain.commands.test_set_quota import child, quota
from tests.domain.commands.test_staged_authorization import confirm, first_stage, outcomes, reduce
from tests.domain.commands.test_submit_aef import submission
from tests.domain.commands.test_use import use, user

HOLD = PlaceHold(hold="H-1", units=units(V2023, 1, 9), authority="DNA", reason="review")
OPERATION = Metric(MetricKind.NON_GHG, "MWh", conversion="0.45")
AGREED = RecordAgreedTransfer(transfer=TransferId("A-1"), partner=Party("JPN"), direction="in", subject="JCM")
APPROACH = RegisterCooperativeApproach(
    approach=CooperativeApproachId("CA9003"), title="Rice", participants=(Party("THA"), Party("CHE"))
)


@dataclass(frozen=True)
class Example:
    """A command that is accepted, once the others are done at a desk."""

    command: Command
    desk: Callable[[], Desk] = host
    before: tuple[Command, ...] = ()
    on: date | None = None

    def ask(self, command: Command) -> Entry | Refusal:
        desk = self.desk()
        for earlier in self.before:
            desk.do(earlier)
        return desk.ask(command, on=self.on)


def proposed() -> Desk:
    desk = issuing_host()
    desk.do(proposal())
    return desk


def settled() -> Desk:
    desk = proposed()
    desk.do(settle("T-1"))
    return desk


def accepted() -> Desk:
    desk = buyer()
    desk.do(offer(proposed(), "T-1"))
    return desk


def nobody() -> Desk:
    return Desk(registry("THA"))


def domestic() -> Desk:
    desk = host()
    desk.do(issue(unit_type=UnitType.DOMESTIC, scheme="TVER", authorization=None))
    return desk


def compliance() -> Iterator[Example]:
    yield Example(file(), liable)
    yield Example(declare(), liable, (file(),))
    yield Example(voluntary(), liable)
    yield Example(COVERING, nested)
    yield Example(bar(), issuing_host)
    yield Example(step(), issuing_host, before=(bar(),))


def examples() -> Iterator[Example]:
    yield from starmap(Example, more_examples())
    yield Example(founding(), nobody)
    yield Example(OpenAccount(account="tha:x", holder="X"))
    yield Example(RegisterEntity(entity="E-1", name="E", country="THA"))
    yield Example(partner("NOR"))
    yield Example(APPROACH)
    yield Example(activity("RICE"))
    yield Example(activity("RICE", metric=OPERATION))
    yield Example(letter())
    yield Example(letter(metric=OPERATION))
    changed = ChangeAuthorization(authorization=LOA, statement="S", reason="R", vintages=(2023,))
    yield Example(changed, authorized_host)
    yield Example(RevokeAuthorization(authorization=LOA, statement="S", reason="R"), authorized_host)
    yield Example(first_stage())
    yield Example(outcomes(), before=(first_stage(),))
    yield Example(confirm(50), before=(letter(authorized_quantity=100, estimated=True),))
    yield Example(reduce(), issuing_host)
    yield Example(attest())
    yield Example(rules())
    yield Example(agreement("THA", "NOR"))
    yield Example(their_letter(party=Party("CHE"), cooperative_approach=CooperativeApproachId("CA9001")))
    yield Example(acknowledge())
    yield Example(withdraw(), before=(acknowledge(later=LaterAuthorization.UNTIL),))
    yield Example(give(), issuing_host)
    yield Example(report("M-2", BUSES, (2025, 10), first_day=date(2025, 1, 1), last_day=date(2025, 12, 31)))
    later = report("M-2", BUSES, (2025, 10), first_day=date(2025, 1, 1), last_day=date(2025, 12, 31))
    yield Example(statement("V-2", "M-2", (2025, 10)), before=(later,))
    yield Example(issue(), authorized_host)
    yield Example(issue(unit_type=UnitType.DOMESTIC, scheme="TVER", authorization=None))
    yield Example(placing(), unauthorized)
    yield Example(Transfer(units=units(V2023, 1, 9), source=DEV, target=SHOP), issuing_host)
    yield Example(proposal(), issuing_host)
    yield Example(settle("T-1"), proposed)
    yield Example(VoidTransfer(transfer=TransferId("T-1"), reason="R"), proposed)
    yield Example(offer(proposed(), "T-1"), buyer)
    yield Example(receipt(settled(), "T-1"), accepted)
    yield Example(DeclineTransfer(transfer=TransferId("T-1"), reason="R"), accepted)
    yield Example(AGREED)
    yield Example(use(), user)
    yield Example(administrative(first=101, last=110), issuing_host, (PLAIN,))
    yield Example(Retire(units=units(HOME, 1, 9), account=DEV), domestic)
    yield Example(HOLD, issuing_host)
    yield Example(ReleaseHold(hold="H-1", authority="DNA", reason="R"), issuing_host, (HOLD,))
    yield Example(correct(issuing_host().last), issuing_host)
    yield Example(submission())
    yield Example(initial())
    yield Example(annual(), before=(initial(),))
    yield Example(sent(), before=(initial(),))
    yield Example(answered(), before=(initial(),))
    yield Example(imported())
    yield Example(cost())
    yield Example(contribution())
    yield Example(result(), issuing_host, (submission(),))
    yield Example(held(hold="H-9"), issuing_host, (submission(), result()))
    yield Example(found(), filed)
    yield Example(answer(resubmitted="1.1"), filed, (found(),))
    yield Example(close(), filed, (found(), answer()))
    yield Example(issuance(1, 100), nobody)
    yield Example(cancellation(1, 10), nobody, (issuance(1, 100),))
    yield Example(rotate(2), founded)
    yield Example(ConfirmKey(public_key=public(2)), founded, (rotate(2),))
    yield Example(policy(witness(2)), founded)
    yield Example(says("IV.B", approach="CA9001"))
    yield Example(quota())
    yield Example(child(), before=(quota(),))
    yield Example(decision())
    yield Example(recognition(), recognizer)
    yield Example(objection(), recognizer)
    yield Example(answer_objection(), recognizer, (objection(),))


def conversions() -> Iterator[Example]:
    yield Example(convert(), lawful_host)
    yield Example(convert(target=SHOP, elsewhere="JPN01"), lawful_host)
    yield Example(reissue(), lawful_host)
    yield Example(label(), lawful_host)
    yield Example(listing(), lawful_host)
    yield Example(division(), lawful_host)


def accounting() -> Iterator[Example]:
    yield Example(record_ndc(), nobody)
    yield Example(record_inventory(), nobody)
    yield Example(choose(), nobody, (record_ndc(),))
    yield Example(freeze(), nobody, (record_ndc(), choose()), CLOSED)
    yield Example(adopt(), adopting_desk)


EXAMPLES = (*examples(), *compliance(), *conversions(), *accounting())
UNFIT = {"a NUL": "A\0B", "nothing": "", "a text without end": "x" * 5_000}


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str, Callable[[str], Any]]]:
    """Every text in a value: where it stands, the text, and the value with another text in its place."""
    if isinstance(value, str) and not isinstance(value, Enum):
        yield path, value, lambda text: text
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            for where, text, put in texts(getattr(value, each.name), f"{path}.{each.name}"):
                yield where, text, lambda new, name=each.name, put=put: replace(value, **{name: put(new)})
    elif isinstance(value, tuple | list):
        for number, item in enumerate(value):
            for where, text, put in texts(item, f"{path}[{number}]"):
                yield (
                    where,
                    text,
                    lambda new, at=number, put=put: type(value)([*value[:at], put(new), *value[at + 1 :]]),
                )
    elif isinstance(value, dict):
        for name, item in value.items():
            for where, text, put in texts(item, f"{path}.{name}"):
                yield where, text, lambda new, name=name, put=put: {**value, name: put(new)}


def keys(entry: Entry) -> Iterator[str]:
    """The texts of an entry that stand in a key of some table."""
    for record in entry.records:
        yield from (record.kind, record.key)
    for move in entry.moves:
        yield from (move.unit_class, move.source, move.target)
    for change in entry.facts:
        yield change.unit_class
    for posting in entry.postings:
        yield from (posting.book, posting.commodity, posting.account)


def parts(entry: Entry) -> set[str]:
    """The keys of an entry, and the texts that they are put together from."""
    return {part for key in keys(entry) for part in (key, *key.split(":"), *key.split("@"))}


def reaching(example: Example) -> list[tuple[str, Callable[[str], Any]]]:
    """The fields whose text stands in a key of the entry, and would so as another text; a look-up refuses another."""
    entry = example.ask(example.command)
    assert isinstance(entry, Entry), (example.command, entry)
    found: list[tuple[str, Callable[[str], Any]]] = []
    for where, text, put in texts(example.command):
        if text and text in parts(entry):
            changed = example.ask(put(f"{text}9"))
            if isinstance(changed, Refusal) or f"{text}9" in parts(changed):
                found.append((where, put))
    return found


def test_there_is_an_example_of_every_command() -> None:
    assert {type(example.command) for example in EXAMPLES} == set(COMMANDS)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: type(example.command).__name__)
def test_no_unfit_text_of_any_field_reaches_a_key(example: Example) -> None:
    """Whatever field it stands in: the command is refused, or the text goes elsewhere, such as into a title."""
    for where, _, put in texts(example.command):
        for text in ("A\0B", "x" * 5_000):
            outcome = example.ask(put(text))
            if isinstance(outcome, Entry):
                assert all(is_key(key) for key in keys(outcome)), (where, text[:9])


@pytest.mark.parametrize("text", UNFIT.values(), ids=UNFIT)
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: type(example.command).__name__)
def test_a_field_that_names_a_thing_is_refused_with(text: str, example: Example) -> None:
    for where, put in reaching(example):
        assert isinstance(example.ask(put(text)), Refusal), where


def test_the_fields_that_reach_a_key_are_found() -> None:
    found = {f"{type(each.command).__name__}{where}" for each in EXAMPLES for where, _ in reaching(each)}
    assert {
        "PlaceHold.hold", "RegisterEntity.entity", "RegisterActivity.activity", "SubmitMonitoring.monitoring",
        "Verify.verification", "ProposeTransfer.transfer", "AcceptTransfer.transfer", "AcceptTransfer.approaches[0].id",
        "AcceptTransfer.authorizations[0].id", "RecordAgreedTransfer.transfer", "Authorize.authorization",
        "OpenAccount.account", "Issue.activity", "RecordInventory.inventory",
    } <= found  # fmt: skip


def accept_with(**changes: Any) -> Command:
    asked = offer(proposed(), "T-1")
    (copy,) = asked.authorizations
    return replace(asked, authorizations=(copy, {**copy, **changes}))


def measuring(name: object) -> Command:
    asked = offer(proposed(), "T-1")
    (part,) = asked.parts
    return replace(asked, parts=(replace(part, facts={**part.facts, "metric": "non-GHG", "metric_name": name}),))


def named(**metric: str) -> Metric:
    return Metric(MetricKind.NON_GHG, **{"conversion": "1", **metric})


REFUSALS = (
    Case("a hold has no name", NamingFault.KEY_UNFIT, lambda _: replace(HOLD, hold="")),
    Case("a hold's name has a line end", NamingFault.KEY_UNFIT, lambda _: replace(HOLD, hold="H\n1")),
    Case("an entity's name is too long", NamingFault.KEY_UNFIT, lambda _: named_entity("單" * 67)),
    Case("an activity's name has a NUL", NamingFault.KEY_UNFIT, lambda _: activity("A\0")),
    Case("a metric has no name", NamingFault.KEY_UNFIT, lambda _: activity("RICE", metric=named(name=""))),
    Case(
        "a metric's name has a NUL", NamingFault.KEY_UNFIT, lambda _: letter(authorization="L", metric=named(name="\0"))
    ),
    Case("a report has no name", NamingFault.KEY_UNFIT, lambda _: report("", BUSES, (2023, 1))),
    Case("a statement has no name", NamingFault.KEY_UNFIT, lambda _: statement("", "M-1", (2023, 1))),
    Case("an agreed transfer has no name", NamingFault.KEY_UNFIT, lambda _: replace(AGREED, transfer=TransferId(""))),
    Case("a transfer has a space", AbroadFault.ID_UNREADABLE, lambda _: proposal("T 1")),
    Case("a transfer leaves no room", AbroadFault.ID_UNREADABLE, lambda _: proposal("T" * 81)),
)
OFFERS = (
    Case(
        "a transfer has a NUL",
        AbroadFault.ID_UNREADABLE,
        lambda _: replace(offer(proposed(), "T-1"), transfer=TransferId("\0")),
    ),
    Case("a copy's name has a NUL", AcquireFault.RECORDS_UNREADABLE, lambda _: accept_with(id="\0")),
    Case("a copy's name is a number", AcquireFault.RECORDS_UNREADABLE, lambda _: accept_with(id=1)),
    Case("a unit's metric has a NUL", AcquireFault.FACTS_UNREADABLE, lambda _: measuring("M\0")),
    Case("a unit's metric is a number", AcquireFault.FACTS_UNREADABLE, lambda _: measuring(7)),
    Case("a copy's host is nobody", AcquireFault.RECORDS_UNREADABLE, lambda _: accept_with(host="CH\0")),
)


def named_entity(text: str) -> RegisterEntity:
    return RegisterEntity(entity=text, name="E", country="THA")


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_name_is_refused_when(case: Case) -> None:
    check_refused(case, issuing_host())


@pytest.mark.parametrize("case", OFFERS, ids=titles)
def test_an_offer_is_refused_when(case: Case) -> None:
    check_refused(case, buyer())


def test_a_name_may_be_in_any_language_up_to_its_bytes() -> None:
    host().do(named_entity("統一編號 12345678／甲"))
    host().do(named_entity("單" * (KEY_BYTES_MAX // 3)))
