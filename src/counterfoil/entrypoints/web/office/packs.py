"""The law that the registry obeys: the adopted version, the packs on the shelf, and whether their cases hold."""

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from counterfoil.application.adopted import PACK
from counterfoil.application.command import SELF
from counterfoil.application.queries.law import law_view, text_view
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.pack import Pack, bases, failure
from counterfoil.entrypoints.pack_shelf import open_pack, open_shelf
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.visit import Visit

if TYPE_CHECKING:
    from counterfoil.entrypoints.pack_shelf import Shelf

NAME_MAX: Final = 60


def rows() -> tuple[PageRow, ...]:
    return (
        PageRow("/desk/admin/packs", reading(_listed)),
        PageRow("/desk/admin/packs/{pack}", reading(_shown)),
    )


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
        "adopted": adopted_row(sight),
    }
    return Shown("office/pack.html", facts, kept=False)
