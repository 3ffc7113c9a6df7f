"""Whether a version of a letter allows more than another: only its host may show such a version.

Source: 4/CMA.6 paras. 5, 7-10 (who changes an authorization).
"""

from collections.abc import Collection
from datetime import date

from counterfoil.domain.authorizations.authorization import Authorization, AuthorizationState


def widens(version: Authorization, known: Authorization) -> bool:
    """True when some act abroad is covered by `version` and was not by `known`.

    Quantity and issuance are not compared: only the host's own book counts them. Source: 4/CMA.6 para. 5(b)-(n).
    """
    return (
        (known.state is AuthorizationState.REVOKED and version.state is not AuthorizationState.REVOKED)
        or version.terms_allow_change_after_first_transfer > known.terms_allow_change_after_first_transfer
        or not set(version.components) <= set(known.components)
        or not set(version.purposes) <= set(known.purposes)
        or not set(version.vintages) <= set(known.vintages)
        or _more_parties(version, known)
        or any(_more(one, other) for one, other in _lists(version, known))
        or any(_later(one, other) for one, other in _days(version, known))
        or version.metric != known.metric
        or (version.adjustment_commitment != known.adjustment_commitment and not known.adjustment_commitment)
    )


def _more_parties(version: Authorization, known: Authorization) -> bool:
    if known.any_party:
        return False
    return version.any_party or not set(version.authorized_parties) <= set(known.authorized_parties)


def _lists(version: Authorization, known: Authorization) -> tuple[tuple[Collection[str], Collection[str]], ...]:
    """The lists of which an empty one leaves everything open."""
    return (
        (version.authorized_entities, known.authorized_entities),
        (version.activities, known.activities),
        (version.sectors, known.sectors),
        (version.activity_types, known.activity_types),
        (version.underlying_registries, known.underlying_registries),
    )


def _more(allowed: Collection[str], before: Collection[str]) -> bool:
    return bool(before) and (not allowed or not set(allowed) <= set(before))


def _days(version: Authorization, known: Authorization) -> tuple[tuple[date | None, date | None], ...]:
    return (version.valid_to, known.valid_to), (version.last_use_on, known.last_use_on)


def _later(last: date | None, before: date | None) -> bool:
    return before is not None and (last is None or last > before)
