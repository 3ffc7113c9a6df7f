"""What a letter of authorization says: every content element, under its clause, from the version in the journal.

Source: 4/CMA.6 para. 3 (components), para. 5(a)-(n) (content), paras. 7-10 (changes).
"""

from counterfoil.application.paper import Bullets, Column, Fields, Section, Table
from counterfoil.application.queries.letters import AuthorizationSaid, Version
from counterfoil.domain.authorizations.authorization import Authorization
from counterfoil.domain.authorizations.content import ALL
from counterfoil.entrypoints.letters.speech import Speech
from counterfoil.entrypoints.reports.words import DASH

Row = tuple[str, str]


def authorization_sections(said: AuthorizationSaid, speech: Speech) -> tuple[Section, ...]:
    """The statement, the content in the order of the paragraph, the changes, and what a demonstration supposes."""
    one = said.authorization
    statement = speech.paragraphs(
        "letter.authorization.revoked" if one.state.value == "revoked" else "letter.authorization.statement",
        host=one.host,
        authorization=one.id,
        version=one.version,
    )
    sections = [
        Section(speech.label("letter.section.statement"), (*statement, Fields(_head(one, speech)))),
        Section(speech.label("letter.section.authorized"), (Fields(tuple(_content(said, speech))),)),
        Section(speech.label("letter.section.versions"), (_versions(said.versions, speech),)),
    ]
    if one.assumed:
        sections.append(Section(speech.label("letter.section.assumed"), (Bullets(one.assumed),)))
    return tuple(sections)


def _head(one: Authorization, speech: Speech) -> tuple[Row, ...]:
    given = [part.value for part in ALL if part in one.components]
    missing = [part.value for part in one.missing_components]
    return (
        (speech.label("letter.field.authorization"), one.reference),
        (speech.label("letter.field.authorized_on"), speech.day(one.authorized_on)),
        (speech.label("letter.field.effective_on"), speech.day(one.effective_on or one.authorized_on)),
        (speech.label("letter.field.state"), speech.named("letter.state", one.state.value)),
        (speech.label("letter.field.components"), speech.terms("letter.component", given)),
        (speech.label("letter.field.components_missing"), speech.terms("letter.component", missing)),
    )


def _content(said: AuthorizationSaid, speech: Speech) -> list[Row]:
    """Paragraph 5 from (a) to (n), none left out: what the letter does not state is shown as not stated."""
    one = said.authorization
    parties = speech.said("letter.any_party") if one.any_party else speech.parties(one.authorized_parties)
    definition = one.first_transfer_definition
    rows = [
        ("(a)", "approach", one.cooperative_approach),
        ("(b)", "parties", parties),
        ("(b)", "entities", speech.listed([_keyed(key, name) for key, name in said.entities.items()])),
        ("(c)", "valid", _duration(one, speech)),
        ("(c)", "last_issuance", speech.day(one.last_issuance_on)),
        ("(c)", "last_use", speech.day(one.last_use_on)),
        ("(d)", "first_transfer", DASH if definition is None else speech.named("report.definition", definition.value)),
        ("(e)", "purposes", speech.terms("letter.purpose", [each.value for each in one.purposes])),
        ("(e)", "oimp_detail", one.oimp_detail),
        ("(f)", "references", speech.listed(one.underlying_references)),
        ("(g)", "change_circumstances", one.change_circumstances),
        ("(g)", "change_process", one.change_process),
        ("(g)", "change_after", speech.yes(one.terms_allow_change_after_first_transfer)),
        ("(h)", "quantity", _quantity(one, speech)),
        ("(i)", "tracking", one.tracking_registry),
        ("(j)", "underlying_registries", speech.listed(one.underlying_registries)),
        ("(k)", "vintages", speech.listed([str(each) for each in one.vintages])),
        ("(l)", "metric", _metric(one, speech)),
        ("(l)", "gases", speech.listed(one.gases)),
        ("(m)", "sectors", speech.terms("word.sector", one.sectors)),
        ("(n)", "activity_types", speech.terms("word.activity_type", one.activity_types)),
        ("(n)", "activities", speech.listed([_keyed(key, title) for key, title in said.activities.items()])),
    ]
    shown = [(f"{clause} {speech.label(f'letter.field.{name}')}", value or DASH) for clause, name, value in rows]
    shown.append((speech.label("letter.field.commitment"), one.adjustment_commitment or DASH))
    shown.append((speech.label("letter.field.document"), one.document or DASH))
    return shown


def _duration(one: Authorization, speech: Speech) -> str:
    if one.valid_from is None and one.valid_to is None:
        return DASH
    return f"{speech.day(one.valid_from)} – {speech.day(one.valid_to)}"


def _keyed(key: str, name: str) -> str:
    return f"{key} ({name})" if name else key


def _quantity(one: Authorization, speech: Speech) -> str:
    """The most that may be first transferred; an estimate with what was confirmed of it."""
    if one.authorized_quantity is None:
        return DASH
    unit = _unit(one, speech)
    amount = f"{one.authorized_quantity:,} {unit}"
    if not one.estimated:
        return amount
    confirmed = f"{one.confirmed_quantity or 0:,} {unit}"
    return speech.said("letter.quantity_estimated", amount=amount, confirmed=confirmed)


def _unit(one: Authorization, speech: Speech) -> str:
    return one.metric.name or speech.said("ctf4.tonnes")


def _metric(one: Authorization, speech: Speech) -> str:
    metric = one.metric
    if not metric.name:
        return f"{speech.said('ctf4.tonnes')}, GWP-100 {metric.gwp}"
    return speech.said("letter.metric_other", name=metric.name, conversion=metric.conversion or DASH)


def _versions(versions: tuple[Version, ...], speech: Speech) -> Table:
    columns = tuple(
        Column(speech.label(f"letter.column.{name}"), weight=weight)
        for name, weight in (("version", 1), ("effective_on", 2), ("state", 1), ("reason", 3))
    )
    rows = tuple(
        (str(each.number), speech.day(each.on), speech.named("letter.state", each.state), each.reason or DASH)
        for each in versions
    )
    return Table("", columns, rows)
