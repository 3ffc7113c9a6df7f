"""Every part of which pages are made, on one page: for whoever builds a page, and for whoever checks how one looks."""

from counterfoil.entrypoints.web.drawing.samples import samples
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown
from counterfoil.entrypoints.web.parts import Happening
from counterfoil.entrypoints.web.visit import Visit


def rows() -> tuple[PageRow, ...]:
    return (PageRow("/design", _design),)


async def _design(visit: Visit) -> Reply:
    happenings = (
        Happening("2026-01-05", "EBUS-1", visit.texts("web.design.note_text")),
        Happening("2026-06-30", "LoA 2026-1", tone="warn", source=visit.texts("web.design.source")),
    )
    return Shown("portal/design.html", {"happenings": happenings, "drawings": samples(visit)})
