"""Draft a letter of authorization: from a template, an activity or an earlier letter, with the letter itself beside it.

The panel shows the words of the letter as it would be printed, what paragraph 5 asks and the draft does not state yet,
what the books would answer now, and what the years and quotas that it touches look like. Nothing is done before the
look and the signature of `forms/flow.py`. Source: 4/CMA.6 paras. 3-5; 2/CMA.3 annex para. 18(g).
"""

import dataclasses
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from counterfoil.application.command import Command
from counterfoil.application.commands.authorize import Authorize
from counterfoil.application.ports import Outage
from counterfoil.application.preview import Preview
from counterfoil.application.queries.letters import AuthorizationSaid
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.activities.activity import ACTIVITY, APPROACH, ENTITY
from counterfoil.domain.authorizations.authorization import AUTHORIZATION_RECORD, Authorization
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.letters.authorization_words import authorization_sections
from counterfoil.entrypoints.letters.speech import Speech
from counterfoil.entrypoints.reports.words import DASH, Words
from counterfoil.entrypoints.web.desk.ndc_room import adjustments, quota_rooms
from counterfoil.entrypoints.web.forms.flow import Flow
from counterfoil.entrypoints.web.forms.reading import read, typed_of
from counterfoil.entrypoints.web.forms.shape import shape
from counterfoil.entrypoints.web.forms.signing import command_from, look
from counterfoil.entrypoints.web.page import PageRow, Reply
from counterfoil.entrypoints.web.visit import Visit

PATH: Final = "/desk/authorizations/new"
COMMAND: Final = "Authorize"
TEMPLATES: Final[Mapping[str, tuple[str, ...]]] = {"ndc": ("NDC",), "oimp": ("IMP", "OP"), "all": ("NDC", "IMP", "OP")}
"""The purposes of each template. Source: 4/CMA.6 para. 5(e)."""
PREVIEW: Final = "preview"
UNNAMED: Final = "–"
YEARS_MAX: Final = 30
_OWN: Final = frozenset(each.name for each in dataclasses.fields(Authorize)) & frozenset(
    each.name for each in dataclasses.fields(Authorization)
)
_NOT_COPIED: Final = frozenset({"authorization", "id", "document", "confidential", "on"})


@dataclasses.dataclass(frozen=True, slots=True)
class Draft:
    """A draft as far as it can be read, and what the books say to it: a preview, a refusal, or nothing asked yet."""

    value: Mapping[str, Any]
    authorization: Authorization | None = None
    answer: Preview | Refusal | Outage | None = None


def rows() -> tuple[PageRow, ...]:
    return (PageRow(PATH, _get, _post, resumes=True),)


def _flow(draft: Draft | None) -> Flow:
    return Flow(
        COMMAND,
        path=PATH,
        title="web.desk_letters.draft_title",
        lead="web.desk_letters.draft_lead",
        begin=_begun,
        template="desk/letters/draft.html",
        facts=partial(_panel, draft),
    )


async def _get(visit: Visit) -> Reply | Refusal:
    return await _flow(None).get(visit)


async def _post(visit: Visit) -> Reply | Refusal:
    """The steps of every act, and one more: the letter as it stands in the form, without doing anything."""
    previewing = visit.form.get("step") == PREVIEW
    draft = await _drafted(visit, ask=previewing)
    if previewing:
        # The form comes back as it was sent, and the panel beside it is new.
        visit.form = dataclasses.replace(visit.form, fields=(*visit.form.fields, ("step", "edit")))
    return await _flow(draft).post(visit)


async def _drafted(visit: Visit, *, ask: bool) -> Draft:
    found = read(shape(COMMAND), typed_of(visit.form.fields))
    command = command_from(visit, COMMAND, _whole(found.value))
    if isinstance(command, Refusal):
        return Draft(found.value, answer=command)
    party = await visit.ask(lambda sight: Party(sight.registry.party))
    answer: Preview | Refusal | Outage | None = None
    if ask and not found.wrong and found.value.get("authorization"):
        answer = await _looked(visit, command)
    return Draft(found.value, _letter_of(command, party, visit), answer)


def _whole(value: Mapping[str, Any]) -> dict[str, Any]:
    """With a name in its place where none is typed yet, so that the rest can be shown."""
    return {**value, "authorization": value.get("authorization") or UNNAMED}


async def _looked(visit: Visit, command: Command) -> Preview | Refusal | Outage | None:
    try:
        found = await look(visit, command)
    except Outage as outage:
        return outage
    return found if isinstance(found, Preview | Refusal) else None


def _letter_of(command: Command, party: Party, visit: Visit) -> Authorization:
    assert isinstance(command, Authorize)
    content = {name: getattr(command, name) for name in _OWN - _NOT_COPIED}
    return Authorization(id=command.authorization, version=1, host=party, authorized_on=visit.today, **content)


# What stands in the form at first


def _begun(sight: Sight, visit: Visit) -> Mapping[str, Any]:
    """From an earlier letter (`like`), an activity (`activity`), and a template (`template`), in this order."""
    like = sight.record(AUTHORIZATION_RECORD, visit.query.get("like", ""))
    if like is not None:
        names = {each.name for each in shape(COMMAND)} - _NOT_COPIED
        return {name: value for name, value in like.items() if name in names and value is not None}
    begun: dict[str, Any] = {}
    purposes = TEMPLATES.get(visit.query.get("template", ""))
    if purposes is not None:
        t = visit.texts
        begun = {name: t(f"web.desk_letters.text.{name}") for name in _WRITTEN} | {"purposes": list(purposes)}
    activity = sight.record(ACTIVITY, visit.query.get("activity", ""))
    if activity is not None:
        begun |= _of_activity(sight, visit.query["activity"], activity)
    return begun


_WRITTEN: Final = ("adjustment_commitment", "change_circumstances", "change_process")


def _of_activity(sight: Sight, key: str, activity: Mapping[str, Any]) -> dict[str, Any]:
    """What the register says of the activity that a letter would repeat."""
    approach = sight.record(APPROACH, activity["cooperative_approach"] or "") or {}
    host = activity["host"]
    return {
        "activities": [key],
        "cooperative_approach": activity["cooperative_approach"] or "",
        "sectors": [activity["sector"]] if activity["sector"] else [],
        "activity_types": [activity["activity_type"]] if activity["activity_type"] else [],
        "metric": activity["metric"],
        "underlying_registries": [activity["underlying_registry"]] if activity["underlying_registry"] else [],
        "authorized_parties": [party for party in approach.get("participants", ()) if party != host],
        "authorized_entities": [name for name in activity["participants"] if sight.record(ENTITY, name) is not None],
        "vintages": _vintages(sight, activity),
    }


def _vintages(sight: Sight, activity: Mapping[str, Any]) -> list[int]:
    """The years of the crediting periods within the NDC periods of the Party."""
    ndc = {year for period in sight.registry.ndc_periods for year in range(period.first, period.last + 1)}
    years = {
        year
        for each in activity["crediting_periods"]
        for year in range(int(each["first_day"][:4]), int(each["last_day"][:4]) + 1)
    }
    return sorted(years & ndc)[:YEARS_MAX]


# The panel


def _panel(draft: Draft | None, sight: Sight, visit: Visit) -> Mapping[str, Any]:
    if draft is None:
        value = dict(_begun(sight, visit))
        command = command_from(visit, COMMAND, _whole(value))
        known = None if isinstance(command, Refusal) else _letter_of(command, Party(sight.registry.party), visit)
        draft = Draft(value, known)
    one = draft.authorization
    content = None if one is None else _content(sight, visit, one)
    years = frozenset(() if one is None else one.vintages)
    rows = [] if content is None else list(content.blocks[0].rows)
    return {
        "draft": draft,
        "content": content,
        "stated": [(name, value) for name, value in rows if value != DASH],
        "missing": [name for name, value in rows if value == DASH],
        "answered": draft.answer is not None,
        "refused": draft.answer if isinstance(draft.answer, Refusal | Outage) else None,
        "demand": draft.answer.demand if isinstance(draft.answer, Preview) else None,
        "years": _years(sight, visit, years),
        "quantity": None if one is None else one.authorized_quantity,
        "quotas": quota_rooms(sight, years=years),
        "preview_step": PREVIEW,
    }


def _content(sight: Sight, visit: Visit, one: Authorization) -> Any:
    """The section of the letter that paragraph 5 asks for, in its words."""
    activities = {str(key): str((sight.record(ACTIVITY, key) or {}).get("title", "")) for key in one.activities[:100]}
    entities = {key: str((sight.record(ENTITY, key) or {}).get("name", "")) for key in one.authorized_entities[:100]}
    said = AuthorizationSaid(one, (), activities, entities)
    return authorization_sections(said, Speech([Words(visit.texts)]))[1]


def _years(sight: Sight, visit: Visit, wanted: frozenset[int]) -> list[tuple[int, Any]]:
    """The adjustments of the years that the letter names; of all years that have some while it names none."""
    known = adjustments(sight, visit)
    if not wanted:
        return list(known.items())[:YEARS_MAX]
    return [(year, known.get(year)) for year in sorted(wanted)[:YEARS_MAX]]
