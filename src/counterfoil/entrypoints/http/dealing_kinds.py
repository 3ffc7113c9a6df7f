"""What the API shows of offers, invoices, opening books and comparisons, and forms with the adopted law's questions."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from counterfoil.application.adopted import PACK
from counterfoil.application.command import SELF
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.forms import form_list, form_schema
from counterfoil.entrypoints.http.life_kinds import Both
from counterfoil.entrypoints.laws_at_hand import LawsAtHand

DEALING_KINDS: Final[tuple[tuple[str, str, Both, Both, str], ...]] = (
    (
        "offers",
        "offer",
        ("One offer inside the registry; its price is sealed", "單一讓售要約；價格保密"),
        ("Offers inside the registry", "登錄系統內之讓售要約清單"),
        "OF-2026-1",
    ),
    (
        "invoices",
        "invoice",
        ("One invoice for fees", "單一繳費單"),
        ("Invoices for fees", "繳費單清單"),
        "2026-000001",
    ),
    (
        "opening-books",
        "opening_book",
        ("One opening book, with how much of it is in", "單一期初帳及其匯入進度"),
        ("Opening books", "期初帳清單"),
        "OB-2026",
    ),
    (
        "cases",
        "case",
        ("One case about units of which a partner's book says something else", "單一案件：夥伴簿冊記載不同之單位"),
        ("Cases about units of which partners' books say something else", "案件清單：夥伴簿冊記載不同之單位"),
        "CHE-3f1c5d7a9b20",
    ),
    (
        "reconciliations",
        "reconciliation",
        ("How the book last compared with one partner's", "與單一夥伴最近一次對帳之結果"),
        ("How the book last compared with each partner's", "與各夥伴最近一次對帳之結果清單"),
        "CHE",
    ),
)


def form_names() -> Mapping[str, Any]:
    """Every form with its versions."""
    return form_list()


def form(sight: Sight, key: str) -> Mapping[str, Any] | Refusal:
    """One version of a form with what the adopted law asks beyond it."""
    name, _, version = key.partition("/")
    adopted = sight.record(PACK, SELF)
    return form_schema(name, version, None if adopted is None else _laws().law(adopted["pack"]))


@cache
def _laws() -> LawsAtHand:
    """The laws are read once, when somebody first asks."""
    return LawsAtHand()
