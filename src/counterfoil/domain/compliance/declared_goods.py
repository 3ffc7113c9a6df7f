"""What an exporter declares of an installation and its goods, and in which documents it says what was paid.

Source: requirement R-EUR-04; Regulation (EU) 2023/956 arts. 7, 9(2).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.ids import DIGEST, PARTY
from counterfoil.domain.kernel.refusal import Refusal

LINES_MAX: Final = 200
TEXT_MAX: Final = 200
AMOUNT_MAX: Final = 10**15


class GoodsFault(StrEnum):
    UNCLEAR = "border.declaration_unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """Goods of one tariff code: their mass and the emissions embedded in them, both in whole kilograms."""

    cn_code: str
    quantity_kg: int
    embedded_kg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """Money paid for a liability, or given back: minor units of its currency, and the document that shows it."""

    liability: str
    amount: int
    currency: str
    on: date
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """`country` is where the installation stands, ISO alpha-3. `liabilities` are those under which it paid."""

    declarant: str
    installation: str
    operator: str
    country: str
    goods: tuple[Goods, ...]
    liabilities: tuple[str, ...]
    payments: tuple[Amount, ...] = ()
    rebates: tuple[Amount, ...] = ()


def unclear(declaration: Declaration) -> Refusal | None:
    """The first thing that cannot be used, in this order: names, country, goods, liabilities, amounts."""
    said = declaration
    names = (said.declarant, said.installation, said.operator)
    amounts = (*said.payments, *said.rebates)
    part = ""
    if not all(0 < len(text.strip()) <= TEXT_MAX for text in names):
        part = "names"
    elif not PARTY.match(said.country):
        part = "country"
    elif not 1 <= len(said.goods) <= LINES_MAX or not all(map(_countable, said.goods)):
        part = "goods"
    elif not 1 <= len(said.liabilities) <= LINES_MAX or len(set(said.liabilities)) != len(said.liabilities):
        part = "liabilities"
    elif len(amounts) > LINES_MAX or not all(_stated(each, said.liabilities) for each in amounts) or _twice(said):
        part = "amounts"
    return Refusal(GoodsFault.UNCLEAR, {"part": part, "lines_max": LINES_MAX}) if part else None


def _twice(said: Declaration) -> bool:
    """Whether one payment or rebate stands twice: the same money, day and document."""
    return any(len(set(amounts)) != len(amounts) for amounts in (said.payments, said.rebates))


def _countable(goods: Goods) -> bool:
    code = goods.cn_code
    fits = code.isascii() and code.isdigit() and 4 <= len(code) <= 10
    return fits and 0 < goods.quantity_kg <= AMOUNT_MAX and 0 <= goods.embedded_kg <= AMOUNT_MAX


def _stated(amount: Amount, liabilities: tuple[str, ...]) -> bool:
    fits = amount.liability in liabilities and bool(DIGEST.match(amount.document))
    return fits and 0 < amount.amount <= AMOUNT_MAX and len(amount.currency) == len("EUR")
