"""Whatever is tried in whatever order, nothing is issued before an activity is registered, or while it is suspended."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.application.command import Command
from counterfoil.application.commands.living import life_of
from counterfoil.domain.activities.consultation import ConsentDecision
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.entry import Act
from counterfoil.domain.policy.stages import Stage
from tests.domain.commands.desk import Desk
from tests.domain.commands.lives import (
    DAM,
    OTHER,
    closing,
    consent,
    consultation,
    finding,
    idea,
    issue,
    resumption,
    strict_desk,
    suspension,
    to,
    withdrawal,
)
from tests.domain.commands.scene import report, statement

MONTHS: Final = tuple((date(2024, month, 1), date(2024, month, 28)) for month in range(1, 13))
ORDER: Final = (Stage.IDEA, Stage.CONSULTATION, Stage.APPROVAL, Stage.VALIDATION, Stage.REGISTERED)


def acts(number: int) -> tuple[Command, ...]:
    """What may be tried; numbered, so that the same act can be tried again."""
    first, last = MONTHS[number % len(MONTHS)]
    vintage = ((2024, 10),)
    return (
        idea(),
        *(to(stage) for stage in Stage),
        consultation(consultation=f"C-{number}", first_day=date(2026, 1, 1), last_day=date(2026, 1, 2)),
        consent(ConsentDecision.REFUSED, f"F-{number}"),
        consent(ConsentDecision.CONSENT, f"F-{number}"),
        finding(f"CAR-{number}"),
        closing(f"CAR-{number % 7}"),
        suspension(),
        resumption(),
        withdrawal(justification="x"),
        report(f"M-{number}", DAM, *vintage, first_day=first, last_day=last),
        replace(statement(f"V-{number}", f"M-{number - 1}", *vintage), verifier=OTHER),
        issue(verification=f"V-{number - 1}", quantity=10),
    )


KINDS: Final = len(acts(0))
WALK: Final = (0, 2, 8, 4, 3, 5)
"""The way to registration; a history begins with a part of it, or issuance would hardly ever be reached."""
histories = st.tuples(
    st.integers(0, len(WALK)), st.lists(st.tuples(st.integers(0, KINDS - 1), st.integers(0, 40)), max_size=60)
)


def play(desk: Desk, begun: int, steps: list[tuple[int, int]]) -> list[tuple[Act, Stage, bool]]:
    """Every act that was accepted, with the stage and the suspension before it."""
    done: list[tuple[Act, Stage, bool]] = []
    day = date(2026, 1, 5)
    for number, (kind, wait) in enumerate([*((kind, 30) for kind in WALK[:begun]), *steps]):
        day += timedelta(days=wait)
        command = acts(number)[kind]
        before = life_of(desk.books, DAM) if desk.books.record("activity", DAM) else None
        outcome = desk.ask(command, on=day)
        if isinstance(outcome, Refusal):
            continue
        desk.record(outcome)
        if before is not None:
            done.append((outcome.act, before.stage, before.suspended_on is not None))
    return done


@given(histories)
@settings(max_examples=max(150, settings().max_examples), deadline=None)
def test_no_history_issues_without_registration_or_while_suspended(history: tuple[int, list[tuple[int, int]]]) -> None:
    desk = strict_desk()
    begun, steps = history
    accepted = play(desk, begun, steps)
    reached = {stage for _, stage, _ in accepted}
    for act, stage, suspended in accepted:
        if act is Act.ISSUED:
            assert stage in (Stage.REGISTERED, Stage.CLOSED, Stage.WITHDRAWN)
            assert not suspended
            assert Stage.REGISTERED in reached
    if desk.books.record("activity", DAM) is None:
        return
    life = life_of(desk.books, DAM)
    if life.was_registered:
        # Under the strict table nobody comes to registration without the stages before it.
        assert life.passed[: len(ORDER)] == ORDER
    assert life.events == sum(1 for kind, _ in desk.books.records.items() if kind[0] == "activity_event")


def test_the_way_to_registration_leads_there_and_to_issuance() -> None:
    desk = strict_desk()
    steps = [(16, 1), (17, 1), (18, 1)]
    accepted = play(desk, len(WALK), steps)
    assert accepted[-1] == (Act.ISSUED, Stage.REGISTERED, False)
