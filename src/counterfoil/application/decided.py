"""What the engine knows for the law from decisions and quotas on record, so that nobody has to answer it by hand."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from counterfoil.application.command import stored
from counterfoil.application.commands.authorize import first_transferred_quantity
from counterfoil.application.commands.record_decision import RecordDecision, about_letter, decisions_about
from counterfoil.application.commands.set_quota import SetQuota
from counterfoil.application.steps_done import steps_done
from counterfoil.domain.authorizations.decision import standing
from counterfoil.domain.authorizations.quota import QUOTA, Quota
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.policy.asked import Act
from counterfoil.domain.policy.facts import FACTS, FactType
from counterfoil.domain.policy.law import Law

ABOUT: Final = "about"
"""Not a fact: the activities and authorizations that an act is about, whose decisions count."""
_LETTER: Final = "authorization:"
_ACTIVITY: Final = "activity:"
WORDS_SHOWN: Final = 400


def about(*, activity: str | None = None, authorization: str | None = None, host: str = "") -> dict[str, Any]:
    """What an act is about, for `decided`. `host` is the Party of a letter that is not this registry's own."""
    names = [f"{_ACTIVITY}{activity}"] if activity else []
    names += [about_letter(authorization, host)] if authorization else []
    return {ABOUT: tuple(names)}


def decided(known: Mapping[str, Any], act: Act, law: Law, books: Books, on: date) -> dict[str, Any]:
    """The facts with what authorities decided: approvals with what is left of them, steps done, and answers.

    Where the law asks for approvals by level, only recorded ones count. A quantity that a level approved is lessened
    by what was first transferred under the authorization before.
    """
    facts = {name: value for name, value in known.items() if name != ABOUT}
    names: tuple[str, ...] = known.get(ABOUT, ())
    stands = standing(decisions_about(books, names), on=on)
    if ABOUT in known and any(act in clause.acts for clause in law.in_force("tier", on)):
        letter = next((name.removeprefix(_LETTER) for name in names if name.startswith(_LETTER)), "")
        gone = first_transferred_quantity(books, letter) if act is Act.FIRST_TRANSFER and letter else 0
        facts["approvals"] = sorted(stands.approved)
        for level, quantity in stands.approved.items():
            if quantity is not None:
                facts[f"approved_t.{level}"] = max(0, quantity - gone)
    done = stands.done | {step for name in names if name.startswith(_ACTIVITY) for step in _lived(books, name, law, on)}
    if done:
        facts["done"] = sorted(done)
    return {**facts, **stands.answers}


def _lived(books: Books, name: str, law: Law, on: date) -> frozenset[str]:
    return steps_done(books, name.removeprefix(_ACTIVITY), law, on)


def quota_drawn_on(quota: str, law: Law, books: Books, on: date) -> dict[str, Any]:
    """The quota that an authorization draws on, where the law has quotas. One that names none has a quota of zero."""
    if not any(True for _ in law.in_force("export_quota", on)):
        return {}
    known = stored(books, QUOTA, quota, Quota) if quota else None
    if known is None:
        return {"quota_t": 0, "quota_used_t": 0}
    return {"level": known.level, "quota_t": known.quantity_t, "quota_used_t": known.used_t}


def quota_asked(command: SetQuota, books: Books) -> dict[str, Any]:
    """A quota that is to be set, and what is left of the one above it."""
    parent = stored(books, QUOTA, command.parent, Quota) if command.parent is not None else None
    before = stored(books, QUOTA, command.quota, Quota)
    own = 0 if before is None else before.quantity_t
    above = (0, 0) if parent is None else (parent.quantity_t, parent.used_t - own)
    return {
        "level": command.level,
        "quota_t": command.quantity_t,
        "parent_quota_t": above[0],
        "allocated_t": above[1],
    }


def unknown_words(command: RecordDecision, law: Law, on: date) -> dict[str, str] | None:
    """The word of a decision that the law of the day does not know, with those that it knows."""
    levels = {level for clause in law.in_force("tier", on) for level in clause.content.order}
    cycles = {clause.content.cycle: clause.content.steps for clause in law.in_force("cycle", on)}
    questions = {name for name, fact in {**FACTS, **law.facts}.items() if fact.type is FactType.YES_NO}
    for kind, word, words in (
        ("level", command.level, levels),
        ("cycle", command.cycle, set(cycles)),
        ("step", command.step, set(cycles.get(command.cycle, ()))),
        ("fact", command.fact, questions),
    ):
        if word and word not in words:
            return {"pack": law.pack, "kind": kind, "word": word, "known": ", ".join(sorted(words))[:WORDS_SHOWN]}
    return None


def step_asked(command: RecordDecision, books: Books, on: date) -> dict[str, Any]:
    """A step of a procedure that is to be taken, with those done before it."""
    done = standing(decisions_about(books, (command.about,)), on=on).done
    return {
        "authority": command.authority.strip(),
        "cycle": command.cycle,
        "step": command.step,
        "done": sorted(done),
    }
