"""Why the office says no. What somebody who is not signed in may hear never tells whether an account exists."""

from enum import StrEnum


class OfficeFault(StrEnum):
    SIGN_IN_REFUSED = "sign_in.refused"
    SIGN_IN_WAIT = "sign_in.wait"
    STEP_OVER = "sign_in.step_over"
    INVITATION_OVER = "invitation.over"
    CODE_REFUSED = "factor.code_refused"
    PASSKEY_REFUSED = "factor.passkey_refused"
    PASSKEY_NO_ADDRESS = "factor.passkey_no_address"
    LAST_FACTOR = "factor.last_one"
    FACTOR_UNKNOWN = "factor.unknown"
    FACTORS_TOO_MANY = "factor.too_many"
    PASSWORD_SHORT = "password.too_short"  # noqa: S105  a fault's code, no secret
    PASSWORD_LONG = "password.too_long"  # noqa: S105
    PASSWORD_GUESSABLE = "password.guessable"  # noqa: S105
    PASSWORDS_DIFFER = "password.differ"
    SESSION_NEEDED = "session.needed"
    SESSION_OLD = "session.sign_in_again"
    SESSION_UNKNOWN = "session.unknown"
    REQUEST_FORGED = "session.request_forged"
    NAME_UNREADABLE = "person.name_unreadable"
    MAIL_UNREADABLE = "person.mail_unreadable"
    MAIL_TAKEN = "person.mail_taken"
    PERSON_UNKNOWN = "person.unknown"
    PERSON_STATE = "person.state"
    LAST_ADMINISTRATOR = "person.last_administrator"
    ADMINISTRATOR_EXISTS = "person.administrator_exists"
    DAYS_REVERSED = "person.days_reversed"
    MEMBER_NOT = "person.not_a_member"
    PEOPLE_TOO_MANY = "person.too_many"
    ORGANISATION_UNREADABLE = "organisation.unreadable"
    ORGANISATION_EXISTS = "organisation.exists"
    ORGANISATION_UNKNOWN = "organisation.unknown"
    KIND_UNKNOWN = "organisation.kind_unknown"
    SINGLE_SIGN_ON_OFF = "single_sign_on.off"
    SINGLE_SIGN_ON_REFUSED = "single_sign_on.refused"
    SINGLE_SIGN_ON_UNREACHABLE = "single_sign_on.unreachable"
    SETTINGS_UNREADABLE = "office.settings_unreadable"
    BODY_UNREADABLE = "office.body_unreadable"
