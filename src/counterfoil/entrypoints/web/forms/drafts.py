"""Drafts of acts: what stands in a form, laid on its owner's shelf until it is sent or taken away."""

import json
from typing import Final
from urllib.parse import urlencode

from counterfoil.application.office.ports import Office
from counterfoil.application.office.shelf import TITLE_MAX, Kept, Laid
from counterfoil.application.office.shelving import lay, take_away
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.web.forms.reading import ID, Typed
from counterfoil.entrypoints.web.forms.shape import PREFIX
from counterfoil.entrypoints.web.visit import Visit

DRAFT: Final = "draft"
"""The parameter of an address that goes on with one."""


async def lay_draft(visit: Visit, typed: Typed, heading: str) -> Refusal | None:
    """Keep the form under the id of its act, so that keeping it again replaces it."""
    standing = visit.standing
    if standing is None:
        return None
    said = next((values[-1] for name, values in typed.items() if name != ID and values and values[-1].strip()), "")
    title = f"{heading}: {said}" if said else heading
    query = {name: value for name, value in visit.query.items() if name not in (DRAFT, "lang")}
    kept = Kept(
        standing.person,
        Laid.DRAFT,
        typed[ID][-1][:100],
        title[:TITLE_MAX],
        _place(visit.request.url.path, query),
        json.dumps([[name, value] for name, values in typed.items() for value in values], ensure_ascii=False),
        visit.now_ms,
    )

    def work(office: Office) -> tuple[Refusal | None]:
        return (lay(office, kept),)

    done = await visit.in_office(work)
    return None if done is None else done[0]


def _place(path: str, query: dict[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


async def draft_of(visit: Visit) -> Typed | None:
    """What stands in the draft that the address names; None where there is none of this person."""
    name, standing = visit.query.get(DRAFT, ""), visit.standing
    if not name or standing is None:
        return None
    kept = await visit.in_office(lambda office: office.store.shelf.get(standing.person, Laid.DRAFT, name))
    if kept is None:
        return None
    typed: dict[str, tuple[str, ...]] = {}
    for field, value in json.loads(kept.content):
        if str(field).startswith(f"{PREFIX}."):
            typed[str(field)] = (*typed.get(str(field), ()), str(value))
    return typed


async def drop_draft(visit: Visit, identity: str) -> None:
    """The act is done, or proposed: its draft is of no use any more."""
    standing = visit.standing
    if standing is not None:
        await visit.in_office(lambda office: take_away(office, standing.person, Laid.DRAFT, identity[:100]))
