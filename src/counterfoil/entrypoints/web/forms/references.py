"""Which field names a record that is in the books already, and of which kind: such fields offer what there is."""

from collections.abc import Mapping
from typing import Final

COUNTRY: Final = "country"
CLASS: Final = "next_serial"
"""Classes of units, by the record that counts their serials."""

_BY_NAME: Final[Mapping[str, str]] = {
    "account": "account",
    "source": "account",
    "target": "account",
    "seller": "account",
    "buyer": "account",
    "to": "account",
    "trusted": "account",
    "activity": "activity",
    "activities": "activity",
    "parent": "activity",
    "covers": "activity",
    "authorization": "authorization",
    "authorizations": "authorization",
    "cooperative_approach": "approach",
    "approach": "approach",
    "approaches": "approach",
    "entity": "entity",
    "participants": "entity",
    "participant": "entity",
    "joining": "entity",
    "leaving": "entity",
    "authorized_entities": "entity",
    "holder": "entity",
    "payer": "entity",
    "partner": "partner",
    "party": COUNTRY,
    "parties": COUNTRY,
    "authorized_parties": COUNTRY,
    "authorized_by": COUNTRY,
    "beneficiary_party": COUNTRY,
    "country": COUNTRY,
    "host": COUNTRY,
    "jurisdictions": COUNTRY,
    "unit_class": CLASS,
    "monitoring": "monitoring",
    "verification": "verification",
    "verifier": "verifier",
    "body": "verifier",
    "methodology": "methodology",
    "transfer": "transfer",
    "hold": "hold",
    "quota": "quota",
    "request": "transfer_request",
    "finding": "activity_finding",
    "liability": "liability",
    "voluntary": "voluntary",
    "invoice": "invoice",
    "offer": "offer",
    "mandate": "mandate",
    "report": "report",
    "acknowledgement": "acknowledgement",
    "objection": "objection",
    "grievance": "grievance",
    "decision": "decision",
}
_OTHERWISE: Final[Mapping[tuple[str, str], str]] = {
    ("RegisterCooperativeApproach", "participants"): COUNTRY,
    ("ProposeTransfer", "target"): "",
    ("RecordNdc", "source"): "",
    ("RecordInventory", "source"): "",
    ("Reissue", "source"): "",
    ("LabelUnits", "source"): "",
    ("PlaceHold", "source"): "",
    ("RecordOperatingCost", "source"): "",
    ("RecordContribution", "source"): "",
    ("RecordAgreement", "source"): "",
    ("RecordAgreedTransfer", "source"): "",
    ("RecordResultsPayment", "source"): "",
    ("RecordVoluntaryUnits", "source"): "",
    ("Distribute", "source"): "",
    ("Target", "source"): "",
    ("ChangeAuthorization", "quota"): "",
    ("RecordReviewFinding", "finding"): "",
    ("AnswerReviewFinding", "finding"): "review_finding",
    ("CloseReviewFinding", "finding"): "review_finding",
    ("OpenSection", "request"): "",
    ("CloseSection", "request"): "",
    ("Issue", "decision"): "",
    ("Issue", "request"): "issuance_request",
    ("EndIssuanceRequest", "request"): "issuance_request",
    ("RecordObjection", "party"): COUNTRY,
}
"""Where a command means something else by the same name; empty: nothing of the books."""
_NAMES_NEW: Final[Mapping[str, str]] = {
    "OpenAccount": "account",
    "BringInAccount": "account",
    "RegisterEntity": "entity",
    "RegisterCooperativeApproach": "approach",
    "RegisterActivity": "activity",
    "ProposeActivity": "activity",
    "ImportActivity": "activity",
    "BringInActivity": "activity",
    "Authorize": "authorization",
    "BringInAuthorization": "authorization",
    "RegisterVerifier": "verifier",
    "RegisterMethodology": "methodology",
    "RecordFinding": "finding",
    "FileGrievance": "grievance",
    "SubmitMonitoring": "monitoring",
    "ImportPeriod": "monitoring",
    "Verify": "verification",
    "RequestIssuance": "request",
    "ProposeTransfer": "transfer",
    "RecordAgreedTransfer": "transfer",
    "PlaceHold": "hold",
    "RequestTransfer": "request",
    "FileLiability": "liability",
    "RecordVoluntaryUnits": "voluntary",
    "OfferUnits": "offer",
    "GiveMandate": "mandate",
    "RecordAcknowledgement": "acknowledgement",
    "RecordObjection": "objection",
    "RecordDecision": "decision",
    "AgreeJointIssuance": "decision",
}
"""The field by which a command names what it makes: what is there already is no choice for it."""

KINDS: Final = frozenset(_BY_NAME.values()) | frozenset(_OTHERWISE.values()) - {""}


def named_by(owner: str, field: str) -> str:
    """The kind of the records that a field of a command (or of a part of one) names; empty where it names none.

    >>> named_by("Issue", "activity"), named_by("RegisterActivity", "activity"), named_by("Units", "unit_class")
    ('activity', '', 'next_serial')
    """
    if _NAMES_NEW.get(owner) == field:
        return ""
    return _OTHERWISE.get((owner, field), _BY_NAME.get(field, ""))
