"""What a verification statement says: which report, what it said and what was found, by vintage, and the difference.

Source: 2/CMA.3 annex para. 1(a); A6.4-STAN-AC-003 para. 142 (the measure of materiality).
"""

from counterfoil.application.paper import Align, Column, Fields, Paragraph, Section, Table
from counterfoil.application.queries.letters import VerificationSaid
from counterfoil.domain.mrv.materiality import Difference, difference
from counterfoil.domain.mrv.verification import quantity_of, total
from counterfoil.entrypoints.letters.speech import Speech
from counterfoil.entrypoints.reports.words import DASH


def verification_sections(said: VerificationSaid, speech: Speech) -> tuple[Section, ...]:
    """The statement in a sentence and in the verifier's own words, the quantities, and the evidence by its digests."""
    one, report = said.verification, said.monitoring
    body = f"{one.verifier} ({said.body})" if said.body else one.verifier
    activity = f"{one.activity} ({said.activity})" if said.activity else str(one.activity)
    verified = f"{total(one.verified):,}"
    statement = speech.paragraphs(
        "letter.verification.statement", verifier=body, quantity=verified, monitoring=report.id, activity=activity
    )
    rows = [
        (speech.label("letter.field.verification"), one.id),
        (speech.label("letter.field.verifier"), body),
        (speech.label("letter.field.activity"), activity),
        (speech.label("letter.field.monitoring"), report.id),
        (speech.label("letter.field.period"), f"{speech.day(report.first_day)} – {speech.day(report.last_day)}"),
        (speech.label("letter.field.evidence"), ", ".join(report.evidence) or DASH),
    ]
    if one.assumed:
        rows.append((speech.label("letter.section.assumed"), speech.listed(one.assumed)))
    own = (speech.label("letter.field.statement"), one.statement or DASH)
    return (
        Section(speech.label("letter.section.statement"), (*statement, Fields((own,)))),
        Section(speech.label("letter.section.content"), (Fields(tuple(rows)),)),
        Section(speech.label("letter.section.quantities"), (_quantities(said, speech), *_difference(said, speech))),
    )


def _quantities(said: VerificationSaid, speech: Speech) -> Table:
    names = ("vintage", "monitored", "verified", "less")
    columns = tuple(
        Column(speech.label(f"letter.column.{name}"), align=Align.START if name == "vintage" else Align.END)
        for name in names
    )
    verified = said.verification.verified
    rows = tuple(
        (str(each.vintage), f"{each.quantity:,}", f"{found:,}", f"{each.quantity - found:,}")
        for each in said.monitoring.monitored
        for found in (quantity_of(verified, each.vintage),)
    )
    return Table("", columns, rows)


def _difference(said: VerificationSaid, speech: Speech) -> tuple[Paragraph, ...]:
    found = difference_of(said)
    key = "letter.verification.material" if found.material else "letter.verification.not_material"
    facts = {"share": percent(found.ppm), "threshold": percent(found.threshold_ppm), "yearly": f"{found.yearly:,}"}
    return speech.paragraphs(key, **facts)


def difference_of(said: VerificationSaid) -> Difference:
    """The difference of a whole statement."""
    report = said.monitoring
    monitored, verified = total(report.monitored), total(said.verification.verified)
    return difference(monitored=monitored, verified=verified, first_day=report.first_day, last_day=report.last_day)


def percent(ppm: int) -> str:
    """Millionths as a percentage with two places, cut off.

    >>> percent(9_688)
    '0.96'
    """
    sign = "-" if ppm < 0 else ""
    return f"{sign}{abs(ppm) // 10_000}.{abs(ppm) % 10_000 // 100:02d}"
