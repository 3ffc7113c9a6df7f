"""Every act that somebody may do, in groups, with one sentence each; and the plain way of each in the browser."""

from dataclasses import dataclass

from counterfoil.application.commands.table import BY_HAND
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.web.desk.act_groups import act_groups
from counterfoil.entrypoints.web.forms.choices import TEXT_MAX, choices
from counterfoil.entrypoints.web.forms.flow import Flow
from counterfoil.entrypoints.web.forms.shape import PREFIX
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Listed:
    """One act of the list."""

    name: str
    title: str
    lead: str


def rows() -> tuple[PageRow, ...]:
    return (
        PageRow("/desk/acts", reading(_acts)),
        PageRow("/desk/acts/{command}", _form, _step, resumes=True),
        PageRow("/desk/choices/{kind}", reading(_choices)),
    )


def _acts(_sight: Sight, visit: Visit) -> Reply | Refusal:
    wanted = visit.query.get("text", "").strip()
    groups = {group: _fitting(visit, names, wanted) for group, names in act_groups().items()}
    return Shown("desk/acts.html", {"groups": {name: found for name, found in groups.items() if found}, "text": wanted})


def _fitting(visit: Visit, names: tuple[str, ...], wanted: str) -> list[Listed]:
    """What this person may do, and fits what is looked for: all words, anywhere in the name and its sentence."""
    told = [listed(visit, name) for name in names if visit.may(name)]
    words = wanted.casefold().split()
    return [each for each in told if all(word in f"{each.name} {each.title} {each.lead}".casefold() for word in words)]


def listed(visit: Visit, name: str) -> Listed:
    texts = visit.texts
    return Listed(name, texts.known(f"web.act.{name}") or name, texts.known(f"web.act.{name}.lead") or "")


async def _form(visit: Visit) -> Reply | Refusal:
    flow = _flow(visit)
    return flow if isinstance(flow, Refusal) else await flow.get(visit)


async def _step(visit: Visit) -> Reply | Refusal:
    flow = _flow(visit)
    return flow if isinstance(flow, Refusal) else await flow.post(visit)


def _flow(visit: Visit) -> Flow | Refusal:
    """The way of the act that the path names. Whoever may not do it is told so before they fill anything in."""
    name = visit.path["command"]
    if name not in BY_HAND:
        return Refusal(HttpFault.NOT_FOUND, {"path": visit.request.url.path[:200]})
    assert visit.caller is not None, "acts are closed to strangers"
    if visit.caller.standing is not None and not visit.may(name):
        return visit.ground.gate.table.permissions.role_missing(visit.caller.standing, name)
    return Flow(name, path="/desk/acts/{command}")


def _choices(sight: Sight, visit: Visit) -> Reply | Refusal:
    """What a field offers for what is typed in it, as the options of its list."""
    typed = next((value for name, value in visit.query.items() if name.startswith(f"{PREFIX}.")), "")
    found = choices(sight, visit, visit.path["kind"], typed[:TEXT_MAX])
    return Shown("forms/options.html", {"found": found}, kept=False)
