"""What a letter of acknowledgement says: what stays outside the scope of authorization, and whether for ever.

Source: requirements R-WBK-09, R-WBK-10.
"""

from counterfoil.application.paper import Fields, Section
from counterfoil.application.queries.letters import AcknowledgementSaid
from counterfoil.domain.authorizations.acknowledgement import LaterAuthorization
from counterfoil.domain.units.identifier import identifier
from counterfoil.entrypoints.letters.speech import Speech
from counterfoil.entrypoints.reports.words import DASH


def acknowledgement_sections(said: AcknowledgementSaid, speech: Speech) -> tuple[Section, ...]:
    """The statement of the letter in its own words, then its reach and what it says about a later authorization."""
    one = said.acknowledgement
    activity = f"{one.activity} ({said.activity})" if said.activity else str(one.activity)
    units = DASH
    if one.units is not None:
        first, last = (identifier(one.units.unit_class, serial) for serial in (one.units.first, one.units.last))
        units = f"{first} – {last}"
    rows = [
        (speech.label("letter.field.acknowledgement"), one.id),
        (speech.label("letter.field.authority"), one.authority),
        (speech.label("letter.field.given_on"), speech.day(one.given_on)),
        (speech.label("letter.field.activity"), activity),
        (speech.label("letter.field.vintages"), speech.listed([str(each) for each in one.vintages])),
        (speech.label("letter.field.units"), units),
        (speech.label("letter.field.later"), _later(one.later, speech, speech.day(one.day))),
        (speech.label("letter.field.allowed_uses"), speech.listed(one.allowed_uses)),
        (speech.label("letter.field.document"), one.document or DASH),
    ]
    if one.withdrawn_on is not None:
        rows.append((speech.label("letter.field.withdrawn_on"), speech.day(one.withdrawn_on)))
    if one.assumed:
        rows.append((speech.label("letter.section.assumed"), speech.listed(one.assumed)))
    statement = speech.paragraphs("letter.acknowledgement.statement", authority=one.authority, activity=activity)
    own = (speech.label("letter.field.statement"), one.statement)
    return (
        Section(speech.label("letter.section.statement"), (*statement, Fields((own,)))),
        Section(speech.label("letter.section.content"), (Fields(tuple(rows)),)),
    )


def _later(later: LaterAuthorization, speech: Speech, day: str) -> str:
    key = "until_any_time" if later is LaterAuthorization.UNTIL and day == DASH else later.value
    return speech.said(f"letter.later.{key}", day=day)
