"""An entry: one act of the registry, balanced, with everything that it changes.

An entry has four kinds of effect, and no others, so that a stranger can replay the journal without our rules:
*moves* of serial ranges between accounts, *facts* set over ranges, *postings* in the books beside the unit book, and
*records* set by key. Nothing is updated or deleted; a mistake is answered by a reversing entry that names the first.
They are named tuples, not dataclasses: an act makes several, and they are made four times as fast (ADR-0010).

Read next: `domain/ledger/books.py`, which folds entries, and `domain/accounting/first_transfer.py`, which decides one.
Source: 2/CMA.3 annex para. 29 (records of a registry); 6/CMA.4 annex I paras. 2-8.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final, NamedTuple

from counterfoil.domain.kernel.canonical import JSON

LEAF_BYTES_MAX: Final = 16 * 1024
_NONE: Final[Mapping[str, Any]] = {}
UNITS: Final = "units"
ADJUSTMENTS: Final = "adjustments"


class Act(StrEnum):
    """What happened. The word is for ever: it stands in public leaves."""

    REGISTRY_FOUNDED = "RegistryFounded"
    ACCOUNT_OPENED = "AccountOpened"
    ENTITY_REGISTERED = "EntityRegistered"
    PARTNER_LINKED = "PartnerLinked"
    LINK_CHANGED = "LinkChanged"
    PARTNER_KEY_FOLLOWED = "PartnerKeyFollowed"
    COOPERATIVE_APPROACH_REGISTERED = "CooperativeApproachRegistered"
    ACTIVITY_REGISTERED = "ActivityRegistered"
    AUTHORIZED = "Authorized"
    AUTHORIZATION_CHANGED = "AuthorizationChanged"
    AUTHORIZATION_REVOKED = "AuthorizationRevoked"
    AUTHORIZATION_COMPLETED = "AuthorizationCompleted"
    AUTHORIZATION_REDUCED = "AuthorizationReduced"
    QUANTITY_CONFIRMED = "QuantityConfirmed"
    PARTICIPATION_ATTESTED = "ParticipationAttested"
    AUTHORIZATION_RULES_SET = "AuthorizationRulesSet"
    AGREEMENT_RECORDED = "AgreementRecorded"
    USING_AUTHORIZATION_RECORDED = "UsingAuthorizationRecorded"
    ACKNOWLEDGED = "Acknowledged"
    ACKNOWLEDGEMENT_WITHDRAWN = "AcknowledgementWithdrawn"
    CONTRIBUTED_TO_ADAPTATION_FUND = "ContributedToAdaptationFund"
    UNITS_AUTHORIZED = "UnitsAuthorized"
    MONITORING_SUBMITTED = "MonitoringSubmitted"
    VERIFIED = "Verified"
    ISSUANCE_REQUESTED = "IssuanceRequested"
    ISSUANCE_REQUEST_ENDED = "IssuanceRequestEnded"
    ISSUED = "Issued"
    IMPORTED = "Imported"
    TRANSFERRED = "Transferred"
    TRANSFER_PROPOSED = "TransferProposed"
    TRANSFER_OFFERED = "TransferOffered"
    TRANSFER_ACCEPTED = "TransferAccepted"
    TRANSFER_REFUSED = "TransferRefused"
    TRANSFER_VOIDED = "TransferVoided"
    TRANSFER_CONFIRMED = "TransferConfirmed"
    FIRST_TRANSFERRED = "FirstTransferred"
    TRANSFERRED_ABROAD = "TransferredAbroad"
    ACQUIRED = "Acquired"
    TRANSFER_AGREED = "TransferAgreed"
    USED_TOWARDS_NDC = "UsedTowardsNdc"
    CANCELLED = "Cancelled"
    RETIRED = "Retired"
    HELD = "Held"
    HOLD_RELEASED = "HoldReleased"
    CORRECTED = "Corrected"
    AEF_SUBMITTED = "AefSubmitted"
    KEY_ROTATED = "KeyRotated"
    KEY_CONFIRMED = "KeyConfirmed"
    WITNESS_POLICY_SET = "WitnessPolicySet"
    NDC_RECORDED = "NdcRecorded"
    INVENTORY_RECORDED = "InventoryRecorded"
    METHOD_CHOSEN = "MethodChosen"
    PERIOD_FROZEN = "PeriodFrozen"
    PACK_ADOPTED = "PackAdopted"
    REPORT_FILED = "ReportFiled"
    REPORT_SENT = "ReportSent"
    SUBMISSION_ACKNOWLEDGED = "SubmissionAcknowledged"
    SUBMISSION_IMPORTED = "SubmissionImported"
    CONSISTENCY_RESULT_RECORDED = "ConsistencyResultRecorded"
    REVIEW_FINDING_RECORDED = "ReviewFindingRecorded"
    REVIEW_FINDING_ANSWERED = "ReviewFindingAnswered"
    REVIEW_FINDING_CLOSED = "ReviewFindingClosed"
    OPERATING_COST_RECORDED = "OperatingCostRecorded"
    CONTRIBUTION_RECORDED = "ContributionRecorded"
    STATEMENT_RECORDED = "StatementRecorded"
    QUOTA_SET = "QuotaSet"
    DECISION_RECORDED = "DecisionRecorded"
    TRANSFER_RECOGNIZED = "TransferRecognized"
    RECOGNITION_OBJECTED = "RecognitionObjected"
    OBJECTION_ANSWERED = "ObjectionAnswered"
    CONVERTED = "Converted"
    REISSUED = "Reissued"
    LABELLED = "Labelled"
    LISTED = "Listed"
    DISTRIBUTED = "Distributed"
    LIABILITY_FILED = "LiabilityFiled"
    VOLUNTARY_UNITS_RECORDED = "VoluntaryUnitsRecorded"
    RESULTS_PAYMENT_RECORDED = "ResultsPaymentRecorded"
    OBJECTION_RECORDED = "ObjectionRecorded"
    OBJECTION_RESPONDED = "ObjectionResponded"
    ACTIVITY_PROPOSED = "ActivityProposed"
    ACTIVITY_ADVANCED = "ActivityAdvanced"
    ACTIVITY_CHANGED = "ActivityChanged"
    PARTICIPANTS_CHANGED = "ParticipantsChanged"
    ACTIVITY_RENEWED = "ActivityRenewed"
    ACTIVITY_SUSPENDED = "ActivitySuspended"
    ACTIVITY_RESUMED = "ActivityResumed"
    ACTIVITY_WITHDRAWN = "ActivityWithdrawn"
    VERIFIER_REGISTERED = "VerifierRegistered"
    METHODOLOGY_REGISTERED = "MethodologyRegistered"
    FINDING_RECORDED = "FindingRecorded"
    FINDING_CLOSED = "FindingClosed"
    CONSULTATION_RECORDED = "ConsultationRecorded"
    GRIEVANCE_FILED = "GrievanceFiled"
    GRIEVANCE_ANSWERED = "GrievanceAnswered"
    LISTING_ENDED = "ListingEnded"
    MANDATE_GIVEN = "MandateGiven"
    MANDATE_WITHDRAWN = "MandateWithdrawn"
    TRADE_RECORDED = "TradeRecorded"
    TRADE_SETTLED = "TradeSettled"
    TRADE_FAILED = "TradeFailed"
    BOUNDARY_CHECKED = "BoundaryChecked"
    OVERLAP_DECIDED = "OverlapDecided"
    ACTIVITY_IMPORTED = "ActivityImported"
    PERIOD_IMPORTED = "PeriodImported"
    ARRANGEMENT_STATED = "ArrangementStated"
    UNITS_OFFERED = "UnitsOffered"
    OFFER_ACCEPTED = "OfferAccepted"
    OFFER_WITHDRAWN = "OfferWithdrawn"
    OPENING_ANNOUNCED = "OpeningAnnounced"
    INVOICE_RAISED = "InvoiceRaised"
    INVOICE_PAID = "InvoicePaid"
    INVOICE_WAIVED = "InvoiceWaived"
    INVOICE_REFUNDED = "InvoiceRefunded"
    ACCOUNT_TRUSTED = "AccountTrusted"
    ACCOUNT_DISTRUSTED = "AccountDistrusted"
    TRANSFER_REQUESTED = "TransferRequested"
    TRANSFER_ABORTED = "TransferAborted"
    ACCOUNT_SUSPENDED = "AccountSuspended"
    ACCOUNT_RESUMED = "AccountResumed"
    ACCOUNT_CLOSED = "AccountClosed"
    KYC_RECORDED = "KycRecorded"
    PRACTICE_ADOPTED = "PracticeAdopted"
    TRAIL_ANCHORED = "TrailAnchored"
    CASE_OPENED = "CaseOpened"
    CASE_CLOSED = "CaseClosed"
    PARTNER_WITNESSED = "PartnerWitnessed"
    PARTNER_RECONCILED = "PartnerReconciled"
    RECOVERY_BEGUN = "RecoveryBegun"
    RECOVERY_ENDED = "RecoveryEnded"
    SECTION_OPENED = "SectionOpened"
    SECTION_CLOSED = "SectionClosed"
    NOTICE_TAKEN = "NoticeTaken"
    NOTICE_ANSWERED = "NoticeAnswered"
    ENDED_ABROAD = "EndedAbroad"
    JOINT_ISSUANCE_AGREED = "JointIssuanceAgreed"
    AUTHORIZATION_STATED = "AuthorizationStated"
    FIRST_TRANSFERRED_THERE = "FirstTransferredThere"
    FORWARDED_THERE = "ForwardedThere"


class Backdating(StrEnum):
    """Why an entry's legal day may lie before the day of its recording."""

    IMPORT = "import"
    DEMONSTRATION = "demonstration"
    CORRECTION = "correction"


class Move(NamedTuple):
    """Units `first` to `last` of a class, from one account to another: two postings of the unit book."""

    unit_class: str
    first: int
    last: int
    source: str
    target: str

    @property
    def size(self) -> int:
        return self.last - self.first + 1


class FactChange(NamedTuple):
    """Facts that hold from this entry on for units `first` to `last` of a class. A None value withdraws a fact."""

    unit_class: str
    first: int
    last: int
    facts: Mapping[str, JSON]


class Posting(NamedTuple):
    """One side of a movement: an integer in the commodity's smallest unit, signed."""

    book: str
    commodity: str
    account: str
    amount: int


class Record(NamedTuple):
    """A record set by key: an activity, an authorization version, an account, a transfer's state."""

    kind: str
    key: str
    value: JSON


class Entry(NamedTuple):
    """One act and its effects, as decided and before it is numbered."""

    act: Act
    effective_on: date
    moves: tuple[Move, ...] = ()
    facts: tuple[FactChange, ...] = ()
    postings: tuple[Posting, ...] = ()
    records: tuple[Record, ...] = ()
    details: Mapping[str, JSON] = _NONE
    because: str | None = None
    corrects: int | None = None
    backdated: Backdating | None = None

    def all_postings(self) -> tuple[Posting, ...]:
        """Every posting, those of the unit book included."""
        return (
            *(
                posting
                for move in self.moves
                for posting in (
                    Posting(UNITS, move.unit_class, move.source, -move.size),
                    Posting(UNITS, move.unit_class, move.target, move.size),
                )
            ),
            *self.postings,
        )


def imbalance(postings: Iterable[Posting]) -> tuple[str, str, int] | None:
    """The first (book, commodity) that does not sum to zero, with its sum; None for a balanced entry."""
    sums: dict[tuple[str, str], int] = {}
    for posting in postings:
        key = (posting.book, posting.commodity)
        sums[key] = sums.get(key, 0) + posting.amount
    return next(((book, commodity, total) for (book, commodity), total in sums.items() if total), None)


class JournalEntry(NamedTuple):
    """An entry in its place in the journal.

    `content` is the hash of the command's public part. `follows` names the entries that last touched the same units, so
    that a unit's life can be followed back to its issuance. `sealed` holds the hashes of confidential fields.
    """

    seq: int
    command: str
    content: str
    recorded_at: str
    by: str
    entry: Entry
    follows: tuple[int, ...] = ()
    sealed: Mapping[str, str] = _NONE

    def leaf(self) -> dict[str, Any]:
        """The public JSON of this entry: what is hashed into the tree. Empty parts are left out; a row is an array."""
        entry = self.entry
        leaf: dict[str, Any] = {
            "seq": self.seq,
            "act": entry.act,
            "command": self.command,
            "content": self.content,
            "at": self.recorded_at,
            "on": entry.effective_on.isoformat(),
            "by": self.by,
        }
        if entry.moves:
            leaf["moves"] = entry.moves
        if entry.facts:
            leaf["facts"] = entry.facts
        if entry.postings:
            leaf["posts"] = entry.postings
        if entry.records:
            leaf["records"] = entry.records
        if entry.details:
            leaf["details"] = entry.details
        if entry.because is not None:
            leaf["because"] = entry.because
        if entry.corrects is not None:
            leaf["corrects"] = entry.corrects
        if entry.backdated is not None:
            leaf["backdated"] = entry.backdated.value
        if self.follows:
            leaf["follows"] = self.follows
        if self.sealed:
            leaf["sealed"] = self.sealed
        return leaf


def from_leaf(leaf: Mapping[str, Any]) -> JournalEntry:
    """Read an entry back from its public JSON.

    Raises:
        KeyError, TypeError or ValueError: when the JSON is no leaf of ours; `verify` reports it as a broken entry.
    """
    entry = Entry(
        act=Act(leaf["act"]),
        effective_on=date.fromisoformat(leaf["on"]),
        moves=tuple(Move(*row) for row in leaf.get("moves", ())),
        facts=tuple(FactChange(*row) for row in leaf.get("facts", ())),
        postings=tuple(Posting(*row) for row in leaf.get("posts", ())),
        records=tuple(Record(*row) for row in leaf.get("records", ())),
        details=leaf.get("details", {}),
        because=leaf.get("because"),
        corrects=leaf.get("corrects"),
        backdated=Backdating(leaf["backdated"]) if "backdated" in leaf else None,
    )
    return JournalEntry(
        seq=leaf["seq"],
        command=leaf["command"],
        content=leaf["content"],
        recorded_at=leaf["at"],
        by=leaf["by"],
        entry=entry,
        follows=tuple(leaf.get("follows", ())),
        sealed=leaf.get("sealed", {}),
    )
