"""What is due is done by whoever runs it, once, and what is not due waits."""

import json
from pathlib import Path

from click.testing import CliRunner

from counterfoil.application.commands.hold import EndHold
from counterfoil.application.commands.request_transfer import ExecuteTransfer
from counterfoil.application.queries.due import due, requests


class Shelf:
    """Records as a sight gives them."""

    def __init__(self, **kinds: dict[str, object]) -> None:
        self._kinds = kinds

    def records(self, kind: str) -> list[tuple[str, object]]:
        return list(self._kinds.get(kind, {}).items())


def waiting(name: str, due_at: str, state: str = "pending") -> dict[str, object]:
    return {"id": name, "due_at": due_at, "state": state}


AT = 1_775_098_800_000  # 2026-04-02T03:00:00Z


def test_what_is_due_is_found_in_the_order_of_its_moments_and_nothing_else() -> None:
    shelf = Shelf(
        transfer_request={
            "A": waiting("A", "2026-04-02T03:00:00.000Z"),
            "B": waiting("B", "2026-04-02T02:00:00.000Z"),
            "C": waiting("C", "2026-04-02T03:00:00.001Z"),
            "D": waiting("D", "2026-04-01T00:00:00.000Z", "aborted"),
        },
        hold={
            "H-1": {"released_on": None, "until": "2026-04-01"},
            "H-2": {"released_on": None, "until": "2026-04-02"},
            "H-3": {"released_on": "2026-04-01", "until": "2026-03-01"},
            "H-4": {"released_on": None},
        },
    )
    found = due(shelf, AT)  # type: ignore[arg-type]
    assert [each.request for each in found if isinstance(each, ExecuteTransfer)] == ["B", "A"]
    assert [each.hold for each in found if isinstance(each, EndHold)] == ["H-1"]
    assert [each["id"] for each in requests(shelf, pending=True)] == ["A", "B", "C"]  # type: ignore[arg-type]


def test_an_empty_registry_has_nothing_to_do(tmp_path: Path) -> None:
    from counterfoil.entrypoints.cli.main import contents
    from counterfoil.entrypoints.language import Texts

    group = contents(Texts("en"))
    runner = CliRunner()
    folder = str(tmp_path / "reg")
    assert runner.invoke(group, ["init", "--dir", folder, "--jurisdiction", "THA"]).exit_code == 0
    told = runner.invoke(group, ["request", "run", "--dir", folder, "--json"])
    assert json.loads(told.output)["done"] == 0, told.output
