"""The stories run to their end, and the auditor's check finds what was changed without any code of ours."""

import ast
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from counterfoil.application.commands.table import BY_HAND
from tests.documents.pages import ROOT, done, shell
from tests.documents.warm import installed
from tests.worlds import played_world

EXAMPLES = ROOT / "examples"
STORIES = sorted(path.parent.name for path in EXAMPLES.glob("*/story.sh"))
CHECK = EXAMPLES / "auditor" / "check_export.py"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One demonstration for all stories; each gets a copy."""
    return played_world(tmp_path_factory)


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory, demo: Path) -> Iterator[Path]:
    with installed(tmp_path_factory.mktemp("warm"), demo) as path:
        yield path


@pytest.fixture
def export(demo: Path, warm: Path, tmp_path: Path) -> Path:
    done(shell(f"counterfoil export --dir '{demo / 'THA'}' --out export", tmp_path, first=warm))
    return tmp_path / "export"


def test_there_is_a_story_for_each_kind_of_user() -> None:
    assert {"ministry", "developer", "buyer", "auditor", "life"} <= set(STORIES)


@pytest.mark.parametrize("story", STORIES)
def test_a_story_runs_to_its_end(story: str, demo: Path, warm: Path, tmp_path: Path) -> None:
    shutil.copytree(demo, tmp_path / "demo")
    done(shell(f"bash '{EXAMPLES / story / 'story.sh'}'", tmp_path, first=warm))


@pytest.mark.parametrize("story", STORIES)
def test_a_story_has_a_page_and_every_file_of_commands_is_played(story: str) -> None:
    script = (EXAMPLES / story / "story.sh").read_text("utf-8")
    assert (EXAMPLES / story / "README.md").is_file()
    for path in (EXAMPLES / story).glob("*.*json"):
        assert path.name in script
        for line in [path.read_text("utf-8")] if path.suffix == ".json" else path.read_text("utf-8").splitlines():
            assert json.loads(line)["command"] in BY_HAND


def test_the_independent_check_imports_nothing_of_ours() -> None:
    module = ast.parse(CHECK.read_text("utf-8"))
    names = {name.name for node in ast.walk(module) if isinstance(node, ast.Import) for name in node.names}
    names |= {str(node.module) for node in ast.walk(module) if isinstance(node, ast.ImportFrom)}
    assert not [name for name in names if name.startswith("counterfoil")]


def test_the_independent_check_passes_every_registry_of_the_demonstration(
    demo: Path, warm: Path, tmp_path: Path
) -> None:
    for party in sorted(path.parent.name for path in demo.glob("*/keys")):
        done(shell(f"counterfoil export --dir '{demo / party}' --out {party}", tmp_path, first=warm))
        assert done(shell(f"python '{CHECK}' {party}", tmp_path)).startswith("sound: ")


@pytest.mark.parametrize(
    "file, old, new",
    [
        ("journal.ndjson", '"by":"demonstration"', '"by":"demonstratioN"'),
        ("journal.ndjson", '"seq":7', '"seq":8'),
        ("journal.ndjson", ",", ", "),
        ("checkpoints.ndjson", "epoch 1", "epoch 2"),
        ("checkpoints.ndjson", '"entries":1,', '"entries":2,'),
        ("blocks.ndjson", '"first":1,', '"first":2,'),
        ("blocks.ndjson", "to:CHE", "to:JPN"),
        ("records.ndjson", "TH-EBUS", "TH-EBUT"),
        ("balances.ndjson", '"amount":-', '"amount":-1'),
    ],
)
def test_the_independent_check_finds_what_was_changed(export: Path, file: str, old: str, new: str) -> None:
    text = (export / file).read_text("utf-8")
    assert old in text
    (export / file).write_text(text.replace(old, new, 1), "utf-8")
    run = shell(f"python '{CHECK}' '{export}'", export.parent)
    assert run.returncode == 1, run.stdout
    assert run.stdout.startswith("not sound: ")


def test_the_independent_check_finds_another_partys_key(demo: Path, export: Path) -> None:
    shutil.copy(demo / "CHE" / "keys" / "registry.pub", export / "registry.pub")
    run = shell(f"python '{CHECK}' '{export}'", export.parent)
    assert (run.returncode, run.stdout) == (1, "not sound: a note names another key\n")


def test_the_independent_check_says_what_is_no_export(tmp_path: Path) -> None:
    assert shell(f"python '{CHECK}' .", tmp_path).returncode == 2
