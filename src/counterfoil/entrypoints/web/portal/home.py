"""The home page: who keeps this register, where it stands, and what happened lately."""

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.visit import Visit


def rows() -> tuple[PageRow, ...]:
    return (PageRow("/", reading(_home)),)


def _home(sight: Sight, visit: Visit) -> Reply | Refusal:
    del sight, visit
    return Shown("portal/home.html")
