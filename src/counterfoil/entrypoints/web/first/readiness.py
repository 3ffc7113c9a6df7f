"""What law and process of the country still miss: the readiness view, for everybody to read and to print."""

from collections.abc import Mapping
from typing import Any

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.kinds.criterion import Group
from counterfoil.entrypoints.http.readiness import ready
from counterfoil.entrypoints.language import said
from counterfoil.entrypoints.reports.readiness_words import (
    MARKS,
    asked_text,
    evidence_text,
    ground_text,
    state_text,
    title_of,
)
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown, reading
from counterfoil.entrypoints.web.visit import Visit


def rows() -> tuple[PageRow, ...]:
    return (PageRow("/readiness", reading(_shown)),)


def _shown(sight: Sight, visit: Visit) -> Reply | Refusal:
    view = visit.ground.folds.ask(sight, "readiness", lambda: ready(sight))
    if isinstance(view, Refusal):
        return view
    texts = visit.texts
    groups = [
        (
            texts(f"readiness.group.{group.value}"),
            [_line(each, visit) for each in view["lines"] if each["group"] == group],
        )
        for group in Group
    ]
    facts = {
        "title": title_of(view, texts),
        "ground": ground_text(view, texts),
        "on": view["on"],
        "counts": view["counts"],
        "counted": [(said(each["label"], visit.language), each["has"], each["of"]) for each in view["groups"]],
        "groups": [(name, lines) for name, lines in groups if lines],
        "unplaced": [each["criterion"] for each in view["unplaced"]],
        "doubtful": any(each["doubtful"] for each in view["lines"]),
    }
    return Shown("first/readiness.html", facts)


def _line(line: Mapping[str, Any], visit: Visit) -> dict[str, Any]:
    """One line in words: its state, what shows it, who asks for it, and what to do next."""
    texts = visit.texts
    return {
        "name": line["criterion"],
        "label": said(line["label"], visit.language),
        "state": line["state"],
        "mark": MARKS[line["state"]],
        "said": state_text(line, texts),
        "doubtful": line["doubtful"],
        "asked": asked_text(line, texts),
        "evidence": [(evidence_text(each, texts), each.get("entry")) for each in line["evidence"]],
        "next": [_step(each, visit) for each in line["next"]],
    }


def _step(command: str, visit: Visit) -> dict[str, str]:
    """What leads on: an act by its title and with its form; what the command line alone can do, as it is typed."""
    verb, _, act = command.partition(" ")
    title = visit.texts.known(f"web.act.{act}") if verb == "do" else None
    return {"act": act if title else "", "title": title or "", "typed": f"counterfoil {command}"}
