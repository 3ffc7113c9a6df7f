"""The words in which a pack refines the life of an activity: stages, acts, gates, and what a stop reaches.

The engine gives each word its meaning (`domain/activities/`); a pack says which stages there are, in which order, what
each waits for, and how long it may take. Source: ADR-0028.
"""

from enum import StrEnum


class Stage(StrEnum):
    """Where an activity stands. `closed`: its crediting is over for good."""

    IDEA = "idea"
    CONSULTATION = "consultation"
    VALIDATION = "validation"
    APPROVAL = "approval"
    REGISTERED = "registered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class LifeAct(StrEnum):
    """What happens to an activity beside a change of its stage, and may wait for gates or be stopped."""

    CHANGE = "change"
    PARTICIPANTS = "participants"
    RENEW = "renew"
    MONITOR = "monitor"
    VERIFY = "verify"
    ISSUE = "issue"
    FIRST_TRANSFER = "first_transfer"


class Gate(StrEnum):
    """What a step waits for."""

    DOCUMENT = "document"
    """A document is named by its SHA-256."""
    COMMENT_OVER = "comment_over"
    """The public comment has been open for as many days as the pack says."""
    CONSULTATION = "consultation"
    """A consultation of the people concerned is on record."""
    CONSENT = "consent"
    """The peoples concerned have consented, or it is on record that none is concerned."""
    BODY = "body"
    """The body that validates or verifies is named."""
    BODY_REGISTERED = "body_registered"
    """It stands in the register of bodies: with this scope, and accredited on the day."""
    OTHER_BODY = "other_body"
    """It is another body than the one that validated."""
    OTHER_BODY_FIRST = "other_body_first"
    """The same, for the first verification after a registration or renewal only."""
    INDEPENDENT = "independent"
    """It is no participant of the activity."""
    FINDINGS_CLOSED = "findings_closed"
    """No finding about the activity is open."""
    METHODOLOGY = "methodology"
    """The methodology stands in the register, in a version that holds on the day."""
    CREDITING_PERIOD = "crediting_period"
    """The activity has a crediting period."""
    BOUNDARY = "boundary"
    """The activity has a boundary."""
    EXPECTED = "expected"
    """The activity says what it expects to bring, year by year."""
    AUTHORIZED = "authorized"
    """A letter of authorization that names the activity is complete and in force on the day."""


class Clock(StrEnum):
    """What has a number of days beside the stages."""

    COMMENT = "comment"
    """How long a public comment is open at least."""
    GRIEVANCE = "grievance"
    """How long the answer to a grievance may take."""
    FINDING = "finding"
    """How long the closing of a finding may take."""
    RENEWAL_EARLY = "renewal_early"
    """How long before the end of a crediting period its renewal may be asked for."""
    RENEWAL_LATE = "renewal_late"
    """How long after the end of a crediting period its renewal may still be asked for."""
    WITHDRAWAL = "withdrawal"
    """How long before its effect a withdrawal is told, unless it says why not."""
    ISSUANCE = "issuance"
    """How long after the end of the last crediting period outcomes may still be issued."""
