"""A desk under the strict table of the Article 6.4 mechanism, and the steps of an activity's life on it."""

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from counterfoil.application.command import Command
from counterfoil.application.commands.change_activity import Agreement, ChangeActivity, ChangeParticipants
from counterfoil.application.commands.file_grievance import AnswerGrievance, FileGrievance
from counterfoil.application.commands.issue import Issue
from counterfoil.application.commands.living import life_of
from counterfoil.application.commands.monitor import Verify
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.propose_activity import AdvanceActivity, ProposeActivity
from counterfoil.application.commands.record_consultation import RecordConsultation
from counterfoil.application.commands.record_finding import CloseFinding, RecordFinding
from counterfoil.application.commands.register import RegisterActivity, RegisterCooperativeApproach
from counterfoil.application.commands.register_verifier import RegisterMethodology, RegisterVerifier
from counterfoil.application.commands.renew_activity import RenewActivity
from counterfoil.application.commands.suspend_activity import ResumeActivity, SuspendActivity, WithdrawActivity
from counterfoil.domain.activities.activity import CreditingPeriod, ExpectedYear
from counterfoil.domain.activities.consultation import ConsentDecision, ConsultationKind
from counterfoil.domain.activities.finding import FindingKind
from counterfoil.domain.activities.grievance import GrievanceOutcome
from counterfoil.domain.activities.verifier import Task
from counterfoil.domain.kernel.ids import ActivityId, Party
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.stages import Stage
from counterfoil.domain.units.unit_type import MitigationType
from counterfoil.packs.shelf import open_shelf
from tests.domain.commands.desk import Desk, registry
from tests.domain.commands.scene import CA9001, DEV, report, statement

DAM = ActivityId("DAM")
PAPER = "5a" * 32
METHOD = "AMS-I.D"
VALIDATOR, OTHER = "VVB-1", "VVB-2"
IDEA_ON = date(2026, 1, 5)
COMMENT_ON = date(2026, 1, 12)
APPROVED_ON = date(2026, 2, 9)
PERIOD = CreditingPeriod(date(2024, 1, 1), date(2028, 12, 31))
LONG = CreditingPeriod(date(2024, 1, 1), date(2033, 12, 31))


@cache
def mechanism() -> Law:
    return open_shelf().packs["a64"].law


def idea(**changes: Any) -> ProposeActivity:
    content: dict[str, Any] = {
        "activity": DAM,
        "title": "A small dam",
        "mitigation_type": MitigationType.REDUCTION,
        "sector": "Energy",
        "activity_type": "Hydro",
        "cooperative_approach": CA9001,
        "methodology": METHOD,
        "participants": ("DAMCO",),
        "crediting_periods": (PERIOD,),
        "expected": (ExpectedYear(2024, 500),),
    }
    return ProposeActivity(**{**content, **changes})


def to(stage: Stage, **changes: Any) -> AdvanceActivity:
    """A step to a stage with all that the strict table asks the step itself for."""
    content: dict[str, Any] = {"activity": DAM, "stage": stage, "documents": (PAPER,)}
    if stage is Stage.VALIDATION:
        content["body"] = VALIDATOR
    return AdvanceActivity(**{**content, **changes})


def body(name: str = VALIDATOR, **changes: Any) -> RegisterVerifier:
    content: dict[str, Any] = {
        "verifier": name,
        "name": f"Body {name}",
        "tasks": (Task.VALIDATION, Task.VERIFICATION),
        "sectors": ("Energy",),
        "valid_from": date(2025, 1, 1),
        "valid_to": date(2027, 12, 31),
    }
    return RegisterVerifier(**{**content, **changes})


def method(**changes: Any) -> RegisterMethodology:
    content: dict[str, Any] = {
        "methodology": METHOD,
        "title": "Grid-connected renewable electricity",
        "version": "18.0",
        "valid_from": date(2025, 1, 1),
    }
    return RegisterMethodology(**{**content, **changes})


def consultation(**changes: Any) -> RecordConsultation:
    content: dict[str, Any] = {
        "consultation": "C-1",
        "activity": DAM,
        "kind": ConsultationKind.LOCAL,
        "first_day": date(2026, 1, 20),
        "last_day": date(2026, 1, 21),
        "community": "The villages below the dam",
        "outcome": "The level of the water is told by telephone",
        "documents": (PAPER,),
    }
    return RecordConsultation(**{**content, **changes})


def consent(decision: ConsentDecision, name: str = "FPIC-1") -> RecordConsultation:
    return consultation(consultation=name, kind=ConsultationKind.CONSENT, decision=decision)


def finding(name: str = "CAR-1", **changes: Any) -> RecordFinding:
    content: dict[str, Any] = {
        "finding": name,
        "activity": DAM,
        "kind": FindingKind.CORRECTIVE_ACTION,
        "body": VALIDATOR,
        "text": "The capacity is another one",
    }
    return RecordFinding(**{**content, **changes})


def closing(name: str = "CAR-1", **changes: Any) -> CloseFinding:
    return CloseFinding(**{"finding": name, "body": VALIDATOR, "answer": "Corrected on page 4", **changes})


def grievance(name: str = "G-1", **changes: Any) -> FileGrievance:
    return FileGrievance(**{"grievance": name, "activity": DAM, "letter": PAPER, **changes})


def answer(name: str = "G-1", **changes: Any) -> AnswerGrievance:
    content = {"grievance": name, "outcome": GrievanceOutcome.UPHELD, "answer": "The sirens work again", "by": "DNA"}
    return AnswerGrievance(**{**content, **changes})


def suspension(**changes: Any) -> SuspendActivity:
    return SuspendActivity(**{"activity": DAM, "authority": "DNA", "reason": "The meter is examined", **changes})


def resumption(**changes: Any) -> ResumeActivity:
    return ResumeActivity(**{"activity": DAM, "authority": "DNA", "reason": "The meter is sound", **changes})


def withdrawal(**changes: Any) -> WithdrawActivity:
    return WithdrawActivity(**{"activity": DAM, "authority": "DNA", "reason": "The dam is taken down", **changes})


def renewal(**changes: Any) -> RenewActivity:
    content: dict[str, Any] = {
        "activity": DAM,
        "first_day": date(2029, 1, 1),
        "last_day": date(2033, 12, 31),
        "body": VALIDATOR,
        "documents": (PAPER,),
    }
    return RenewActivity(**{**content, **changes})


LIFE: tuple[tuple[Command, date], ...] = (
    (idea(), IDEA_ON),
    (to(Stage.CONSULTATION), COMMENT_ON),
    (consultation(), date(2026, 1, 22)),
    (to(Stage.APPROVAL), APPROVED_ON),
    (to(Stage.VALIDATION), date(2026, 2, 10)),
    (to(Stage.REGISTERED), date(2026, 3, 1)),
)
STAGES = {Stage.IDEA: 1, Stage.CONSULTATION: 3, Stage.APPROVAL: 4, Stage.VALIDATION: 5, Stage.REGISTERED: 6}
"""How many steps of the life lead to a stage."""


def strict_desk(law: Law | None = None) -> Desk:
    """A desk of THA that obeys the mechanism, with two bodies and a methodology in its registers, and no activity."""
    desk = Desk(registry("THA"), law=mechanism() if law is None else law)
    parties = (Party("THA"), Party("CHE"))
    desk.do(RegisterCooperativeApproach(approach=CA9001, title="Water", participants=parties))
    desk.do(OpenAccount(account=DEV, holder="DAMCO"))
    for command in (body(), body(OTHER), method()):
        desk.do(command)
    return desk


def at(stage: Stage, desk: Desk | None = None) -> Desk:
    """A desk whose activity stands at a stage, with every gate on the way met."""
    desk = strict_desk() if desk is None else desk
    for command, on in LIFE[: STAGES[stage]]:
        desk.do(command, on=on)
    return desk


TWO_YEARS = {"first_day": date(2024, 1, 1), "last_day": date(2024, 12, 31)}
REPORT = report("M-1", DAM, (2024, 100), **TWO_YEARS)


def checked(of: str = OTHER) -> Verify:
    return replace(statement("V-1", "M-1", (2024, 90)), verifier=of)


def issue(**changes: Any) -> Issue:
    content: dict[str, Any] = {
        "activity": DAM,
        "verification": "V-1",
        "vintage": 2024,
        "quantity": 90,
        "account": DEV,
    }
    return Issue(**{**content, **changes})


def change(**changes: Any) -> ChangeActivity:
    content = {"activity": DAM, "reason": "A correction", "documents": (PAPER,), "body": VALIDATOR, **changes}
    return ChangeActivity(**content)


def swap(**changes: Any) -> ChangeParticipants:
    content: dict[str, Any] = {
        "activity": DAM,
        "reason": "Sold",
        "joining": ("NEWCO",),
        "leaving": ("DAMCO",),
        "agreements": (Agreement("NEWCO", PAPER), Agreement("DAMCO", PAPER)),
    }
    return ChangeParticipants(**{**content, **changes})


def registration(**changes: Any) -> RegisterActivity:
    said = idea(**changes)
    return RegisterActivity(**{name: getattr(said, name) for name in RegisterActivity.__dataclass_fields__})


def stage_of(desk: Desk) -> Stage:
    return life_of(desk.books, DAM).stage


def ready(*left_out: Command) -> Desk:
    """A desk whose activity is in validation and needs nothing but what was left out of its life."""
    desk = strict_desk()
    for command, on in LIFE[:5]:
        if command not in left_out:
            desk.do(command, on=on)
    return desk


def bare(**changes: Any) -> Desk:
    """The same, for an activity that says something else."""
    desk = strict_desk()
    for command, on in ((idea(**changes), IDEA_ON), *LIFE[1:5]):
        desk.do(command, on=on)
    return desk


REGISTERED = to(Stage.REGISTERED)


def with_gate(gate: str) -> Any:
    """The mechanism's law with one more gate before registration."""
    law = strict_desk().law
    assert law is not None
    rule = law.rules["life"]
    (clause,) = rule.versions
    needs = {**clause.content.needs, "registered": (*clause.content.needs["registered"], gate)}
    versions = (replace(clause, content=replace(clause.content, needs=needs)),)
    return replace(law, rules={**law.rules, "life": replace(rule, versions=versions)})
