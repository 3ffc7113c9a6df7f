"""The pack of the agreed electronic format says what the decision says."""

import csv
import re
from dataclasses import fields
from pathlib import Path

import pytest

from counterfoil.application.queries.aef_check import LANGUAGES, check_texts
from counterfoil.domain.reporting.aef_format import FieldType, Need
from counterfoil.domain.reporting.aef_rows import ActionRow, AuthorizationRow, EntityRow, HoldingRow, Submission
from counterfoil.domain.reporting.aef_terms import ActionType, FirstTransferDefinition, Subtype
from counterfoil.domain.reporting.consistency.registered import CHECKS
from counterfoil.packs.loader import load_aef_format
from tests.domain.reporting.submissions import FORM

ROWS = {1: Submission, 2: AuthorizationRow, 3: ActionRow, 4: HoldingRow, 5: EntityRow}
NOT_CELLS = {"authorizations", "actions", "holdings", "entities", "note", "action_time"}


def test_the_five_tables_have_79_fields() -> None:
    assert [len(table.fields) for table in FORM.tables] == [9, 19, 27, 16, 8]


def test_every_field_that_a_party_fills_is_a_field_of_the_row_value_and_the_reverse() -> None:
    for table in FORM.tables:
        attributes = [spec.attribute for spec in table.fields if spec.need is not Need.CARP]
        assert attributes == [each.name for each in fields(ROWS[table.number]) if each.name not in NOT_CELLS]
        assert all(not spec.attribute for spec in table.fields if spec.need is Need.CARP)


def test_labels_names_and_needs_are_those_of_the_field_list(data_folder: Path) -> None:
    with (data_folder / "aef" / "aef_cma6_fields.csv").open(encoding="utf-8", newline="") as stream:
        listed = list(csv.DictReader(stream))
    ours = [(table.title, spec.label, spec.technical_name) for table in FORM.tables for spec in table.fields]
    assert ours == [(row["table"], row["label"], row["technical_name"]) for row in listed]
    needs = [spec.need for table in FORM.tables for spec in table.fields]
    assert [need is Need.CARP for need in needs] == [row["populated_by_carp"] == "1" for row in listed]
    assert [need is Need.REQUIRED for need in needs] == [row["required"] == "1" for row in listed]


def test_spacer_columns_stand_where_the_checkers_expect_them() -> None:
    after = {table.number: [spec.label for spec in table.fields if spec.spacer_after] for table in FORM.tables}
    assert after == {
        1: [],
        2: ["Version of the authorization"],
        3: [
            "Last ID",
            "Last unit ID",
            "Quantity (in non-GHG metric)",
            "Vintage",
            "Acquiring participating Party ID",
            "Calendar year for which the ITMOs are used towards the Party's NDC",
        ],
        4: ["Last ID", "Last unit ID", "Quantity (in non-GHG metric)"],
        5: [],
    }


def test_every_word_that_a_rule_compares_is_in_its_list() -> None:
    lists = (
        ("action_types", ActionType),
        ("action_subtypes", Subtype),
        ("first_transfer_definitions", FirstTransferDefinition),
    )
    for name, words in lists:
        assert set(words) == set(FORM.lists[name].values)
    assert set(FORM.subtypes_by_type) == set(ActionType)
    assert set(FORM.purposes) == set(FORM.lists["purposes"].values)


def test_every_alias_means_a_word_of_its_list() -> None:
    for words in FORM.lists.values():
        assert set(words.aliases.values()) <= set(words.values)
        assert not set(words.aliases) & set(words.values)


def test_every_pattern_is_a_pattern() -> None:
    for table in FORM.tables:
        for spec in table.fields:
            re.compile(spec.pattern)
            assert spec.pattern or spec.type is not FieldType.DATETIME


@pytest.mark.parametrize(("version", "profile"), [("cma5", None), ("cma6", "checker-1999")])
def test_a_pack_that_does_not_exist_is_named(version: str, profile: str | None) -> None:
    with pytest.raises(LookupError, match=r"cma6|checker-2025"):
        load_aef_format(version=version, profile=profile)


def test_every_check_has_its_texts_in_both_languages_with_the_same_placeholders() -> None:
    texts = {key: entry for key, entry in check_texts().items() if re.match(r"C\d\d", key)}
    assert {key.partition(".")[0] for key in texts} == {check.id for check in CHECKS}
    for key, entry in texts.items():
        for kind, text in entry.items():
            assert set(text) == set(LANGUAGES), (key, kind)
            english, chinese = (sorted(re.findall(r"{(\w+)}", text[lang])) for lang in LANGUAGES)
            assert english == chinese, (key, kind)
    for check in CHECKS:
        assert check.title_en
        assert check.title_zh_hant
        assert check.source


def test_every_case_that_the_source_names_has_a_text() -> None:
    cases = {key.partition(".")[2] for key in check_texts() if re.match(r"C\d\d\.", key)}
    folder = Path(__import__("counterfoil.domain.reporting", fromlist=["x"]).__file__).parent
    named = {
        case
        for path in folder.rglob("*.py")
        for case in re.findall(r'(?:Observation\(|Misread\(\w+, )"(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert named <= cases
    assert len(named) > 50
