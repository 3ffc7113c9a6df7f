"""What a scenario may measure of liabilities and of the voluntary register."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any, Final

from counterfoil.application.queries.compliance import liability, voluntary
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal


def class_in_account(sight: Sight, of: str) -> int:
    """Units of a class in an account: `CLASS ACCOUNT`."""
    unit_class, _, account = of.partition(" ")
    return sum(
        each.serials.size for each in sight.all_holdings() if (each.unit_class, each.account) == (unit_class, account)
    )


def accepted(sight: Sight, name: str) -> int:
    """Units accepted for a liability."""
    return int(_told(sight, name)["accepted_t"])


def deducted(sight: Sight, name: str) -> int:
    """Tonnes taken from the base of a liability."""
    return int(_told(sight, name)["deducted_t"])


def charge_before(sight: Sight, name: str) -> int:
    """The charge of a liability without units, in minor units."""
    return int(_told(sight, name)["charge"]["before"])


def charge_after(sight: Sight, name: str) -> int:
    """The charge that is left, in minor units."""
    return int(_told(sight, name)["charge"]["after"])


def voluntary_t(sight: Sight, _: str) -> int:
    """Credits in the voluntary register, tonnes."""
    return sum(int(each["quantity_t"]) for each in voluntary(sight))


def voluntary_value(sight: Sight, _: str) -> int:
    """What the voluntary register is worth for compliance."""
    return sum(int(each["compliance_value"]) for each in voluntary(sight))


def _told(sight: Sight, name: str) -> dict[str, Any]:
    found = liability(sight, name)
    if isinstance(found, Refusal):
        raise ValueError(f"{found.code} {dict(found.facts)}")
    return found


COMPLIANCE_MEASURES: Final[MappingProxyType[str, Callable[[Sight, str], int]]] = MappingProxyType(
    {
        "class_in_account": class_in_account,
        "accepted": accepted,
        "deducted": deducted,
        "charge_before": charge_before,
        "charge_after": charge_after,
        "voluntary": voluntary_t,
        "voluntary_value": voluntary_value,
    }
)
