"""The permission table is data, and a slip in it is refused with its line."""

from importlib import resources
from pathlib import Path

import pytest

from counterfoil.application.ports import Outage
from counterfoil.domain.people.permission import Reach
from counterfoil.entrypoints.permission_table import FILE, permission_table, read_table

TEXT = (resources.files("counterfoil") / "catalogue" / FILE).read_text("utf-8")


def line_of(text: str, start: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if line.startswith(start))


@pytest.mark.parametrize(
    ("case", "old", "new", "code", "at"),
    [
        ("a command that is none", "Transfer = {", "Transferr = {", "permissions.row_unknown", "Transferr ="),
        (
            "a role that is none",
            'Verify = { any = ["operator"]',
            'Verify = { any = ["operater"]',
            "permissions.role_unknown",
            "Verify =",
        ),
        ("a group that is none", 'own = ["@owners"]', 'own = ["@owner"]', "permissions.role_unknown", "OpenAccount ="),
        (
            "a reader that acts",
            'SetQuota = { any = ["authority"] }',
            'SetQuota = { any = ["auditor"] }',
            "permissions.role_only_reads",
            "SetQuota =",
        ),
        (
            "an act of partners given by hand",
            "AcceptTransfer = {}",
            'AcceptTransfer = { any = ["operator"] }',
            "permissions.role_unknown",
            "AcceptTransfer =",
        ),
        ("a key that is none", "SetQuota = { any", "SetQuota = { all", "permissions.key_unknown", "SetQuota ="),
        (
            "a list that is none",
            'SetQuota = { any = ["authority"] }',
            'SetQuota = { any = "authority" }',
            "permissions.key_unknown",
            "SetQuota =",
        ),
        (
            "a row that is none",
            'SetQuota = { any = ["authority"] }',
            'SetQuota = "authority"',
            "permissions.key_unknown",
            "SetQuota =",
        ),
        (
            "a scope that is none",
            'token = "read", any',
            'token = "see", any',
            "permissions.key_unknown",
            '"POST /api/v1/aef/check" =',
        ),
        ("a path that is none", '"GET /api/v1/costs"', '"costs"', "permissions.row_unknown", '"costs" ='),
        ("a section that is none", "[command]", "[commands]", "permissions.key_unknown", "[commands]"),
        (
            "a role without a label",
            "reads_only = true",
            "reads_only = true\nmay = 1",
            "permissions.key_unknown",
            "[role.auditor]",
        ),
    ],
)
def test_a_table_is_refused_with_the_line_for(case: str, old: str, new: str, code: str, at: str) -> None:
    assert old in TEXT, case
    text = TEXT.replace(old, new, 1)
    with pytest.raises(Outage) as caught:
        read_table(text, "permissions.toml")
    assert (caught.value.code, caught.value.facts["line"]) == (code, line_of(text, at))


def test_a_table_without_the_row_of_a_command_is_refused_by_name() -> None:
    text = "\n".join(line for line in TEXT.splitlines() if not line.startswith("Retire ="))
    with pytest.raises(Outage) as caught:
        read_table(text, "permissions.toml")
    assert (caught.value.code, caught.value.facts["row"]) == ("permissions.row_missing", "Retire")
    assert "Retire" not in read_table(text, "permissions.toml", whole=False).permissions.rows


def test_a_table_without_administrators_is_refused() -> None:
    text = TEXT.replace("[role.administrator]", "[role.chief]").replace('"administrator"', '"chief"')
    with pytest.raises(Outage) as caught:
        read_table(text, "permissions.toml")
    assert caught.value.facts["row"] == "role.administrator"


@pytest.mark.parametrize("text", ["[command", "\x00", "a = " + "[" * 5_000])
def test_what_is_no_toml_is_refused(text: str) -> None:
    with pytest.raises(Outage) as caught:
        read_table(text, "permissions.toml")
    assert caught.value.code == "permissions.unreadable"


def test_a_registry_may_have_its_own_table(tmp_path: Path) -> None:
    own = TEXT.replace('SetQuota = { any = ["authority"] }', 'SetQuota = { any = ["operator"] }', 1)
    (tmp_path / FILE).write_text(own, encoding="utf-8")
    assert permission_table(tmp_path).permissions.rows["SetQuota"] == {"operator": Reach.ANY}
    assert permission_table().permissions.rows["SetQuota"] == {"authority": Reach.ANY}


def test_the_table_of_the_package_is_whole() -> None:
    read_table(TEXT, FILE)
