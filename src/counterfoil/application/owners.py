"""Whose is what a command is about: the organisations that own all of it, by the records of the books.

An account is its holder's, an activity its participants', a transfer the holder's of the account that it left, a
verification the verifier's. An organisation is known here by its number as an entity.

Source: ADR-0026.
"""

from collections.abc import Callable, Mapping
from functools import reduce
from types import MappingProxyType
from typing import Any, Final

from counterfoil.application.command import Command
from counterfoil.application.commands.abroad import TRANSFER, ProposeTransfer
from counterfoil.application.commands.cancel import Cancel, Retire
from counterfoil.application.commands.contribute import ContributeToAdaptationFund
from counterfoil.application.commands.declare_units import DeclareUnits
from counterfoil.application.commands.distribute import Distribute
from counterfoil.application.commands.end_listing import EndListing
from counterfoil.application.commands.end_transfer import VoidTransfer
from counterfoil.application.commands.file_liability import FileLiability
from counterfoil.application.commands.give_mandate import GiveMandate, WithdrawMandate
from counterfoil.application.commands.list_units import ListUnits
from counterfoil.application.commands.monitor import SubmitMonitoring, Verify
from counterfoil.application.commands.offer_units import AcceptOffer, OfferUnits, WithdrawOffer
from counterfoil.application.commands.open_account import ACCOUNT_RECORD, OpenAccount
from counterfoil.application.commands.propose_activity import ProposeActivity
from counterfoil.application.commands.record_consultation import RecordConsultation
from counterfoil.application.commands.record_finding import CloseFinding, RecordFinding
from counterfoil.application.commands.record_trade import FailTrade, RecordTrade
from counterfoil.application.commands.record_voluntary import RecordVoluntaryUnits
from counterfoil.application.commands.request_issuance import EndIssuanceRequest, RequestIssuance
from counterfoil.application.commands.request_transfer import AbortTransfer, ExecuteTransfer, RequestTransfer
from counterfoil.application.commands.settle_trade import SettleTrade
from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.commands.trust_account import DistrustAccount, TrustAccount
from counterfoil.application.commands.use import UseTowardsNdc
from counterfoil.domain.activities.activity import ACTIVITY
from counterfoil.domain.activities.finding import FINDING
from counterfoil.domain.compliance.liability import LIABILITY
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.mrv.issuance_request import ISSUANCE_REQUEST
from counterfoil.domain.people.transfer_request import REQUEST
from counterfoil.domain.settlement.mandate import MANDATE
from counterfoil.domain.settlement.offer import OFFER

Owners = frozenset[str]
NOBODY: Final[Owners] = frozenset()


def owners_of(command: Command, books: Books) -> Owners:
    """The organisations that own all that a command is about; none where it is about nobody's own things."""
    found = OWNED.get(type(command))
    return NOBODY if found is None else found(command, books)


def holder_of(account: str, books: Books) -> Owners:
    """Who holds an account, as it was opened."""
    value = books.record(ACCOUNT_RECORD, account)
    return NOBODY if value is None else frozenset({value["holder"]})


def participants_of(activity: str, books: Books) -> Owners:
    """Who takes part in an activity."""
    value = books.record(ACTIVITY, activity)
    return NOBODY if value is None else frozenset(value["participants"])


def _all(*owners: Owners) -> Owners:
    """Who owns each of several things."""
    return reduce(frozenset.intersection, owners)


def _of_transfer(command: VoidTransfer, books: Books) -> Owners:
    value = books.record(TRANSFER, command.transfer)
    return NOBODY if value is None else holder_of(value["source"], books)


def _of_liability(command: DeclareUnits, books: Books) -> Owners:
    value = books.record(LIABILITY, command.liability)
    return NOBODY if value is None else _all(frozenset({value["entity"]}), holder_of(value["account"], books))


def _of_filing(command: FileLiability, books: Books) -> Owners:
    return _all(frozenset({command.entity}), holder_of(command.account, books))


def _account(command: Any, books: Books) -> Owners:
    return holder_of(command.account, books)


def _source(command: Any, books: Books) -> Owners:
    return holder_of(command.source, books)


def _activity(command: Any, books: Books) -> Owners:
    return participants_of(command.activity, books)


def _said(field: str) -> Callable[[Any, Books], Owners]:
    """Of what does not exist yet, the command itself says whose it will be."""
    return lambda command, _: frozenset({getattr(command, field)})


def _of_mandate(command: WithdrawMandate, books: Books) -> Owners:
    value = books.record(MANDATE, command.mandate)
    return NOBODY if value is None else holder_of(value["account"], books)


def _of_offer(command: WithdrawOffer, books: Books) -> Owners:
    value = books.record(OFFER, command.offer)
    return NOBODY if value is None else holder_of(value["account"], books)


def _of_finding(command: CloseFinding, books: Books) -> Owners:
    """Who found it closes it under its own name; that another body judged the answer, only an officer records."""
    value = books.record(FINDING, command.finding)
    return NOBODY if value is None else _all(frozenset({command.body}), frozenset({value["body"]}))


def _of_asking(command: RequestIssuance, books: Books) -> Owners:
    return _all(participants_of(command.activity, books), holder_of(command.account, books))


def _of_asked(command: EndIssuanceRequest, books: Books) -> Owners:
    value = books.record(ISSUANCE_REQUEST, command.request)
    return NOBODY if value is None else participants_of(value["activity"], books)


def _of_request(command: ExecuteTransfer | AbortTransfer, books: Books) -> Owners:
    value = books.record(REQUEST, command.request)
    return NOBODY if value is None else holder_of(value["source"], books)


OWNED: Final[Mapping[type[Command], Callable[[Any, Books], Owners]]] = MappingProxyType(
    {
        OpenAccount: _said("holder"),
        ProposeActivity: lambda command, _: frozenset(command.participants),
        RecordConsultation: _activity,
        RecordFinding: _said("body"),
        CloseFinding: _of_finding,
        SubmitMonitoring: _activity,
        Verify: _said("verifier"),
        RequestIssuance: _of_asking,
        EndIssuanceRequest: _of_asked,
        ListUnits: _account,
        RecordTrade: _said("exchange"),
        FailTrade: _said("exchange"),
        SettleTrade: _said("exchange"),
        EndListing: _account,
        GiveMandate: _account,
        WithdrawMandate: _of_mandate,
        OfferUnits: _account,
        AcceptOffer: _account,
        WithdrawOffer: _of_offer,
        Distribute: _activity,
        Transfer: _source,
        RequestTransfer: _source,
        ExecuteTransfer: _of_request,
        AbortTransfer: _of_request,
        TrustAccount: _account,
        DistrustAccount: _account,
        ProposeTransfer: _source,
        VoidTransfer: _of_transfer,
        UseTowardsNdc: _account,
        Cancel: _account,
        Retire: _account,
        ContributeToAdaptationFund: _account,
        FileLiability: _of_filing,
        DeclareUnits: _of_liability,
        RecordVoluntaryUnits: _said("holder"),
    }
)
"""The commands that can be about somebody's own things. A row of the table that says `own` must be here."""
