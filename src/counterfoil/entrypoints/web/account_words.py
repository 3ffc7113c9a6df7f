"""An account that exists by its code alone, such as `pending:CHE`, in words; a holding is called by its code.

Read before: `domain/ledger/account.py`.
"""

from typing import Final

from counterfoil.domain.ledger.account import AccountRole, role
from counterfoil.entrypoints.country_codes import country_names
from counterfoil.entrypoints.language import Texts, said

YEARLY: Final = 4
"""Parts of a code that names a year: `used:CHE:ndc:2023`, `ndc:THA:2022:added`."""


def account_text(code: str, texts: Texts) -> str:
    """What the account is for; the code itself where no words are needed or known."""
    parts = code.split(":")
    if parts[0] == "ndc" and len(parts) == YEARLY:
        return texts(f"account.word.{parts[3]}", of=_named(parts[1], texts), year=parts[2])
    if len(parts) == 1 or role(code) is AccountRole.HOLDING or texts.known(f"account.word.{parts[0]}") is None:
        return code
    if parts[0] == "used":
        return texts("account.word.used", of=_named(parts[1], texts), year=parts[3]) if len(parts) == YEARLY else code
    return texts(f"account.word.{parts[0]}", of=_named(":".join(parts[1:]), texts))


def _named(name: str, texts: Texts) -> str:
    """A Party, a purpose or a fund by its name; an activity by its code."""
    known = texts.known(f"account.word.of.{name}")
    names = country_names().get(name)
    return known or (name if names is None else said(names, texts.language, f"country.{name}"))
