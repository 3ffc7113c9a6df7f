"""What is taken, from what, in which order, for whom; and how the rest is shared.

Units are divided at issuance: levies in their order, then the rest to whom the sharing rule names, or to the holder.
Levies are rounded up, and the last receiver takes the rest, so the parts sum to the whole. Value levies are paid beside
the units and take none of them. Source: ADR-0004, ADR-0024.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from counterfoil.domain.kernel.share import share_down, share_up
from counterfoil.domain.policy.applying import Kind, applying
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.content import FACT, In, Names
from counterfoil.domain.policy.figure import SHARE, Figure
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Amount, Rounding, Ruling, allowed, asks, noted, refused, unknown_value

FORM, AIM, JOINT, REST_TO = "form", "aim", "joint", "rest_to"
"""Keys of the notes that say what becomes of the parts of an issuance."""
YES, NO = "yes", "no"
HOLDER: Final = "holder"


class LevyFault(StrEnum):
    LEAVES_NOTHING = "policy.levy.leaves_nothing"


class LevyBase(StrEnum):
    """`units` at issuance; `value` of the units at their first transfer; `proceeds` when a sale is divided."""

    UNITS = "units"
    VALUE = "value"
    PROCEEDS = "proceeds"


class Of(StrEnum):
    """Of the whole, or of what earlier levies left."""

    GROSS = "gross"
    REST = "rest"


class Form(StrEnum):
    CANCEL = "cancel"
    TRANSFER = "transfer"
    PAY = "pay"


class Aim(StrEnum):
    ADAPTATION = "adaptation"
    OMGE = "omge"
    REVERSAL_DEPOSIT = "reversal_deposit"
    LEVY = "levy"


@dataclass(frozen=True, slots=True)
class LevyRule:
    """`order`: lower is taken first. `recipient` and `payer` are words of the pack."""

    aim: Aim
    share: Annotated[Figure, In(SHARE)]
    base: LevyBase = LevyBase.UNITS
    of: Of = Of.GROSS
    order: int = 1
    form: Form = Form.TRANSFER
    recipient: str = ""
    payer: str = ""


@dataclass(frozen=True, slots=True)
class SharingRule:
    """How the rest of an issuance is split. `rest_to` takes what the parts leave.

    `decided_by` names the body that sets the parts for each project; then the fact `part_fact` holds the share of the
    only named part.
    """

    rest_to: str
    parts: Annotated[Mapping[str, Figure], In(SHARE)] = field(default_factory=dict)
    decided_by: str = ""
    part: str = ""
    part_fact: Annotated[str, Names(FACT)] = ""
    both: bool = True
    """Each part is issued in a book of its own: both at once, or neither. Otherwise all parts stand in one book."""


ACTS_OF_BASE: Final = {
    LevyBase.UNITS: Act.ISSUE,
    LevyBase.VALUE: Act.FIRST_TRANSFER,
    LevyBase.PROCEEDS: Act.DISTRIBUTE,
}


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """The levies of an act in their order; at issuance also the sharing of the rest."""
    taken = sorted(clauses, key=lambda each: int(each.content.order))
    match asked.act:
        case Act.FIRST_TRANSFER | Act.ACQUIRE:
            for clause in taken:
                yield _on_value(clause, asked)
        case Act.ISSUE:
            yield from _issuance(taken, asked, law, on)


def acts_of(rule: LevyRule) -> frozenset[Act]:
    """A levy falls due at the act of its base, unless the rule names its acts."""
    return frozenset({ACTS_OF_BASE[rule.base]})


def _on_value(clause: Clause, asked: Asked) -> Ruling:
    """Paid beside the units, so a value that is not known yet leaves the amount open and does not stop the act."""
    rule: LevyRule = clause.content
    if rule.share.quantity is None:
        return unknown_value("levy", clause.basis, rule.share)
    if asked.missing("value", "currency"):
        notes = (("share", str(rule.share.quantity)), ("payer", rule.payer or "-"), ("amount", "open"))
        return noted("levy", clause.basis, rule.share, notes=notes)
    due = share_up(asked.whole("value"), rule.share.amount)
    amount = Amount(clause.name, due, f"{asked.word('currency')} minor", rule.recipient, Rounding.UP)
    return allowed("levy", clause.basis, rule.share, amounts=(amount,), notes=(("payer", rule.payer or "-"),))


def _issuance(taken: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    sharing, questions = applying(law, "sharing", asked, on)
    yield from questions
    if not taken and not sharing:
        return
    first = taken[0] if taken else sharing[0]
    if asked.missing("quantity_t"):
        yield asks("levy", first.basis, ("quantity_t",))
        return
    whole = rest = asked.whole("quantity_t")
    for clause in taken:
        if clause.content.share.quantity is None:
            yield unknown_value("levy", clause.basis, clause.content.share)
            return
        part = part_of(clause.content, whole, rest)
        rest -= part
        if rest < 0 or (rest == 0 and whole > 0):
            yield refused("levy", clause.basis, LevyFault.LEAVES_NOTHING, {"quantity_t": whole})
            return
        amount = Amount(clause.name, part, "t", clause.content.recipient, Rounding.UP, part=True)
        form = ((FORM, clause.content.form.value), (AIM, clause.content.aim.value))
        yield allowed("levy", clause.basis, clause.content.share, amounts=(amount,), notes=form)
    if sharing:
        yield _shared(sharing[0], rest, asked)
    else:
        holder = Amount(HOLDER, rest, "t", HOLDER, Rounding.REST, part=True)
        yield allowed("levy", first.basis, amounts=(holder,))


def part_of(rule: LevyRule, whole: int, rest: int) -> int:
    """What one levy takes, rounded up to a whole unit."""
    return share_up(whole if rule.of is Of.GROSS else rest, rule.share.amount)


def _shared(clause: Clause, rest: int, asked: Asked) -> Ruling:
    """Named parts are rounded down; the one who takes the rest also takes what rounding leaves."""
    rule: SharingRule = clause.content
    parts: dict[str, tuple[Figure | None, int]] = {}
    if rule.part_fact:
        if asked.missing(rule.part_fact):
            return asks("sharing", clause.basis, (rule.part_fact,))
        parts[rule.part] = (None, share_down(rest, asked.number(rule.part_fact)))
    for name, share in rule.parts.items():
        if share.quantity is None:
            return unknown_value("sharing", clause.basis, share)
        parts[name] = (share, share_down(rest, share.amount))
    left = rest - sum(quantity for _, quantity in parts.values())
    if left < 0 or any(quantity < 0 for _, quantity in parts.values()):
        return refused("sharing", clause.basis, LevyFault.LEAVES_NOTHING, {"quantity_t": rest})
    amounts = [Amount(name, quantity, "t", name, Rounding.DOWN, part=True) for name, (_, quantity) in parts.items()]
    amounts.append(Amount(rule.rest_to, left, "t", rule.rest_to, Rounding.REST, part=True))
    used = [share for share, _ in parts.values() if share is not None]
    notes = ((JOINT, YES if rule.both else NO), (REST_TO, rule.rest_to))
    return allowed("sharing", clause.basis, *used, amounts=amounts, notes=notes)


def decide_nothing(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """Sharing is decided together with the levies, because it divides what they leave."""
    del clauses, asked, law, on
    yield from ()


LEVY: Final = Kind("levy", LevyRule, frozenset({Act.ISSUE, Act.FIRST_TRANSFER, Act.ACQUIRE}), decide, acts_of=acts_of)
SHARING: Final = Kind("sharing", SharingRule, frozenset(), decide_nothing)
