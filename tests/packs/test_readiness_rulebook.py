"""The rulebook of readiness: what it names exists, and what it tells a reader to run can be run."""

from datetime import date
from pathlib import Path

import click
import pytest

from counterfoil.application.commands.table import BY_HAND
from counterfoil.application.queries.readiness import RULEBOOK
from counterfoil.domain.authorizations.participation import Responsibility
from counterfoil.domain.policy.kinds.criterion import CriterionRule
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.pack import Pack
from counterfoil.entrypoints.cli.main import contents
from counterfoil.entrypoints.language import LANGUAGES, Texts
from counterfoil.packs.shelf import open_pack, open_shelf
from tests.packs.exampleland import read, rule, write

DAY = date(2026, 11, 22)
DECISIVE = 'group = "law"\nnext = []\n'


def criteria() -> dict[str, CriterionRule]:
    pack = open_pack(RULEBOOK)
    assert isinstance(pack, Pack)
    return {clause.name: clause.content for clause in pack.law.in_force("criterion", DAY)}


def runs(words: list[str]) -> bool:
    """Whether the command line has a command of these words; `do` is followed by an act."""
    if words[0] == "do":
        return len(words) == 2 and words[1] in BY_HAND
    command: click.Command | None = contents(Texts("en"))
    for word in words:
        command = command.get_command(click.Context(command), word) if isinstance(command, click.Group) else None
    return command is not None


def test_whatever_a_line_tells_to_run_exists() -> None:
    assert not runs(["do", "DoNothing"])
    assert not runs(["nothing"])
    for name, criterion in criteria().items():
        assert criterion.next, name
        for each in criterion.next:
            assert runs(each.split()), (name, each)


def test_every_kind_of_record_has_its_word_in_both_languages() -> None:
    kinds = {kind for criterion in criteria().values() for kind in criterion.records}
    for text in map(Texts, LANGUAGES):
        assert [kind for kind in sorted(kinds) if text.known(f"readiness.record.{kind}") is None] == []


def test_all_six_participation_responsibilities_are_asked_once_each() -> None:
    letters = [criterion.attested for criterion in criteria().values() if criterion.attested]
    assert letters == [each.value for each in Responsibility]


def test_packs_name_only_parts_of_the_system_that_the_rulebook_asks_about_and_each_once() -> None:
    known, seen = set(criteria()), 0
    for pack in open_shelf().packs.values():
        for each in pack.law.rules.values():
            for clause in each.versions if each.kind == "arrangement" else ():
                named = clause.content.named
                assert set(named) <= known, (pack.id, named)
                assert len(set(named)) == len(named), (pack.id, named)
                seen += 1
    assert seen


def test_the_four_gaps_of_taiwan_are_data_of_its_pack() -> None:
    found = open_pack("TWN")
    assert isinstance(found, Pack)
    law: Law = found.law
    (gaps,) = law.in_force("arrangement", DAY)
    assert sorted(gaps.content.lacks) == [
        "adjustment_process",
        "authorization_process",
        "digital_monitoring",
        "national_registry",
    ]


@pytest.mark.parametrize(
    "content",
    [
        DECISIVE + "law.rolle = []",
        DECISIVE + 'law.role = ["must=authorize"]',
        DECISIVE + 'law.role = []\ndecisive = ["method"]',
    ],
)
def test_a_criterion_that_names_no_kind_or_no_field_is_refused(tmp_path: Path, content: str) -> None:
    law = rule("status", "party", 'status = "party"') + rule("asked", "criterion", content)
    found = read(write(tmp_path, law))
    assert isinstance(found, list)
    assert [str(each.code) for each in found] == ["pack.word_unknown"]
