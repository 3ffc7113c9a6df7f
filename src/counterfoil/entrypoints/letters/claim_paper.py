"""A claim statement as a paper in one language: what happened to the units, what may be said of them, and what not."""

from counterfoil.application.paper import Block, Bullets, Column, Fields, Notice, Paper, Paragraph, Section, Table
from counterfoil.application.queries.claims import ClaimStatement
from counterfoil.domain.compliance.claim import Statement
from counterfoil.domain.policy.kinds.presentation import Era
from counterfoil.entrypoints.letters.certificate_words import NUMBERED
from counterfoil.entrypoints.letters.speech import Speech
from counterfoil.entrypoints.reports.words import DASH, Words


def claim_paper(statement: ClaimStatement, words: Words, *, era: Era = Era.COMMON) -> Paper:
    """Nothing in it depends on the day of printing, so the same entry gives the same paper."""
    ground = statement.letter.ground
    registry = ground.registry
    number = f"{registry.registry}-CLM-{ground.entry}"
    return Paper(
        title=words("claim.title"),
        language=words.language,
        subtitle=registry.name,
        facts=(
            (words("letter.field.number"), number),
            (words("letter.field.day"), Speech([words], era).day(ground.on)),
            (words("letter.field.registry"), f"{registry.registry} · {registry.party}"),
        ),
        sections=(_what(statement, words), _may(statement, words), _sides(statement, words), _proof(statement, words)),
        mark=words("report.mark.demonstration") if registry.demonstration else "",
        foot=f"{number} · {registry.origin}",
        contents=False,
        titles=words.titles,
        day=ground.on,
    )


def _what(statement: ClaimStatement, words: Words) -> Section:
    said, claims = statement.said, statement.claims
    notices: tuple[Block, ...] = ()
    if statement.letter.ground.registry.demonstration:
        notices = (Notice(words("report.mark.demonstration"), words("letter.demonstration")),)
    rows = [
        (words("letter.field.units_moved"), f"{said.quantity:,}"),
        (words("claim.status"), words(f"claim.status.{claims.status.value}")),
        (words("claim.compliance_value"), f"{claims.compliance_value_t:,}"),
    ]
    for name in ("beneficiary", "entity", "year", "reason"):
        value = said.details.get(name)
        if value not in (None, ""):
            rows.append((words(f"letter.field.{name}"), str(value)))
    columns = (
        Column(words("letter.column.units"), weight=5),
        Column(words("letter.column.quantity"), align=NUMBERED),
    )
    lots = tuple((f"{lot.first_id} {DASH} {lot.last_id}", f"{lot.quantity:,}") for lot in said.lots)
    return Section(words("letter.section.units"), (*notices, Fields(tuple(rows)), Table("", columns, lots)))


def _may(statement: ClaimStatement, words: Words) -> Section:
    claims = statement.claims
    may: Block = Paragraph(words("claim.may.nothing"))
    if claims.may:
        may = Bullets(tuple(_sentence(each, words) for each in claims.may))
    return Section(
        words("claim.section.statements"),
        sections=(
            Section(words("claim.section.may"), (may,)),
            Section(
                words("claim.section.may_not"), (Bullets(tuple(_sentence(each, words) for each in claims.may_not)),)
            ),
        ),
    )


def _sentence(statement: Statement, words: Words) -> str:
    return words(f"claim.statement.{statement.value}")


def _sides(statement: ClaimStatement, words: Words) -> Section:
    """What States said and what others said, beside each other; the second takes nothing from the first."""
    sovereign = statement.sovereign
    rows = [
        (words("claim.sovereign.authorized"), _yes(words, value=sovereign["authorized"])),
        (words("letter.field.authorization"), words.listed(sovereign["authorizations"])),
        (words("claim.sovereign.first_transferred"), _yes(words, value=sovereign["first_transferred"])),
        (words("claim.sovereign.recognized_by"), words.listed(sovereign["recognized_by"])),
    ]
    labels = []
    for activity, told in statement.labels.items():
        shown = [text for text in (told["standard"], told["methodology"]) if text]
        shown += [f"{name}: {_yes(words, value=value)}" for name, value in told["answers"].items()]
        labels.append((activity, words.listed(shown)))
    return Section(
        words("claim.section.sides"),
        sections=(
            Section(words("claim.section.sovereign"), (Fields(tuple(rows)),)),
            Section(words("claim.section.labels"), (Paragraph(words("claim.labels.note")), Fields(tuple(labels)))),
        ),
    )


def _yes(words: Words, *, value: bool) -> str:
    return words("letter.yes" if value else "letter.no")


def _proof(statement: ClaimStatement, words: Words) -> Section:
    ground = statement.letter.ground
    rows = (
        (words("letter.field.origin"), ground.checkpoint.origin),
        (words("letter.field.entry"), str(ground.entry)),
        (words("letter.field.leaf"), ground.leaf_hash),
        (words("letter.field.root"), ground.checkpoint.root.hex()),
    )
    return Section(words("letter.section.journal"), (Fields(rows),))
