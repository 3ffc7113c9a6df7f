"""The law that the registry obeys: the adopted version, the packs on the shelf, and whether their cases hold."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from counterfoil.application.adopted import PACK
from counterfoil.application.command import SELF
from counterfoil.application.queries.law import law_view, text_view
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.pack import Pack, PackKind, bases, failure
from counterfoil.entrypoints.pack_shelf import open_pack, open_shelf, open_versions
from counterfoil.entrypoints.web.forms.flow import Flow
from counterfoil.entrypoints.web.office.pack_changes import ahead, changes
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.visit import Visit

if TYPE_CHECKING:
    from counterfoil.entrypoints.pack_shelf import Shelf

NAME_MAX: Final = 60
ADOPTABLE: Final = frozenset({PackKind.JURISDICTION, PackKind.RULEBOOK, PackKind.MECHANISM})
"""Kinds of packs that a registry obeys as its law."""


def rows() -> tuple[PageRow, ...]:
    return (
        PageRow("/desk/admin/packs", reading(_listed)),
        *ADOPTION.rows(),
        PageRow("/desk/admin/packs/{pack}", reading(_shown)),
    )


@cache
def _versions(pack: str) -> tuple[tuple[str, Pack], ...]:
    """Every version of a pack that lies on this server, the one that is used first."""
    return tuple(open_versions(pack))


@cache
def _shelf() -> "Shelf":
    """Every pack of this server: read once, when somebody first asks. Packs come with an upgrade and a start."""
    return open_shelf()


def adopted_row(sight: Sight) -> dict[str, Any] | None:
    """The adopted pack as the journal names it."""
    value = sight.record(PACK, SELF)
    return None if value is None else dict(value)


def _listed(sight: Sight, visit: Visit) -> Reply | Refusal:
    adopted, shelf = adopted_row(sight), _shelf()
    found = [
        {
            "pack": name,
            "version": pack.law.version,
            "kind": pack.law.kind,
            "title": pack.law.title.in_language(visit.language),
            "jurisdiction": pack.law.jurisdiction,
            "rules": len(pack.law.rules),
            "doubtful": sum(1 for basis in bases(pack.law) if basis.doubtful),
            "own": adopted is not None and adopted["pack"] == name,
        }
        for name, pack in sorted(shelf.packs.items())
    ]
    loaded = next((each for each in found if each["own"]), None)
    facts = {
        "adopted": adopted,
        "items": found,
        "loaded": loaded,
        "differs": adopted is not None and loaded is not None and loaded["version"] != adopted["version"],
        "unsound": sorted(shelf.problems),
        "own_party": sight.registry.party,
    }
    return Shown("office/packs.html", facts, kept=False)


def _shown(sight: Sight, visit: Visit) -> Reply | Refusal:
    """One pack: what it covers, its rules of today with their provisions, and whether its cases hold."""
    found = open_pack(visit.path["pack"][:NAME_MAX], with_cases=True)
    if not isinstance(found, Pack):
        return found[0]
    tried = [(case.says.in_language(visit.language), failure(case, found.law)) for case in found.cases]
    facts = {
        "view": law_view(found.law, visit.today),
        "title": text_view(found.law.title),
        "covers": [each.in_language(visit.language) for each in found.covers],
        "leaves_out": [each.in_language(visit.language) for each in found.leaves_out],
        "cases": len(found.cases),
        "failing": [(says, failed) for says, failed in tried if failed is not None],
        **_compared(sight, visit, found),
    }
    return Shown("office/pack.html", facts, kept=False)


def _compared(sight: Sight, visit: Visit, pack: Pack) -> dict[str, Any]:
    """What adopting a pack as it is loaded changes today, what it changes later by itself, and what else lies here.

    `changes` is None where nothing can be compared: no pack is adopted, or its version lies nowhere any more.
    """
    adopted, law = adopted_row(sight), pack.law
    lying = _versions(law.pack)
    named = _versions(adopted["pack"]) if adopted is not None else ()
    former = next((each for _, each in named if adopted and each.law.version == adopted["version"]), None)
    same = adopted == {"pack": law.pack, "version": law.version}
    fits = not law.jurisdiction or law.jurisdiction == sight.registry.party
    may_adopt = fits and not same and visit.may("AdoptPack")
    return {
        "adopted": adopted,
        "same": same,
        "changes": None if former is None or same else changes(former.law, law, visit.today, visit.texts),
        "ahead": ahead(law, visit.today, visit.texts),
        "others": [(place, each.law.version) for place, each in lying if each.law.version != law.version],
        "adoptable": may_adopt and law.kind in ADOPTABLE,
    }


def _chosen(_sight: Sight, visit: Visit) -> Mapping[str, Any]:
    """The pack of the address in the version that is loaded: nobody types it, and nobody adopts another one."""
    name = visit.path["pack"][:NAME_MAX]
    found = _shelf().packs.get(name)
    return {"pack": name, "version": "" if found is None else found.law.version}


def _beside(sight: Sight, visit: Visit) -> Mapping[str, Any]:
    found = _shelf().packs.get(visit.path["pack"][:NAME_MAX])
    if found is None:
        return {"title": None, "changes": None, "ahead": [], "adopted": adopted_row(sight), "same": False}
    named = {"title": text_view(found.law.title), "version_loaded": found.law.version}
    return {**named, **_compared(sight, visit, found)}


ADOPTION: Final = Flow(
    "AdoptPack",
    path="/desk/admin/packs/{pack}/adopt",
    fixed=_chosen,
    template="office/adopt.html",
    facts=_beside,
)
