"""One example of each command about the life of an activity: the command, its desk, and what happened before."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial

from counterfoil.application.command import Command
from counterfoil.domain.kernel.ids import ActivityId
from counterfoil.domain.policy.stages import Stage
from tests.domain.commands.desk import Desk
from tests.domain.commands.lives import (
    PERIOD,
    answer,
    at,
    body,
    change,
    closing,
    consultation,
    finding,
    grievance,
    idea,
    method,
    renewal,
    resumption,
    suspension,
    swap,
    to,
    withdrawal,
)
from tests.domain.commands.scene import host

LifeExample = tuple[Command, Callable[[], Desk], tuple[Command, ...]]


def life_examples() -> Iterator[LifeExample]:
    registered = partial(at, Stage.REGISTERED)
    yield idea(activity=ActivityId("RICE")), host, ()
    yield to(Stage.CONSULTATION), partial(at, Stage.IDEA), ()
    yield change(title="Another"), registered, ()
    yield swap(), registered, ()
    yield renewal(), late, ()
    yield suspension(), registered, ()
    yield resumption(), registered, (suspension(),)
    yield withdrawal(justification="x"), registered, ()
    yield body("VVB-9"), host, ()
    yield method(), host, ()
    yield finding(), registered, ()
    yield closing(), registered, (finding(),)
    yield consultation(consultation="C-9"), registered, ()
    yield grievance(), registered, ()
    yield answer(), registered, (grievance(),)


def late() -> Desk:
    """A desk in the last year of the crediting period, with a body that is still accredited."""
    desk = at(Stage.REGISTERED)
    desk.do(body(valid_to=date(2040, 1, 1)))
    return replace(desk, today=date(PERIOD.last_day.year, 6, 1))
