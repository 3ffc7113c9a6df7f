"""Which elements each report has, and every element by its key."""

from collections.abc import Mapping
from typing import Final

from counterfoil.domain.reporting.narrative.element import Element, ReportKind
from counterfoil.domain.reporting.narrative.initial_elements import INITIAL, OF_APPROACHES
from counterfoil.domain.reporting.narrative.regular_elements import REGULAR

OUTLINES: Final[Mapping[ReportKind, tuple[Element, ...]]] = {
    ReportKind.INITIAL: INITIAL,
    ReportKind.UPDATED_INITIAL: OF_APPROACHES,
    ReportKind.REGULAR: REGULAR,
}
"""An updated initial report brings what para. 18(g)-(i) asks of one further cooperative approach (para. 19)."""

BY_KEY: Final[Mapping[str, Element]] = {element.key: element for element in (*INITIAL, *REGULAR)}
