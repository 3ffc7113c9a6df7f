"""The form of an application as somebody fills it in: what was typed, what is wrong in it, and what it asks for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from counterfoil.application.office.application import Application, ApplicationState, Colleague, Owner
from counterfoil.application.office.application_room import Said
from counterfoil.entrypoints.permission_table import organisation_kinds
from counterfoil.entrypoints.web.form import Form

OWNER_ROWS: Final = 4
COLLEAGUE_ROWS: Final = 4
APPLICANTS: Final = frozenset({"holder", "developer", "verifier", "exchange", "trustee", "observer", "community"})
"""The roles that bodies of the public have: who runs the registry or the State applies by no form."""
FIELDS: Final = ("name", "organisation", "kind", "country", "contact", "mail", "account", "purpose")
_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}\Z")


@dataclass(frozen=True, slots=True)
class Filled:
    """What was typed, with the part of each account's code before the colon."""

    typed: Mapping[str, str]
    owners: tuple[tuple[str, str, str], ...]
    colleagues: tuple[tuple[str, str], ...]

    def said(self, language: str) -> Said:
        people = tuple(Colleague(name.strip(), mail.strip().lower()) for name, mail in self.colleagues if name or mail)
        typed = self.typed
        return Said(typed["country"], typed["contact"], typed["purpose"], people, language)

    def asked(self, party: str, documents: tuple[str, ...]) -> Application:
        typed = self.typed
        owners = tuple(Owner(name, country.upper(), _whole(percent)) for name, country, percent in self.owners if name)
        account = f"{party.lower()}:{(typed['account'] or typed['organisation']).lower()}"
        return Application(
            "",
            typed["organisation"],
            typed["kind"],
            typed["name"],
            typed["mail"].lower(),
            account,
            documents,
            owners,
            ApplicationState.OPEN,
            0,
        )

    def missing(self) -> tuple[str, ...]:
        """The fields that must be filled in and are not, or cannot be read, in the order of the form."""
        wrong = [name for name in FIELDS if name != "account" and not self.typed[name]]
        word = self.typed["account"]
        if word and not _WORD.match(word):
            wrong.append("account")
        if self.typed["kind"] and self.typed["kind"] not in kinds_open():
            wrong.append("kind")
        if not any(name for name, _, _ in self.owners) or any(
            not name or not country or _whole(percent) < 0 for name, country, percent in self.owners if name or country
        ):
            wrong.append("owners")
        return tuple(dict.fromkeys(wrong))


def filled(form: Form) -> Filled:
    """What a form says; an empty one is a fresh form."""
    return Filled(
        {name: form.get(name)[:4_000] for name in FIELDS},
        tuple(
            (form.get(f"owner.{n}.name"), form.get(f"owner.{n}.country"), form.get(f"owner.{n}.percent"))
            for n in range(OWNER_ROWS)
        ),
        tuple((form.get(f"person.{n}.name"), form.get(f"person.{n}.mail")) for n in range(COLLEAGUE_ROWS)),
    )


def kinds_open() -> tuple[str, ...]:
    """The kinds of bodies that apply for themselves."""
    return tuple(name for name, kind in organisation_kinds().items() if kind.roles <= APPLICANTS)


def _whole(text: str) -> int:
    """A percentage; 0 where it is not told, -1 for what is none."""
    if not text:
        return 0
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 3 and int(text) <= 100 else -1
